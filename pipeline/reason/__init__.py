"""What all rules and facts say together: outcomes that only several rules decide, bounds that follow, and which facts to blame.

Belongs here: rounds over the whole system, and small parts of it decided exactly: by intervals where they hang together as trees,
else with z3. Does not belong here: what a rule means, or what one group says by itself (pipeline/rules).

Work is limited by counts, of rounds, of groups and of z3's steps, and never by time, so that the result does not depend on the
machine.
"""
