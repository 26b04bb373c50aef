"""Small parts of the linear system decided exactly: by intervals where they hang together as trees, else with z3.

Belongs here: a part as a problem, as trees and in z3's terms, whether its facts and rules can all be true, how far a quantity can
go, and which facts to blame. Does not belong here: which parts need it (solve), or how the answers are published.

Work is limited by z3's count of steps and never by time, so that the result does not depend on the machine.
"""
