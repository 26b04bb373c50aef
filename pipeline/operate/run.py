"""Build everything and publish it, for the command line: the steps that the assets are made from,
walked at once.

Belongs here: in which order a release comes about, and what stands against it. Does not belong
here: Dagster, whose assets keep the same tables in the same states, so that its UI shows what the
command line has built.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.built import Built
from pipeline.check import check_tables
from pipeline.defects import Defect
from pipeline.durable import DiskFull, has_no_room
from pipeline.operate.workspace import Workspace
from pipeline.parts import HERE, Parts
from pipeline.read.raw_folder import RELEASES_FILE
from pipeline.read.validate import not_as_described
from pipeline.release.database import FILE, build_database
from pipeline.release.release import publish, with_history
from pipeline.release.second_place import Copied, copy_release
from pipeline.unusable import Unusable
from schemas.tables import TABLES


@dataclass(frozen=True)
class Released:
    """What a run came to: the release, if there is one, or all that stands against it; and the
    paths of what was built.
    """

    released: Path | None
    summary: str
    defects: list[Defect] = field(default_factory=list)
    unacknowledged: list[Defect] = field(default_factory=list)
    is_unchanged: bool = False
    """Whether the release was there already, so that another run comes to the same."""
    built: dict[str, str] = field(default_factory=dict)


def run_release(
    raw: Path,
    outputs: Path,
    tell: Callable[[str], None],
    copy_to: str | None = None,
    reading: Parts = HERE,
) -> Released:
    """Build the DuckDB file and the release from `raw` into `outputs`, and `tell` what is being
    built.

    With defects nothing is written. The release is also copied to a URL, if one is named. Raises
    Unusable where the engine in use, or the place of the outputs, ends it, and DiskFull.
    """
    workspace = Workspace(raw, outputs, tell, reading=reading)
    try:
        with workspace.alone():
            released = _release(workspace)
            if copy_to is None or released.released is None:
                return released
            tell("copy")
            return _copied(released, copy_release(released.released, copy_to))
    except DiskFull:
        raise
    except (OSError, duckdb.Error, pa.ArrowException) as error:
        first = str(error).strip().partition("\n")[0]
        if has_no_room(error):
            raise DiskFull(f"the disk is full: {first}") from error
        raise Unusable(f"build_release ended with {type(error).__name__}: {first}") from error


def _release(workspace: Workspace) -> Released:
    states = workspace.states(workspace.parts())
    read, parts = workspace.read(), workspace.reading
    releases = read.given([RELEASES_FILE])[RELEASES_FILE].rows
    checked = check_tables(read, workspace.tell)
    misbuilt = [
        wrong
        for name, table in checked.tables.items()
        for wrong in not_as_described(table, TABLES[name], parts)
    ]
    if defects := checked.defects or misbuilt:
        return _refused(defects)
    for name, table in checked.tables.items():
        workspace.write_table(name, Built(table, [], checked.remarks), states[name])
    originals = read.raw.originals()
    if defects := workspace.out_of_date():  # raw/ has changed since
        return _refused(defects)
    workspace.tell(FILE)
    tables = with_history(checked.tables, workspace.outputs, releases)
    build_database(tables, workspace.outputs)
    database = {"database": str(workspace.outputs / FILE)}
    if checked.unacknowledged:
        return _refused([], checked.unacknowledged, database)
    workspace.tell("release")
    published = publish(tables, originals, workspace.outputs, releases, parts)
    if published.defects:
        return _refused(published.defects, [], database)
    folder = published.folder
    begin = (
        "Published" if published.is_new else "Unchanged: the published release is what raw/ builds,"
    )
    built = {"zip": f"{folder}.zip", **database, "page": f"{folder}/index.html"}
    is_unchanged = not published.is_new
    return Released(folder, f"{begin} {folder}", is_unchanged=is_unchanged, built=built)


def _copied(released: Released, copied: Copied) -> Released:
    """Return a release that was also copied to a second place."""
    return replace(
        released,
        released=None if copied.defects else released.released,
        summary=f"{released.summary}\n{copied.summary}",
        defects=copied.defects,
        is_unchanged=False,
    )


def _refused(
    defects: list[Defect],
    unacknowledged: list[Defect] | None = None,
    built: dict[str, str] | None = None,
) -> Released:
    return Released(
        None, "No release: see above.", defects, unacknowledged or [], built=built or {}
    )
