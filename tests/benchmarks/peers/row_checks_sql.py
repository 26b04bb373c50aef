# /// script
# requires-python = ">=3.11"
# dependencies = ["duckdb==2.0.0"]
# ///
"""The checks of validate_rows as SQL, in DuckDB. Run by validate_rows: FILE.parquet CHECKS.json."""

import json
import sys
import time
from pathlib import Path

import duckdb

asked = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
checks = {
    "between": "coalesce(contains(value, '/') <> (coalesce(relator, 'eq') = 'between'), false)",
    "precision": "precision IS NOT NULL AND coalesce(relator, 'eq') NOT IN ('eq', 'approx')",
}
for name, described in asked["columns"].items():
    if not described["nullable"]:
        checks[f"{name} null"] = f"{name} IS NULL"
    if "pattern" in described:
        checks[f"{name} pattern"] = (
            f"coalesce(NOT regexp_matches({name}, '{described['pattern']}'), false)"
        )
    if "one_of" in described:
        codes = ", ".join(f"'{code}'" for code in described["one_of"])
        checks[f"{name} code"] = f"coalesce({name} NOT IN ({codes}), false)"
    if "least" in described:
        checks[f"{name} least"] = f"coalesce({name} < {described['least']}, false)"
key = ", ".join(asked["unique"])

start = time.process_time()
con = duckdb.connect()
con.execute("CREATE TABLE observations AS FROM read_parquet($file)", {"file": sys.argv[1]})
read = time.process_time()
counts = ", ".join(f"count(*) FILTER (WHERE {check})" for check in checks.values())
# of the schema's checks
found = sum(con.sql(f"SELECT {counts} FROM observations").fetchall()[0])  # noqa: S608
any_failed = " OR ".join(checks.values())
# likewise
failed = con.sql(f"SELECT * FROM observations WHERE {any_failed}").fetchall()  # noqa: S608
twice = con.sql(
    f"SELECT {key}, count(*) FROM observations GROUP BY ALL HAVING count(*) > 1"  # noqa: S608
).fetchall()
found += sum(row[-1] for row in twice)
print(json.dumps({"read": read - start, "validate": time.process_time() - read, "found": found}))
