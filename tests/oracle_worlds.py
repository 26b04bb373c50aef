"""What pipeline and oracle say of small worlds, side by side.

    python -m tests.oracle_worlds 10000 --seed 1

A difference is printed with the world and the numbers that bring it back.
"""

import argparse
import itertools
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import floor
from random import Random
from typing import Any, Final

import polars as pl

from pipeline.intervals.bounds import bounds
from pipeline.intervals.periods import canonical_period, read_period
from pipeline.reason.conclude import Conclusions, conclude
from pipeline.rules.quantities import Facts
from pipeline.rules.rules_file import Placed
from pipeline.rules.system import System, build_system
from schemas.raw_files import ENTERED, SOURCE_FILES
from schemas.rules import RulesFile
from schemas.tables import empty
from tests import oracle
from tests.drawn_worlds import (
    AREAS,
    CATEGORIES,
    INDICATORS,
    RULES,
    TODAY,
    Meaning,
    World,
    draw_world,
    meaning,
    readable,
)
from tests.oracle import Hull, Interval, TooLarge

BATCH: Final = 100
PLACES: Final = 10**14


# The worlds as the pipeline reads them.


def _table(name: str, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=empty(name).schema)


def _placed(rule: str, source_id: str | None, keys: dict[str, Any]) -> Placed:
    entry = {"id": rule, "title": rule, "severity": "error", **keys}
    for name in ("whole", "part", "stock", "flow", "quantity"):
        if name in entry:
            entry[name] = {"indicator": entry[name]}
    for name in ("parts", "shares"):
        if name in entry:
            entry[name] = dict(zip(("indicator", "over"), entry[name], strict=True))
    parsed = RulesFile.model_validate({"rule": [entry]})
    return Placed(parsed.rule[0], source_id, "rules.toml", 1, {})


def placed_rules(worlds: Sequence[World], rules: Sequence[str]) -> list[Placed]:
    found = [_placed(rule, None, RULES[rule]) for rule in rules]
    for world in worlds:
        for at, names in enumerate(world.sequences):
            local = [name.partition("/")[2] for name in names]
            found.append(
                _placed(
                    f"{world.source}_order_{at}", world.source, {"kind": "order", "sequence": local}
                )
            )
        for at, names in enumerate(world.durations):
            local = [name.partition("/")[2] for name in names]
            keys = {"kind": "elapsed", **dict(zip(("from", "to", "duration"), local, strict=True))}
            found.append(_placed(f"{world.source}_lasts_{at}", world.source, keys))
    return found


def facts_of(worlds: Sequence[World]) -> Facts:
    numbers = [
        {
            **one._asdict(),
            "precision": one.precision or None,
            "original_value": one.value,
            "kind": INDICATORS[one.indicator].kind,
            "whole": INDICATORS[one.indicator].whole,
            **_in_time(one.fact_id, one.period),
        }
        for world in worlds
        for one in world.numbers
    ]
    stated = bounds(pl.DataFrame(numbers, schema_overrides={"precision": pl.String})).to_dicts()
    events = [
        {"fact_id": one.fact_id, **_in_time(one.fact_id, one.period), "what": one.fact_id}
        for world in worlds
        for one in world.events
    ]
    day = date.fromisoformat(TODAY)
    published = {"published": TODAY, "published_earliest": day, "published_latest": day}
    columns = empty("observations").columns
    rows = [
        {name: (one | more).get(name) for name in columns}
        for one, more in zip(numbers, stated, strict=True)
    ]
    places: list[dict[str, Any]] = []
    for world in worlds:
        places.append({"code": world.root, "label": world.root, "level": "country"})
        places += [
            {"code": f"{world.root}-{one}", "label": one, "parent": world.root, "level": "region"}
            for one in AREAS
        ]
    return Facts(
        sources=_table(
            "sources",
            [
                {
                    "source_id": source,
                    "title": source,
                    "derived_from": world.copies.get(source),
                    **published,
                }
                for world in worlds
                for source in world.sources()
            ],
        ),
        indicators=_table(
            "indicators",
            [
                {
                    "code": code,
                    "label": code,
                    "whole": one.whole,
                    "kind": one.kind,
                    "base": one.base,
                    "category_tree": one.tree,
                    "area_level": one.level,
                }
                for code, one in INDICATORS.items()
            ],
        ),
        areas=_table("areas", places),
        categories=_table(
            "categories",
            [
                {"code": code, "label": code, "tree": "t", "parent": parent}
                for code, parent in CATEGORIES.items()
            ],
        ),
        observations=_table("observations", rows),
        events=_table("events", events),
        statements=empty("statements"),
    )


