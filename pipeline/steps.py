"""The steps from raw/ to the checked tables, in their order: what each builds, from what, and under which name.

Belongs here: the list that `facts check` and `facts release` walk through at once, and from which the Dagster assets are made
one by one. Does not belong here: what a step does, which is imported, or where tables are kept.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from operator import methodcaller

import polars as pl

from pipeline.built import Built, Tables
from pipeline.consistency.conclude import conclude
from pipeline.consistency.findings import Findings, find
from pipeline.consistency.inferred_days import with_circles
from pipeline.consistency.quantities import OF_RULES, Facts
from pipeline.consistency.readings import Alternative, alternatives
from pipeline.consistency.rules import Placed, misdirected, nameable, read_rules, read_weights, rules_table
from pipeline.consistency.system import GROUP, System, build_system, idle
from pipeline.defects import Defect, as_table, of_table, with_advice
from pipeline.evidence.anchor import misplaced
from pipeline.evidence.roles import Rows, build_mentions
from pipeline.evidence.text_parts import read_in_parts
from pipeline.evidence.texts import Texts
from pipeline.facts.events import build_events, build_readings, build_statements
from pipeline.facts.follow_ons import lost_quotes, unfinished, usable_waivers, without_follow_ons
from pipeline.facts.observations import build_observations
from pipeline.facts.reference_tables import CodeLists, build_code_list, categories_exist
from pipeline.facts.sources import build_sources, publication_defects, texts_of, unexpected_counts
from pipeline.facts.ways_of_writing import read_as_typed, said
from pipeline.read.raw_folder import (
    CODE_LIST_FOLDER,
    DOCUMENTS,
    FINDINGS_FILE,
    RELEASES_FILE,
    RULES_FILE,
    RawFolder,
    Typed,
    read_code_list,
    read_facts,
    read_findings,
    read_releases,
)
from pipeline.read.source_toml import read_sources
from pipeline.read.validate import without
from schemas.code_lists import CODE_LISTS
from schemas.kinds import LISTINGS
from schemas.raw_files import ENTERED
from schemas.rules import FACTS_ARE_CHECKED, TRANSLATIONS_AGREE

FactBuilder = Callable[[Typed, pl.DataFrame, Texts, CodeLists], Built]

SYSTEM = ("variables", "rule_groups", "rule_terms")
CONCLUSIONS = ("check_results", "implied_bounds", "error_sets")
_OF_EVIDENCE = ("raw_file", "raw_line", "quote", "occurrence", "label_quote", "note")
"""Columns of what is typed that no rule speaks of."""


@dataclass(frozen=True)
class Step:
    """One step: the tables that it builds, the parts of raw/ that it reads, the tables that it needs, and how."""

    tables: tuple[str, ...]
    group: str
    reads: tuple[str, ...]
    needs: tuple[str, ...]
    build: Callable[[RawFolder, Tables], dict[str, Built]]


def _code_list(name: str, raw: RawFolder, _: Tables) -> dict[str, Built]:
    return {name: raw.once(f"list of {name}", lambda: _built_list(raw, name))}


def _built_list(raw: RawFolder, name: str) -> Built:
    built = build_code_list(name, read_code_list(raw, name))
    if name == "indicators":
        unknown = categories_exist(read_code_list(raw, name), read_code_list(raw, "categories"))
        built = Built(built.table, built.defects + unknown)
    return built


def _lists(raw: RawFolder, tables: Tables) -> CodeLists:
    typed = {name: read_code_list(raw, name) for name in CODE_LISTS}
    doubtful = {}
    for name, of in typed.items():
        lines = [defect.line for defect in _code_list(name, raw, tables)[name].defects]
        doubtful[f"{name}.code"] = of.rows.filter(pl.col("raw_line").is_in(lines))["code"].drop_nulls()
    lacking = frozenset(name for name, of in typed.items() if of.nameless)
    return CodeLists(**{name: tables[name] for name in CODE_LISTS}, doubtful=doubtful, lacking=lacking)


def all_texts(raw: RawFolder, sources: pl.DataFrame) -> list[tuple[Texts, list[Defect]]]:
    """Return the texts of the sources, some together, read once a run, and the defects of how their source.toml has them read.

    Names are looked for with the labels as typed.
    """

    def read() -> list[tuple[Texts, list[Defect]]]:
        lists = {name: _with_words(read_code_list(raw, name)) for name in CODE_LISTS}
        facts = pl.concat(_typed_facts(raw).values(), how="diagonal")
        units = lists["indicators"].select("unit", indicator="code").unique("indicator")
        numbers = facts.join(units, on="indicator", how="left").with_columns(low=pl.col("value").str.split("/").list.first())
        typed = said(numbers)
        return [read_as_typed(texts, typed) for texts in read_in_parts(texts_of(raw, sources), lists, raw.parts)]

    return raw.once("texts", read)


def _with_words(typed: Typed) -> pl.DataFrame:
    """Return the codes of a list whose label and aliases are sound."""
    wrong = [defect for defect in typed.defects if defect.column in {"label", "aliases"}]
    return without(typed.rows, wrong).drop_nulls(["code", "label"])


def _by_texts(raw: RawFolder, sources: pl.DataFrame) -> Iterator[tuple[Texts, Callable[[pl.DataFrame], pl.DataFrame]]]:
    """Yield some texts at a time, and what takes the rows of their sources out of a table; rows without a text come first."""
    together = [texts for texts, _ in all_texts(raw, sources)]
    number_of = {source_id: number for number, texts in enumerate(together) for source_id in texts.table["source_id"]}
    of_row = pl.col("source_id").replace_strict(number_of, default=0, return_dtype=pl.Int64)
    for number, texts in enumerate(together):
        yield texts, methodcaller("filter", of_row == number)


def _sources(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    typed = read_sources(raw)
    agents = read_code_list(raw, "agents")
    codes = {} if agents.nameless else {"agents.code": tables["agents"]["code"]}
    built = build_sources(raw, typed, codes)
    files = {name: read_facts(raw, name) for name in ENTERED}
    lacking = {name for file in files.values() for name in (*file.lacking, *(lost for lost, _ in file.lost))}
    counts = unexpected_counts(typed, {name: file.rows for name, file in files.items()})
    more = [defect for defect in counts if _counted(defect) not in lacking]
    for texts, misread in all_texts(raw, built.table):
        more += publication_defects(typed, built.table, texts) + typed.at_keys(misread)
    return {"sources": Built(built.table, with_advice(built.defects, more))}


def _counted(defect: Defect) -> str:
    """Return the CSV file that a defect of source.toml's expected counts is about."""
    return defect.file.replace("source.toml", f"{defect.column.removeprefix('expected.')}.csv")


