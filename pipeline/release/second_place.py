"""Copy a release to a second place, named by a URL: a folder, S3, Google Cloud Storage, Azure or
HDFS.

Belongs here: what is put there, in which order, and that what was published there stays as it is.
Does not belong here: what a release holds (release). pyarrow reaches all these places and is here
anyway; fsspec, which also knows others, takes a package for each, with errors of its own.
"""

import hashlib
import mimetypes
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
from pyarrow.fs import FileSystem, FileType, SubTreeFileSystem

from pipeline.defects import Defect
from pipeline.durable import file_hash
from pipeline.release.opened import HASHES, hashes_in, reason
from pipeline.release.versions import FILE

UNREACHABLE = (pa.ArrowException, OSError, ValueError)
"""What a URL, or the place that it names, can raise."""

_CREDENTIALS = re.compile(r"://([^/?#:]*:.+)@", re.DOTALL)
"""USER:PASSWORD in a URL, also where the password holds a slash or the like, so that the URL is
read as another one or not.
"""

_TELLING = 4
"""Characters from which a part of credentials is hidden also where it stands alone."""


@dataclass(frozen=True)
class Copied:
    """Where a release stands in a second place, whether it was put there now, and what stands
    against it.
    """

    place: str
    is_new: bool
    defects: list[Defect]

    @property
    def summary(self) -> str:
        """What was done, in a sentence."""
        if self.defects:
            return f"Not copied to {self.place}: see above."
        return (
            f"{'Copied to' if self.is_new else 'Unchanged: the release stands whole in'} "
            f"{self.place}"
        )


def copy_release(folder: Path, url: str) -> Copied:
    """Put the release in a folder, and the zip beside it, into the place that a URL names, under
    its version.

    SHA256SUMS comes last, when all else was read back there and has its hash: who finds it finds
    everything. What a copy that was cut off left there is finished; a release that is whole there
    is read, and never written again. Nothing is deleted. Whatever is wrong with the URL or the
    place is a defect.
    """
    place = f"{without_secrets(url, url).rstrip('/')}/{folder.name}"
    try:
        files, path = FileSystem.from_uri(url)
        return _copied(folder, SubTreeFileSystem(path, files), place)
    except UNREACHABLE as error:
        why = without_secrets(reason(error), url)
        return _refused(
            folder,
            place,
            "unreachable_place",
            f"a place to copy it to; {place} cannot be read or written: {why}",
        )


def _copied(folder: Path, there: FileSystem, place: str) -> Copied:
    last = f"{folder.name}/{HASHES}"
    ours, theirs = (folder / HASHES).read_bytes(), _content(there, last)
    listed = hashes_in(ours)
    if not ours.startswith(
        theirs
    ):  # one that breaks off was being written when the copy was cut off
        names = {name for name, _ in listed.items() ^ hashes_in(theirs).items()}
        expected = (
            f"the release that was published in {place}; these files differ: "
            f"{', '.join(sorted(names))}"
        )
        return _refused(folder, place, "published_otherwise", expected)
    hashes = {f"{folder.name}/{name}": digest for name, digest in listed.items()}
    is_new = theirs != ours
    if is_new:
        zipped = [folder.with_name(f"{folder.name}.{ending}") for ending in ("zip", "zip.sha256")]
        hashes |= {path.name: file_hash(path) for path in zipped if path.is_file()}
        differing = _put(folder.parent, there, hashes) or _put(
            folder.parent, there, {last: file_hash(folder / HASHES)}
        )
    else:
        differing = _differing(there, hashes)
    if differing:
        expected = (
            f"to read it in {place} as it was written; without its {HASHES} there the "
            "next copy writes these files again"
        )
        return _refused(
            folder, place, "damaged_copy", f"{expected}: {', '.join(sorted(differing))}"
        )
    return Copied(place, is_new, defects=[])


def _content(there: FileSystem, name: str) -> bytes:
    """Return what a file holds; nothing where there is none."""
    if there.get_file_info(name).type is not FileType.File:
        return b""
    with there.open_input_file(name) as file:
        return bytes(file.read())


def _differing(there: FileSystem, hashes: Mapping[str, str]) -> list[str]:
    """Return those of some files, by name with their SHA-256, that do not stand there with it."""
    return [name for name, digest in hashes.items() if _hash(there, name) != digest]


def _hash(there: FileSystem, name: str) -> str:
    if there.get_file_info(name).type is not FileType.File:
        return ""
    with there.open_input_file(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put(folder: Path, there: FileSystem, hashes: Mapping[str, str]) -> list[str]:
    """Write those files of a folder that do not stand there yet, and return those that read back as
    others.
    """
    missing = _differing(there, hashes)
    for parent in sorted({name.rpartition("/")[0] for name in missing} - {""}):
        there.create_dir(parent)
    for name in missing:
        about = {
            "Content-Type": mimetypes.guess_type(name)[0] or "application/octet-stream"
        }  # browsers show it by that
        with (
            (folder / name).open("rb") as original,
            there.open_output_stream(name, compression=None, metadata=about) as copy,
        ):
            shutil.copyfileobj(original, copy)
    return _differing(there, hashes)


def _refused(folder: Path, place: str, code: str, expected: str) -> Copied:
    return Copied(
        place, is_new=False, defects=[Defect(FILE, 1, "version", code, folder.name, expected)]
    )


def without_secrets(text: str, url: str) -> str:
    """Return what is said of a URL without its credentials and its query, and without the query of
    any other.
    """
    secrets = [url.partition("?")[2]]
    if found := _CREDENTIALS.search(url):
        parts = [part for part in re.split("[:/?#@]", found[1]) if len(part) >= _TELLING]
        secrets = [found[1], *secrets, *sorted(parts, key=len, reverse=True)]
    for secret in filter(None, secrets):
        text = text.replace(secret, "***").replace(unquote(secret), "***")
    return re.sub(r"\?[^\s'\"]*", "", text)
