"""Whether the files of a release are those that SHA256SUMS lists, to the bit, and no others.

Belongs here: names and hashes. Does not belong here: what the files hold.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.release.opened import HASHES, Damaged, Opened, leads_out, reason
from pipeline.release.verification.failure import Failure

_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


def zip_is_whole(path: Path) -> list[Failure]:
    """Return a failure where a zip has a file with its hash beside it, and another hash or name."""
    beside = path.with_name(f"{path.name}.sha256")
    if path.is_dir() or not beside.exists():
        return []
    try:
        with path.open("rb") as file:
            found = Opened(path, frozenset(), {}, lambda _: file).measure(path.name)[0]
        line = beside.read_bytes()
    except (OSError, Damaged) as error:
        return [Failure(beside.name, "unreadable_file", f"cannot be compared with the zip ({reason(error)})")]
    if line != f"{found}  {path.name}\n".encode():
        expected = f"is not the line for this zip, whose SHA-256 is {found}: the download is damaged, or another zip's"
        return [Failure(beside.name, "wrong_hash", expected)]
    return []


def measured(opened: Opened) -> tuple[dict[str, tuple[str, int]], list[Failure]]:
    """Return the SHA-256 and the size of each file, and a failure for each that cannot be read or is not safe to."""
    found, failures = {}, [Failure(name, "unsafe_path", why) for name, why in opened.refused.items()]
    for name in sorted(opened.names):
        try:
            found[name] = opened.measure(name)
        except Damaged as error:
            failures.append(Failure(name, "unreadable_file", str(error)))
    return found, failures


def hashes_hold(opened: Opened, found: dict[str, tuple[str, int]]) -> list[Failure]:
    """Return a failure for each file that is missing, not listed, or not the one listed; `found` is what `measured` gives."""
    if HASHES not in opened.names:
        return [Failure(HASHES, "missing_file", "is not there, so that no file can be told from a changed one")]
    try:
        text = opened.read(HASHES).decode()
    except (Damaged, UnicodeDecodeError) as error:
        return [Failure(HASHES, "unreadable_file", f"cannot be read as UTF-8 ({reason(error)})")]
    listed: dict[str, str] = {}
    failures = list(_read(text, listed))
    unlisted = sorted(opened.names - listed.keys() - {HASHES})
    failures += [Failure(name, "unlisted_file", f"is not in {HASHES}") for name in unlisted]
    for name, digest in listed.items():
        if leads_out(name):
            failures.append(Failure(HASHES, "unsafe_path", f"{name!r} leads out of the release's folder"))
        elif name not in opened.names | opened.refused.keys():
            failures.append(Failure(name, "missing_file", f"is not there; {HASHES} lists it"))
        elif name in found and found[name][0] != digest:
            failures.append(Failure(name, "wrong_hash", f"has the SHA-256 {found[name][0]}; {HASHES} has {digest}"))
    return failures


def _read(text: str, listed: dict[str, str]) -> Iterator[Failure]:
    """Fill in the hash of each file listed; yield what is wrong with the lines."""
    lines = text.split("\n")
    if lines.pop():
        yield Failure(HASHES, "malformed_line", "does not end with a whole line")
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None:
            yield Failure(HASHES, "malformed_line", f"line {number} is not a SHA-256, two spaces and a name: {line[:100]!r}")
        elif match[2] in listed:
            yield Failure(HASHES, "malformed_line", f"line {number} lists {match[2]!r} again")
        else:
            listed[match[2]] = match[1]
