"""Facts whose text may not be in the release are made again of what was typed, with no more than
the words and their places as they were published.
"""

import shutil
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipeline.check import check
from pipeline.read.raw_folder import RawFolder, read_releases
from pipeline.release.release import publish, with_history
from pipeline.release.verify import verify
from schemas.columns import AMOUNT
from schemas.tables import file_of
from tests.conftest import ROOT, SOURCE, before_its_first_release, put
from tests.verify.spoil import codes, forge


@pytest.fixture(scope="module")
def kept_back(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of the article without its text."""
    folder = tmp_path_factory.mktemp("kept-back")
    raw = before_its_first_release(Path(shutil.copytree(ROOT / "raw", folder / "raw")))
    put(raw / SOURCE / "source.toml", "republish_text = true", "republish_text = false")
    checked, releases = check(raw), read_releases(RawFolder(raw)).rows
    tables = with_history(checked.tables, folder, releases)
    return publish(tables, RawFolder(raw).originals(), folder, releases).folder


ONE = pl.lit(Decimal(1), AMOUNT)


@pytest.mark.parametrize(
    ("name", "forged", "code"),
    [
        ("events", pl.lit("Nobody ever said that").alias("quote"), "quote_not_found"),
        ("statements", pl.lit("x" * 33).alias("quote_prefix"), "quote_not_found"),
        ("observations", pl.lit("36,000").alias("original_value"), "quote_not_found"),
        ("mentions", (pl.col("low") + ONE).cast(AMOUNT).alias("low"), "value_not_in_quote"),
        ("mentions", pl.lit(1, pl.Int64).alias("start_offset"), "not_as_described"),
    ],
)
def test_words_that_do_not_fit_what_was_typed_are_found(
    name: str, forged: pl.Expr, code: str, kept_back: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(kept_back, tmp_path / "1.0.0"))
    rows = pl.read_parquet(folder / file_of(name, "parquet"))
    forge(folder, **{name: rows.with_columns(forged)})
    assert code in codes(verify(folder).failures)


def test_that_its_text_was_not_read_is_said(kept_back: Path) -> None:
    verified = verify(kept_back)
    assert verified.failures == []
    assert "read again in 0 of 1 texts" in verified.summary
    assert "of texts which are not part of the release" in verified.summary
