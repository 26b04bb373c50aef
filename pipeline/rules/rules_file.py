"""Read rules.toml, of raw/ and of each source, and check that every rule speaks of what is there.

Belongs here: from TOML to rules with their place. Does not belong here: what a rule means for the facts (system).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, NamedTuple

import polars as pl
from pydantic import ValidationError

from pipeline.defects import Defect, nearest
from pipeline.read.raw_folder import RULES_FILE, RawFolder
from pipeline.read.source_toml import SourceFiles
from pipeline.read.toml_file import line_of, read_toml
from schemas.rules import HEAVIEST, Elapsed, Order, Parts, Rule, RulesFile, ShareOf, Translations
from schemas.tables import empty

RuleFile = tuple[str | None, str, dict[str, Any], dict[str, int], list[Defect]]
"""A rules.toml: its source (None: it is that of raw/), its name, its content, the lines of its keys, and its defects."""

_NAMEABLE = {"is_number": "an observation", "is_dated": "a dated fact", "is_fact": "a fact"}
"""What may be named of a source, by the columns of `nameable`."""

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


class Weight(NamedTuple):
    """How much a fact of a source is trusted, and where that was typed."""

    source_id: str
    fact: str
    weight: int
    file: str
    line: int

    def defect(self, code: str, found: str, expected: str) -> Defect:
        """Return a defect at it."""
        return Defect(self.file, self.line, f"weights.{self.fact}", code, found, expected)


@dataclass(frozen=True)
class RuleFiles:
    """Every rules.toml: all rules that can be read, in the order of their names, the weights of facts, and all defects."""

    rules: list[Placed]
    weights: list[Weight]
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
    weights: list[Weight] = []
    for file in files:
        found, wrong = _read_weights(file)
        weights += found
        defects += wrong
    return RuleFiles(rules, weights, defects, raw.only is not None)


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


def _read_weights(file: RuleFile) -> tuple[list[Weight], list[Defect]]:
    """Return how much facts of a source are trusted, as the table [weights] of its rules.toml says: forum-number = 2."""
    source_id, name, content, lines, _ = file
    table = content.get("weights")
    if not table:
        return [], []
    if source_id is None or not isinstance(table, dict):
        expected = "a table [weights] in the rules.toml of a source"
        return [], [Defect(name, lines.get("weights", 1), "weights", "misplaced_weights", "", expected)]
    weights, defects = [], []
    for fact, typed in table.items():
        is_right = type(typed) is int and typed in range(1, HEAVIEST + 1)
        weight = Weight(source_id, fact, typed if is_right else 1, name, line_of(f"weights.{fact}", lines))
        weights.append(weight)
        if not is_right:
            defects.append(weight.defect("wrong_value", str(typed), f"a whole number from 1 to {HEAVIEST}"))
    return weights, defects


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
    """Return the facts that a rule may name: source_id, fact_id, is_dated, is_number, is_fact.

    `typed` are the rows of the files that hold facts, by name. An observation with an empty period is not dated: it is about
    the day of publication.
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


def misdirected(files: RuleFiles, lists: Mapping[str, pl.DataFrame], facts: pl.DataFrame) -> list[Defect]:
    """Return a defect for each rule that names a code or a fact that is not there, an order of nothing, or one that turns back.

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
        if isinstance(placed.rule, Order) and (placed.rule.sequence is None) == (placed.rule.each is None):
            defects.append(placed.defect("sequence", "missing_key", "", "either sequence (facts) or each (two ends)"))
        named = _named_facts(placed.rule)
        if named and placed.source_id is None:
            expected = "a rule that names facts in its source's rules.toml"
            defects.append(placed.defect(named[0][0], "misplaced_rule", named[0][1], expected))
    return defects + _unknown_facts(files, facts) + _circles(files.rules)


def _unknown_facts(files: RuleFiles, facts: pl.DataFrame) -> list[Defect]:
    """Return a defect for each name of a fact that its source does not have, or has as something else."""
    named = _facts_named(files)
    rows = [(which, source_id, defect.found, place) for place, (which, source_id, defect) in enumerate(named)]
    shape = {"which": pl.String, "source_id": pl.String, "fact_id": pl.String, "place": pl.Int64}
    asked = pl.DataFrame(rows, shape, orient="row")
    defects = []
    for which, kind in _NAMEABLE.items():
        fitting = facts.filter(which)
        strange = asked.filter(which=which).join(fitting, on=["source_id", "fact_id"], how="anti", maintain_order="left")
        for source_id, fact, place in strange.select("source_id", "fact_id", "place").iter_rows():
            known = fitting.filter(source_id=source_id)["fact_id"]
            defects.append(replace(named[place][2], expected=f"{kind} of this source{nearest(fact, known)}"))
    return defects


def _facts_named(files: RuleFiles) -> list[tuple[str, str, Defect]]:
    """Return what each name of a fact must name (of `_NAMEABLE`), its source, and the defect that it is if there is none."""
    named = [
        ("is_number" if key == "duration" else "is_dated", placed.source_id, placed.defect(key, "unknown_fact", fact, ""))
        for placed in files.rules
        if placed.source_id is not None
        for key, fact in _named_facts(placed.rule)
        if not (fact == PUBLISHED and key == "to")
    ]
    named += [("is_fact", weight.source_id, weight.defect("unknown_fact", weight.fact, "")) for weight in files.weights]
    return named


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
