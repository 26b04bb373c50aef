"""Read rules.toml, of raw/ and of each source, and check that every rule speaks of what is there.

Belongs here: from TOML to rules with their place. Does not belong here: what a rule means for the facts (system).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, NamedTuple

import polars as pl
from pydantic import ValidationError

from pipeline.defects import Defect, nearest
from pipeline.read.raw_folder import RULES_FILE, RawFolder
from pipeline.read.source_toml import SourceFiles
from pipeline.read.toml_file import read_toml
from schemas.rules import HEAVIEST, Elapsed, Order, Parts, Rule, RulesFile, ShareOf, Translations
from schemas.tables import empty

RuleFile = tuple[str | None, str, dict[str, Any], dict[str, int], list[Defect]]
"""A rules.toml: its source (None: it is that of raw/), its name, its content, the lines of its keys, and its defects."""

PUBLISHED = "published"
"""What a rule calls the day of publication where it could name an event."""


@dataclass(frozen=True)
class Placed:
    """A rule and where it was typed; `source_id` is None for a rule that holds for any source."""

    rule: Rule
    source_id: str | None
    raw_file: str
    raw_line: int
    key_lines: Mapping[str, int]

    def defect(self, key: str, code: str, found: str, expected: str) -> Defect:
        """Return a defect at one of the rule's keys."""
        return Defect(self.raw_file, self.key_lines.get(key, self.raw_line), key, code, found, expected)


@dataclass(frozen=True)
class RuleFiles:
    """Every rules.toml: all rules that can be read, in the order of their names, the files with weights, and all defects."""

    rules: list[Placed]
    weighing: list[RuleFile]
    defects: list[Defect]
    is_of_one_source: bool
    """Whether the rules for any source stand beside those of one source alone."""

    @property
    def given(self) -> Mapping[str, str]:
        """All of it."""
        return {"all": repr(self)}


def read_rules(raw: RawFolder, sources: SourceFiles) -> RuleFiles:
    """Return what every rules.toml says, and the rule that none has: that translations agree, where there are any."""
    files = list(_files(raw, raw.source_ids()))
    rules, defects = _read_rules(files)
    translated = sources.rows.drop_nulls("translation_of").select("source_id", "raw_file").rows()
    for source_id, file in translated[:1]:  # which is where the rule comes from; it holds for all of them
        lines = sources.key_lines[source_id]
        rules.append(Placed(Translations(), None, file, lines["translation_of"], lines))
    rules.sort(key=lambda placed: placed.rule.id)
    return RuleFiles(rules, [file for file in files if "weights" in file[2]], defects, raw.only is not None)


def read_rules_for_any_source(raw: RawFolder) -> list[Placed]:
    """Return the rules that can be read of those that hold for any source, in the order of their names."""
    return _read_rules(_files(raw, ()))[0]


def _read_rules(files: Iterable[RuleFile]) -> tuple[list[Placed], list[Defect]]:
    rules: list[Placed] = []
    defects: list[Defect] = []
    for source_id, file, content, lines, wrong in files:
        defects += wrong
        for key in sorted(set(content) - {"rule", "weights"}):
            defects.append(Defect(file, lines.get(key, 1), key, "extra_key", key, "only [[rule]] tables, and [weights]"))
        entries = content.get("rule", [])
        if not isinstance(entries, list):
            defects.append(Defect(file, lines.get("rule", 1), "rule", "wrong_type", "[rule]", "[[rule]], with two brackets"))
            continue
        keys = _keys_of_entries(lines)
        for index, entry in enumerate(entries):
            try:
                rule = RulesFile.model_validate({"rule": [entry]}).rule[0]
            except ValidationError as error:
                defects += [_as_defect(problem, index, file, lines) for problem in error.errors()]
                continue
            prefix = f"rule[{index}]"
            rules.append(Placed(rule, source_id, file, lines.get(prefix, 1), keys.get(prefix, {})))
    defects += _duplicates(rules)
    return sorted(rules, key=lambda placed: placed.rule.id), defects


