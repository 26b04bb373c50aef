"""Read rules.toml, of raw/ and of each source.

Belongs here: from TOML to rules with their place. Does not belong here: whether a rule speaks of
what is there (references), or what it means for the facts (system).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl
from pydantic import ValidationError

from pipeline.defects import Defect, nearest
from pipeline.read.raw_folder import RULES_FILE, RawFolder
from pipeline.read.source_toml import SourceFiles
from pipeline.read.toml_file import line_of, read_toml
from schemas.rules import HEAVIEST, Rule, RulesFile, Translations
from schemas.tables import empty

RuleFile = tuple[str | None, str, dict[str, Any], dict[str, int], list[Defect]]
"""A rules.toml: its source (None: it is that of raw/), its name, its content, the lines of its
keys, and its defects.
"""

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
        return Defect(
            self.raw_file, self.key_lines.get(key, self.raw_line), key, code, found, expected
        )


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
    """Every rules.toml: all rules that can be read, in the order of their names, the weights of
    facts, and all defects.
    """

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
    """Return what every rules.toml says, and the rule that none has: that translations agree, where
    there are any.
    """
    files = list(_files(raw, raw.source_ids()))
    rules, defects = _read_rules(files)
    translated = sources.rows.drop_nulls("translation_of").select("source_id", "raw_file").rows()
    for source_id, file in translated[
        :1
    ]:  # which is where the rule comes from; it holds for all of them
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
    """Return the rules that can be read of those that hold for any source, in the order of their
    names.
    """
    return _read_rules(_files(raw, ()))[0]


def _read_rules(files: Iterable[RuleFile]) -> tuple[list[Placed], list[Defect]]:
    rules: list[Placed] = []
    defects: list[Defect] = []
    for source_id, file, content, lines, wrong in files:
        defects += wrong
        for key in sorted(set(content) - {"rule", "weights"}):
            defects.append(
                Defect(
                    file,
                    lines.get(key, 1),
                    key,
                    "extra_key",
                    key,
                    "only [[rule]] tables, and [weights]",
                )
            )
        entries = content.get("rule", [])
        if not isinstance(entries, list):
            defects.append(
                Defect(
                    file,
                    lines.get("rule", 1),
                    "rule",
                    "wrong_type",
                    "[rule]",
                    "[[rule]], with two brackets",
                )
            )
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
    """Return how much facts of a source are trusted, as the table [weights] of its rules.toml says:
    forum-number = 2.
    """
    source_id, name, content, lines, _ = file
    table = content.get("weights")
    if not table:
        return [], []
    if source_id is None or not isinstance(table, dict):
        expected = "a table [weights] in the rules.toml of a source"
        return [], [
            Defect(name, lines.get("weights", 1), "weights", "misplaced_weights", "", expected)
        ]
    weights, defects = [], []
    for fact, typed in table.items():
        is_right = type(typed) is int and typed in range(1, HEAVIEST + 1)
        weight = Weight(
            source_id, fact, typed if is_right else 1, name, line_of(f"weights.{fact}", lines)
        )
        weights.append(weight)
        if not is_right:
            defects.append(
                weight.defect("wrong_value", str(typed), f"a whole number from 1 to {HEAVIEST}")
            )
    return weights, defects


# pydantic's ErrorDetails
def _as_defect(problem: Any, index: int, file: str, lines: Mapping[str, int]) -> Defect:  # noqa: ANN401
    keys = [str(part) for part in problem["loc"][3:] if not isinstance(part, int)]
    places = [
        f"rule[{index}]" + "".join(f".{key}" for key in keys[:depth])
        for depth in range(len(keys), -1, -1)
    ]
    name = ".".join(keys)
    if problem["type"].startswith("union_tag"):
        name = "kind"
        places.insert(0, f"rule[{index}].kind")
    line = next((lines[place] for place in places if place in lines), 1)
    return Defect(file, line, name, *_what_is_wrong(problem, name, is_whole=not keys))


# pydantic's ErrorDetails
def _what_is_wrong(problem: Any, name: str, *, is_whole: bool) -> tuple[str, str, str]:  # noqa: ANN401
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
    operands = rule.model_dump(
        by_alias=True, exclude_none=True, exclude={"id", "kind", "title", "severity"}
    )
    return json.dumps(operands, sort_keys=True, ensure_ascii=False)
