"""Texts are looked at some at a time: what is found in them does not depend on how many are taken
together.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline import fact_steps
from pipeline.built import Tables
from pipeline.check import check
from pipeline.evidence.text_parts import read_in_parts
from pipeline.evidence.texts import FOUND, Texts
from pipeline.fact_steps import TEXTS
from pipeline.parts import Given, Parts, Work, hash_of_value
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import TEXT, RawFolder
from pipeline.steps import walk
from schemas.raw_files import ENTERED
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.conftest import ROOT

_NAMES = {"code": ["clubs"], "label": ["Clubs"], "aliases": ["club*"]}
LISTS = {
    name: pl.DataFrame(_NAMES, schema_overrides={"aliases": pl.String})
    for name in ("indicators", "areas", "categories", "agents")
}


class Counting:
    """Does the work here, and remembers of what."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def run(self, work: Work, parts: Sequence[Given]) -> list[Tables]:
        self.parts += map(hash_of_value, parts)
        return [work(part) for part in parts]


def test_what_is_found_in_texts_is_the_same_however_they_are_cut() -> None:
    texts = [
        "Nine clubs.",
        "",
        "In 2020, 14 clubs met.",
        "“We have 5 boats,” said Ann.",
        "x\n\ny",
        "Half of the clubs.",
    ]
    table = pl.DataFrame({"source_id": list("abcdef"), "language": "en", "text": texts})
    (whole,) = read_in_parts(table, LISTS, Parts())
    assert_frame_equal(whole.table, table)
    apart = read_in_parts(table, LISTS, Parts(), most=1)
    for name in FOUND:
        key = ["source_id", "start"]
        assert_frame_equal(
            pl.concat(getattr(one, name) for one in apart).sort(key), getattr(whole, name).sort(key)
        )
        assert_frame_equal(getattr(whole, name), getattr(Texts(table, LISTS), name))
    assert {"quantity", "period"} <= set(whole.mentions["kind"])
    (none,) = read_in_parts(table.clear(), LISTS, Parts())
    assert (none.table.height, none.mentions.height) == (0, 0)


def test_all_texts_are_let_go_as_soon_as_nothing_more_is_read_from_them() -> None:
    read = RawTables(RawFolder(ROOT / "raw"))
    tables: dict[str, pl.DataFrame] = {}
    held = {}
    for name, built in walk(read, tables):
        tables[name] = built.table
        held[name] = {TEXT, TEXTS} & read.known.keys()
    assert {name for name in held if held[name]} == {"sources", *ENTERED, "readings", "mentions"}


def test_a_text_that_is_added_or_changed_leaves_the_other_parts_as_they_are() -> None:
    table = pl.DataFrame(
        {
            "source_id": [f"club-{number}" for number in range(40)],
            "language": "en",
            "text": "Nine clubs met. " * 9,
        }
    )
    read = Counting()
    read_in_parts(table, LISTS, Parts(workers=read), most=2000)
    before = set(read.parts)
    changed = table.with_columns(
        text=pl.when(pl.col("source_id") == "club-7")
        .then(pl.lit("Ten clubs met. "))
        .otherwise("text")
    )
    read_in_parts(changed, LISTS, Parts(workers=read), most=2000)
    assert len(before) == 4
    assert len(set(read.parts) - before) == 1


@pytest.mark.parametrize("size", [Size(120, 4, contradictions=0.07), Size(120, 4, slips=0.12)])
def test_tables_and_defects_are_the_same_by_however_many_texts(
    tmp_path: Path, size: Size, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "raw"
    write_corpus(raw, size)
    if size.slips:
        gone = sorted(folder.parent for folder in raw.glob("*/text.txt"))[2]
        (gone / "text.txt").unlink()  # its rows have no text, and defects of their own
        with (gone / "observations.csv").open("a", encoding="utf-8") as rows:
            rows.write(
                (gone / "observations.csv")
                .read_text(encoding="utf-8")
                .splitlines()[1]
                .replace(",", ",nowhere", 1)
                + "\n"
            )
    whole = check(raw)
    monkeypatch.setattr(fact_steps, "read_in_parts", partial(read_in_parts, most=1))
    apart = check(raw)
    assert (apart.defects, apart.unacknowledged) == (whole.defects, whole.unacknowledged)
    assert bool(whole.defects) == bool(size.slips)
    assert apart.tables.keys() == whole.tables.keys()
    for name, table in whole.tables.items():
        assert_frame_equal(apart.tables[name], table)
