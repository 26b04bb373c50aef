"""Whether facts and groups can be true together, and which cannot."""

from collections.abc import Collection

import z3

from pipeline.consistency.solver.formulas import Formulas, real
from pipeline.consistency.solver.limits import Limits
from pipeline.consistency.solver.problem import STEPS, Key, Problem, SolverLimitError


class Possibility:
    """Whether some facts and some groups of a problem can be true together."""

    def __init__(self, problem: Problem) -> None:
        """Load `problem`; each question then names what is believed."""
        formulas = self.formulas = Formulas(problem)
        self.facts = {name: z3.Bool(f"fact {name}") for name in formulas.stated}
        self.groups = {key: z3.Bool(f"group {' '.join(key)}") for key in formulas.demanded}
        self._named: dict[str, str | Key] = {str(literal): name for name, literal in self.facts.items()}
        self._named |= {str(literal): key for key, literal in self.groups.items()}
        self._solver = z3.Solver()
        self._solver.set("rlimit", STEPS)
        self._solver.add(*formulas.anyway)
        for name, stated in formulas.stated.items():
            self._solver.add(z3.Implies(self.facts[name], z3.And(*stated)))
        for key, demanded in formulas.demanded.items():
            self._solver.add(z3.Implies(self.groups[key], demanded))

    def groups_that_force(self, name: str, within: Limits) -> frozenset[Key]:
        """Return the groups that it takes to force a variable within limits, if all facts are true."""
        number = self.formulas.numbers[name]
        beyond = []
        lower, upper = within.lower, within.upper
        if lower.value is not None:
            beyond.append(number < real(lower.value) if lower.is_closed else number <= real(lower.value))
        if upper.value is not None:
            beyond.append(number > real(upper.value) if upper.is_closed else number >= real(upper.value))
        if not beyond:
            return frozenset()
        self._solver.push()
        self._solver.add(z3.Or(*beyond))
        try:
            needed = {key for key in self.conflict(self.facts, self.groups) or () if isinstance(key, tuple)}
            for key in sorted(needed):
                smaller = self.conflict(self.facts, needed - {key})
                if smaller is not None:
                    needed = {other for other in smaller if isinstance(other, tuple)}
        finally:
            self._solver.pop()
        return frozenset(needed)

    def implies(self, groups: Collection[Key], key: Key, slack: Collection[str]) -> bool:
        """Return whether some groups demand what another does, whatever the facts; a product is never known to follow.

        `slack` are variables of that group alone: it demands that some value of theirs makes it hold.
        """
        denied = self.formulas.denied(key, slack)
        if denied is None:
            return False
        self._solver.push()
        self._solver.add(denied)
        try:
            return self.conflict((), groups) is not None
        finally:
            self._solver.pop()

    def conflict(self, facts: Collection[str], groups: Collection[Key]) -> frozenset[str | Key] | None:
        """Return some of the facts and groups that cannot be true together, or None where all can."""
        literals = [self.facts[name] for name in sorted(facts)] + [self.groups[key] for key in sorted(groups)]
        answer = self._solver.check(*literals)
        if answer == z3.unknown:
            raise SolverLimitError
        if answer == z3.sat:
            return None
        return frozenset(self._named[str(literal)] for literal in self._solver.unsat_core())

    def facts_in_conflict(
        self, facts: Collection[str], groups: Collection[Key], always: Collection[str] = ()
    ) -> frozenset[str] | None:
        """Return facts, none of which can be left out, that cannot be true together under the groups and with `always`.

        None where all can be.
        """
        core = self.conflict({*facts, *always}, groups)
        if core is None:
            return None
        kept = [name for name in sorted(facts) if name in core]
        for name in list(kept):
            if name not in kept:
                continue
            without = [other for other in kept if other != name]
            smaller = self.conflict({*without, *always}, groups)
            if smaller is not None:
                kept = [other for other in without if other in smaller]
        return frozenset(kept)
