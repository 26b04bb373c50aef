"""What propagation leaves of a problem: which groups cannot hold together, how far each quantity
can go, and where that is exact.

Belongs here: which groups say nothing of the rest, which hang together, and the proof that nothing
narrower follows. Does not belong here: narrowing (propagation), or what intervals leave open, which
is z3's.

A group is *set aside* where, whatever its other quantities are, slack of its own (a remainder, or
what nobody states and no other group speaks of) can make it hold: it says something of its slack
and nothing of the rest. What is left hangs together in parts. A part is exact where nothing closes
a circle and its quantities are all whole numbers that only add up, or none of them is whole: then
every end is reached (Dechter and Pearl, Network-based heuristics for constraint-satisfaction
problems, Artificial Intelligence 34, 1987).
"""

import math
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.intervals.interval import SIDES, Interval, Number, interval, near, point
from pipeline.reason.limits import Limits
from pipeline.reason.problem import Key, Problem, Relation, Term
from pipeline.reason.propagation import Propagation
from pipeline.rules.disjoint_sets import connected


@dataclass(frozen=True)
class Part:
    """Groups that hang together, none of them set aside.

    `conflict` are facts and groups that cannot be true together; `is_exact` says whether without
    such all of them can, and that the ends of quantities are reached; `is_open` whether not even
    the first is as good as known.
    """

    groups: tuple[Key, ...]
    names: tuple[str, ...]
    conflict: frozenset[str | Key] | None
    is_exact: bool
    is_open: bool


class _Reached(NamedTuple):
    """What the ends of a quantity rest on, and whether they are reached: groups, by number, and
    what no group narrows.
    """

    parts: frozenset[int | str]
    is_exact: bool


