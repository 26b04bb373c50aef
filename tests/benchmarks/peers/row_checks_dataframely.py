# /// script
# requires-python = ">=3.11"
# dependencies = ["dataframely==3.1.2", "polars==2.1.0"]
# ///
"""The checks of validate_rows with dataframely. Run by validate_rows: FILE.parquet CHECKS.json."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl

asked = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))


# dataframely has no types here
def column(name: str, described: dict[str, Any]) -> Any:  # noqa: ANN401
    key = {"nullable": described["nullable"], "primary_key": name in asked["unique"]}
    if described["type"] == "integer":
        return dy.Int64(min=described.get("least"), **key)
    codes = described.get("one_of")
    check = (lambda cell: cell.is_in(codes)) if codes else None
    return dy.String(regex=described.get("pattern"), check=check, **key)


def between_has_two_values(_: type) -> pl.Expr:
    return pl.col("value").str.contains("/", literal=True) == (
        pl.col("relator").fill_null("eq") == "between"
    )


def precision_goes_with_one_printed_value(_: type) -> pl.Expr:
    return pl.col("precision").is_null() | pl.col("relator").fill_null("eq").is_in(["eq", "approx"])


members = {name: column(name, described) for name, described in asked["columns"].items()}
for rule in (between_has_two_values, precision_goes_with_one_printed_value):
    members[rule.__name__] = dy.rule()(rule)
Observations: Any = type(dy.Schema)("Observations", (dy.Schema,), members)

start = time.process_time()
rows = pl.read_parquet(sys.argv[1])
read = time.process_time()
_, failed = Observations.filter(rows)
failed.invalid()
found = sum(failed.counts().values())
print(json.dumps({"read": read - start, "validate": time.process_time() - read, "found": found}))
