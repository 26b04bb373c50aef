"""What facts and rules imply, by brute force: design.md sections 4 to 6, and nothing of pipeline/.

A fact is an interval, a rule applied to a group of facts a linear relation between quantities. Real
numbers are eliminated by Fourier-Motzkin over integers of any size, with strict relations kept
strict; whole numbers are tried one by one. Where endlessly many would have to be tried, a hull says
of each end whether it is exact; an end that is not lies inside of the true one.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, lru_cache
from math import ceil, floor, gcd, lcm
from typing import Final, Literal, NamedTuple

YEAR: Final = Fraction("365.2425")
HUNDREDTH_YEAR: Final = Fraction("3.652425")
ONE: Final = ""  # what a constant is multiplied by
WINDOW: Final = 40  # whole numbers tried where there are endlessly many
MOST_STEPS: Final = 2000  # whole numbers tried for one question
PRICE: Final = 20  # a system costs as much as so many


class TooLarge(Exception):  # noqa: N818 - the world is, and no one errs
    """Brute force would take too long."""


class Interval(NamedTuple):
    """All numbers between two ends; None where there is no end."""

    lower: Fraction | None = None
    upper: Fraction | None = None
    lower_closed: bool = False
    upper_closed: bool = False

    def __str__(self) -> str:
        """[1, 2): as mathematicians write it."""
        ends = ["-" if end is None else str(end) for end in (self.lower, self.upper)]
        return f"{'(['[self.lower_closed]}{ends[0]}, {ends[1]}{')]'[self.upper_closed]}"

    def meet(self, other: "Interval") -> "Interval":
        """What lies in both."""
        lower, lower_closed = _stricter(
            (self.lower, self.lower_closed), (other.lower, other.lower_closed), sign=1
        )
        upper, upper_closed = _stricter(
            (self.upper, self.upper_closed), (other.upper, other.upper_closed), sign=-1
        )
        return Interval(lower, upper, lower_closed, upper_closed)

    def join(self, other: "Interval") -> "Interval":
        """The least interval round both."""
        lower, lower_closed = _laxer(
            (self.lower, self.lower_closed), (other.lower, other.lower_closed), sign=1
        )
        upper, upper_closed = _laxer(
            (self.upper, self.upper_closed), (other.upper, other.upper_closed), sign=-1
        )
        return Interval(lower, upper, lower_closed, upper_closed)

    def whole(self) -> "Interval":
        """Its whole numbers' ends."""
        lower, upper = self.lower, self.upper
        if lower is not None:
            lower = Fraction(ceil(lower) + (ceil(lower) == lower and not self.lower_closed))
        if upper is not None:
            upper = Fraction(floor(upper) - (floor(upper) == upper and not self.upper_closed))
        return Interval(lower, upper, lower is not None, upper is not None)

    @property
    def is_empty(self) -> bool:
        """Whether it is no number at all."""
        if self.lower is None or self.upper is None:
            return False
        is_shut = self.lower_closed and self.upper_closed
        return self.lower > self.upper or (self.lower == self.upper and not is_shut)

    def holds(self, other: "Interval") -> bool:
        """Whether the other lies inside."""
        return self.join(other) == self

    def __contains__(self, value: object) -> bool:
        """Whether a number lies inside."""
        return isinstance(value, Fraction) and self.holds(closed(value, value))


End = tuple[Fraction | None, bool]


def _stricter(one: End, two: End, sign: int) -> End:
    if one[0] is None or two[0] is None:
        return two if one[0] is None else one
    return max(one, two, key=lambda end: (sign * (end[0] or 0), not end[1]))


def _laxer(one: End, two: End, sign: int) -> End:
    if one[0] is None or two[0] is None:
        return None, False
    return min(one, two, key=lambda end: (sign * (end[0] or 0), not end[1]))


def closed(lower: Fraction | int | None, upper: Fraction | int | None) -> Interval:
    """An interval with the ends that it has."""
    return Interval(
        None if lower is None else Fraction(lower),
        None if upper is None else Fraction(upper),
        lower is not None,
        upper is not None,
    )


NATURAL: Final[Mapping[str, Interval]] = {
    "stock": closed(0, None),
    "flow": closed(None, None),
    "share": closed(0, 100),
    "multi_share": closed(0, 100),
    "duration": closed(0, None),
    "ordinal": closed(1, None),
    "money": closed(None, None),
    "remainder": closed(0, None),
    "day": closed(None, None),
}


