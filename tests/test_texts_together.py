"""Texts are looked at some at a time: what is found in them does not depend on how many are taken together."""

from functools import partial
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline import steps
from pipeline.check import check
from pipeline.evidence.texts import together
from tests.benchmarks.corpus.corpus import Size, write_corpus


def test_texts_come_together_until_they_have_as_many_characters_as_is_asked_for() -> None:
    texts = ["aaaa", "", "bbb", "ccccccccc", "dd", "e"]
    table = pl.DataFrame({"source_id": ["1", "2", "3", "4", "5", "6"], "language": "en", "text": texts})
    parts = together(table, {}, most=8)
    assert [list(part.table["source_id"]) for part in parts] == [["1", "2", "3"], ["4", "5", "6"]]
    assert_frame_equal(pl.concat(part.table for part in parts), table)
    (whole,) = together(table, {}, most=100)
    assert_frame_equal(whole.table, table)
    (none,) = together(table.clear(), {})
    assert none.table.is_empty()


@pytest.mark.parametrize("size", [Size(300, 6, contradictions=0.07), Size(300, 6, slips=0.12)])
def test_tables_and_defects_are_the_same_by_however_many_texts(
    tmp_path: Path, size: Size, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "raw"
    write_corpus(raw, size)
    if size.slips:
        gone = sorted(folder.parent for folder in raw.glob("*/text.txt"))[2]
        (gone / "text.txt").unlink()  # its rows have no text, and defects of their own
        with (gone / "observations.csv").open("a", encoding="utf-8") as rows:
            rows.write((gone / "observations.csv").read_text(encoding="utf-8").splitlines()[1].replace(",", ",nowhere", 1) + "\n")
    whole = check(raw)
    monkeypatch.setattr(steps, "together", partial(together, most=1))
    apart = check(raw)
    assert (apart.defects, apart.unacknowledged) == (whole.defects, whole.unacknowledged)
    assert bool(whole.defects) == bool(size.slips)
    assert apart.tables.keys() == whole.tables.keys()
    for name, table in whole.tables.items():
        assert_frame_equal(apart.tables[name], table)
