"""What all rules and facts say together: outcomes that only several rules decide, bounds that
follow, and which facts to blame.

Belongs here: the bounds that groups settle by themselves (settled), what intervals leave of each
part of the system that hangs together (propagation), whether that is exact (hull), and z3 where it
may not be, in circles above all. Does not belong here: what a rule means, or whether one group
holds by itself (pipeline/rules).

Work is limited by counts, of visits to a group, of groups and of z3's steps, and never by time, so
that the result does not depend on the machine.
"""