def _facts(name: str, build: FactBuilder, raw: RawFolder, tables: Tables) -> dict[str, Built]:
    typed, lists = read_facts(raw, name), _lists(raw, tables)
    parts, others = [], typed.defects
    for texts, of in _by_texts(raw, tables["sources"]):
        rows, sources = of(typed.rows), of(tables["sources"])
        own, others = _of_files(others, rows)
        given = {"typed": rows, "defects": as_table(own), "sources": sources, **texts.given, **lists.tables}
        part = replace(typed, rows=rows, defects=own)
        parts.append(_once(raw, name, given, partial(_built_facts, build, part, sources, texts, lists)))
    return {name: _together([*parts, Built(parts[0].table.clear(), others)], ["fact_id"])}


def _built_facts(build: FactBuilder, typed: Typed, sources: pl.DataFrame, texts: Texts, lists: CodeLists) -> Built:
    built = build(typed, sources, texts, lists)
    return Built(built.table, built.defects + misplaced(built.table, texts))


def _once(raw: RawFolder, name: str, given: Tables, build: Callable[[], Built]) -> Built:
    """Return what is built from all that is given (texts by their hash), or what is kept of it."""

    def tables() -> Tables:
        built = build()
        return {"table": built.table, "defects": as_table(built.defects)}

    found = raw.parts.once(name, given, tables)
    return Built(found["table"], of_table(found["defects"]))


def _of_files(defects: list[Defect], rows: pl.DataFrame) -> tuple[list[Defect], list[Defect]]:
    """Return the defects of the files that some rows stand in, and the others."""
    files = set(rows["raw_file"])
    return [defect for defect in defects if defect.file in files], [defect for defect in defects if defect.file not in files]


def _together(parts: list[Built], key: list[str]) -> Built:
    """Return what was built of some texts at a time: one table, in the order of its key, and each defect once."""
    return Built(pl.concat(part.table for part in parts).sort(key), list(dict.fromkeys(chain(*(part.defects for part in parts)))))


