# /// script
# requires-python = ">=3.11"
# dependencies = ["pointblank==1.1.1", "polars==2.1.0", "pyarrow==26.0.1"]
# ///
"""The checks of validate_rows with pointblank. Run by validate_rows: FILE.parquet CHECKS.json."""

import json
import sys
import time
from pathlib import Path

import pointblank as pb
import polars as pl

asked = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
start = time.process_time()
rows = pl.read_parquet(sys.argv[1])
read = time.process_time()
plan = pb.Validate(rows)
for name, described in asked["columns"].items():
    if not described["nullable"]:
        plan = plan.col_vals_not_null(columns=name)
    if "pattern" in described:
        plan = plan.col_vals_regex(columns=name, pattern=described["pattern"], na_pass=True)
    if "one_of" in described:
        plan = plan.col_vals_in_set(columns=name, set=[*described["one_of"], None])
    if "least" in described:
        plan = plan.col_vals_ge(columns=name, value=described["least"], na_pass=True)
relator = pl.col("relator").fill_null("eq")
two = pl.col("value").str.contains("/", literal=True) == (relator == "between")
plan = plan.col_vals_expr(expr=two.fill_null(value=True))
plan = plan.col_vals_expr(expr=pl.col("precision").is_null() | relator.is_in(["eq", "approx"]))
plan = plan.rows_distinct(columns_subset=asked["unique"])
done = plan.interrogate(get_first_n=1_000_000)
found = sum(done.n_failed().values())
print(json.dumps({"read": read - start, "validate": time.process_time() - read, "found": found}))
