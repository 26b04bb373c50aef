"""Copy a release to a second place, named by a URL: a folder, S3, Google Cloud Storage, Azure or HDFS.

Belongs here: what is put there, in which order, and that what was published there stays as it is. Does not belong here: what a
release holds (release). pyarrow reaches all these places and is here anyway; fsspec, which also knows others, takes a package
for each, with errors of its own.
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
from pyarrow.fs import FileSystem, FileType

from pipeline.defects import Defect
from pipeline.release.durable import file_hash
from pipeline.release.opened import HASHES, open_release, reason
from pipeline.release.release import tampered
from pipeline.release.versions import FILE

UNREACHABLE = (pa.ArrowException, OSError, ValueError)
"""What a URL, or the place that it names, can raise."""

_CREDENTIALS = re.compile(r"://([^/?#:]*:.+)@", re.DOTALL)
"""USER:PASSWORD in a URL, also where the password holds a slash or the like, so that the URL is read as another one or not."""

_TELLING = 4
"""Characters from which a part of credentials is hidden also where it stands alone."""


@dataclass(frozen=True)
class Copied:
    """Where a release stands in a second place, whether it was put there now, and what stands against it."""

    place: str
    is_new: bool
    defects: list[Defect]

    @property
    def summary(self) -> str:
        """What was done, in a sentence."""
        if self.defects:
            return f"Not copied to {self.place}: see above."
        return f"{'Copied to' if self.is_new else 'Unchanged: the release stands whole in'} {self.place}"


def copy_release(folder: Path, url: str) -> Copied:
    """Put the release in a folder, and the zip beside it, into the place that a URL names, under its version.

    SHA256SUMS comes last, when all else was read back there and has its hash: who finds it finds everything. What a copy
    that was cut off left there is finished; a release that is whole there is read, and never written again. Nothing is
    deleted. Raises NotARelease for the folder; whatever is wrong with the URL or the
    place is a defect.
    """
    open_release(folder)
    place = f"{without_secrets(url, url).rstrip('/')}/{folder.name}"
    if defects := tampered(folder):
        return Copied(place, is_new=False, defects=defects)
    try:
        files, path = FileSystem.from_uri(url)
        return _copied(folder, _Place(files, path.rstrip("/")), place)
    except UNREACHABLE as error:
        why = without_secrets(reason(error), url)
        return _refused(folder, place, "unreachable_place", f"a place to copy it to; {place} cannot be read or written: {why}")


@dataclass(frozen=True)
class _Place:
    """A folder somewhere; its files go by their names below it."""

    files: FileSystem
    path: str

    def content(self, name: str) -> bytes:
        """Return what a file holds; nothing where there is none."""
        path = f"{self.path}/{name}"
        if self.files.get_file_info(path).type is FileType.NotFound:
            return b""
        with self.files.open_input_file(path) as file:
            return bytes(file.read())

    def differing(self, hashes: Mapping[str, str]) -> dict[str, str]:
        """Return those of some files, by name with their SHA-256, that do not stand here with it."""
        return {name: digest for name, digest in hashes.items() if self._hash(f"{self.path}/{name}") != digest}

    def _hash(self, path: str) -> str:
        if self.files.get_file_info(path).type is not FileType.File:
            return ""
        with self.files.open_input_file(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def put(self, folder: Path, hashes: Mapping[str, str]) -> dict[str, str]:
        """Write those files of a folder that do not stand here yet, and return those that read back as others."""
        missing = self.differing(hashes)
        for parent in sorted({f"{self.path}/{name}".rpartition("/")[0] for name in missing}):
            self.files.create_dir(parent)
        for name in missing:
            path = f"{self.path}/{name}"
            about = {"Content-Type": mimetypes.guess_type(name)[0] or "application/octet-stream"}  # browsers show it by that
            with (
                (folder / name).open("rb") as original,
                self.files.open_output_stream(path, compression=None, metadata=about) as copy,
            ):
                shutil.copyfileobj(original, copy)
        return self.differing(hashes)


def _copied(folder: Path, there: _Place, place: str) -> Copied:
    last = f"{folder.name}/{HASHES}"
    ours, theirs = (folder / HASHES).read_bytes(), there.content(last)
    if not ours.startswith(theirs):  # one that breaks off was being written when the copy was cut off
        names = {line[66:] for line in {*_lines(ours)} ^ {*_lines(theirs)}}
        expected = f"the release that was published in {place}; these files differ: {', '.join(sorted(names))}"
        return _refused(folder, place, "published_otherwise", expected)
    hashes = {f"{folder.name}/{line[66:]}": line[:64] for line in _lines(ours)}
    is_new = theirs != ours
    if is_new:
        zipped = [folder.with_name(f"{folder.name}.{ending}") for ending in ("zip", "zip.sha256")]
        hashes |= {path.name: file_hash(path) for path in zipped if path.is_file()}
        differing = there.put(folder.parent, hashes) or there.put(folder.parent, {last: file_hash(folder / HASHES)})
    else:
        differing = there.differing(hashes)
    if differing:
        expected = f"to read it in {place} as it was written; without its {HASHES} there the next copy writes these files again"
        return _refused(folder, place, "damaged_copy", f"{expected}: {', '.join(sorted(differing))}")
    return Copied(place, is_new, defects=[])


def _refused(folder: Path, place: str, code: str, expected: str) -> Copied:
    return Copied(place, is_new=False, defects=[Defect(FILE, 1, "version", code, folder.name, expected)])


def _lines(hashes: bytes) -> list[str]:
    return hashes.decode(errors="replace").splitlines()


def without_secrets(text: str, url: str) -> str:
    """Return what is said of a URL without its credentials and its query, and without the query of any other."""
    secrets = [url.partition("?")[2]]
    if found := _CREDENTIALS.search(url):
        parts = [part for part in re.split("[:/?#@]", found[1]) if len(part) >= _TELLING]
        secrets = [found[1], *secrets, *sorted(parts, key=len, reverse=True)]
    for secret in filter(None, secrets):
        text = text.replace(secret, "***").replace(unquote(secret), "***")
    return re.sub(r"\?[^\s'\"]*", "", text)
