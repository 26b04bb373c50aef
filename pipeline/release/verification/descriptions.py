"""Whether what a release says of its files is so: datapackage.json, and what Parquet files say of themselves.

Belongs here: descriptions that a program reads. Does not belong here: prose, or the hashes of SHA256SUMS (listed_files).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.release.opened import PACKAGE, Damaged, Opened, leads_out, read_package
from pipeline.release.verification.failure import Failure, table_file
from pipeline.release.verification.tables import FACTS_FILE, Read
from schemas.tables import FACTS, RELEASE_TABLES

LOGICAL = "logical_sha256"


def parquet_tells_its_hash(read: Read) -> list[Failure]:
    """Return a failure for each Parquet file that tells of other values than it holds."""
    told = {name: read.metadata[name].get(LOGICAL) for name in read.tables}
    return [
        Failure(table_file(name), "wrong_hash", f"says {LOGICAL} {told[name]}; its values have {digest}")
        for name, digest in read.logical.items()
        if told[name] not in {None, digest}
    ]


def package_agrees(opened: Opened, measured: Mapping[str, tuple[str, int]], read: Read) -> list[Failure]:
    """Return a failure where datapackage.json, if it is there, and a file disagree.

    `measured` has the SHA-256 and the size of each file.
    """
    if PACKAGE not in opened.names:
        return []
    try:
        resources = read_package(opened)
    except Damaged as error:
        return [Failure(PACKAGE, "unreadable_file", str(error))]
    wrong = [message for entry in resources for message in _resource(entry, measured, read.logical)]
    files = {FACTS_FILE, *(f"tables/{name}.{ending}" for name in RELEASE_TABLES for ending in ("csv", "parquet"))}
    wrong += [f"does not describe {file}" for file in sorted(files - {str(entry["path"]) for entry in resources})]
    return [Failure(PACKAGE, "description_differs", message) for message in wrong]


def _resource(entry: Mapping[str, Any], measured: Mapping[str, tuple[str, int]], logical: Mapping[str, str]) -> Iterator[str]:
    path = str(entry["path"])
    if leads_out(path) or path not in measured:
        yield f"describes {path!r}, which is not there"
        return
    sha256, size = measured[path]
    table = path.removeprefix("tables/").partition(".")[0]
    schema = FACTS if path == FACTS_FILE else RELEASE_TABLES.get(table)
    expected = {"hash": f"sha256:{sha256}", "bytes": size, LOGICAL: logical.get(table)}
    for name, value in expected.items():
        if entry.get(name, value) != value and value is not None:
            yield f"says that the {name} of {path} is {entry[name]}; it is {value}"
    if schema is None:
        return
    described = entry.get("schema")
    told = described if isinstance(described, dict) else {}
    fields = told.get("fields")
    columns = [field.get("name") for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []
    if columns != list(schema.columns):
        yield f"says that {path} has the columns {', '.join(map(str, columns))}; it has {', '.join(schema.columns)}"
    if told.get("primaryKey") != schema.unique:
        yield f"says that the key of {path} is {told.get('primaryKey')}; it is {schema.unique}"
