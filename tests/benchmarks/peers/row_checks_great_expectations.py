# /// script
# requires-python = ">=3.11"
# dependencies = ["great-expectations==1.24.1", "pyarrow==26.0.1"]
# ///
"""The checks of validate_rows with Great Expectations. Run by validate_rows: FILE.parquet
CHECKS.json.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

asked = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
start = time.process_time()
rows = pd.read_parquet(sys.argv[1])
read = time.process_time()
relator = rows["relator"].fillna("eq")
two = rows["value"].str.contains("/", regex=False) == (relator == "between")
rows["two"] = two | rows["value"].isna()
rows["one"] = rows["precision"].isna() | relator.isin(["eq", "approx"])
expected = [
    gxe.ExpectColumnValuesToBeInSet(column=name, value_set=[True]) for name in ("two", "one")
]
for name, described in asked["columns"].items():
    if not described["nullable"]:
        expected.append(gxe.ExpectColumnValuesToNotBeNull(column=name))
    if "pattern" in described:
        expected.append(gxe.ExpectColumnValuesToMatchRegex(column=name, regex=described["pattern"]))
    if "one_of" in described:
        expected.append(gxe.ExpectColumnValuesToBeInSet(column=name, value_set=described["one_of"]))
    if "least" in described:
        expected.append(
            gxe.ExpectColumnValuesToBeBetween(column=name, min_value=described["least"])
        )
expected.append(gxe.ExpectCompoundColumnsToBeUnique(column_list=asked["unique"]))
context = gx.get_context(mode="ephemeral")
asset = context.data_sources.add_pandas("frames").add_dataframe_asset("rows")
batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": rows})
suite = gx.ExpectationSuite(name="rows", expectations=expected)
done = batch.validate(suite, result_format="SUMMARY")
found = sum(result.result.get("unexpected_count", 0) for result in done.results)
print(json.dumps({"read": read - start, "validate": time.process_time() - read, "found": found}))
