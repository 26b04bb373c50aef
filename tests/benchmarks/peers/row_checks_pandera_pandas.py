# /// script
# requires-python = ">=3.11"
# dependencies = ["pandera[pandas]==0.35.0", "pyarrow==26.0.1"]
# ///
"""The checks of validate_rows with pandera.pandas. Run by validate_rows: FILE.parquet
CHECKS.json.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa


def column(described: dict[str, Any]) -> pa.Column:
    checks = []
    if "pattern" in described:
        checks.append(pa.Check.str_matches(described["pattern"]))
    if "one_of" in described:
        checks.append(pa.Check.isin(described["one_of"]))
    if "least" in described:
        checks.append(pa.Check.ge(described["least"]))
    return pa.Column(None, checks, nullable=described["nullable"])


def between_has_two_values(rows: pd.DataFrame) -> pd.Series:
    holds = rows["value"].str.contains("/", regex=False) == (
        rows["relator"].fillna("eq") == "between"
    )
    return holds | rows["value"].isna()


def precision_goes_with_one_printed_value(rows: pd.DataFrame) -> pd.Series:
    return rows["precision"].isna() | rows["relator"].fillna("eq").isin(["eq", "approx"])


start = time.process_time()
rows = pd.read_parquet(sys.argv[1])
read = time.process_time()
asked = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
schema = pa.DataFrameSchema(
    {name: column(described) for name, described in asked["columns"].items()},
    checks=[pa.Check(between_has_two_values), pa.Check(precision_goes_with_one_printed_value)],
    strict=True,
    ordered=True,
)
keyed = pa.DataFrameSchema(unique=asked["unique"])
found = 0
for one in (schema, keyed):
    try:
        one.validate(rows, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        whole_rows = cases["check"].isin(
            [
                "multiple_fields_uniqueness",
                *(
                    check.__name__
                    for check in (between_has_two_values, precision_goes_with_one_printed_value)
                ),
            ]
        )
        found += int((~whole_rows).sum()) + len(
            cases[whole_rows].drop_duplicates(["check", "index"])
        )
print(json.dumps({"read": read - start, "validate": time.process_time() - read, "found": found}))