def stated(value: str, relator: str, precision: str, kind: str, *, whole: bool) -> Interval:
    """What a printed number says: section 4, 'a fact is an interval'.

    A precision is the rounding step; without one, a count is exact and any other number rounded to
    its last digit, but for a range from one number to another.
    """
    first, _, last = value.partition("/")
    half = Fraction(1, 10 ** len(first.partition(".")[2])) / 2
    if precision:
        half = Fraction(precision) / 2
    elif whole or relator == "between":
        half = Fraction(0)
    if relator == "approx" and not precision:
        return NATURAL[kind]
    limits = _hedged(Fraction(first), Fraction(last or first), relator, half).meet(NATURAL[kind])
    return limits.whole() if whole else limits


def _hedged(least: Fraction, most: Fraction, relator: str, half: Fraction) -> Interval:
    match relator:
        case "gt":
            return Interval(least, None)
        case "ge":
            return closed(least, None)
        case "lt":
            return Interval(None, most)
        case "le":
            return closed(None, most)
    return closed(least - half, most + half)


Role = Literal["stated", "unstated", "remainder"]


@dataclass(frozen=True)
class Quantity:
    """A number that a fact states, that a rule needs, or that a rule leaves over.

    Facts of one witness are wrong together. What is wrong can be anything in its natural range.
    """

    limits: Interval
    natural: Interval = NATURAL["stock"]
    whole: bool = True
    role: Role = "stated"
    witness: str = ""
    weight: int = 1


@dataclass(frozen=True)
class Group:
    """A rule applied: the sum of terms and a constant is 0, or at most 0.

    The remainder is in the rule's favour. A coefficient is anywhere in its interval. The product
    (share, base, count) adds share x base / 100 - count.
    """

    terms: tuple[tuple[Fraction, Fraction, str], ...] = ()
    constant: Fraction = Fraction(0)
    equal: bool = False
    remainder: tuple[int, str] | None = None
    product: tuple[str, str, str] | None = None

    def names(self) -> list[str]:
        """Its quantities."""
        rest = [self.remainder[1]] if self.remainder else []
        terms = [name for _, _, name in self.terms if name != ONE]
        return [*terms, *(self.product or ()), *rest]


def _plain(*signed: tuple[int, str]) -> tuple[tuple[Fraction, Fraction, str], ...]:
    return tuple((Fraction(sign), Fraction(sign), name) for sign, name in signed)


def adds_up(whole: str, parts: Iterable[str]) -> Group:
    """Whole = the sum of all parts."""
    return Group(_plain(*((1, part) for part in parts), (-1, whole)), equal=True)


def parts_of(whole: str, parts: Iterable[str], remainder: str) -> Group:
    """The sum of disjoint parts <= whole; the rest is the remainder."""
    terms = _plain(*((1, part) for part in parts), (-1, whole))
    return Group(terms, equal=True, remainder=(1, remainder))


def subset(part: str, whole: str) -> Group:
    """Part <= whole."""
    return Group(_plain((1, part), (-1, whole)))


def share_of(share: str, base: str, count: str) -> Group:
    """Share / 100 x base = count."""
    return Group(equal=True, product=(share, base, count))


def shares_partial(shares: Iterable[str], remainder: str) -> Group:
    """Exclusive shares sum to at most 100; the rest is the remainder."""
    terms = _plain(*((1, share) for share in shares))
    return Group(terms, Fraction(-100), equal=True, remainder=(1, remainder))


def shares_complete(shares: Iterable[str]) -> Group:
    """Exclusive shares sum to 100."""
    return Group(_plain(*((1, share) for share in shares)), Fraction(-100), equal=True)


def mentions(shares: Iterable[str], total: str) -> Group:
    """The mentions per 100 are the sum of overlapping shares."""
    terms = _plain(*((1, share) for share in shares))
    return Group(terms, equal=True, remainder=(-1, total))


def multi_response(shares: Sequence[str], overlap: str, whole: str | None = None) -> Group:
    """At least (sum - 100) / (k - 1) are in two of k shares; in a whole, its share for 100."""
    terms = _plain(*((1, share) for share in shares), *([(-1, whole)] if whole else []))
    constant = Fraction(0 if whole else -100)
    return Group(terms, constant, remainder=(1 - len(shares), overlap))


def years(days: int, *, up: bool) -> Fraction:
    """Days as years, rounded to hundredths."""
    hundredths = days / YEAR * 100
    return Fraction(ceil(hundredths) if up else floor(hundredths), 100)