def _typed_facts(raw: RawFolder) -> dict[str, pl.DataFrame]:
    return {name: read_facts(raw, name).rows for name in ENTERED}


def _readings(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    facts = {name: read_facts(raw, name) for name in ENTERED}
    built = build_readings(read_facts(raw, "readings"), facts, _lists(raw, tables))
    return {"readings": Built(built.table, without_follow_ons(raw, built.defects))}


def _mentions(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    parts = [_mentions_of(raw, tables, texts, of) for texts, of in _by_texts(raw, tables["sources"])]
    raw.forget("texts")  # the last step that looks into them; by the million they are much of the memory
    built = _together(parts, ["source_id", "start_offset"])
    return {"mentions": Built(built.table, without_follow_ons(raw, built.defects))}


def _mentions_of(raw: RawFolder, tables: Tables, texts: Texts, of: Callable[[pl.DataFrame], pl.DataFrame]) -> Built:
    """Return the mentions of some texts with their roles; `of` takes the rows of their sources out of a table."""
    waivers, typed = read_facts(raw, "waivers"), _typed_facts(raw)
    facts = {name: of(tables[name]) for name in ENTERED}
    quotes = pl.concat([*(unfinished(of(typed[name]), facts[name]) for name in ENTERED), of(lost_quotes(raw))])
    own = replace(waivers, rows=of(waivers.rows))
    observations, sources = of(typed["observations"]), of(tables["sources"])

    def build() -> Built:
        usable, spoiled = usable_waivers(own, quotes, texts)
        return build_mentions(Rows(usable, observations, sources, facts, spoiled), texts)

    given = {"waivers": own.rows, "defects": as_table(own.defects), "typed": observations, "sources": sources, "quotes": quotes}
    given |= {**texts.given, **facts, **_lists(raw, tables).tables}
    return _once(raw, "mentions", given, build)


def _rules(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    rules, defects = read_rules(raw)
    lists = {name: tables[name] for name in ("indicators", "areas", "categories")}
    facts = nameable(_typed_facts(raw)).drop_nulls("fact_id")
    wrong = misdirected(rules, lists, facts) + read_weights(raw, facts)[1]
    return {"rules": Built(rules_table(rules), defects + without_follow_ons(raw, wrong))}


def _facts_of(tables: Tables) -> Facts:
    needed = {name: tables[name] for name in Facts.__dataclass_fields__}
    return Facts(**needed | {"observations": tables["observations"].select(OF_RULES)})


def _system(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    rules, facts, typed = read_rules(raw)[0], _facts_of(tables), _typed_facts(raw)

    def build() -> dict[str, pl.DataFrame]:
        system = build_system(rules, facts)
        without = _idle_by_any_reading(rules, system, alternatives(facts, tables["readings"], typed))
        names = pl.DataFrame({"rule_id": [placed.rule.id for placed in without]}, schema={"rule_id": pl.String})
        return {**dict(zip(SYSTEM, system.tables, strict=True)), "idle": names}

    built = raw.parts.once("system", _given(rules, facts, tables["readings"], typed), build)
    # a rule for any source may well have nothing to say of one
    wanted = [placed for placed in rules if raw.only is None or placed.source_id is not None]
    expected = "a rule that applies to something; no facts are as it needs them"
    names = set(built["idle"]["rule_id"])
    defects = [placed.defect("id", "idle_rule", placed.rule.id, expected) for placed in wanted if placed.rule.id in names]
    return {name: Built(built[name], defects if name == SYSTEM[-1] else []) for name in SYSTEM}


def _given(
    rules: list[Placed], facts: Facts, readings: pl.DataFrame, typed: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """Return all that the system and what follows from it are made of, but for weights, as tables by name."""
    placed = pl.DataFrame({"rule": [repr(one) for one in rules]}, schema={"rule": pl.String})
    as_typed = {f"typed {name}": rows.drop(_OF_EVIDENCE, strict=False) for name, rows in typed.items()}
    return {**facts.tables, **as_typed, "rules": placed, "readings": readings}


def _idle_by_any_reading(rules: list[Placed], system: System, others: Iterator[Alternative]) -> list[Placed]:
    """Return the rules that apply to nothing, by whatever reading of the facts."""
    without = idle(rules, system)
    while without and (other := next(others, None)):
        without = idle(without, build_system(without, other.facts))
    return without


def _conclusions(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    rules, facts, readings, typed = read_rules(raw)[0], _facts_of(tables), tables["readings"], _typed_facts(raw)
    weights = read_weights(raw, nameable(typed))[0]
    system = System(*(tables[name] for name in SYSTEM))
    heavy = pl.DataFrame([*weights.items()], schema={"fact_id": pl.String, "weight": pl.Int64}, orient="row")
    given = {**_given(rules, facts, readings, typed), "weights": heavy}
    found = raw.parts.once("conclusions", given, lambda: conclude(rules, facts, system, weights, (readings, typed)).tables)
    results = with_circles(found["check_results"], tables)
    # other sources may speak of a fact of this one
    remarks = {} if raw.only else {FACTS_ARE_CHECKED: _unchecked(results, tables)}
    return {
        "check_results": Built(results, of_table(found["impossible"]), remarks),
        "implied_bounds": Built(found["implied_bounds"], []),
        "error_sets": Built(found["error_sets"], []),
    }


def _unchecked(results: pl.DataFrame, tables: Tables) -> list[str]:
    """Return the numbers and the days of events that no rule speaks of, by fact."""
    stated = tables["variables"].filter(pl.col("role") == "stated").drop_nulls("fact_id")
    checked = System(*(tables[name] for name in SYSTEM)).edges
    # a translation says again what its original says, and tests nothing of it
    listings = tables["rules"].filter(pl.col("kind").is_in(LISTINGS) & (pl.col("rule_id") != TRANSLATIONS_AGREE))
    listed = results.join(listings, on="rule_id", how="semi").select(variable=pl.col("fact_ids").str.split(" "))
    checked = pl.concat([checked.select("variable"), listed.explode("variable")])
    left = stated.join(checked, on="variable", how="anti")
    values = left.filter(pl.col("part") == "value")
    days = left.join(tables["events"], on="fact_id", how="semi").join(
        stated.join(checked, on="variable", how="semi"), on="fact_id", how="anti"
    )
    return sorted({*values["fact_id"], *days["fact_id"]})


def findings_of(raw: RawFolder, tables: Tables) -> Findings:
    """Return the findings, and those that nobody has acknowledged."""
    acknowledged = read_findings(raw).rows
    if raw.only is not None:  # what is possible by itself may be impossible with other sources, which were not read
        decided = tables["check_results"].filter(pl.col("outcome") != "undetermined")
        acknowledged = acknowledged.join(decided, on=GROUP, how="semi", maintain_order="left")
    return find(read_rules(raw)[0], tables["check_results"], acknowledged)


def _findings(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    return {"findings": Built(findings_of(raw, tables).table, read_findings(raw).defects + read_releases(raw).defects)}


_LISTS = tuple(CODE_LISTS)
_BUILDERS: dict[str, FactBuilder] = {"observations": build_observations, "events": build_events, "statements": build_statements}
_FACT_NEEDS = ("sources", *_LISTS)

_FACT_READS = (DOCUMENTS, CODE_LIST_FOLDER)
_RULE_READS = (DOCUMENTS, RULES_FILE)
_RULE_NEEDS = ("rules", "readings", *Facts.__dataclass_fields__)

STEPS: tuple[Step, ...] = (
    *(Step((name,), "sources", (CODE_LIST_FOLDER,), (), partial(_code_list, name)) for name in _LISTS),
    Step(("sources",), "sources", _FACT_READS, ("agents",), _sources),
    *(Step((name,), "facts", _FACT_READS, _FACT_NEEDS, partial(_facts, name, build)) for name, build in _BUILDERS.items()),
    Step(("readings",), "facts", (DOCUMENTS,), _LISTS, _readings),
    Step(("mentions",), "facts", _FACT_READS, ("sources", *ENTERED, *_LISTS), _mentions),
    Step(("rules",), "consistency", _RULE_READS, ("indicators", "areas", "categories"), _rules),
    Step(SYSTEM, "consistency", _RULE_READS, _RULE_NEEDS, _system),
    Step(CONCLUSIONS, "consistency", _RULE_READS, (*_RULE_NEEDS, *SYSTEM), _conclusions),
    Step(("findings",), "consistency", (*_RULE_READS, FINDINGS_FILE, RELEASES_FILE), ("rules", "check_results"), _findings),
)
"""Every step, each after those whose tables it needs."""
