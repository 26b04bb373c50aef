"""Whether facts and groups can be true together, and which cannot: by intervals where these decide,
else by z3.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import z3

from pipeline.intervals.interval import Interval
from pipeline.reason.formulas import Formulas
from pipeline.reason.hitting_sets import smallest
from pipeline.reason.hull import Hull
from pipeline.reason.limits import Extents, Limits
from pipeline.reason.problem import STEPS, Key, Problem, SolverLimitError


@dataclass
class Budget:
    """Of how many more problems z3 may be asked."""

    left: int


class Possibility:
    """Whether some facts and some groups of a problem can be true together."""

    def __init__(self, problem: Problem, budget: Budget) -> None:
        """Load `problem`; each question then names what is believed. Beyond the budget, what needs
        z3 is too much.
        """
        self.problem = problem
        self.budget = budget

    @cached_property
    def formulas(self) -> Formulas:
        """The problem in z3's terms; raises SolverLimitError where z3 may not be asked."""
        if not self.budget.left:
            raise SolverLimitError
        self.budget.left -= 1
        return Formulas(self.problem)

    @cached_property
    def _literals(self) -> dict[str | Key, z3.BoolRef]:
        """What each fact and group is called in questions to z3."""
        named: list[str | Key] = [*self.formulas.stated, *self.formulas.demanded]
        return {
            one: z3.Bool(str(number), self.formulas.context) for number, one in enumerate(named)
        }

    @cached_property
    def _solver(self) -> z3.Solver:
        solver = z3.Solver(ctx=self.formulas.context)
        solver.set("rlimit", STEPS)
        solver.add(*self.formulas.anyway)
        for name, stated in self.formulas.stated.items():
            solver.add(z3.Implies(self._literals[name], z3.And(*stated, self.formulas.context)))
        for key, demanded in self.formulas.demanded.items():
            solver.add(z3.Implies(self._literals[key], demanded))
        return solver

    def limits(self, names: Collection[str], free: Collection[str] = ()) -> dict[str, Limits]:
        """Return the limits of some quantities if all groups hold, and all facts but the `free`
        ones.

        Where the tightest are too much to search they are wider, and say so.
        """
        hull = Hull(self.problem, set(self.problem.stated) - set(free), self.problem.relations)
        found = {name: hull.limits(name) for name in names}
        loose = {name: limits.interval for name, limits in found.items() if not limits.is_tight}
        with suppress(SolverLimitError):
            asked = Extents(self.formulas, free) if loose else None
            return found | {
                name: asked.limits(name, known) for name, known in loose.items() if asked
            }
        return found

    def groups_that_force(self, name: str, limits: Interval) -> frozenset[Key]:
        """Return the groups that it takes to force a quantity within limits, if all facts are
        true.
        """
        ends = self.formulas.limited(name, limits)
        if not ends:
            return frozenset()
        self._solver.push()
        self._solver.add(z3.Not(z3.And(*ends)))
        try:
            needed = self._asked(self.problem.stated, self.problem.relations) or frozenset()
            groups = (key for key in self.problem.relations if key in needed)
            return frozenset(smallest(groups, lambda some: self._asked(self.problem.stated, some)))
        finally:
            self._solver.pop()

    def conflict(
        self, facts: Collection[str], groups: Collection[Key]
    ) -> frozenset[str | Key] | None:
        """Return some of the facts and groups that cannot be true together, or None where all
        can.
        """
        hull = Hull(self.problem, facts, groups)
        left = [key for part in hull.parts if not part.is_exact for key in part.groups]
        return self._asked(facts, left) if hull.conflict is None and left else hull.conflict

    def _asked(
        self, facts: Collection[str], groups: Collection[Key]
    ) -> frozenset[str | Key] | None:
        literals = {
            self._literals[one].get_id(): one
            for some in (sorted(facts), sorted(groups))
            for one in some
        }
        answer = self._solver.check(*(self._literals[one] for one in literals.values()))
        if answer == z3.unknown:
            raise SolverLimitError
        if answer == z3.sat:
            return None
        return frozenset(literals[literal.get_id()] for literal in self._solver.unsat_core())

    def facts_in_conflict(
        self, facts: Collection[str], groups: Collection[Key], always: Collection[str] = ()
    ) -> frozenset[str] | None:
        """Return few facts that cannot be true together under the groups and with `always`, or None
        where all can be.
        """
        core = self.conflict({*facts, *always}, groups)
        if core is None:
            return None
        suspects = (name for name in facts if name in core)
        return frozenset(smallest(suspects, lambda some: self.conflict({*some, *always}, groups)))
