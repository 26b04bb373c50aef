"""Folders of object storage, by their URLs: brought here before the work; releases are put there after it.

Belongs here: `--raw` and `--outputs` where these are URLs (s3://, gs://, abfs://, hdfs://, file:///). Does not belong here: what
of a release is written in which order (second_place), or the work, which knows folders on disk alone.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.unusable import Unusable

if TYPE_CHECKING:
    from pipeline.release.second_place import Copied

RELEASES = "releases"


def is_url(folder: str) -> bool:
    """Return whether a folder is named by a URL."""
    return "://" in folder


def named(folder: str) -> str:
    """Return the folder as it may be printed: a path, or a URL without the secrets in it."""
    if not is_url(folder):
        return Path(folder).as_posix()
    from pipeline.release.second_place import without_secrets  # noqa: PLC0415 (so that a check of a folder on disk starts fast)

    return without_secrets(folder, folder).rstrip("/")


@contextmanager
def at_hand(raw: str, outputs: str) -> Iterator[tuple[Path, Path]]:
    """Give raw/ and outputs/ as folders on disk; of those that are URLs, copies, which are gone afterwards.

    Of outputs/ only the releases are brought, since those published stay as they are. Raises Unusable for a URL that leads to
    no folder.
    """
    with tempfile.TemporaryDirectory(prefix="facts-") as folder:
        here = {"raw": Path(raw), "outputs": Path(outputs)}
        if is_url(raw):
            here["raw"] = Path(folder, "raw")
            if not _brought(raw, "", here["raw"]):
                raise Unusable(f"{named(raw)}: no folder is there; expected one with codelists/ and one for each source")
        if is_url(outputs):
            here["outputs"] = Path(folder, "outputs")
            from pipeline.release.opened import HASHES  # noqa: PLC0415 (see named)

            _brought(outputs, RELEASES, here["outputs"] / RELEASES)
            for release in (here["outputs"] / RELEASES).iterdir():
                if release.is_dir() and not (release / HASHES).exists():  # a copy that was cut off: it is put there again
                    shutil.rmtree(release)
        yield here["raw"], here["outputs"]


def _brought(url: str, below: str, folder: Path) -> bool:
    """Copy all files of a folder, or of one below it, to a new one here; return whether it is there."""
    from pyarrow.fs import FileSystem, FileType, LocalFileSystem, copy_files  # noqa: PLC0415 (see named)

    from pipeline.release.opened import reason  # noqa: PLC0415 (likewise)
    from pipeline.release.second_place import UNREACHABLE, without_secrets  # noqa: PLC0415 (likewise)

    folder.mkdir(parents=True)
    try:
        files, path = FileSystem.from_uri(url)
        source = f"{path.rstrip('/')}/{below}".rstrip("/")
        if files.get_file_info(source).type is not FileType.Directory:
            return False
        copy_files(source, str(folder), source_filesystem=files, destination_filesystem=LocalFileSystem())
    except UNREACHABLE as error:
        raise Unusable(f"{named(url)} cannot be read: {without_secrets(reason(error), url)}") from error
    return True


def put_release(release: Path, outputs: str) -> "Copied":
    """Put a release into the outputs that a URL names, where it becomes visible with its last file (see copy_release)."""
    from pipeline.release.second_place import copy_release  # noqa: PLC0415 (see named)

    address, question, options = outputs.partition("?")
    return copy_release(release, f"{address.rstrip('/')}/{RELEASES}{question}{options}")