class Hull:
    """What is left of each quantity of a problem if some facts are believed and some groups
    hold.
    """

    def __init__(
        self,
        problem: Problem,
        believed: Collection[str],
        held: Collection[Key],
        *,
        over_intervals: bool = False,
    ) -> None:
        """Look at `problem`, its relations in their order.

        `over_intervals` says that slack which is a whole number sets a group aside also where the
        rest need not be whole: as outcomes are judged, the group then says nothing of the rest.
        """
        self._problem, self._believed, self._over_intervals = (
            problem,
            frozenset(believed),
            over_intervals,
        )
        self._propagation = Propagation(problem, self._believed)
        self._moving = {name for name, own in self._propagation.own.items() if not own.is_point}
        core = {key: relation for key, relation in problem.relations.items() if key in held}
        aside = list(self._set_aside(core))
        self.parts = tuple(
            self._part(keys) for keys in connected({key: self._names(key) for key in core})
        )
        self.loose: dict[tuple[Key, ...], list[str]] = {}
        """The slack of groups set aside that is not proven exact, by all groups that its ends rest
        on.
        """
        self._groups: dict[int | str, tuple[Key, ...]] = {
            number: part.groups for number, part in enumerate(self.parts)
        }
        self._reached = self._reached_in_parts()
        if self.conflict is None:
            for key, slack in reversed(aside):
                self._take(key, slack)

    @property
    def conflict(self) -> frozenset[str | Key] | None:
        """Facts and groups that cannot be true together, or None where intervals show none."""
        for name, own in self._propagation.own.items():
            if own.is_empty:
                return self._believed & {name}
        return next((part.conflict for part in self.parts if part.conflict is not None), None)

    def limits(self, name: str) -> Limits:
        """Return how far a quantity can go, and whether that is the tightest."""
        found = self._propagation.ends[name]
        return Limits(
            interval(*(near(found.low(side)) for side in SIDES)), self._reached_by(name).is_exact
        )

    def _reached_by(self, name: str) -> _Reached:
        # what only groups set aside speak of, as no slack of theirs: they hold whatever it is
        return self._reached.get(name) or _Reached(frozenset([name]), is_exact=True)

    @property
    def narrower(self) -> Iterator[str]:
        """The quantities of which groups force more than is known of them by themselves, and leave
        something.

        Outcomes are judged over intervals, so that there may be no whole number left between ends.
        """
        return (
            name for name in self._propagation.narrower if not self._propagation.ends[name].is_empty
        )

    def is_summed(self, name: str) -> bool:
        """Whether the ends of a quantity follow from groups in which it is added or taken off as it
        is.
        """
        return self._propagation.is_summed(name)

    def groups_that_force(self, name: str) -> frozenset[Key]:
        """Return the groups from which the ends of a quantity follow."""
        return frozenset(self._problem.relations.keys() & self._propagation.reasons(name))

    def _set_aside(self, core: dict[Key, Relation]) -> Iterator[tuple[Key, frozenset[str]]]:
        """Take the groups out of the core that say nothing of the rest, until none is left; yield
        each in turn, and its slack.
        """
        speaking = Counter(
            name
            for relation in core.values()
            for name in relation.names
            if name not in self._believed
        )
        asked = list(core)
        while asked:
            leaving = []
            for key in asked:
                slack = frozenset(name for name in core[key].names if speaking[name] == 1)
                if self._can_always_hold(core[key], slack):
                    leaving.append((key, slack))
            yield from leaving
            freed: set[str] = set()
            for key, _ in leaving:
                names = core.pop(key).names
                speaking.subtract(names)
                freed.update(name for name in names if speaking[name] == 1)
            asked = sorted(
                {key for name in freed for key in self._problem.groups[name] if key in core}
            )

    def _can_always_hold(self, relation: Relation, slack: Collection[str]) -> bool:
        """Whether slack can make a group hold whatever the rest is."""
        rest = room = point(0)
        for term in relation.terms:
            own = self._room(term, relation) if term.quantity in slack else None
            if own is None:
                rest = rest.plus(self._propagation.product(term))
            else:
                room = room.plus(own)
        room = room.scaled(-1)
        if relation.op == "le":
            room = Interval(most=room.most, most_open=room.most_open)
        return rest.within(room) == rest

    def _room(self, term: Term, relation: Relation) -> Interval | None:
        """Return what slack can make of a term whatever it is multiplied by, or None.

        Slack that goes in steps, a whole number of times something else than 1, does not meet every
        number.
        """
        name, times = next(self._propagation.factors(term))
        own = self._propagation.own[name]
        if self._problem.quantities[name].is_integer:
            meets_all = term.is_sum and (self._over_intervals or self._only_adds(relation))
            return own.times(times) if meets_all else None
        if term.multiplier is None:
            return own.times(times)
        if times.has_zero or math.isinf(times.width):
            return None
        return own.scaled(times.least).within(own.scaled(times.most))

    def _names(self, key: Key) -> list[str]:
        """Return the quantities of a group that may be more than one number."""
        return [name for name in self._problem.relations[key].names if name in self._moving]

    def _part(self, keys: list[Key]) -> Part:
        """Return what propagation leaves of groups that hang together."""
        relations = [self._problem.relations[key] for key in keys]
        empty, is_settled = self._propagation.spread(keys)
        conflict = None if empty is None else frozenset(self._propagation.reasons(empty))
        edges = sum(len(self._names(key)) for key in keys)
        names = tuple(sorted({name for key in keys for name in self._names(key)}))
        is_tree = is_settled and edges == len(names) + len(keys) - 1
        is_exact = (
            is_tree
            and all(map(self._is_simple, relations))
            and (
                not any(self._problem.quantities[name].is_integer for name in names)
                or all(map(self._only_adds, relations))
            )
        )
        multiplies = any(term.multiplier for relation in relations for term in relation.terms)
        return Part(
            tuple(keys),
            names,
            conflict,
            is_exact,
            is_open=not is_tree or (multiplies and not is_exact),
        )

    def _is_simple(self, relation: Relation) -> bool:
        """Whether a group speaks of each quantity once, and multiplies none by numbers on both
        sides of 0.
        """
        factors = [factor for term in relation.terms for factor in self._propagation.factors(term)]
        return len(factors) == len(relation.names) and all(times.sign for _, times in factors)

    def _only_adds(self, relation: Relation) -> bool:
        """Whether a group adds and takes off whole numbers."""
        return all(
            (term.is_sum and self._problem.quantities[str(term.quantity)].is_integer)
            if self._moving.intersection(term.names)
            else (product.is_point and product.least % 1 == 0)
            for term in relation.terms
            for product in [self._propagation.product(term)]
        )

    def _reached_in_parts(self) -> dict[str, _Reached]:
        return {
            name: _Reached(frozenset({number}), part.is_exact)
            for number, part in enumerate(self.parts)
            for name in part.names
        }

    def _take(self, key: Key, slack: frozenset[str]) -> None:
        """Narrow the slack of a group set aside; it is exact where the rest of the group can be at
        its ends all at once.
        """
        relation = self._problem.relations[key]
        self._propagation.visit(key, slack)
        parts, is_exact = self._rest(key, slack)
        places = [
            (name, term) for term in relation.terms for name in slack.intersection(term.names)
        ]
        for name, term in places:
            self._reached[name] = _Reached(parts, is_exact and self._meets(name, term, relation))
        loose = [name for name, _ in places if not self._reached[name].is_exact]
        if any(not self._propagation.ends[name].is_empty for name in loose):
            self.loose[
                tuple(sorted(one for number in parts for one in self._groups.get(number, ())))
            ] = loose

    def _rest(self, key: Key, slack: Collection[str]) -> _Reached:
        """Return what a group and all its quantities but slack rest on, and whether these come up
        to their ends together.
        """
        others = [self._reached_by(name) for name in self._names(key) if name not in slack]
        parts = frozenset[int | str]().union(
            *(other.parts for other in others), [len(self._groups)]
        )
        self._groups[len(self._groups)] = (key,)
        is_apart = len(parts) == 1 + sum(len(other.parts) for other in others)
        are_exact = all(other.is_exact for other in others)
        return _Reached(
            parts, is_apart and are_exact and self._is_simple(self._problem.relations[key])
        )

    def _meets(self, slack: str, place: Term, relation: Relation) -> bool:
        """Whether slack comes up to its ends where the rest of its group comes up to its own.

        A whole number does where all are whole and only add up, where it alone is whole, or where
        the rest can be anything within more than 1 at either end.
        """
        quantities = self._problem.quantities
        if not quantities[slack].is_integer:
            return True
        whole = [
            name for name in relation.names if name in self._moving and quantities[name].is_integer
        ]
        rest = [term for term in relation.terms if term is not place]
        return place.is_sum and (
            self._only_adds(relation)
            or len(whole) == 1
            or any(self._leeway(term) > 1 for term in rest)
        )

    def _leeway(self, term: Term) -> Number:
        """Return within what a term can be anything while all that is whole in it stays as it
        is.
        """
        if term.quantity is None:
            return term.coefficient.width
        found = (
            [term.coefficient.width * self._propagation.ends[term.quantity].distance]
            if term.multiplier is None
            else []
        )
        for name, times in self._propagation.factors(term):
            if not self._problem.quantities[name].is_integer and times.distance:
                found.append(self._propagation.ends[name].width * times.distance)
        return max(found, default=0)
