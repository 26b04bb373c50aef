"""From raw/ to facts: what the steps build of code lists, sources, facts, second readings and mentions.

Belongs here: which files and texts each of these tables is made from, some texts at a time, and what of that is kept. Does not
belong here: how a row becomes a fact (facts, evidence), or what rules say of facts (rule_steps).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from operator import methodcaller

import polars as pl

from pipeline.built import Built, Tables
from pipeline.defects import Defect, as_table, of_table, with_advice
from pipeline.evidence.anchor import misplaced
from pipeline.evidence.roles import Rows, build_mentions
from pipeline.evidence.text_parts import read_in_parts
from pipeline.evidence.texts import Texts
from pipeline.facts.events import build_readings
from pipeline.facts.follow_ons import lost_quotes, told_of_list, unfinished, usable_waivers, without_follow_ons
from pipeline.facts.reference_tables import CodeLists, build_code_list, categories_exist
from pipeline.facts.sources import build_sources, publication_defects, texts_of, unexpected_counts
from pipeline.facts.ways_of_writing import read_as_typed, said
from pipeline.read.raw_folder import (
    RawFolder,
    Typed,
    read_code_list,
    read_facts,
)
from pipeline.read.source_toml import read_sources
from pipeline.read.validate import without
from schemas.code_lists import CODE_LISTS
from schemas.raw_files import ENTERED

FactBuilder = Callable[[Typed, pl.DataFrame, Texts, CodeLists], Built]


def code_list_tables(name: str, raw: RawFolder, _: Tables) -> dict[str, Built]:
    """Return a code list as published."""
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
        lines = [defect.line for defect in code_list_tables(name, raw, tables)[name].defects]
        doubtful[f"{name}.code"] = of.rows.filter(pl.col("raw_line").is_in(lines))["code"].drop_nulls()
    lacking = frozenset(name for name, of in typed.items() if of.nameless)
    return CodeLists(**{name: tables[name] for name in CODE_LISTS}, doubtful=doubtful, lacking=lacking)


def all_texts(raw: RawFolder, sources: pl.DataFrame) -> list[tuple[Texts, list[Defect]]]:
    """Return the texts of the sources, some together, read once a run, and the defects of how their source.toml has them read.

    Names are looked for with the labels as typed.
    """

    def read() -> list[tuple[Texts, list[Defect]]]:
        lists = {name: _with_words(read_code_list(raw, name)) for name in CODE_LISTS}
        facts = pl.concat(typed_facts(raw).values(), how="diagonal")
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


def source_tables(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    """Return the sources as published."""
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


def fact_tables(name: str, build: FactBuilder, raw: RawFolder, tables: Tables) -> dict[str, Built]:
    """Return the facts of one kind as published, built of some texts at a time."""
    typed, lists = read_facts(raw, name), _lists(raw, tables)
    parts, others = [], typed.defects
    for texts, of in _by_texts(raw, tables["sources"]):
        rows, sources = of(typed.rows), of(tables["sources"])
        own, others = _of_files(others, rows)
        given = {"typed": rows, "defects": as_table(own), "sources": sources, **texts.given, **lists.tables}
        part = replace(typed, rows=rows, defects=own)
        parts.append(_once(raw, name, given, partial(_built_facts, build, part, sources, texts, lists)))
    built = _together([*parts, Built(parts[0].table.clear(), others)], ["fact_id"])
    if name == "observations":
        built = Built(built.table, told_of_list(built.defects, typed.rows, read_code_list(raw, "indicators")))
    return {name: built}


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


def typed_facts(raw: RawFolder) -> dict[str, pl.DataFrame]:
    """Return the rows of the files that hold facts, as typed, by name."""
    return {name: read_facts(raw, name).rows for name in ENTERED}


def reading_tables(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    """Return the second readings as published."""
    facts = {name: read_facts(raw, name) for name in ENTERED}
    built = build_readings(read_facts(raw, "readings"), facts, _lists(raw, tables))
    return {"readings": Built(built.table, without_follow_ons(raw, built.defects))}


def mention_tables(raw: RawFolder, tables: Tables) -> dict[str, Built]:
    """Return every mention with its role."""
    parts = [_mentions_of(raw, tables, texts, of) for texts, of in _by_texts(raw, tables["sources"])]
    raw.forget("texts")  # the last step that looks into them; by the million they are much of the memory
    built = _together(parts, ["source_id", "start_offset"])
    return {"mentions": Built(built.table, without_follow_ons(raw, built.defects))}


def _mentions_of(raw: RawFolder, tables: Tables, texts: Texts, of: Callable[[pl.DataFrame], pl.DataFrame]) -> Built:
    """Return the mentions of some texts with their roles; `of` takes the rows of their sources out of a table."""
    waivers, typed = read_facts(raw, "waivers"), typed_facts(raw)
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
