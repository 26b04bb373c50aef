"""From raw/ to facts: what the steps build of code lists, sources, facts, second readings and
mentions.

Belongs here: which tables each of these is made from, some texts at a time. Does not belong here:
how a row becomes a fact (facts, evidence), or what rules say of facts (rule_steps).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

import polars as pl

from pipeline.built import Built, Tables
from pipeline.defects import as_table, of_table, with_advice
from pipeline.evidence.anchor import misplaced
from pipeline.evidence.roles import Rows, build_mentions
from pipeline.evidence.text_parts import read_in_parts
from pipeline.evidence.texts import Texts
from pipeline.facts.events import build_events, build_readings, build_statements
from pipeline.facts.follow_ons import (
    lost_quotes,
    told_of_list,
    unfinished,
    usable_waivers,
    without_follow_ons,
)
from pipeline.facts.observations import build_observations
from pipeline.facts.reference_tables import CodeLists
from pipeline.facts.sources import build_sources, publication_defects, unexpected_counts
from pipeline.facts.ways_of_writing import read_as_typed, said
from pipeline.parts import Given, Parts
from pipeline.read.raw_folder import CODE_LIST_FOLDER, RawFolder, Typed
from pipeline.read.source_toml import SourceFiles
from schemas.raw_files import ENTERED
from schemas.source_toml import WAYS_OF_WRITING

TEXTS = "texts"
"""The name of what was read in all texts."""

BUILDERS = {
    "observations": build_observations,
    "events": build_events,
    "statements": build_statements,
}


@dataclass(frozen=True)
class ReadTexts:
    """The sources as published, and what is found in their texts, a part at a time."""

    sources: Built
    parts: list[Texts]

    @cached_property
    def _part_of(self) -> dict[str, int]:
        ids = ((texts.table["source_id"], number) for number, texts in enumerate(self.parts))
        return {source_id: number for of_part, number in ids for source_id in of_part}

    def apart(self, table: pl.DataFrame) -> list[pl.DataFrame]:
        """Return the rows of a table that are of the sources of each part; the first has those of
        sources without a text, too.
        """
        number = pl.col("source_id").replace_strict(self._part_of, default=0, return_dtype=pl.Int64)
        rows = table.with_columns(part=number)
        of_part = rows.partition_by("part", as_dict=True, include_key=False, maintain_order=True)
        return [of_part.get((one,), table.clear()) for one in range(len(self.parts))]

    def parts_with(self, **apart: Sequence[Any]) -> list[dict[str, Any]]:
        """Return what is given to the work on each part: its texts, and its own of each of some
        values by name.
        """
        named = {"texts": self.parts, **apart}
        return [
            dict(zip(named, values, strict=True)) for values in zip(*named.values(), strict=True)
        ]


def read_all_texts(
    raw: RawFolder, typed: SourceFiles, texts: Typed, lists: CodeLists, *facts: Typed
) -> ReadTexts:
    """Return what source.toml and text.txt of all sources say, where names are looked for with the
    labels as typed.

    `facts` are the rows of the files of ENTERED.
    """
    sources = build_sources(typed, texts, lists.codes())
    defects = unexpected_counts(typed.rows, dict(zip(ENTERED, facts, strict=True)))
    words = lists.with_words()
    numbers = _said(facts, words["indicators"])
    ways = sources.table.select("source_id", "language", *WAYS_OF_WRITING)
    of_sources = texts.rows.join(ways, on="source_id", maintain_order="left")
    found = [read_as_typed(part, numbers) for part in read_in_parts(of_sources, words, raw.parts)]
    read = ReadTexts(sources, [texts for texts, _ in found])
    days = raw.parts.run(check_days, read.parts_with(sources=read.apart(sources.table)))
    defects += chain(*(of_table(one["defects"]) for one in days), *(wrong for _, wrong in found))
    whole = replace(sources, defects=with_advice(sources.defects, typed.at_keys(defects)))
    return replace(read, sources=whole)


def _said(facts: Sequence[Typed], indicators: pl.DataFrame) -> pl.DataFrame:
    """Return the numbers and days that are typed: source_id, said."""
    units = indicators.select("unit", indicator="code").unique("indicator")
    rows = pl.concat([of.rows for of in facts], how="diagonal")
    numbers = rows.with_columns(low=pl.col("value").str.split("/").list.first())
    return said(numbers.join(units, on="indicator", how="left"))


def check_days(part: Given) -> Tables:
    """Return a defect for each source of some texts whose words bear out another day of publication
    than is typed.
    """
    return {"defects": as_table(publication_defects(part["sources"], part["texts"]))}


def typed_facts(given: Given) -> dict[str, Typed]:
    """Return the rows of the files that hold facts, as typed, by name."""
    return {name: given[f"{name}.csv"] for name in ENTERED}


def code_list_tables(name: str, given: Given, _: Parts) -> dict[str, Built]:
    """Return a code list as published."""
    lists: CodeLists = given[CODE_LIST_FOLDER]
    return {name: Built(getattr(lists, name), lists.defects[name])}


def source_tables(given: Given, _: Parts) -> dict[str, Built]:
    """Return the sources as published."""
    read: ReadTexts = given[TEXTS]
    return {"sources": read.sources}


def fact_tables(name: str, given: Given, parts: Parts) -> dict[str, Built]:
    """Return the facts of one kind as published, built of some texts at a time."""
    read: ReadTexts = given[TEXTS]
    lists: CodeLists = given[CODE_LIST_FOLDER]
    typed = _apart(read, given[f"{name}.csv"])
    others = {"kind": name, "lists": lists}
    apart = read.parts_with(typed=typed, sources=read.apart(given["sources"]))
    whole = _together(parts.run(find_facts, [part | others for part in apart]), ["fact_id"])
    defects = told_of_list(whole.defects, given[f"{name}.csv"], lists.given["indicators"])
    return {name: replace(whole, defects=defects)}


def find_facts(part: Given) -> Tables:
    """Return the facts of one kind that the typed rows of some sources give, and all their
    defects.
    """
    built = BUILDERS[part["kind"]](part["typed"], part["sources"], part["texts"], part["lists"])
    return {
        "table": built.table,
        "defects": as_table(built.defects + misplaced(built.table, part["texts"])),
    }


def _apart(read: ReadTexts, typed: Typed) -> list[Typed]:
    """Return the typed rows of each part, and the defects of their files."""
    of_file = pl.col("file").str.split("/").list.first()
    told = read.apart(as_table(typed.defects).with_columns(source_id=of_file))
    defects = (of_table(part.drop("source_id")) for part in told)
    return [Typed(rows, wrong) for rows, wrong in zip(read.apart(typed.rows), defects, strict=True)]


def _together(built: list[Tables], key: list[str]) -> Built:
    """Return what was built of some texts at a time: one table, in the order of its key, and each
    defect once.
    """
    defects = dict.fromkeys(chain(*(of_table(part["defects"]) for part in built)))
    return Built(pl.concat(part["table"] for part in built).sort(key), list(defects))


def reading_tables(given: Given, _: Parts) -> dict[str, Built]:
    """Return the second readings as published."""
    lists, facts = given[CODE_LIST_FOLDER], typed_facts(given)
    built = build_readings(given["readings.csv"], facts, lists)
    return {"readings": replace(built, defects=without_follow_ons(built.defects, lists, facts))}


def mention_tables(given: Given, parts: Parts) -> dict[str, Built]:
    """Return every mention with its role, of some texts at a time."""
    read: ReadTexts = given[TEXTS]
    waivers: Typed = given["waivers.csv"]
    typed = typed_facts(given)
    unused = [unfinished(typed[name].rows, given[name]) for name in ENTERED]
    quotes = pl.concat([*unused, lost_quotes([*typed.values(), waivers])])
    apart = read.parts_with(
        waivers=_apart(read, waivers),
        typed=read.apart(typed["observations"].rows),
        sources=read.apart(given["sources"]),
        quotes=read.apart(quotes),
        **{name: read.apart(given[name]) for name in ENTERED},
    )
    whole = _together(parts.run(find_mentions, apart), ["source_id", "start_offset"])
    defects = without_follow_ons(whole.defects, given[CODE_LIST_FOLDER], typed, [waivers])
    return {"mentions": replace(whole, defects=defects)}


def find_mentions(part: Given) -> Tables:
    """Return the mentions of some texts with their roles, and their defects."""
    usable, spoiled = usable_waivers(part["waivers"], part["quotes"], part["texts"])
    built = build_mentions(
        Rows(
            usable, part["typed"], part["sources"], {name: part[name] for name in ENTERED}, spoiled
        ),
        part["texts"],
    )
    return {"table": built.table, "defects": as_table(built.defects)}