def _keys_of_entries(lines: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Return the lines of the keys of each entry ("rule[0]"), the keys without its name."""
    keys: dict[str, dict[str, int]] = {}
    for place, line in lines.items():
        entry, _, key = place.partition(".")
        keys.setdefault(entry, {})[key] = line
    return keys


def _files(raw: RawFolder, source_ids: Iterable[str]) -> Iterator[RuleFile]:
    """Yield each rules.toml that there is."""
    own = [(source_id, f"{source_id}/{RULES_FILE}") for source_id in source_ids]
    for source_id, file in ((None, RULES_FILE), *own):
        if raw.has(file):
            yield source_id, file, *read_toml(raw.path, file)


def read_weights(files: list[RuleFile], facts: pl.DataFrame) -> tuple[dict[str, int], list[Defect]]:
    """Return how much each fact is trusted, by fact_id, where it is not 1; `facts` are those of `nameable`.

    The table [weights] of a source's rules.toml has a line for each such fact: forum-number = 2.
    """
    typed, defects = _typed_weights(files)
    expected = f"a whole number from 1 to {HEAVIEST}"
    defects += [one.defect("wrong_value", str(one.weight), expected) for one in typed if not one.is_right]
    rows = [(one.source_id, one.fact, place) for place, one in enumerate(typed)]
    shape = {"source_id": pl.String, "fact_id": pl.String, "place": pl.Int64}
    for source_id, fact, place in _strangers(pl.DataFrame(rows, shape, orient="row"), facts).iter_rows():
        expected = f"a fact of this source{nearest(fact, facts.filter(source_id=source_id)['fact_id'])}"
        defects.append(typed[place].defect("unknown_fact", fact, expected))
    return {f"{one.source_id}/{one.fact}": one.weight for one in typed if one.is_right}, defects


def _typed_weights(files: list[RuleFile]) -> tuple[list["_Weight"], list[Defect]]:
    """Return all weights that are typed for facts of a source, and a defect for each table of weights that is none."""
    typed: list[_Weight] = []
    defects: list[Defect] = []
    for source_id, file, content, lines, _ in files:
        table = content.get("weights", {})
        if source_id is not None and isinstance(table, dict):
            places = {fact: lines.get(f"weights.{fact}", lines.get("weights", 1)) for fact in table}
            typed += [_Weight(source_id, fact, file, places[fact], weight) for fact, weight in table.items()]
        elif table:
            expected = "a table [weights] in the rules.toml of a source"
            defects.append(Defect(file, lines.get("weights", 1), "weights", "misplaced_weights", "", expected))
    return typed, defects


class _Weight(NamedTuple):
    """How much a fact is trusted, as it was typed."""

    source_id: str
    fact: str
    file: str
    line: int
    weight: Any

    @property
    def is_right(self) -> bool:
        return type(self.weight) is int and self.weight in range(1, HEAVIEST + 1)

    def defect(self, code: str, found: str, expected: str) -> Defect:
        return Defect(self.file, self.line, f"weights.{self.fact}", code, found, expected)


def _strangers(named: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the rows (source_id, fact_id and more) that name no fact of their source."""
    return named.join(facts, on=["source_id", "fact_id"], how="anti", maintain_order="left")


def _as_defect(problem: Any, index: int, file: str, lines: Mapping[str, int]) -> Defect:  # noqa: ANN401 (pydantic's ErrorDetails)
    keys = [str(part) for part in problem["loc"][3:] if not isinstance(part, int)]
    places = [f"rule[{index}]" + "".join(f".{key}" for key in keys[:depth]) for depth in range(len(keys), -1, -1)]
    name = ".".join(keys)
    if problem["type"].startswith("union_tag"):
        name = "kind"
        places.insert(0, f"rule[{index}].kind")
    line = next((lines[place] for place in places if place in lines), 1)
    return Defect(file, line, name, *_what_is_wrong(problem, name, is_whole=not keys))


def _what_is_wrong(problem: Any, name: str, *, is_whole: bool) -> tuple[str, str, str]:  # noqa: ANN401 (pydantic's ErrorDetails)
    """Return the code, what stands there, and what was expected, of a key or of the whole rule."""
    context, kind = problem.get("ctx") or {}, problem["type"]
    found = str(context.get("tag", problem["input"]))
    if kind == "missing":
        return "missing_key", "", f"a key {name}"
    if is_whole and not isinstance(problem["input"], dict):
        return "wrong_type", found, "a table: [[rule]]"
    if kind == "extra_forbidden":
        return "extra_key", found, "a key that this kind of rule has"
    if kind.startswith("union_tag"):
        kinds = str(context.get("expected_tags", "")).replace("'", "").split(", ")
        return "wrong_value", found, f"one of {', '.join(sorted(kinds))}{nearest(found, kinds)}"
    return "wrong_value", found, problem["msg"][0].lower() + problem["msg"][1:]


def _duplicates(rules: list[Placed]) -> list[Defect]:
    first: dict[str, Placed] = {}
    defects = []
    for placed in rules:
        other = first.setdefault(placed.rule.id, placed)
        if other is not placed:
            expected = f"each id once; it stands already in {other.raw_file}, line {other.raw_line}"
            defects.append(placed.defect("id", "duplicate", placed.rule.id, expected))
    return defects


def rules_table(rules: list[Placed]) -> pl.DataFrame:
    """Return the rules as published."""
    rows = [
        {
            "rule_id": placed.rule.id,
            "source_id": placed.source_id,
            "kind": placed.rule.kind,
            "title": placed.rule.title,
            "severity": placed.rule.severity,
            "definition": definition(placed.rule),
            "raw_file": placed.raw_file,
            "raw_line": placed.raw_line,
        }
        for placed in rules
    ]
    return pl.DataFrame(rows, schema=empty("rules").schema).sort("rule_id")


def definition(rule: Rule) -> str:
    """Return a rule's operands as JSON, keys sorted."""
    operands = rule.model_dump(by_alias=True, exclude_none=True, exclude={"id", "kind", "title", "severity"})
    return json.dumps(operands, sort_keys=True, ensure_ascii=False)


def nameable(typed: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the facts that a rule may name: source_id, fact_id, is_dated, is_number.

    `typed` are the rows of the files that hold facts, by name. An observation with an empty period is not dated: it is about
    the day of publication.
    """
    return pl.concat(
        rows.select("source_id", "fact_id", is_dated=pl.col("period").is_not_null(), is_number=pl.lit(name == "observations"))
        for name, rows in typed.items()
    )


def misdirected(rules: list[Placed], lists: Mapping[str, pl.DataFrame], facts: pl.DataFrame) -> list[Defect]:
    """Return a defect for each rule that names a code or a fact that is not there, an order of nothing, or one that turns back.

    `lists` are the code lists by name, `facts` those of `nameable`.
    """
    indicators = lists["indicators"]
    defects = []
    for placed in rules:
        for key, operand in placed.rule:
            if hasattr(operand, "indicator") and operand.indicator not in indicators["code"]:
                expected = f"a code of indicators{nearest(operand.indicator, indicators['code'])}"
                defects.append(placed.defect(key, "unknown_code", operand.indicator, expected))
            elif isinstance(operand, Parts):
                defects += _unknown_parts(placed, key, operand, lists)
        if isinstance(placed.rule, Order) and (placed.rule.sequence is None) == (placed.rule.each is None):
            defects.append(placed.defect("sequence", "missing_key", "", "either sequence (facts) or each (two ends)"))
        named = _named_facts(placed.rule)
        if named and placed.source_id is None:
            expected = "a rule that names facts in its source's rules.toml"
            defects.append(placed.defect(named[0][0], "misplaced_rule", named[0][1], expected))
    return defects + _unknown_facts(rules, facts) + _circles(rules)


def _unknown_facts(rules: list[Placed], facts: pl.DataFrame) -> list[Defect]:
    """Return a defect for each name of a fact that the source of a rule does not have, or has as something else."""
    rows = [
        (placed.source_id, fact, number, key)
        for number, placed in enumerate(rules)
        if placed.source_id is not None
        for key, fact in _named_facts(placed.rule)
        if not (fact == PUBLISHED and key == "to")
    ]
    shape = {"source_id": pl.String, "fact_id": pl.String, "number": pl.Int64, "key": pl.String}
    named = pl.DataFrame(rows, shape, orient="row")
    is_duration = pl.col("key") == "duration"
    defects = []
    for which, column, kind in ((is_duration, "is_number", "an observation"), (~is_duration, "is_dated", "a dated fact")):
        fitting = facts.filter(column)
        for source_id, fact, number, key in _strangers(named.filter(which), fitting).iter_rows():
            known = fitting.filter(source_id=source_id)["fact_id"]
            defects.append(rules[number].defect(key, "unknown_fact", fact, f"{kind} of this source{nearest(fact, known)}"))
    return defects


def _unknown_parts(placed: Placed, key: str, parts: Parts, lists: Mapping[str, pl.DataFrame]) -> list[Defect]:
    table = "areas" if parts.over == "area" else "categories"
    known = lists[table]["code"]
    wrong = [code for code in (*([parts.of] if parts.of else []), *(parts.codes or ())) if code not in known]
    defects = [placed.defect(key, "unknown_code", code, f"a code of {table}{nearest(code, known)}") for code in wrong]
    indicator = lists["indicators"].filter(code=parts.indicator)
    if isinstance(placed.rule, ShareOf) and indicator["base"].null_count():
        expected = "an indicator with a base, of which it is a share"
        defects.append(placed.defect(key, "wrong_value", parts.indicator, expected))
    return defects


def _circles(rules: list[Placed]) -> list[Defect]:
    """Return a defect for a sequence of a source that, with those before it, comes back to where it began."""
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
                defects.append(placed.defect("sequence", "circle", circle, "an order that does not come back to where it began"))
    return defects


def _named_facts(rule: Rule) -> list[tuple[str, str]]:
    if isinstance(rule, Elapsed):
        return [("from", rule.from_), ("to", rule.to), ("duration", rule.duration)]
    if isinstance(rule, Order):
        return [("sequence", fact) for fact in rule.sequence or ()]
    return []
