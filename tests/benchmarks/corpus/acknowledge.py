"""Acknowledge what the checks find in a corpus, so that a release can be made of it: findings.csv
and releases.csv.

In earnest a person writes both, a reason for each finding; a benchmark has no time for that.
"""

from pathlib import Path

import polars as pl

from pipeline.check import check
from schemas.raw_files import FINDINGS_CSV, RELEASES_CSV
from tests.benchmarks.corpus.document import typed_columns, write_csv

REASON = "Planted by the corpus"
FIRST = ("1.0.0", "2026-11-24", "", "The first release")


def acknowledge(raw: Path, findings: pl.DataFrame | None = None) -> int:
    """Write the two files into a folder raw/, and return how many findings there are.

    `findings` is the table of that name; without it the checks are run. Raises ValueError where the
    folder has defects.
    """
    if findings is None:
        checked = check(raw)
        if checked.defects:
            raise ValueError(checked.defects[0].at(str(raw)))
        findings = checked.tables["findings"]
    bounds = [
        pl.col(name).cast(pl.String).str.replace(r"\.?0+$", "").fill_null("").alias(name)
        for name in ("lower", "upper")
    ]
    rows = findings.select("rule_id", "group_id", "type", *bounds, pl.lit(REASON))
    write_csv(raw / "findings.csv", typed_columns(FINDINGS_CSV), rows.iter_rows())
    write_csv(raw / "releases.csv", typed_columns(RELEASES_CSV), [FIRST])
    return rows.height
