"""Whether the files of a release are those that SHA256SUMS lists, to the bit, and no others.

Belongs here: names and hashes. Does not belong here: what the files hold.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline.durable import file_hash
from pipeline.release.opened import HASHES, PACKAGE, hashes_in, leads_out, lines_of, reason
from pipeline.release.verification.contents import Contents, attempt
from pipeline.release.verification.failure import Failure


def zip_is_whole(path: Path) -> list[Failure]:
    """Return a failure where a zip has a file with its hash beside it, and another hash or name."""
    beside = path.with_name(f"{path.name}.sha256")
    if path.is_dir() or not beside.exists():
        return []
    try:
        found, line = file_hash(path), beside.read_bytes()
    except OSError as error:
        return [
            Failure(
                beside.name, "unreadable_file", f"cannot be compared with the zip ({reason(error)})"
            )
        ]
    if line != f"{found}  {path.name}\n".encode():
        expected = (
            f"is not the line for this zip, whose SHA-256 is {found}: the download is "
            "damaged, or another zip's"
        )
        return [Failure(beside.name, "wrong_hash", expected)]
    return []


def hashes_hold(contents: Contents) -> list[Failure]:
    """Return a failure for each file that is missing, not listed, or not the one listed."""
    if HASHES not in contents.opened.names:
        return [
            Failure(
                HASHES,
                "missing_file",
                "is not there, so that no file can be told from a changed one",
            )
        ]
    failures: list[Failure] = []
    lines = attempt(failures, contents.opened.read, HASHES)
    if lines is None:
        return failures
    listed = hashes_in(lines)
    if lines != lines_of(listed):
        expected = (
            "has something else than lines of a SHA-256, two spaces and a name, each name once"
        )
        failures.append(Failure(HASHES, "malformed_line", expected))
    unlisted = sorted(contents.opened.names - listed.keys() - {HASHES})
    failures += [Failure(name, "unlisted_file", f"is not in {HASHES}") for name in unlisted]
    return [*failures, *_wrong(listed, contents)]


def _wrong(listed: dict[str, str], contents: Contents) -> Iterator[Failure]:
    there = contents.opened.names | contents.opened.refused.keys()
    for name, digest in listed.items():
        found = contents.hashes.get(name, digest)
        if leads_out(name):
            yield Failure(HASHES, "unsafe_path", f"{name!r} leads out of the release's folder")
        elif name not in there:
            yield Failure(name, "missing_file", f"is not there; {HASHES} lists it")
        elif found != digest:
            yield Failure(name, "wrong_hash", f"has the SHA-256 {found}; {HASHES} has {digest}")


def package_agrees(contents: Contents) -> list[Failure]:
    """Return a failure for each table's file of which datapackage.json has another hash, or none.

    Of a release that is made again this is no question: its datapackage.json is too.
    """
    failures: list[Failure] = []
    package = (
        attempt(failures, contents.opened.read, PACKAGE)
        if PACKAGE in contents.opened.names
        else b""
    )
    try:
        said = {
            resource["path"]: resource["hash"]
            for resource in json.loads(package or "{}")["resources"]
        }
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        return [
            *failures,
            Failure(
                PACKAGE,
                "unreadable_file",
                f"does not describe the tables of a release ({reason(error)})",
            ),
        ]
    held = {
        name: f"sha256:{digest}"
        for name, digest in contents.hashes.items()
        if name.endswith((".csv", ".parquet"))
    }
    wrong = sorted(name for name in {*said, *held} if said.get(name) != held.get(name))
    return failures + [
        Failure(
            PACKAGE, "description_differs", f"does not have the hash of {name}, or it is another"
        )
        for name in wrong
    ]