def _in_time(fact_id: str, period: str) -> dict[str, Any]:
    return {
        **read_period(period)._asdict(),
        "period": canonical_period(period),
        "source_id": fact_id.partition("/")[0],
        "quote_start": 0,
    }


# What is found.


@dataclass
class Found:
    system: System
    conclusions: Conclusions

    @cached_property
    def by_group(self) -> dict[tuple[str, frozenset[str]], tuple[tuple[str, str], str | None]]:
        role = dict(self.system.quantities.select("quantity", "role").iter_rows())
        names: dict[tuple[str, str], set[str]] = {
            key: set() for key in self.system.rule_groups.select("rule_id", "group_id").iter_rows()
        }
        for rule, group, quantity in self.system.edges.iter_rows():
            names[rule, group].add(quantity)
        found = {}
        for key, every in names.items():
            rest = [name for name in every if role[name] == "remainder"]
            own = frozenset(every.difference(rest))
            by = f"{key[0]} {len(own)}" if key[1].endswith("in two or more") else key[0]
            found[by, own] = (key, rest[0] if rest else None)
        return found

    @cached_property
    def results(self) -> dict[tuple[str, str], dict[str, Any]]:
        rows = self.conclusions.check_results.to_dicts()
        return {(row["rule_id"], row["group_id"]): row for row in rows}

    @cached_property
    def limits(self) -> dict[str, dict[str, Any]]:
        return {row["quantity"]: row for row in self.conclusions.implied_bounds.to_dicts()}

    @cached_property
    def quantities(self) -> dict[str, dict[str, Any]]:
        return {row["quantity"]: row for row in self.system.quantities.to_dicts()}

    @cached_property
    def blamed(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.conclusions.error_sets.to_dicts():
            found.setdefault(row["component"], []).append(row)
        return found


def ask_pipeline(worlds: Sequence[World], rules: Sequence[str]) -> Found:
    """What follows of worlds side by side."""
    placed, facts = placed_rules(worlds, rules), facts_of(worlds)
    typed = {
        name: pl.DataFrame(schema=dict.fromkeys(SOURCE_FILES[name].columns, pl.String))
        for name in ENTERED
    }
    alike = [
        {"source_id": world.source, "fact_id": _local(one), "same_as": _local(other)}
        for world in worlds
        for one, other in world.same_as.items()
    ]
    typed["observations"] = pl.DataFrame(
        alike, schema=dict.fromkeys(("source_id", "fact_id", "same_as"), pl.String)
    )
    weights = {fact: weight for world in worlds for fact, weight in world.weights.items()}
    system = build_system(placed, facts)
    readings = (empty("readings"), typed)
    return Found(system, conclude(placed, facts, system, weights, readings))


def _local(fact_id: str) -> str:
    return fact_id.partition("/")[2]


@dataclass
class Confrontation:
    meaning: Meaning
    found: Found
    seen: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    @property
    def facts(self) -> oracle.Facts:
        return self.meaning.facts

    def differ(self, *words: object) -> None:
        self.differences.append(" ".join(str(one) for one in words))

    def compare(self) -> None:
        self.groups: dict[str, tuple[str, str]] = {}
        self.named = {name: name for name in self.facts.quantities}
        for name, (rule, names) in self.meaning.keys.items():
            made = self.facts.groups[name]
            is_overlap = made.remainder is not None and not made.equal
            found = self.found.by_group.get((f"{rule} {len(names)}" if is_overlap else rule, names))
            if found is None:
                self.differ("no such group:", name, *sorted(names))
                continue
            self.groups[name], rest = found
            if made.remainder:
                self.named[made.remainder[1]] = str(rest)
        if self.differences:
            return
        for compare in (self._quantities, self._outcomes, self._bounds, self._blame):
            compare()

    def _quantities(self) -> None:
        used = {name for group in self.facts.groups.values() for name in group.names()}
        for name, one in self.facts.quantities.items():
            row = self.found.quantities.get(self.named[name])
            if row is None:
                if name in used:
                    self.differ("no such quantity:", name)
                continue
            if published(one.limits) != _ends(row) or row["role"] != one.role:
                self.differ("quantity", name, one.limits, one.role, row["role"], _shown(row))
            if row["is_integer"] != one.whole:
                self.differ("quantity", name, "whole", one.whole)

    def _outcomes(self) -> None:
        loose = oracle.unstepped(self.facts)
        self.violated = set()
        for name, key in self.groups.items():
            row = self.found.results[key]
            said = row["reason"] or row["outcome"]
            expected = oracle.local(loose, name)
            self.seen[f"{said} {row['scope']}"] += 1
            ends = published(oracle.imbalance(self.facts, self.facts.groups[name]))
            if (ends[0], ends[2]) != (row["imbalance_lower"], row["imbalance_upper"]):
                self.differ(name, "imbalance", ends, row["imbalance_lower"], row["imbalance_upper"])
            if said == "violated":
                self.violated.add(name)
            elif said == "solver_limit":
                self.seen["left open"] += 1
                continue
            if said == expected and (said != "violated" or row["scope"] == "local"):
                continue
            if said == "violated" and expected not in {"satisfied", "violated"}:
                continue  # together with others: below
            self.differ(name, "is", expected, "and not", said, row["scope"])
        self._joint(loose)

    def _joint(self, loose: oracle.Facts) -> None:
        alone = {name for name in self.groups if oracle.local(loose, name) == "violated"}
        left = self.facts.only(self.groups.keys() - self.violated)
        if not oracle.is_possible(left):
            if not oracle.is_possible(oracle.unstepped(left)):
                self.differ("what is not violated cannot hold:", oracle.conflicts(left))
            self.seen["impossible in whole numbers only"] += 1
        together = self.violated - alone
        if not together:
            return
        self.seen["joint conflicts"] += 1
        conflicts = oracle.conflicts(self.facts.only(together))
        for name in together - {one for conflict in conflicts for one in conflict}:
            self.differ(name, "is in no conflict of", together)
        for name in together:
            scope = "local" if frozenset([name]) in conflicts else "joint"
            if self.found.results[self.groups[name]]["scope"] != scope:
                self.differ(name, "is violated", scope)

    def _bounds(self) -> None:
        left = self.facts.only(self.groups.keys() - self.violated)
        used = {name for group in left.groups.values() for name in group.names()}
        if not oracle.is_possible(left):
            return
        for name, one in sorted(self.facts.quantities.items()):
            row = self.found.limits.get(self.named[name])
            if name not in used:
                if row is not None:
                    self.differ("no group speaks of", name, _shown(row))
                continue
            try:
                hull = oracle.hull(left, name)
            except TooLarge:
                self.seen["bound too large for the oracle"] += 1
                continue
            if row is None:
                row = _row(one.limits.whole() if one.whole else one.limits) | {"tight": True}
                row["absent"] = True
            elif not self._is_forced(left, name, row):
                continue
            self.seen[f"{'tight' if row['tight'] else 'loose'} bound"] += "absent" not in row
            if not agree(hull, row):
                holds = _within(published(hull.interval), row)
                if holds and self._agrees_over_intervals(left, name, row):
                    self.seen["bound narrower in whole numbers"] += 1
                    continue
                self.differ("bounds of", name, one.limits, hull.interval, _shown(row))

    @staticmethod
    def _agrees_over_intervals(left: oracle.Facts, name: str, row: dict[str, Any]) -> bool:
        """Whether bounds are right if slack can be any number: outcomes are judged so, and a group
        with slack of its own then says nothing of the rest.
        """
        if "absent" in row:
            return agree(oracle.hull(oracle.unstepped(left), name), row)
        loose = [one for one in oracle.slack(left) if one != name]
        widest = oracle.hull(oracle.unstepped(left, loose), name)
        lower, upper = (
            not is_exact or wide.join(found) == wide
            for is_exact, wide, found in (
                (widest.lower_exact, _half(_published(widest), 0), _half(_interval(row), 0)),
                (widest.upper_exact, _half(_published(widest), 1), _half(_interval(row), 1)),
            )
        )
        return lower and upper

    def _is_forced(self, left: oracle.Facts, name: str, row: dict[str, Any]) -> bool:
        rules = set(row["rule_ids"].split())
        some = left.only(one for one in left.groups if self.groups[one][0] in rules)
        hull = oracle.hull(some, name)
        own = left.quantities[name].limits
        if published(own) == _ends(row):
            self.differ("bounds of", name, "are its own", _shown(row))
        # of a base of nothing any share is as good
        is_share = any(one.product and one.product[0] == name for one in some.groups.values())
        is_exact = hull.lower_exact and hull.upper_exact and not is_share
        if is_exact and not _within(published(hull.interval), row):
            self.differ("bounds of", name, hull.interval, "are not forced by", rules, _shown(row))
            return False
        return True

    def _blame(self) -> None:
        repairs = oracle.repairs(oracle.unstepped(self.facts))
        is_stepped = len(repairs) != len(oracle.repairs(self.facts))
        if is_stepped:
            self.seen["contradiction in whole numbers only"] += 1
            return
        components = {
            name: rows
            for name, rows in self.found.blamed.items()
            if name in self.facts.quantities or name in self.named.values()
        }
        self.seen["contradictions"] += len(repairs)
        expected = oracle.repairs(self.facts)
        if len(components) != len(expected):
            self.differ("contradictions:", len(expected), sorted(components))
            return
        for one in expected:
            names = {name for free in one.sets for name in free}
            rows = next(
                (
                    rows
                    for rows in components.values()
                    if names >= {row["quantity"] for row in rows if row["quantity"]}
                    and not {row["quantity"] for row in rows} - names - {None}
                ),
                None,
            )
            if rows is None:
                self.differ(
                    "blamed:", sorted(map(sorted, one.sets)), "and not", _blamed(components)
                )
            elif all(row["error_set"] for row in rows):
                self._compare_blame(one, rows)
            else:
                self.seen["blame left open"] += 1

    def _compare_blame(self, one: oracle.Repairs, rows: list[dict[str, Any]]) -> None:
        parts: dict[int, dict[int, dict[str, dict[str, Any]]]] = {}
        for row in rows:
            part = parts.setdefault(row["part"], {})
            part.setdefault(row["error_set"], {})[row["quantity"]] = row
        chosen = {
            frozenset(name for some in each for name in some)
            for each in itertools.product(*(part.values() for part in parts.values()))
        }
        self.seen[f"error sets in {len(parts)} parts"] += 1
        weight = sum(
            next(iter(next(iter(part.values())).values()))["weight"] for part in parts.values()
        )
        if chosen != set(one.sets) or weight != one.weight:
            self.differ("error sets", sorted(map(sorted, chosen)), weight, "and not", one)
            return
        for free, hulls in one.sets.items():
            for sets in parts.values():
                for some in sets.values():
                    if some.keys() <= free:
                        for name, row in some.items():
                            self.seen[
                                "tight repair" if row["reason"] is None else "loose repair"
                            ] += 1
                            if not agree(hulls[name], row | {"tight": row["reason"] is None}):
                                self.differ("repair", sorted(free), name, hulls[name], _shown(row))


Ends = tuple[Decimal | None, bool, Decimal | None, bool]


def published(of: Interval) -> Ends:
    """An interval in the digits that are published, outward."""
    lower = upper = None
    lower_closed, upper_closed = of.lower_closed, of.upper_closed
    if of.lower is not None:
        digits = floor(of.lower * PLACES)
        lower, lower_closed = _decimal(digits), lower_closed and digits == of.lower * PLACES
    if of.upper is not None:
        digits = -floor(-of.upper * PLACES)
        upper, upper_closed = _decimal(digits), upper_closed and digits == of.upper * PLACES
    return lower, lower_closed, upper, upper_closed


def _decimal(digits: int) -> Decimal:
    return Decimal(digits).scaleb(-14)


def _row(of: Interval) -> dict[str, Any]:
    return dict(zip(("lower", "lower_closed", "upper", "upper_closed"), published(of), strict=True))


def _ends(row: dict[str, Any]) -> Ends:
    return row["lower"], row["lower_closed"], row["upper"], row["upper_closed"]


def _shown(row: dict[str, Any]) -> str:
    words = ["[("[not row["lower_closed"]], str(row["lower"]), ", ", str(row["upper"])]
    tight = {True: " tight", False: " loose"}.get(row.get("tight", True), "")
    return "".join([*words, ")]"[row["upper_closed"]], tight, " (its own)" * ("absent" in row)])


def _interval(row: dict[str, Any]) -> Interval:
    lower, upper = (None if row[end] is None else Fraction(row[end]) for end in ("lower", "upper"))
    return Interval(lower, upper, row["lower_closed"], row["upper_closed"])


def _published(hull: Hull) -> Interval:
    return _interval(_row(hull.interval))


def _half(of: Interval, side: int) -> Interval:
    if side:
        return Interval(None, of.upper, upper_closed=of.upper_closed)
    return Interval(of.lower, None, lower_closed=of.lower_closed)


def _within(ends: Ends, row: dict[str, Any]) -> bool:
    return _interval(row).holds(
        _interval(dict(zip(("lower", "lower_closed", "upper", "upper_closed"), ends, strict=True)))
    )


def agree(hull: Hull, row: dict[str, Any]) -> bool:
    """Whether what is published holds all that is possible, and is no wider where it is tight."""
    ends = published(hull.interval)
    if not _within(ends, row):
        return False
    lower = not hull.lower_exact or ends[:2] == _ends(row)[:2]
    upper = not hull.upper_exact or ends[2:] == _ends(row)[2:]
    return not row["tight"] or (lower and upper)


def _blamed(components: dict[str, list[dict[str, Any]]]) -> list[list[str]]:
    return [[row["quantity"] for row in rows] for rows in components.values()]


# Many worlds.


def rules_of(seed: int, batch: int) -> list[str]:
    """The rules that apply to all worlds of a batch."""
    draw = Random(f"{seed} rules {batch}")  # noqa: S311 (a test)
    return sorted(draw.sample(sorted(RULES), draw.randint(8, 20)))


@dataclass
class Run:
    seen: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def confront(seed: int, batch: int, numbers: Sequence[int], run: Run) -> None:
    """Compare the worlds of a batch."""
    worlds = [draw_world(seed, number) for number in numbers]
    confront_worlds(worlds, rules_of(seed, batch), run, f"seed {seed}")


def confront_worlds(
    worlds: Sequence[World], rules: Sequence[str], run: Run, name: str = "drawn by hand"
) -> None:
    """Compare worlds side by side under some rules."""
    found = ask_pipeline(worlds, rules)
    expected = 0
    for world in worlds:
        one = Confrontation(meaning(world, rules), found, run.seen)
        expected += len(one.meaning.keys)
        run.seen["worlds"] += 1
        try:
            one.compare()
        except TooLarge:
            run.seen["too large for the oracle"] += 1
        if one.differences:
            words = [f"{name}, world {world.number}, rules {' '.join(rules)}"]
            run.failures.append("\n".join([*words, *readable(world), *one.differences]))
        oracle.eliminate.cache_clear()
    if expected != found.system.rule_groups.height:
        run.failures.append(
            f"{name}, world {worlds[0].number} and next: {expected} groups expected"
        )


def batches(count: int) -> Iterator[tuple[int, range]]:
    for batch, start in enumerate(range(0, count, BATCH)):
        yield batch, range(start, min(start + BATCH, count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("worlds", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, help="this batch only")
    parser.add_argument("--world", type=int, help="this world only")
    asked = parser.parse_args()
    run = Run()
    for batch, numbers in batches(asked.worlds):
        if asked.world is not None and asked.world not in numbers:
            continue
        if asked.batch is None or batch == asked.batch:
            before = len(run.failures)
            confront(asked.seed, batch, [asked.world] if asked.world is not None else numbers, run)
            for failure in run.failures[before:]:
                sys.stdout.write(f"{failure}\n\n")
    for name, count in sorted(run.seen.items()):
        sys.stdout.write(f"{count:8} {name}\n")
    raise SystemExit(bool(run.failures))


if __name__ == "__main__":
    main()
