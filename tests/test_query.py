"""Whatever order a query gives rows in, no table depends on it; what ends a query, or is no
cluster, is one line.
"""

from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline import query
from pipeline.check import Checked, check_tables
from pipeline.cli import main
from pipeline.operate.run import run_release
from pipeline.parts import Parts
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import RawFolder
from pipeline.unusable import Unusable
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.conftest import ROOT


def from_scratch(raw: Path) -> Checked:
    return check_tables(RawTables(RawFolder(raw, parts=Parts())))


def test_no_table_depends_on_the_order_in_which_a_query_gives_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(tmp_path / "raw", Size(120, 3, contradictions=0.07))
    in_order = query._rows  # noqa: SLF001

    def shuffled(con: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
        rows = in_order(con, sql)
        return (
            rows if "\nORDER BY" in sql else rows.sample(fraction=1, shuffle=True, seed=rows.height)
        )

    for raw in (tmp_path / "raw", ROOT / "raw"):
        here = from_scratch(raw)
        with monkeypatch.context() as patched:
            patched.setattr(query, "_rows", shuffled)
            other = from_scratch(raw)
        assert (other.defects, other.unacknowledged) == (here.defects, here.unacknowledged)
        for name, rows in here.tables.items():
            assert_frame_equal(other.tables[name], rows)


def test_a_query_that_ends_during_a_release_is_one_line_and_nothing_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
        raise Unusable(f"no rows of {len(sql)} characters")

    monkeypatch.setattr(query, "_rows", broken)
    with pytest.raises(Unusable, match=r"^no rows of \d+ characters$"):
        run_release(ROOT / "raw", tmp_path, lambda _: None, reading=Parts())
    assert not (tmp_path / "releases").exists()


def test_a_cluster_without_the_extra_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--engine", "spark://127.0.0.1:15002"]) == 2
    expected = (
        "an engine needs the package pyspark, which is not installed: install the extra "
        "`spark` (uv sync --extra spark)"
    )
    assert capfd.readouterr() == ("", f"facts check: {expected}\n")
