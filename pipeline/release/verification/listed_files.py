"""Whether the files of a release are those that SHA256SUMS lists, to the bit, and no others.

Belongs here: names and hashes. Does not belong here: what the files hold (remade).
"""

from collections.abc import Mapping
from pathlib import Path

from pipeline.durable import file_hash
from pipeline.release.opened import (
    HASHES,
    Damaged,
    Opened,
    hashes_in,
    leads_out,
    lines_of,
    reason,
)
from pipeline.release.verification.failure import Failure, of_each


def zip_is_whole(path: Path) -> list[Failure]:
    """Return a failure where a zip has a file with its hash beside it, and another hash or name."""
    beside = path.with_name(f"{path.name}.sha256")
    if path.is_dir() or not beside.exists():
        return []
    try:
        with beside.open("rb") as file:
            found, line = file_hash(path), file.read(1000)
    except OSError as error:
        why = f"cannot be compared with the zip ({reason(error)})"
        return [Failure(beside.name, "unreadable_file", why)]
    if line == f"{found}  {path.name}\n".encode():
        return []
    why = (
        f"is not the line for this zip, whose SHA-256 is {found}: the download is damaged, or "
        "another zip's"
    )
    return [Failure(beside.name, "wrong_hash", why)]


def measured(opened: Opened) -> tuple[dict[str, str], list[Failure]]:
    """Return the SHA-256 of each file, and a failure for each that cannot be read or is not safe
    to.
    """
    hashes, failures = {}, []
    for why in sorted(set(opened.refused.values())):
        failures += of_each(
            (name for name, said in opened.refused.items() if said == why), "unsafe_path", why
        )
    for name in sorted(opened.names):
        try:
            hashes[name] = opened.measure(name)
        except Damaged as error:
            failures.append(Failure(name, "unreadable_file", str(error)))
    return hashes, failures


def hashes_hold(opened: Opened, hashes: Mapping[str, str]) -> list[Failure]:
    """Return a failure for each file that is missing, not listed, or not the one listed; `hashes`
    are those of the files that can be read.
    """
    if HASHES not in opened.names:
        why = "is not there, so that no file can be told from a changed one"
        return [Failure(HASHES, "missing_file", why)]
    try:
        lines = opened.read(HASHES)
    except Damaged as error:
        return [Failure(HASHES, "unreadable_file", str(error))]
    listed = hashes_in(lines)
    outside = sorted(filter(leads_out, listed))
    failures = []
    if outside:
        why = f"{outside[0]!r} leads out of the release's folder; expected names such as facts.csv"
        failures.append(Failure(HASHES, "unsafe_path", why))
    if lines != lines_of(listed):
        why = "has something else than lines of a SHA-256, two spaces and a name, each name once"
        failures.append(Failure(HASHES, "malformed_line", why))
    missing = listed.keys() - {*outside} - opened.names - opened.refused.keys()
    return [
        *failures,
        *of_each(missing, "missing_file", f"is not there; {HASHES} lists it"),
        *of_each(opened.names - listed.keys() - {HASHES}, "unlisted_file", f"is not in {HASHES}"),
        *(
            Failure(name, "wrong_hash", f"has the SHA-256 {hashes[name]}; {HASHES} has {digest}")
            for name, digest in listed.items()
            if hashes.get(name, digest) != digest
        ),
    ]
