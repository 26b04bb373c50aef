# /// script
# requires-python = ">=3.11"
# dependencies = ["highspy==1.15.1"]
# ///
"""One smallest set of facts to blame, by a mixed-integer programme, with HiGHS. Run by
localise_errors: PROBLEMS.json.

Fellegi and Holt's principle with a binary for each fact, as is usual: 0 leaves the fact as stated,
1 lets it be any number that is not too far, which makes the programme as easy as it can be.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import highspy


def fewest_wrong(problem: dict[str, Any]) -> int:
    """Return how many facts are wrong at least; `values` by fact, `sums` as (whole, parts)."""
    highs = highspy.Highs()
    highs.silent()
    far = 10 * max(problem["values"])
    facts = [highs.addVariable(0, far) for _ in problem["values"]]
    wrong = [highs.addBinary(obj=1) for _ in problem["values"]]
    for value, fact, one in zip(problem["values"], facts, wrong, strict=True):
        highs.addConstr(fact - far * one <= value)
        highs.addConstr(fact + far * one >= value)
    for whole, parts in problem["sums"]:
        highs.addConstr(highs.qsum([facts[part] for part in parts]) - facts[whole] == 0)
    highs.run()
    fewest: float = highs.getInfo().objective_function_value
    return round(fewest)


told = []
for asked in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
    start = time.process_time()
    weight = fewest_wrong(asked)
    told.append({"seconds": time.process_time() - start, "weight": weight})
print(json.dumps(told))