def growth(  # noqa: PLR0913 - three stocks and flows, two days, one flag
    earlier: str, later: str, flow: str, fewest_days: int, most_days: int, *, gross: bool
) -> Group:
    """Later stock - earlier stock = yearly flow x years; with gross, at most that."""
    elapsed = (-years(most_days, up=True), -years(fewest_days, up=False), flow)
    return Group((*_plain((1, later), (-1, earlier)), elapsed), equal=not gross)


def elapsed(start: str, end: str, duration: str, *, whole: bool) -> Group:
    """The days between two days are the duration stated, give or take a hundredth of a year.

    Whole years are those completed: up to another year has passed.
    """
    year, rest = (
        (-YEAR, -YEAR, duration),
        (-YEAR if whole else -HUNDREDTH_YEAR, HUNDREDTH_YEAR, ONE),
    )
    return Group((*_plain((1, end), (-1, start)), year, rest), equal=True)


def order(earlier: str, later: str) -> Group:
    """What is named first happens first, or on the same day."""
    return Group(_plain((1, earlier), (-1, later)))


def same_quantity(one: str, two: str) -> Group:
    """Two statements of one quantity."""
    return Group(_plain((1, one), (-1, two)), equal=True)


@dataclass
class Facts:
    """All quantities and all groups of rules, by name."""

    quantities: dict[str, Quantity] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)

    def freed(self, names: Iterable[str]) -> "Facts":
        """The same where some quantities can be anything natural."""
        changed = {
            name: replace(self.quantities[name], limits=self.quantities[name].natural)
            for name in names
        }
        return Facts(self.quantities | changed, self.groups)

    def only(self, groups: Iterable[str]) -> "Facts":
        """The same with some groups only."""
        return Facts(self.quantities, {name: self.groups[name] for name in sorted(groups)})


def unstepped(facts: Facts, names: Iterable[str] | None = None) -> Facts:
    """The same where whole numbers (or some of them) can be any between their ends."""
    chosen = facts.quantities.keys() if names is None else set(names)
    loose = {name: replace(facts.quantities[name], whole=False) for name in chosen}
    return Facts(facts.quantities | loose, facts.groups)


def slack(facts: Facts) -> list[str]:
    """The quantities that no fact states and one group only speaks of, or shares of others only."""
    groups = facts.groups.values()
    uses = [name for group in groups for name in group.names()]
    counts = [group.product[2] for group in groups if group.product]
    return [
        name
        for name in sorted(set(uses))
        if facts.quantities[name].role != "stated"
        and (uses.count(name) == 1 or uses.count(name) == counts.count(name))
    ]


# Linear relations over integers: (coefficients, constant, strictness), the sum compared with 0.

EQUAL, AT_MOST, BELOW = 0, 1, 2


class Relation(NamedTuple):
    """The sum of coefficients x variables, and a constant: 0, at most 0 or below 0."""

    coefficients: tuple[tuple[str, int], ...]
    constant: int
    op: int


