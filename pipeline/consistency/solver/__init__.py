"""Small parts of the linear system decided exactly, with z3: rationals, whole numbers, open ends, and rules in circles.

Belongs here: a part as a problem and in z3's terms, whether its facts and rules can all be true, how far a quantity can go, and
which facts to blame. Does not belong here: which parts need it (solve), or how the answers are published.

Work is limited by z3's count of steps and never by time, so that the result does not depend on the machine.
"""
