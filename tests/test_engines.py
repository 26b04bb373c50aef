"""Whatever engine computes: no table depends on it, and what it cannot do is one line."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.check import check
from pipeline.cli import main
from pipeline.engine import Engine, Here, engine, use
from pipeline.operate.run import run_release
from pipeline.unusable import Unusable
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.conftest import ROOT


@pytest.fixture
def using() -> Iterator[Callable[[Engine], None]]:
    before = engine()
    yield use
    use(before)


class Shuffling(Here):
    """Gives the rows of a query in another order wherever it is free to."""

    def query(self, sql: str, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        rows = super().query(sql, tables)
        return rows if "\nORDER BY" in sql else rows.sample(fraction=1, shuffle=True, seed=rows.height)


class Broken(Here):
    """Ends every query."""

    def query(self, sql: str, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        raise Unusable(f"no engine: {len(sql)} characters over {len(tables)} tables")


def test_no_table_depends_on_the_order_in_which_a_query_gives_rows(tmp_path: Path, using: Callable[[Engine], None]) -> None:
    write_corpus(tmp_path / "raw", Size(300, 3, contradictions=0.03))
    for raw in (tmp_path / "raw", ROOT / "raw"):
        using(Here())
        here = check(raw)
        using(Shuffling())
        shuffled = check(raw)
        assert (shuffled.defects, shuffled.unacknowledged) == (here.defects, here.unacknowledged)
        for name, rows in here.tables.items():
            assert_frame_equal(shuffled.tables[name], rows)


def test_an_engine_that_ends_during_a_release_is_one_line_and_nothing_is_published(
    tmp_path: Path, using: Callable[[Engine], None]
) -> None:
    using(Broken())
    with pytest.raises(Unusable, match=r"^no engine: \d+ characters over \d+ tables$"):
        run_release(ROOT / "raw", tmp_path, lambda _: None)
    assert not (tmp_path / "releases").exists()


def test_a_cluster_without_the_extra_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--engine", "spark://127.0.0.1:15002"]) == 2
    expected = "an engine needs the package pyspark, which is not installed: install the extra `spark` (uv sync --extra spark)"
    assert capfd.readouterr() == ("", f"facts check: {expected}\n")


def test_who_names_no_cluster_imports_nothing_of_it() -> None:
    program = "import sys; from pipeline.cli import main; main(['check']); print(*sys.modules, sep='\\n')"
    run = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    imported = set(run.stdout.splitlines())
    assert "pipeline.engine" in imported
    assert not {"grpc", "pandas", "pipeline.spark", "pyspark", "sqlglot"} & imported
