# /// script
# requires-python = ">=3.11"
# dependencies = ["vtlengine==1.9.6"]
# ///
"""The sums of judge_rules as hierarchical rulesets of VTL, with vtlengine. Run by judge_rules:
NUMBERS.parquet RULES.json.
"""

import json
import sys
import time
from pathlib import Path

import pandas as pd
from vtlengine import run

RULE = """
define hierarchical ruleset sum_{form} (quantity rule item) is {rules} end hierarchical ruleset;
judged_{form} <- check_hierarchy({form}, sum_{form} rule item non_null all);
"""
STRUCTURE = [
    {"name": "place", "type": "String", "role": "Identifier", "nullable": False},
    {"name": "item", "type": "String", "role": "Identifier", "nullable": False},
    {"name": "value", "type": "Number", "role": "Measure", "nullable": True},
]

rules = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
numbers = pd.read_parquet(sys.argv[1])
stated = {form: rows.drop(columns="form") for form, rows in numbers.groupby("form")}
start = time.process_time()
found = run(
    script="".join(
        RULE.format(form=form, rules="; ".join(listed)) for form, listed in rules.items()
    ),
    data_structures={"datasets": [{"name": form, "DataStructure": STRUCTURE} for form in stated]},
    datapoints=stated,
    return_only_persistent=False,
)
seconds = time.process_time() - start
print(
    json.dumps(
        {"seconds": seconds, "judged": sum(len(found[f"judged_{form}"].data) for form in stated)}
    )
)
