"""Check folders on a Spark cluster, and write all that comes of it: every table, and the rest as JSON.

Runs in an environment of its own, with the extra `spark`: python -m tests.spark.write_tables URL OUT RAW ...
"""

import json
import sys
from pathlib import Path

from pipeline.check import Checked, check
from pipeline.engine import use_cluster


def main() -> None:
    """Write a folder for each raw folder, by its name."""
    url, out, *raws = sys.argv[1:]
    use_cluster(url)
    for raw in map(Path, raws):
        folder = Path(out, raw.name)
        folder.mkdir(parents=True)
        checked = check(raw)
        for name, table in checked.tables.items():
            table.write_parquet(folder / f"{name}.parquet")
        (folder / "rest.json").write_text(rest(checked), encoding="utf-8")


def rest(checked: Checked) -> str:
    """Return what is found beside the tables."""
    found = {name: [str(defect) for defect in getattr(checked, name)] for name in ("defects", "unacknowledged")}
    return json.dumps({**found, "remarks": checked.remarks, "tables": list(checked.tables)})


if __name__ == "__main__":
    main()
