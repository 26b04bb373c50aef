"""Small worlds drawn at random, and which groups rules make of them.

A world is one document, or an original and a copy, about areas of its own, so that many stand side
by side in one set of tables. Its facts are drawn round numbers that fit together, and some are then
wrong. The rules of a batch are drawn from all kinds; which groups they make of the facts is written
out here a second time, from what raw/rules.toml says of them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any, Final, NamedTuple

from tests import oracle
from tests.oracle import Group, Interval, Quantity

TODAY: Final = "2011-12-23"
EPOCH: Final = date(1970, 1, 1)
AREAS: Final = ("A", "B")
CATEGORIES: Final = {"x": None, "y": None, "y1": "y", "y2": "y"}
LEAVES: Final = ("x", "y1", "y2")


class Indicator(NamedTuple):
    kind: str
    whole: bool
    base: str | None = None
    tree: str | None = None
    level: str | None = None


INDICATORS: Final = {
    "all": Indicator("stock", whole=True, tree="t"),
    "some": Indicator("stock", whole=True),
    "size": Indicator("stock", whole=False, tree="t"),
    "part": Indicator("stock", whole=False),
    "all_growth": Indicator("flow", whole=True, base="all"),
    "all_new": Indicator("flow", whole=True, base="all"),
    "size_growth": Indicator("flow", whole=False, base="size"),
    "area_share": Indicator("share", whole=False, base="all", level="region"),
    "x_share": Indicator("share", whole=False, base="all/x", level="region"),
    "kind_share": Indicator("share", whole=False, base="all", tree="t"),
    "size_share": Indicator("share", whole=False, base="size", level="region"),
    "theme_share": Indicator("multi_share", whole=False, base="all", tree="t"),
    "years": Indicator("duration", whole=True),
    "about_years": Indicator("duration", whole=False),
    "rank": Indicator("ordinal", whole=True),
}

RULES: Final[dict[str, dict[str, Any]]] = {
    "areas_add_up": {"kind": "adds_up", "whole": "all", "parts": ("all", "area")},
    "sizes_add_up": {"kind": "adds_up", "whole": "size", "parts": ("size", "category")},
    "size_areas_add_up": {"kind": "adds_up", "whole": "size", "parts": ("size", "area")},
    "kinds_add_up": {"kind": "adds_up", "whole": "all", "parts": ("all", "category")},
    "kinds_are_part": {
        "kind": "parts_of",
        "whole": "all",
        "parts": ("all", "category"),
        "remainder": "flag",
    },
    "all_areas_are_part": {"kind": "parts_of", "whole": "all", "parts": ("all", "area")},
    "areas_are_part": {"kind": "parts_of", "whole": "size", "parts": ("size", "area")},
    "all_parts_of_some": {"kind": "parts_of", "whole": "some", "parts": ("all", "category")},
    "some_of_all": {"kind": "subset", "part": "some", "whole": "all"},
    "part_of_size": {"kind": "subset", "part": "part", "whole": "size"},
    "rank_of_all": {"kind": "subset", "part": "rank", "whole": "all"},
    "area_shares": {"kind": "share_of", "shares": ("area_share", "area")},
    "x_shares": {"kind": "share_of", "shares": ("x_share", "area")},
    "kind_shares": {"kind": "share_of", "shares": ("kind_share", "category")},
    "size_shares": {"kind": "share_of", "shares": ("size_share", "area")},
    "theme_shares": {"kind": "share_of", "shares": ("theme_share", "category")},
    "area_shares_partial": {"kind": "shares_partial", "shares": ("area_share", "area")},
    "area_shares_complete": {"kind": "shares_complete", "shares": ("area_share", "area")},
    "kind_shares_partial": {"kind": "shares_partial", "shares": ("kind_share", "category")},
    "kind_shares_complete": {"kind": "shares_complete", "shares": ("kind_share", "category")},
    "size_shares_complete": {"kind": "shares_complete", "shares": ("size_share", "area")},
    "themes_overlap": {"kind": "multi_response", "shares": ("theme_share", "category")},
    "all_grows": {"kind": "growth", "stock": "all", "flow": "all_growth", "gross": False},
    "all_grows_at_most": {"kind": "growth", "stock": "all", "flow": "all_new", "gross": True},
    "size_grows": {"kind": "growth", "stock": "size", "flow": "size_growth", "gross": False},
    "starts_before_it_ends": {"kind": "order", "each": ("start", "end")},
    "starts_before_publication": {"kind": "order", "each": ("start", "published")},
    "one_quantity": {"kind": "same_quantity"},
    "one_number_of_all": {"kind": "same_quantity", "quantity": "all"},
}
"""What a batch may have of rules; sequences and durations name facts and come with a world."""


class Number(NamedTuple):
    fact_id: str
    indicator: str
    area: str
    category: str | None
    period: str
    value: str
    relator: str = "eq"
    precision: str = ""

    @property
    def source(self) -> str:
        return self.fact_id.partition("/")[0]


class Event(NamedTuple):
    fact_id: str
    period: str


@dataclass
class World:
    number: int
    numbers: list[Number] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    sequences: list[tuple[str, ...]] = field(default_factory=list)
    durations: list[tuple[str, str, str]] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)  # a source, and where it is from
    same_as: dict[str, str] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)

    @property
    def root(self) -> str:
        return f"W{self.number:05}"

    @property
    def source(self) -> str:
        return f"w{self.number:05}"

    def sources(self) -> list[str]:
        named = {one.source for one in self.numbers} | {self.source, *self.copies}
        return sorted(named)


# Drawing a world.


def draw_world(seed: int, number: int) -> World:
    """The world of a number."""
    return _Drawing(Random(f"{seed} {number}"), World(number)).world()  # noqa: S311 (a test)


THEMES: Final = {
    "areas": (("all", "root", None, TODAY), ("all", "area", None, TODAY)),
    "kinds": (("all", "root", None, TODAY), ("all", "root", "kind", TODAY)),
    "sizes": (("size", "root", None, TODAY), ("size", "any", "kind", TODAY)),
    "size areas": (("size", "root", None, TODAY), ("size", "area", None, TODAY)),
    "subset": (("some", "any", None, TODAY), ("all", "any", None, TODAY)),
    "real subset": (("part", "root", None, TODAY), ("size", "root", None, TODAY)),
    "shares": (
        ("area_share", "area", None, TODAY),
        ("all", "any", None, TODAY),
        ("area_share", "area", None, TODAY),
    ),
    "x shares": (("x_share", "area", None, TODAY), ("all", "any", "x", TODAY)),
    "kind shares": (
        ("kind_share", "root", "kind", TODAY),
        ("kind_share", "root", "kind", TODAY),
        ("all", "root", "any", TODAY),
    ),
    "size shares": (("size_share", "area", None, TODAY), ("size", "any", None, TODAY)),
    "themes": (
        ("theme_share", "root", "kind", TODAY),
        ("theme_share", "root", "kind", TODAY),
        ("all", "root", "any", TODAY),
    ),
    "growth": (
        ("all_growth", "root", None, "since"),
        ("all", "root", None, "then"),
        ("all", "root", None, TODAY),
        ("all_new", "root", None, "since"),
    ),
    "size growth": (
        ("size_growth", "root", None, "since"),
        ("size", "root", None, "then"),
        ("size", "root", None, TODAY),
    ),
    "rank": (("rank", "root", None, TODAY), ("all", "root", None, TODAY)),
    "time": (),
}
PERIODS: Final = ("2005", "2006-03", "2005-07-01", "2004/2006", "2003/..", "XXXX", "2012", "2011")


@dataclass
class _Drawing:
    draw: Random
    made: World
    cells: dict[tuple[str, str, str, str], Fraction] = field(default_factory=dict)

    def world(self) -> World:
        names = self.draw.choices(list(THEMES), k=self.draw.choice([1, 1, 2, 2, 3]))
        for name in names:
            slots = THEMES[name]
            if not slots:
                self._time()
            for slot in slots:
                for _ in range(self.draw.choice([0, 1, 1, 2])):
                    self._number(*slot)
        self._mistakes()
        if self.draw.random() < 0.2:
            self._copy()
        facts = [one.fact_id for one in self.made.numbers]
        if len(facts) > 1 and self.draw.random() < 0.1:
            first, second = sorted(self.draw.sample(facts, 2))
            if first.partition("/")[0] == second.partition("/")[0]:
                self.made.same_as[second] = first
        if facts and self.draw.random() < 0.2:
            self.made.weights[self.draw.choice(facts)] = self.draw.choice([2, 3])
        return self.made

    def _cell(self, indicator: str, area: str, leaf: str, period: str) -> Fraction:
        key = (indicator, area, leaf, period)
        if key not in self.cells:
            if indicator in {"some", "part", "theme"}:
                most = self._cell({"part": "size"}.get(indicator, "all"), area, leaf, period)
                self.cells[key] = Fraction(self.draw.randint(0, int(most)))
            elif period != TODAY:
                most = self._cell(indicator, area, leaf, TODAY)
                self.cells[key] = Fraction(self.draw.randint(0, int(most)))
            else:
                half = INDICATORS[indicator].whole or self.draw.random() < 0.5
                self.cells[key] = Fraction(self.draw.randint(0, 3)) + (
                    0 if half else Fraction(1, 2)
                )
        return self.cells[key]

    def _true(self, indicator: str, area: str, category: str | None, period: str) -> Fraction:
        areas = AREAS if area == self.made.root else (area.rpartition("-")[2],)
        leaves = [
            leaf for leaf in LEAVES if category is None or category in {leaf, CATEGORIES[leaf]}
        ]
        return sum(
            (self._cell(indicator, one, leaf, period) for one in areas for leaf in leaves),
            Fraction(0),
        )

    def _number(self, indicator: str, place: str, category: str | None, period: str) -> None:
        root = self.made.root
        place = self.draw.choice(["root", "area"]) if place == "any" else place
        area = root if place == "root" else f"{root}-{self.draw.choice(AREAS)}"
        if category == "any":
            category = self.draw.choice([None, "kind"])
        if category == "kind":
            category = self.draw.choice(list(CATEGORIES))
        if period == "since":
            period = self.draw.choice(["2006/..", "2006/..", "2008/..", "2006-05/.."])
        if period == "then":
            period = self.draw.choice(["2006", "2006", "2008", "2009", "2006-05"])
        self._print(
            indicator, area, category, period, self._value(indicator, area, category, period)
        )

    def _value(self, indicator: str, area: str, category: str | None, period: str) -> Fraction:
        known, root = INDICATORS[indicator], self.made.root
        if known.kind == "ordinal":
            return Fraction(self.draw.randint(1, 5))
        if known.kind == "flow":
            base, then = str(known.base), period.partition("/")[0]
            grown = self._true(base, area, category, TODAY) - self._true(base, area, category, then)
            return grown / Fraction(days(then)[0] - days(TODAY)[0]) * -oracle.YEAR
        if not known.base:
            return self._true(indicator, area, category, period)
        base, _, only = known.base.partition("/")
        count, total = (
            self._true(base, where, of, TODAY)
            for where, of in ((area, category or only or None), (root, only or None))
        )
        return 100 * count / total if total else Fraction(self.draw.randint(0, 100))

    def _print(
        self, indicator: str, area: str, category: str | None, period: str, true: Fraction
    ) -> None:
        known = INDICATORS[indicator]
        taken = {(one.indicator, one.area, one.category, one.period) for one in self.made.numbers}
        if (indicator, area, category, period) in taken and self.draw.random() < 0.8:
            return
        decimals = 0 if known.whole else self.draw.choice([0, 0, 1])
        value, relator, precision = self._printed(true, decimals, known)
        limits = oracle.stated(value, relator, precision, known.kind, whole=known.whole)
        if limits.is_empty:  # more than 100 percent
            return
        name = f"{self.made.source}/n{len(self.made.numbers)}"
        self.made.numbers.append(
            Number(name, indicator, area, category, period, value, relator, precision)
        )

    def _printed(self, true: Fraction, decimals: int, known: Indicator) -> tuple[str, str, str]:
        step = Fraction(1, 10**decimals)
        at = round(true / step) * step
        least, most, *_ = oracle.NATURAL[known.kind]

        def text(number: Fraction) -> str:
            number = number if least is None else max(number, least)
            number = number if most is None else min(number, most)
            return f"{float(number):.{decimals}f}"

        relator = self.draw.choice(["eq"] * 8 + ["", "gt", "ge", "lt", "le", "between", "approx"])
        if not relator:
            wide = self.draw.choice([2, 4, 5])
            relator = self.draw.choice(["eq", "approx", "between"])
            value = text(round(true / wide) * Fraction(wide))
            return (f"{value}/{value}" if relator == "between" else value), relator, str(wide)
        if relator == "between":
            low, high = (self.draw.choice([0, 1, 2]) * step for _ in range(2))
            return f"{text(at - low)}/{text(at + high)}", relator, ""
        sign = {"gt": -1, "ge": -1, "lt": 1, "le": 1}.get(relator, 0)
        off = self.draw.choice([0, 2] if relator in {"ge", "le"} else [1, 2])
        return text(at + sign * off * step), relator, ""

    def _mistakes(self) -> None:
        if not self.made.numbers or self.draw.random() < 0.55:
            return
        if self.draw.random() < 0.2:
            self._meet()
        for _ in range(self.draw.choice([1, 1, 2])):
            at = self.draw.randrange(len(self.made.numbers))
            one = self.made.numbers[at]
            if "/" in one.value:
                continue
            decimals = len(one.value.partition(".")[2])
            off = self.draw.choice([-3, -1, 1, 2, 5]) * (10 if "share" in one.indicator else 1)
            kind = oracle.NATURAL[INDICATORS[one.indicator].kind]
            value = Fraction(one.value) + off
            value = value if kind.lower is None else max(value, kind.lower)
            value = value if kind.upper is None else min(value, kind.upper)
            self.made.numbers[at] = one._replace(value=f"{float(value):.{decimals}f}", relator="eq")

    def _meet(self) -> None:
        """Two numbers that are no shares end where the other begins, with or without the end."""
        fitting = [
            at for at, one in enumerate(self.made.numbers) if one.indicator in {"size", "part"}
        ]
        if len(fitting) > 1:
            one, two = self.draw.sample(fitting, 2)
            value = self.made.numbers[one].value.partition("/")[0]
            for at, relators in ((one, ["gt", "ge"]), (two, ["lt", "le", "lt"])):
                made = self.made.numbers[at]
                relator = self.draw.choice(relators)
                if Fraction(value):
                    self.made.numbers[at] = made._replace(
                        value=value, relator=relator, precision=""
                    )

    def _copy(self) -> None:
        other = f"{self.made.source}b"
        for one in list(self.made.numbers):
            if self.draw.random() < 0.5:
                name = f"{other}/n{len(self.made.numbers)}"
                again = one._replace(fact_id=name)
                if self.draw.random() < 0.3 and "/" not in one.value:
                    again = again._replace(relator="ge", precision="")
                self.made.numbers.append(again)
        if any(one.source == other for one in self.made.numbers) and self.draw.random() < 0.6:
            self.made.copies[other] = self.made.source

    def _time(self) -> None:
        first = len(self.made.events)
        names = []
        for number in range(first, first + self.draw.choice([1, 2, 3])):
            names.append(f"{self.made.source}/e{number}")
            self.made.events.append(Event(names[-1], self.draw.choice(PERIODS)))
        if len(names) > 1:
            self.made.sequences.append(tuple(self.draw.sample(names, 2)))
        if self.draw.random() < 0.7:
            indicator = self.draw.choice(["years", "about_years"])
            passed = self.draw.choice([5, 5, 6, 7])
            self._print(indicator, self.made.root, None, TODAY, Fraction(passed))
            durations = [one for one in self.made.numbers if one.indicator == indicator]
            to = self.draw.choice([f"{self.made.source}/published", names[-1]])
            if durations and to != names[0]:
                self.made.durations.append((names[0], to, durations[-1].fact_id))


# What a world means: the quantities and groups of the oracle.


def days(period: str) -> tuple[int, int]:
    """The first and the last day of a year, a month or a day, from 1970 on."""
    year, month, day = (*period.split("-"), "", "")[:3]
    start = date(int(year), int(month or 1), int(day or 1))
    if day:
        end = start
    elif month:
        end = date(start.year + start.month // 12, start.month % 12 + 1, 1) - timedelta(1)
    else:
        end = date(start.year, 12, 31)
    return (start - EPOCH).days, (end - EPOCH).days


def ends(period: str) -> dict[str, Interval]:
    """The days of the start, and of a span the end; an endless interval where nothing is said."""
    found = {}
    for name, one in zip(("start", "end"), period.split("/"), strict=False):
        is_known = one not in {"..", "XXXX"}
        found[name] = oracle.closed(*days(one)) if is_known else Interval()
    return found


Keyed = tuple[str, frozenset[str]]
"""A rule and the quantities of a group that are not its own remainder: what a group is known by."""


@dataclass
class Meaning:
    world: World
    facts: oracle.Facts = field(default_factory=oracle.Facts)
    keys: dict[str, Keyed] = field(default_factory=dict)

    def stated(self, source: str, *of: str | None) -> str:
        """The quantity that is of an indicator, area, category and period in a source."""
        for one in sorted(self.world.numbers):
            if one.source == source and one[1:5] == of:
                return one.fact_id
        name = " ".join(part for part in of if part is not None)
        known = INDICATORS[str(of[0])]
        self.facts.quantities[name] = Quantity(
            oracle.NATURAL[known.kind],
            oracle.NATURAL[known.kind],
            known.whole and known.kind != "flow",  # an average of years
            "unstated",
        )
        return name

    def group(self, rule: str, made: Group) -> None:
        name = f"g{len(self.keys):02} {rule}"
        own = {made.remainder[1]} if made.remainder else set()
        self.facts.groups[name] = made
        self.keys[name] = rule, frozenset(made.names()) - own

    def rest(self, *, whole: bool, most: int | None = None) -> str:
        name = f"rest of g{len(self.keys):02}"
        room = oracle.closed(0, most)
        self.facts.quantities[name] = Quantity(room, room, whole, "remainder")
        return name


def meaning(world: World, rules: Sequence[str]) -> Meaning:
    """What a world means under the rules of its batch and its own."""
    made = Meaning(world)
    _state(made)
    for rule in rules:
        keys = RULES[rule]
        for source in world.sources():
            if keys["kind"] in _GROUPS:
                _GROUPS[keys["kind"]](made, rule, source, keys)
    for at, (one, to, duration) in enumerate(world.durations):
        known = {event.fact_id: ends(event.period) for event in world.events}
        if known[one]["start"] == Interval() or known.get(to, {}).get("start") == Interval():
            continue
        whole = INDICATORS[_by_id(world)[duration].indicator].whole
        end = to.replace("/published", "#published") if to.endswith("published") else f"{to}#start"
        made.group(
            f"{world.source}_lasts_{at}", oracle.elapsed(f"{one}#start", end, duration, whole=whole)
        )
    for at, names in enumerate(world.sequences):
        for first, second in pairwise(names):
            made.group(
                f"{world.source}_order_{at}", oracle.order(f"{first}#start", f"{second}#start")
            )
    for rule in rules:
        if RULES[rule]["kind"] == "same_quantity":
            _same(made, rule, RULES[rule].get("quantity"))
    return made


def _by_id(world: World) -> dict[str, Number]:
    return {one.fact_id: one for one in world.numbers}


def _state(made: Meaning) -> None:
    world = made.world
    leads: dict[tuple[object, ...], str] = {}
    origin = {source: world.copies.get(source, source) for source in world.sources()}
    for one in sorted(world.numbers):
        known = INDICATORS[one.indicator]
        limits = oracle.stated(one.value, one.relator, one.precision, known.kind, whole=known.whole)
        lead = leads.setdefault((origin[one.source], *one[1:5], limits), one.fact_id)
        made.facts.quantities[one.fact_id] = Quantity(
            limits, oracle.NATURAL[known.kind], known.whole, witness=lead
        )
    for second, first in world.same_as.items():
        lead = made.facts.quantities[first].witness
        _replace(made, second, witness=lead)
    for fact, weight in world.weights.items():
        _replace(made, fact, weight=weight)
    for source in world.sources():
        today = oracle.closed(*days(TODAY))
        made.facts.quantities[f"{source}#published"] = Quantity(today, oracle.NATURAL["day"])
    for fact, period in _dated(world):
        for end, limits in ends(period).items():
            role: oracle.Role = "unstated" if limits == Interval() else "stated"
            made.facts.quantities[f"{fact}#{end}"] = Quantity(
                limits, oracle.NATURAL["day"], role=role, weight=world.weights.get(fact, 1)
            )


def _replace(made: Meaning, name: str, **changes: Any) -> None:  # noqa: ANN401 (any field)
    quantities = made.facts.quantities
    quantities[name] = Quantity(**{**vars(quantities[name]), **changes})


def _dated(world: World) -> list[tuple[str, str]]:
    numbers = [(one.fact_id, one.period) for one in world.numbers if one.period != TODAY]
    return sorted([*world.events, *numbers])


def _select(made: Meaning, source: str, indicator: str) -> list[Number]:
    found: dict[tuple[object, ...], Number] = {}
    for one in sorted(made.world.numbers):
        if one.source == source and one.indicator == indicator:
            found.setdefault(one[1:5], one)
    return list(found.values())


Whole = tuple[str, str | None, str]


def _wholes(made: Meaning, source: str, parts: tuple[str, str]) -> dict[Whole, list[Number]]:
    indicator, over = parts
    found: dict[Whole, list[Number]] = {}
    for one in _select(made, source, indicator):
        if over == "category" and one.category is not None:
            found.setdefault((one.area, CATEGORIES[one.category], one.period), []).append(one)
        if over == "area" and one.area != made.world.root:
            found.setdefault((made.world.root, one.category, one.period), []).append(one)
    return found


def _all_of(made: Meaning, source: str, parts: tuple[str, str], whole: Whole) -> list[str]:
    (indicator, over), (area, category, period) = parts, whole
    if over == "area":
        places = [(f"{area}-{one}", category) for one in AREAS]
    else:
        places = [(area, one) for one, parent in CATEGORIES.items() if parent == category]
    return [made.stated(source, indicator, *place, period) for place in places]


def _parts(made: Meaning, rule: str, source: str, keys: dict[str, Any]) -> None:
    for whole, stated in _wholes(made, source, keys["parts"]).items():
        of_whole = made.stated(source, keys["whole"], *whole)
        if keys["kind"] == "adds_up":
            every = _all_of(made, source, keys["parts"], whole)
            made.group(rule, oracle.adds_up(of_whole, every))
        else:
            rest = made.rest(whole=INDICATORS[keys["whole"]].whole)
            names = [one.fact_id for one in stated]
            made.group(rule, oracle.parts_of(of_whole, names, rest))


def _shares(made: Meaning, rule: str, source: str, keys: dict[str, Any]) -> None:
    shares = keys["shares"]
    for whole, stated in _wholes(made, source, shares).items():
        names = [one.fact_id for one in stated]
        above = None if whole[1] is None else made.stated(source, shares[0], *whole)
        if keys["kind"] == "shares_complete":
            every = _all_of(made, source, shares, whole)
            complete = oracle.shares_complete(every)
            made.group(rule, complete if above is None else oracle.adds_up(above, every))
        elif above is None:
            made.group(rule, oracle.shares_partial(names, made.rest(whole=False, most=100)))
        else:
            rest = made.rest(whole=False, most=100)
            made.group(rule, oracle.parts_of(above, names, rest))


def _overlapping(made: Meaning, rule: str, source: str, keys: dict[str, Any]) -> None:
    for whole, stated in _wholes(made, source, keys["shares"]).items():
        names = [one.fact_id for one in stated]
        mentions = made.rest(whole=False, most=100 * len(names))
        made.group(rule, oracle.mentions(names, mentions))
        above = None if whole[1] is None else made.stated(source, keys["shares"][0], *whole)
        if len(names) > 1:
            overlap = made.rest(whole=False, most=100)
            made.group(rule, oracle.multi_response(names, overlap, above))
        for name in names if above else ():
            made.group(rule, oracle.subset(name, str(above)))


def _subset(made: Meaning, rule: str, source: str, keys: dict[str, Any]) -> None:
    for one in _select(made, source, keys["part"]):
        whole = made.stated(source, keys["whole"], *one[2:5])
        made.group(rule, oracle.subset(one.fact_id, whole))


def _share_of(made: Meaning, rule: str, source: str, keys: dict[str, Any]) -> None:
    indicator, over = keys["shares"]
    base, _, only = str(INDICATORS[indicator].base).partition("/")
    for (area, _, period), stated in _wholes(made, source, keys["shares"]).items():
        for one in stated:
            of_all = only or None if over == "category" else one.category or only or None
            count = made.stated(source, base, one.area, one.category or only or None, period)
            of_base = made.stated(source, base, area, of_all, period)
            made.group(rule, oracle.share_of(one.fact_id, of_base, count))


def _growth(made: Meaning, rule: str, source: str, keys: dict[str, Any]) -> None:
    stock, flow = keys["stock"], keys["flow"]
    stocks = {one.fact_id: one for one in _select(made, source, stock)}
    flows = [one for one in _select(made, source, flow) if one.period.endswith("/..")]
    places = {one[2:4] for one in stocks.values()}
    for place in sorted(places, key=str):
        here = {name: one.period for name, one in stocks.items() if one[2:4] == place}
        known = dict(here)
        began = [one.period.partition("/")[0] for one in flows if one[2:4] == place]
        for one in flows:
            if one[2:4] != place:
                continue
            since = one.period.partition("/")[0]
            after = {name: of for name, of in here.items() if days(of)[0] > days(since)[1]}
            if not after:
                continue
            earlier = made.stated(source, stock, *place, since)
            known[earlier] = since
            for stated in after.items():
                _grown(made, rule, (earlier, since), stated, one.fact_id, keys)
        first = min((days(one)[0] for one in began), default=None)
        in_time = sorted(known.items(), key=lambda one: (days(one[1])[0], one[0]))
        for (before, then), (later, now) in pairwise(in_time):
            if days(then)[1] < days(now)[0] and (first is None or days(now)[0] <= first):
                average = made.stated(source, flow, *place, f"{then}/{now}")
                _grown(made, rule, (before, then), (later, now), average, keys)


def _grown(  # noqa: PLR0913, PLR0917 - what a group of growth is about
    made: Meaning,
    rule: str,
    earlier: tuple[str, str],
    later: tuple[str, str],
    flow: str,
    keys: dict[str, Any],
) -> None:
    (start, last_start), (end, last_end) = days(earlier[1]), days(later[1])
    if last_start < end:
        made.group(
            rule,
            oracle.growth(
                earlier[0], later[0], flow, end - last_start, last_end - start, gross=keys["gross"]
            ),
        )


def _order(made: Meaning, rule: str, source: str, keys: dict[str, Any]) -> None:
    """Days of which nothing is known are ordered only where they are single, and with a day of
    publication.
    """
    for fact, period in _dated(made.world):
        if not fact.startswith(f"{source}/"):
            continue
        known = ends(period)
        if keys["each"] == ("start", "end"):
            if len(known) > 1 and Interval() not in known.values():
                made.group(rule, oracle.order(f"{fact}#start", f"{fact}#end"))
        elif len(known) == 1 or known["start"] != Interval():
            made.group(rule, oracle.order(f"{fact}#start", f"{source}#published"))


def _same(made: Meaning, rule: str, indicator: str | None) -> None:
    of: dict[tuple[str | None, ...], list[str]] = {}
    for one in sorted(made.world.numbers):
        of.setdefault(one[1:5], []).append(one.fact_id)
    for quantity, names in of.items():
        if indicator in {None, quantity[0]}:
            needed = " ".join(part for part in quantity if part is not None)
            every = [*sorted(names), *([needed] if needed in made.facts.quantities else [])]
            for first, second in pairwise(every):
                made.group(rule, oracle.same_quantity(first, second))


_GROUPS: Final[dict[str, Callable[[Meaning, str, str, dict[str, Any]], None]]] = {
    "adds_up": _parts,
    "parts_of": _parts,
    "subset": _subset,
    "share_of": _share_of,
    "shares_partial": _shares,
    "shares_complete": _shares,
    "multi_response": _overlapping,
    "growth": _growth,
    "order": _order,
}


def readable(world: World) -> Iterator[str]:
    for one in [*sorted(world.numbers), *world.events]:
        yield "  " + " ".join(str(cell) for cell in one if cell not in {None, ""})
    for name in ("sequences", "durations", "copies", "same_as", "weights"):
        if value := getattr(world, name):
            yield f"  {name}: {value}"
