"""Whether every rule, and every weight of a fact, speaks of what is there.

Belongs here: codes and facts that rules.toml names, and orders that come back to where they began.
Does not belong here: reading it (rules_file).
"""

from collections.abc import Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import polars as pl

from pipeline.defects import Defect, nearest
from pipeline.rules.rules_file import PUBLISHED, Placed, RuleFiles
from schemas.rules import Elapsed, Order, Parts, Rule, ShareOf

_NAMEABLE = {"is_number": "an observation", "is_dated": "a dated fact", "is_fact": "a fact"}
"""What may be named of a source, by the columns of `nameable`."""


def nameable(typed: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the facts that a rule may name: source_id, fact_id, is_dated, is_number, is_fact.

    `typed` are the rows of the files that hold facts, by name. An observation with an empty period
    is not dated: it is about the day of publication.
    """
    return pl.concat(
        rows.select(
            "source_id",
            "fact_id",
            is_dated=pl.col("period").is_not_null(),
            is_number=pl.lit(name == "observations"),
            is_fact=pl.lit(value=True),
        )
        for name, rows in typed.items()
    )


def misdirected(
    files: RuleFiles, lists: Mapping[str, pl.DataFrame], facts: pl.DataFrame
) -> list[Defect]:
    """Return a defect for each rule that names a code or a fact that is not there, an order of
    nothing, or one that turns back.

    `lists` are the code lists by name, `facts` those of `nameable`.
    """
    indicators = lists["indicators"]
    defects = []
    for placed in files.rules:
        for key, operand in placed.rule:
            if hasattr(operand, "indicator") and operand.indicator not in indicators["code"]:
                expected = f"a code of indicators{nearest(operand.indicator, indicators['code'])}"
                defects.append(placed.defect(key, "unknown_code", operand.indicator, expected))
            elif isinstance(operand, Parts):
                defects += _unknown_parts(placed, key, operand, lists)
        if isinstance(placed.rule, Order) and (placed.rule.sequence is None) == (
            placed.rule.each is None
        ):
            defects.append(
                placed.defect(
                    "sequence", "missing_key", "", "either sequence (facts) or each (two ends)"
                )
            )
        named = _named_facts(placed.rule)
        if named and placed.source_id is None:
            expected = "a rule that names facts in its source's rules.toml"
            defects.append(placed.defect(named[0][0], "misplaced_rule", named[0][1], expected))
    return defects + _unknown_facts(files, facts) + _circles(files.rules)


def _unknown_facts(files: RuleFiles, facts: pl.DataFrame) -> list[Defect]:
    """Return a defect for each name of a fact that its source does not have, or has as something
    else.
    """
    named = _facts_named(files)
    rows = [
        (which, source_id, defect.found, place)
        for place, (which, source_id, defect) in enumerate(named)
    ]
    shape = {"which": pl.String, "source_id": pl.String, "fact_id": pl.String, "place": pl.Int64}
    asked = pl.DataFrame(rows, shape, orient="row")
    defects = []
    for which, kind in _NAMEABLE.items():
        fitting = facts.filter(which)
        strange = asked.filter(which=which).join(
            fitting, on=["source_id", "fact_id"], how="anti", maintain_order="left"
        )
        for source_id, fact, place in strange.select("source_id", "fact_id", "place").iter_rows():
            known = fitting.filter(source_id=source_id)["fact_id"]
            defects.append(
                replace(named[place][2], expected=f"{kind} of this source{nearest(fact, known)}")
            )
    return defects


def _facts_named(files: RuleFiles) -> list[tuple[str, str, Defect]]:
    """Return what each name of a fact must name (of `_NAMEABLE`), its source, and the defect that
    it is if there is none.
    """
    named = [
        (
            "is_number" if key == "duration" else "is_dated",
            placed.source_id,
            placed.defect(key, "unknown_fact", fact, ""),
        )
        for placed in files.rules
        if placed.source_id is not None
        for key, fact in _named_facts(placed.rule)
        if not (fact == PUBLISHED and key == "to")
    ]
    return named + [
        ("is_fact", weight.source_id, weight.defect("unknown_fact", weight.fact, ""))
        for weight in files.weights
    ]


def _unknown_parts(
    placed: Placed, key: str, parts: Parts, lists: Mapping[str, pl.DataFrame]
) -> list[Defect]:
    table = "areas" if parts.over == "area" else "categories"
    known = lists[table]["code"]
    wrong = [
        code
        for code in (*([parts.of] if parts.of else []), *(parts.codes or ()))
        if code not in known
    ]
    defects = [
        placed.defect(key, "unknown_code", code, f"a code of {table}{nearest(code, known)}")
        for code in wrong
    ]
    indicator = lists["indicators"].filter(code=parts.indicator)
    if isinstance(placed.rule, ShareOf) and indicator["base"].null_count():
        expected = "an indicator with a base, of which it is a share"
        defects.append(placed.defect(key, "wrong_value", parts.indicator, expected))
    return defects


def _circles(rules: list[Placed]) -> list[Defect]:
    """Return a defect for a sequence of a source that, with those before it, comes back to where it
    began.
    """
    defects = []
    graphs: dict[str | None, dict[str, list[str]]] = {}
    for placed in rules:
        if isinstance(placed.rule, Order) and placed.rule.sequence:
            graph = graphs.setdefault(placed.source_id, {})
            for before, after in pairwise(placed.rule.sequence):
                graph.setdefault(after, []).append(before)
            try:
                TopologicalSorter(graph).prepare()
            except CycleError as error:
                graph.clear()  # what comes after is held against what is left
                circle = ", ".join(error.args[1])
                defects.append(
                    placed.defect(
                        "sequence",
                        "circle",
                        circle,
                        "an order that does not come back to where it began",
                    )
                )
    return defects


def _named_facts(rule: Rule) -> list[tuple[str, str]]:
    if isinstance(rule, Elapsed):
        return [("from", rule.from_), ("to", rule.to), ("duration", rule.duration)]
    if isinstance(rule, Order):
        return [("sequence", fact) for fact in rule.sequence or ()]
    return []
