"""Check folders on a Spark cluster, and write all that comes of it: every table, and the rest as
JSON.

Runs in an environment of its own, with the extra `spark`: python -m tests.spark.write_tables URL
OUT RAW ...
"""

import argparse
import json
from functools import partial
from pathlib import Path

from pipeline import fact_steps
from pipeline.check import Checked, check_tables
from pipeline.engine import cluster_at
from pipeline.evidence.text_parts import read_in_parts
from pipeline.parts import Parts
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import RawFolder


def main() -> None:
    """Write a folder for each raw folder, by its name."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("out", type=Path)
    parser.add_argument("raws", type=Path, nargs="+")
    chosen = parser.parse_args()
    vars(fact_steps)["read_in_parts"] = partial(
        read_in_parts, most=2000
    )  # so that there are several parts
    parts = Parts(workers=cluster_at(chosen.url))
    for raw in chosen.raws:
        folder = chosen.out / raw.name
        folder.mkdir(parents=True)
        checked = check_tables(RawTables(RawFolder(raw, parts=parts)))
        for name, table in checked.tables.items():
            table.write_parquet(folder / f"{name}.parquet")
        (folder / "rest.json").write_text(rest(checked), encoding="utf-8")


def rest(checked: Checked) -> str:
    """Return what is found beside the tables."""
    found = {
        name: [str(defect) for defect in getattr(checked, name)]
        for name in ("defects", "unacknowledged")
    }
    return json.dumps({**found, "remarks": checked.remarks, "tables": list(checked.tables)})


if __name__ == "__main__":
    main()