def relation(
    terms: Mapping[str, Fraction | int],
    constant: Fraction | int,
    op: int,
    wholes: frozenset[str],
) -> Relation | None:
    """The relation in least integers, cut to whole numbers where all its variables are; or None.

    None says that it cannot be met. What says nothing is 0 = 0.
    """
    kept = {name: value for name, value in sorted(terms.items()) if value}
    scale = lcm(constant.denominator, *(value.denominator for value in kept.values()))
    numbers = {name: int(value * scale) for name, value in kept.items()}
    fixed = int(constant * scale)
    if not numbers:
        met = fixed == 0 if op == EQUAL else fixed <= 0 if op == AT_MOST else fixed < 0
        return Relation((), 0, EQUAL) if met else None
    divisor = gcd(*numbers.values())
    if wholes.issuperset(numbers):
        if op == BELOW:
            fixed, op = fixed + 1, AT_MOST
        if op == EQUAL and fixed % divisor:
            return None
        fixed = -(-fixed // divisor)
    else:
        common = gcd(divisor, fixed)
        divisor, fixed = common, fixed // common
    if op == EQUAL and next(iter(numbers.values())) < 0:
        divisor, fixed = -divisor, -fixed
    return Relation(tuple((name, n // divisor) for name, n in numbers.items()), fixed, op)


class Linear(NamedTuple):
    """Relations that must all hold, and which of their variables are whole."""

    relations: frozenset[Relation]
    wholes: frozenset[str]


def _substitute(
    given: Relation, name: str, by: Relation, wholes: frozenset[str]
) -> Relation | None:
    """The relation without a variable that another one, with the other sign or equal, bounds."""
    mine, other = dict(given.coefficients), dict(by.coefficients)
    factor, weight = mine[name], other[name]
    times, scale = abs(weight), abs(factor)
    if by.op == EQUAL and (factor > 0) == (weight > 0):
        scale = -scale
    terms = {key: times * mine.get(key, 0) + scale * other.get(key, 0) for key in mine | other}
    op = given.op if by.op == EQUAL else max(given.op, by.op)
    return relation(terms, times * given.constant + scale * by.constant, op, wholes)


@cache
def eliminate(given: Linear, name: str) -> Linear | None:
    """All that the relations say of the other variables: Fourier, Motzkin; None if nothing can."""
    touched = [one for one in given.relations if any(key == name for key, _ in one.coefficients)]
    touched.sort(key=lambda one: (one.op, len(one.coefficients), one))
    rest = set(given.relations.difference(touched))
    if touched and touched[0].op == EQUAL:
        pairs = [(one, touched[0]) for one in touched[1:]]
    else:
        upper = [one for one in touched if dict(one.coefficients)[name] > 0]
        lower = [one for one in touched if dict(one.coefficients)[name] < 0]
        pairs = list(itertools.product(upper, lower))
    if len(pairs) > MOST_STEPS:
        raise TooLarge
    for one, two in pairs:
        made = _substitute(one, name, two, given.wholes)
        if made is None:
            return None
        if made.coefficients:
            rest.add(made)
    return _linear_of(rest, given.wholes)


def _linear_of(relations: Iterable[Relation], wholes: frozenset[str]) -> Linear | None:
    """A system without relations that others with the same coefficients make needless."""
    best: dict[tuple[object, bool], Relation] = {}
    for one in relations:
        key = one.coefficients, one.op == EQUAL
        other = best.get(key)
        if one.op == EQUAL and other not in {None, one}:
            return None
        if other is None or (one.constant, one.op) > (other.constant, other.op):
            best[key] = one
    return Linear(frozenset(best.values()), wholes)


def bounds(relations: Iterable[Relation], name: str, values: Mapping[str, int]) -> Interval | None:
    """Where a variable can be if all others have values; None where it can be nowhere."""
    found = Interval()
    for coefficients, constant, op in relations:
        factor, total = 0, constant
        for key, number in coefficients:
            if key == name:
                factor = number
            else:
                total += number * values[key]
        if not factor:
            continue
        at, shut = Fraction(-total, factor), op != BELOW
        if op == EQUAL:
            found = found.meet(Interval(at, at, lower_closed=True, upper_closed=True))
        elif factor > 0:
            found = found.meet(Interval(None, at, upper_closed=shut))
        else:
            found = found.meet(Interval(at, None, lower_closed=shut))
    return None if found.is_empty else found


class Chain:
    """The variables of a system eliminated one by one, then given values in the other order.

    Reals go first, then `query` where it is a real, then whole numbers, then `query` if whole.
    """

    def __init__(self, given: Linear, query: str, outer: Interval, effort: Iterator[int]) -> None:
        """Eliminate all variables, the one that costs least first.

        `outer` is no narrower than the hull; each whole number tried takes one of `effort`.
        """
        self.query, self.wholes, self.outer = query, given.wholes, outer
        self.steps: list[tuple[str, frozenset[Relation]]] = []
        self.possible, self.is_complete, self.effort = True, True, effort
        left = ({name for one in given.relations for name, _ in one.coefficients} | {query}) - {""}
        while left:
            rank = {name: 2 * (name in self.wholes) + (name == query) for name in left}
            name = min(sorted(left), key=lambda name: (rank[name], _price(given, name)))
            left.remove(name)
            self.steps.append((name, given.relations))
            after = eliminate(given, name)
            if after is None:
                self.possible = False
                return
            given = after

    def spend(self, price: int = 1) -> None:
        """Raise TooLarge where the effort is used up."""
        if len(list(itertools.islice(self.effort, price))) < price:
            raise TooLarge

    def hull(self) -> Interval | None:
        """The ends of all that `query` can be; None if the system cannot be met."""
        if not self.possible:
            return None
        if self.query not in self.wholes:
            return self._join({}, len(self.steps) - 1, None)
        outer = bounds(self.steps[-1][1], self.query, {})
        if outer is None:
            return None
        least, most = (
            next((n for n in self._numbers(outer, down=down) if self._reaches(n)), None)
            for down in (False, True)
        )
        if least is None or most is None:
            return None
        # Meyer 1974: with rational coefficients, the hull of the whole points that there are has
        # the directions of the polyhedron.
        return closed(None if outer.lower is None else least, None if outer.upper is None else most)

    def _reaches(self, value: int) -> bool:
        return self._join({self.query: value}, len(self.steps) - 2, None) is not None

    def _join(self, values: dict[str, int], step: int, found: Interval | None) -> Interval | None:
        """`found` and what `query` can be with the values so far (or any, where it has a value)."""
        if step < 0:
            return Interval()
        name, relations = self.steps[step]
        here = bounds(relations, name, values)
        if name == self.query and here is not None:
            return here if found is None else found.join(here)
        if name not in self.wholes:
            return Interval() if here is not None else found
        for number in self._from_the_ends(here) if here is not None else ():
            found = self._join({**values, name: number}, step - 1, found)
            if found is not None and found in {Interval(), self.outer}:
                break
        return found

    def _from_the_ends(self, of: Interval) -> Iterator[int]:
        if of.lower is None or of.upper is None:
            yield from self._numbers(of)
            return
        for up, down in zip(self._numbers(of), self._numbers(of, down=True), strict=True):
            if up <= down:
                yield up
            if up < down:
                yield down

    def _numbers(self, of: Interval, *, down: bool = False) -> Iterator[int]:
        """The whole numbers of an interval, so many of an endless one."""
        of = of.whole()
        if of.lower is None or (down and of.upper is not None):
            most = int(of.upper or 0)
            numbers = range(most, (most - WINDOW if of.lower is None else int(of.lower)) - 1, -1)
        else:
            least = int(of.lower)
            numbers = range(least, (least + WINDOW if of.upper is None else int(of.upper)) + 1)
        for number in numbers:
            self.spend()
            yield number
        self.is_complete &= of.lower is not None and of.upper is not None


def rational(given: Linear, query: str) -> Interval | None:
    """What `query` can be if there were no whole numbers; None where the system cannot be met."""
    names = {name for one in given.relations for name, _ in one.coefficients} - {query}
    while names:
        name = min(sorted(names), key=lambda name: _price(given, name))
        names.remove(name)
        after = eliminate(given, name)
        if after is None:
            return None
        given = after
    return bounds(given.relations, query, {}) if query else Interval()


def _price(given: Linear, name: str) -> int:
    """How many relations come of eliminating a variable."""
    signs = [
        (one.op, number > 0)
        for one in given.relations
        for key, number in one.coefficients
        if key == name
    ]
    if any(op == EQUAL for op, _ in signs):
        return 0
    upper = sum(is_positive for _, is_positive in signs)
    return upper * (len(signs) - upper)


# Facts as linear systems: a sign chosen where a coefficient is an interval, and a base where a
# share multiplies it.


@dataclass
class Hull:
    """What a quantity can be; an end that is not exact lies inside of the true one."""

    interval: Interval
    lower_exact: bool = True
    upper_exact: bool = True


def _linear(
    facts: Facts, query: str, *, outer: bool = False
) -> Iterator[tuple[Linear | None, bool]]:
    """Systems that together are the facts, each with whether those so far leave nothing out.

    With `outer`, products say of base and count what they say with a share that nothing else ties.
    """
    uses = [name for group in facts.groups.values() for name in group.names()]
    uses += [query] if query else []
    for group in facts.groups.values():
        if group.product is None:
            continue
        share, base, _ = group.product
        is_tied = uses.count(share) > 1 and not outer
        if is_tied and _point(facts, share) is None and _point(facts, base) is None:
            yield from _with_each_base(facts, query, base)
            return
    choices = [_choices(facts, group) for group in facts.groups.values()]
    wholes = frozenset(name for name in facts.quantities if facts.quantities[name].whole)
    for chosen in itertools.product(*choices):
        made = [
            relation({k: v for k, v in terms.items() if k}, terms.get("", Fraction(0)), op, wholes)
            for terms, op in _resolved(facts, [*_limits(facts, uses), *itertools.chain(*chosen)])
        ]
        point = _point(facts, query) if query else None
        if point is not None:
            made.append(relation({query: Fraction(1)}, -point, EQUAL, wholes))
        relations = [one for one in made if one is not None]
        if len(relations) < len(made):
            yield None, True
        else:
            yield _linear_of((one for one in relations if one.coefficients), wholes), True


def _with_each_base(facts: Facts, query: str, base: str) -> Iterator[tuple[Linear | None, bool]]:
    found = _outer(facts, base)
    if found is None:
        return
    least, most = found.lower, found.upper
    if facts.quantities[base].whole:
        first = Fraction(0) if least is None else least
        last = first + WINDOW if most is None else most
        values = [first + n for n in range(int(last - first) + 1)]
        is_complete = least is not None and most is not None
    else:
        ends = [end for end in (least, most) if end is not None]
        inside = 1 if least is not None else -1
        values = [sum(ends, Fraction(inside * (2 - len(ends)))) / max(len(ends), 1)]
        values += [end for end in ends if end in found and end not in values]
        is_complete = False
    for value in values:
        fixed = replace(facts.quantities[base], limits=closed(value, value))
        one = Facts(facts.quantities | {base: fixed}, facts.groups)
        for linear, complete in _linear(one, query):
            yield linear, complete and is_complete
    yield None, is_complete


Terms = dict[str, Fraction]  # "" is the constant


def _point(facts: Facts, name: str) -> Fraction | None:
    limits = facts.quantities[name].limits
    return limits.lower if limits.lower is not None and limits.lower == limits.upper else None


def _resolved(facts: Facts, given: Iterable[tuple[Terms, int]]) -> Iterator[tuple[Terms, int]]:
    """Relations with numbers in place of what can be one number only."""
    used = {name for group in facts.groups.values() for name in group.names()}
    points = {name: _point(facts, name) for name in used}
    for terms, op in given:
        result: Terms = {}
        constant = terms.get(ONE, Fraction(0))
        for name, number in terms.items():
            value = points.get(name)
            if value is not None:
                constant += number * value
            elif name != ONE:
                result[name] = number
        yield result | {ONE: constant}, op


def _limits(facts: Facts, names: Iterable[str]) -> Iterator[tuple[Terms, int]]:
    for name in sorted(set(names)):
        limits = facts.quantities[name].limits
        if limits.lower is not None:
            terms = {name: Fraction(-1), "": limits.lower}
            yield terms, AT_MOST if limits.lower_closed else BELOW
        if limits.upper is not None:
            terms = {name: Fraction(1), "": -limits.upper}
            yield terms, AT_MOST if limits.upper_closed else BELOW


def _choices(facts: Facts, group: Group) -> list[list[tuple[Terms, int]]]:
    """The ways in which a group can be met, each as relations that must all hold."""
    if group.product:
        return _products(facts, *group.product)
    ways: list[list[tuple[Terms, int]]] = []
    loose = [name for low, high, name in group.terms if low != high and name != ONE]
    for signs in itertools.product((1, -1), repeat=len(loose)):
        sign = dict(zip(loose, signs, strict=True))
        least: Terms = {"": group.constant}
        most: Terms = {"": group.constant}
        for low, high, name in group.terms:
            ends = (low, high) if sign.get(name, 1) > 0 else (high, low)
            least[name] = least.get(name, Fraction(0)) + ends[0]
            most[name] = most.get(name, Fraction(0)) + ends[1]
        for factor, name in [group.remainder] if group.remainder else ():
            least[name] = most[name] = Fraction(factor)
        way = [(least, AT_MOST), *(({name: Fraction(-sign[name])}, AT_MOST) for name in loose)]
        if group.equal:
            way.append(({name: -number for name, number in most.items()}, AT_MOST))
            if least == most:
                way = [(least, EQUAL)]
        ways.append(way)
    return ways


def _products(facts: Facts, share: str, base: str, count: str) -> list[list[tuple[Terms, int]]]:
    limits = facts.quantities[share].limits
    fixed = _point(facts, share)
    if fixed is not None:
        return [[({base: fixed / 100, count: Fraction(-1)}, EQUAL)]]
    at = _point(facts, base)
    if at is not None:
        return [[({share: at / 100, count: Fraction(-1)}, EQUAL)]]
    if limits.lower is None or limits.upper is None:
        raise TooLarge
    low = {base: limits.lower / 100, count: Fraction(-1)}
    high = {base: -limits.upper / 100, count: Fraction(1)}
    low_op, high_op = (
        AT_MOST if is_shut else BELOW for is_shut in (limits.lower_closed, limits.upper_closed)
    )
    bases = facts.quantities[base].limits
    ways = [
        [({base: Fraction(-1)}, BELOW), (low, low_op), (high, high_op)],
        [({base: Fraction(1)}, EQUAL), ({count: Fraction(1)}, EQUAL)],
        [
            ({base: Fraction(1)}, BELOW),
            ({name: -number for name, number in low.items()}, low_op),
            ({name: -number for name, number in high.items()}, high_op),
        ],
    ]
    if bases.lower is None or bases.lower < 0:
        return ways
    return ways[:2] if Fraction(0) in bases else ways[:1]


def _outer(facts: Facts, query: str) -> Interval | None:
    """What a quantity can be at most, of what is linear; None where that is impossible."""
    found: Interval | None = None
    for linear, _ in _linear(facts, query, outer=True):
        here = rational(linear, query) if linear else None
        if here is not None:
            found = here if found is None else found.join(here)
    if found is None or not query:
        return found
    return found.whole() if facts.quantities[query].whole else found


def _hull(facts: Facts, query: str) -> Hull | None:
    """What a quantity can be in one component; None where the facts are impossible.

    Without a quantity, any interval says that the facts are possible.
    """
    names = {name for group in facts.groups.values() for name in group.names()}
    used = frozenset((name, facts.quantities[name]) for name in names)
    return _hull_of(frozenset(facts.groups.items()), used, query)


@lru_cache(1 << 12)
def _hull_of(
    groups: frozenset[tuple[str, Group]], quantities: frozenset[tuple[str, Quantity]], query: str
) -> Hull | None:
    facts = Facts(dict(quantities), dict(sorted(groups, key=lambda one: one[0])))
    widest = _outer(facts, query)
    if widest is None:
        return None
    found: Interval | None = None
    is_complete = True
    effort = iter(range(MOST_STEPS))
    try:
        for linear, complete in _linear(facts, query):
            is_complete &= complete
            if linear is None:
                continue
            chain = Chain(linear, query, widest, effort)
            chain.spend(PRICE)
            here = chain.hull()
            is_complete &= chain.is_complete
            if here is not None:
                found = here if found is None else found.join(here)
            if found == widest or (found is not None and not query):
                return Hull(found)
    except TooLarge:
        is_complete = False
    if found is None and not is_complete:
        raise TooLarge
    if found is None or is_complete:
        return None if found is None else Hull(found)
    return Hull(found, found[::2] == widest[::2], found[1::2] == widest[1::2])


# What the facts say together.


def local(facts: Facts, name: str) -> str:
    """The outcome of a group on its own: section 6, `check_results`."""
    group = facts.groups[name]
    if _hull(facts.only([name]), "") is None:
        return "violated"
    if _is_certain(facts, group):
        return "satisfied"
    roles = {facts.quantities[quantity].role for quantity in group.names()}
    return "missing_operand" if "unstated" in roles else "satisfiable"


def imbalance(facts: Facts, group: Group) -> Interval:
    """The ends of the sum of a group's terms without its remainder, as if all were open."""
    ends = [Interval(group.constant, group.constant)]
    for low, high, name in group.terms:
        limits = facts.quantities[name].limits if name else closed(1, 1)
        ends.append(_times(Interval(low, high), limits))
    if group.product:
        share, base, count = (facts.quantities[name].limits for name in group.product)
        ends.append(_times(_at(Fraction(1, 100)), _times(share, base)))
        ends.append(_times(_at(Fraction(-1)), count))
    lower, upper = (
        None if None in column else sum((end for end in column if end is not None), Fraction(0))
        for column in zip(*((one.lower, one.upper) for one in ends), strict=True)
    )
    return Interval(lower, upper)


def _at(number: Fraction) -> Interval:
    return Interval(number, number)


def _is_certain(facts: Facts, group: Group) -> bool:
    """Whether the group holds whatever its quantities are, with the remainder that suits it."""
    lowest, highest, *_ = imbalance(facts, group)
    if group.remainder:
        factor, name = group.remainder
        room = _times(_at(Fraction(factor)), facts.quantities[name].limits)
        least = room.lower is None or (highest is not None and highest + room.lower <= 0)
        most = room.upper is None or (lowest is not None and lowest + room.upper >= 0)
        return least and (most or not group.equal)
    return highest is not None and highest <= 0 and (not group.equal or lowest == 0)


def _times(one: Interval, two: Interval) -> Interval:
    """The ends of a product; 0 times no end is 0."""
    if any(of.lower == of.upper == 0 for of in (one, two)):
        return Interval(Fraction(0), Fraction(0))
    corners = [_corner(a, b) for a in _ends(one) for b in _ends(two)]
    reached = [value for sign, value in corners if not sign]
    lower = None if any(sign < 0 for sign, _ in corners) else min(reached)
    upper = None if any(sign > 0 for sign, _ in corners) else max(reached)
    return Interval(lower, upper)


def _ends(of: Interval) -> list[tuple[int, Fraction]]:
    """Each end as (sign of infinity, number)."""
    return [
        (sign, Fraction(0)) if end is None else (0, end)
        for sign, end in ((-1, of.lower), (1, of.upper))
    ]


def _corner(one: tuple[int, Fraction], two: tuple[int, Fraction]) -> tuple[int, Fraction]:
    if not one[0] and not two[0]:
        return 0, one[1] * two[1]
    signs = [end[0] or (end[1] > 0) - (end[1] < 0) for end in (one, two)]
    return signs[0] * signs[1], Fraction(0)


def is_possible(facts: Facts) -> bool:
    """Whether all groups can hold at once."""
    return all(_is_possible(facts, part) for part in _loose_parts(facts))


def _is_possible(facts: Facts, groups: Iterable[str]) -> bool:
    return _hull(facts.only(groups), "") is not None


def _loose_parts(facts: Facts) -> list[list[str]]:
    """The groups that hang together by quantities that are not fixed."""
    return _parts(facts, [name for name in facts.quantities if _point(facts, name) is None])


def _parts(facts: Facts, linking: Iterable[str]) -> list[list[str]]:
    links = set(linking)
    found: list[tuple[set[str], list[str]]] = []
    for name, group in facts.groups.items():
        names, members = links.intersection(group.names()), [name]
        for other in [other for other in found if other[0] & names]:
            found.remove(other)
            names |= other[0]
            members += other[1]
        found.append((names, members))
    return [sorted(members) for _, members in found]


def conflicts(facts: Facts) -> list[frozenset[str]]:
    """All least sets of groups that cannot hold at once."""
    found: list[frozenset[str]] = []
    for part in _parts(facts, facts.quantities):
        if is_possible(facts.only(part)):
            continue
        for size in range(1, len(part) + 1):
            for chosen in map(frozenset, itertools.combinations(part, size)):
                if any(one <= chosen for one in found):
                    continue
                if not is_possible(facts.only(chosen)):
                    found.append(chosen)
    return found


def hull(facts: Facts, name: str) -> Hull:
    """What facts that are possible leave for one quantity."""
    if _point(facts, name) is not None:
        return Hull(facts.quantities[name].limits)
    mine = [
        part for part in _loose_parts(facts) if any(name in facts.groups[g].names() for g in part)
    ]
    found = _hull(facts.only(mine[0]), name) if mine else Hull(facts.quantities[name].limits)
    if found is None:
        raise ValueError(name)
    return found


@dataclass
class Repairs:
    """All smallest sets of facts of which one must be wrong, and what each fact would then be."""

    weight: int
    sets: dict[frozenset[str], dict[str, Hull]]


def repairs(facts: Facts) -> list[Repairs]:
    """For each part of the facts that contradicts itself: Fellegi and Holt 1976."""
    return [
        _repairs(facts.only(part))
        for part in _parts(facts, facts.quantities)
        if not is_possible(facts.only(part))
    ]


def _repairs(facts: Facts) -> Repairs:
    witnesses: dict[str, list[str]] = {}
    for name in sorted({name for group in facts.groups.values() for name in group.names()}):
        if facts.quantities[name].role == "stated":
            witnesses.setdefault(facts.quantities[name].witness or name, []).append(name)
    price = {
        witness: max(facts.quantities[name].weight for name in names)
        for witness, names in witnesses.items()
    }
    sets = sorted(
        (sum(price[witness] for witness in chosen), chosen)
        for size in range(1, len(witnesses) + 1)
        for chosen in itertools.combinations(sorted(witnesses), size)
    )
    found: dict[frozenset[str], dict[str, Hull]] = {}
    least = None
    for weight, chosen in sets:
        if least is not None and weight > least:
            break
        names = [name for witness in chosen for name in witnesses[witness]]
        mended = facts.freed(names)
        if is_possible(mended):
            least = weight
            found[frozenset(names)] = {name: hull(mended, name) for name in names}
    return Repairs(least or 0, found)
