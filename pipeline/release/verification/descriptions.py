"""Whether what a release says of its files is so: datapackage.json, and what Parquet files say of themselves.

Belongs here: descriptions that a program reads. Does not belong here: prose, or the hashes of SHA256SUMS (listed_files).
"""

from collections.abc import Iterator

from pipeline.release.opened import PACKAGE, leads_out
from pipeline.release.package import Resource
from pipeline.release.verification.contents import FACTS_FILE, Contents
from pipeline.release.verification.failure import Failure, table_file

LOGICAL = "logical_sha256"


def parquet_tells_its_hash(contents: Contents) -> list[Failure]:
    """Return a failure for each Parquet file that tells of other values than it holds."""
    return [
        Failure(table_file(name), "wrong_hash", f"says {LOGICAL} {said}; its values have {digest}")
        for name, digest in contents.logical.items()
        if (said := contents.metadata[name].get(LOGICAL, digest)) != digest
    ]


def package_agrees(contents: Contents) -> list[Failure]:
    """Return a failure where datapackage.json and a file disagree; without it, what the files are is not described."""
    if PACKAGE not in contents.opened.names:
        return [Failure(PACKAGE, "missing_file", "is not there; a release has this file")]
    resources, opened = contents.package.resources, contents.opened
    files = [(name, ending) for name in contents.schemas for ending in ("csv", "parquet") if name != "facts"]
    known = {FACTS_FILE, *(table_file(*file) for file in files)}
    there = {table_file(name, ending) for ending in ("csv", "parquet") for name in opened.tables(ending)}
    described = {resource.path for resource in resources}
    wrong = [message for resource in resources for message in _wrong(resource, contents)]
    wrong += [f"does not describe {file}" for file in sorted((known | there) - described)]
    wrong += [f"describes {file}, which is no table that this program can check" for file in sorted(described - known)]
    return [Failure(PACKAGE, "description_differs", message) for message in wrong]


def _wrong(resource: Resource, contents: Contents) -> Iterator[str]:
    path, schema = resource.path, contents.schemas.get(resource.name)
    if leads_out(path) or path not in contents.hashes:
        yield f"describes {path!r}, which is not there"
        return
    sha256, size = contents.hashes[path]
    found = {"hash": f"sha256:{sha256}", "bytes": size, LOGICAL: contents.logical.get(resource.name)}
    if schema is not None:
        found |= {"columns": list(schema.columns), "key": schema.unique or []}
    for name, value in found.items():
        said = getattr(resource, name)
        if said is not None and value is not None and said != value:
            yield f"says that the {name} of {path} is {said}; it is {value}"
