"""A history: from one integer, a folder raw/ and what happens to it, with what must be true after
each step.

Belongs here: which steps there are, and what each command must say in them. Does not belong here:
how a command is run or stopped (commands), what a curator does (edits), or what must be true after
any step (invariants).
"""

import json
import random
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pyarrow as pa
from polars.testing import assert_frame_equal

from pipeline import fact_steps
from pipeline.check import Checked, check_tables
from pipeline.evidence.text_parts import read_in_parts
from pipeline.fingerprint import code_version
from pipeline.kept import Kept
from pipeline.parts import Given, Parts, Work, done_row_by_row, unpacked
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import RELEASES_FILE, RawFolder
from tests.benchmarks.corpus.acknowledge import acknowledge
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.simulation import BLOCK
from tests.simulation.commands import (
    FULL,
    FULL_ONCE,
    GOES_ON,
    KILLED,
    Forks,
    Said,
    Stop,
    elsewhere,
    run,
)
from tests.simulation.edits import Curator
from tests.simulation.forgeries import forge
from tests.simulation.invariants import Stands, files_of

WORLDS = 3
"""So many folders raw/, each with a first release, does a block of histories begin with."""

WORK = 10
"""How long a history is: tenths of a second of the processor, about, after which no step begins."""

WAITS = "Another build is at work in outputs; this one waits for it.\n"


@dataclass
class History:
    """A folder with raw/ and outputs/, and what has happened there."""

    folder: Path
    size: Size
    draw: random.Random
    forks: Forks | None
    curator: Curator
    stands: Stands
    done: list[str] = field(default_factory=list)

    @property
    def raw(self) -> Path:
        return self.folder / "raw"

    @property
    def outputs(self) -> Path:
        return self.folder / "outputs"

    def facts(self, *arguments: str) -> Said:
        """Run a command, on some day in some zone."""
        with elsewhere(self.draw):
            return run(self.folder, *arguments)

    def newest(self) -> str:
        """The version that was published last."""
        return self.stands.versions[-1]


def begin(number: int, folder: Path, forks: Forks | None, worlds: Path) -> History:
    """Return the history of a number before its first step, in a new folder."""
    draw = random.Random(number)  # noqa: S311 (the same each time)
    seed = number // BLOCK * WORLDS + draw.randrange(WORLDS)
    sources = 1 + seed % 3
    size = Size(sources * (12 + seed % 5), sources, seed, contradictions=0.05 * (seed % 2))
    world = worlds / str(seed)
    if not world.exists():
        _first_release(world, size)
    shutil.copytree(world, folder, symlinks=True)
    curator = Curator(folder / "raw", world / "raw", draw)
    return History(folder, size, draw, forks, curator, Stands(folder))


def _first_release(world: Path, size: Size) -> None:
    write_corpus(world / "raw", size)
    (world / "tmp").mkdir()
    acknowledge(world / "raw")
    said = run(world, "release")
    assert said.out.startswith("Published outputs/releases/1.0.0\n"), said


def go_on(history: History, done: list[str]) -> None:
    """Let one step after another happen, and hold to be true what must be so after each; `done` is
    told of each.
    """
    history.done = done
    work = WORK
    weights = [step.weight for step in STEPS]
    while work > 0:
        (step,) = history.draw.choices(STEPS, weights)
        if step.needs_forks and history.forks is None:
            work -= step.work
            continue
        history.done.append(step.happens.__name__)
        step.happens(history)
        history.stands.hold()
        work -= step.work


def edit_and_check(history: History) -> None:
    """Whatever is edited, what is kept of the checks before gives what is computed from scratch, on
    other machines and in other parts; and the command says so.
    """
    if history.draw.random() < 0.3:
        undo(history)
    for _ in range(history.draw.choice((1, 1, 2, 3))):
        history.done.append(history.curator.edit())
    kept = _checked(history, Parts(kept=Kept(history.outputs / ".cache")))
    there = Parts(workers=_Elsewhere(history.draw))
    most = history.draw.choice((200, 1000, 10**6))
    with patch.object(fact_steps, "read_in_parts", partial(read_in_parts, most=most)):
        scratch = _checked(history, there)
    _assert_same(kept, scratch)
    history.curator.found = scratch.tables.get("findings")
    if history.draw.random() < 0.25:
        said = history.facts("check", "--format", "json")
        assert said.err == "", said
        answer = json.loads(said.out)
        assert answer["defects"] == [one.as_json("raw") for one in scratch.defects]
        assert said.status == (1 if scratch.defects or scratch.unacknowledged else 0), said


def _checked(history: History, parts: Parts) -> Checked:
    with elsewhere(history.draw):
        return check_tables(RawTables(RawFolder(history.raw, parts=parts)))


def _assert_same(kept: Checked, scratch: Checked) -> None:
    for name in ("defects", "unacknowledged", "remarks"):
        assert getattr(kept, name) == getattr(scratch, name), name
    assert kept.tables.keys() == scratch.tables.keys()
    for name, table in scratch.tables.items():
        assert_frame_equal(kept.tables[name], table)


class _Elsewhere(NamedTuple):
    """Other machines, which have their parts in any order and send them back as a cluster does."""

    draw: random.Random

    def run(self, work: Work, parts: Sequence[Given]) -> list[Any]:
        from pickle import dumps  # noqa: PLC0415 (what a cluster is sent)

        numbers = self.draw.sample(range(len(parts)), len(parts))
        sent = [
            pa.RecordBatch.from_pydict({"number": [number], "part": [dumps(parts[number])]})
            for number in numbers
        ]
        back = [
            row
            for batch in done_row_by_row(work, code_version(), iter(sent))
            for row in batch.to_pylist()
        ]
        assert [row["error"] for row in back] == [None] * len(parts)
        return [
            unpacked(row["content"]) for row in sorted(back, key=lambda row: int(row["number"]))
        ]


def undo(history: History) -> None:
    """Take all edits back; the history of releases stays."""
    releases = (history.raw / RELEASES_FILE).read_bytes()
    shutil.rmtree(history.raw)
    shutil.copytree(history.curator.sound, history.raw)
    (history.raw / RELEASES_FILE).write_bytes(releases)


def slips(history: History) -> None:
    """Every slip of a curator is found in its file, at its line and column."""
    raw = history.folder / "spoiled"
    seed = history.draw.randrange(10**6)
    corpus = write_corpus(raw, replace(history.size, seed=seed, slips=0.1))
    said = history.facts("check", "--format", "json", "--raw", "spoiled", "--no-cache")
    assert (said.status, said.err) == (1, ""), said
    found = [
        (one["file"].removeprefix("spoiled/"), one["line"], one["column"], one["code"])
        for one in json.loads(said.out)["defects"]
    ]
    planted = {(one.file, one.line, one.column, one.code) for one in corpus.slips}
    assert planted - {*found} == set(), (planted, found)
    shutil.rmtree(raw)


def release(history: History) -> None:
    """What stands against a release is what the check tells; without that, it is published once its
    row is entered, and made anew elsewhere it is the same.
    """
    checked = history.facts("check", "--format", "json")
    said = history.facts("release", "--format", "json")
    answers = [json.loads(one.out) for one in (checked, said)]
    stand = [[*one["defects"], *one["unacknowledged"]] for one in answers]
    if checked.status == 0 and said.status == 1:
        enter_row(history, answers[1]["defects"])
        said = history.facts("release", "--format", "json")
        stand[1] = []
    assert stand[0] == stand[1], (checked, said)
    assert (said.status, said.err) == (checked.status, ""), said
    if said.status == 0:
        _published(history, json.loads(said.out)["release"])


def _published(history: History, path: str) -> None:
    version = Path(path).name
    if version in history.stands.versions:
        assert version == history.newest()
        return
    history.stands.publish(version)
    if history.draw.random() < 0.3:
        _made_anew(history, version)


def _made_anew(history: History, version: str) -> None:
    """A release made of the same raw/ in another place, with nothing kept, has the same bytes."""
    there = history.folder / "elsewhere"
    releases = there / "outputs" / "releases"
    shutil.copytree(history.raw, there / "raw")
    for before in history.stands.versions[:-1]:
        shutil.copytree(history.outputs / "releases" / before, releases / before)
    with elsewhere(history.draw):
        said = run(there, "release", "--memory", "500MB")
    assert said.out.startswith(f"Published outputs/releases/{version}\n"), said
    here = history.outputs / "releases"
    assert files_of(releases, version) == files_of(here, version)
    shutil.rmtree(there)


def enter_row(history: History, defects: list[dict[str, Any]]) -> None:
    """Enter the row that a release asks for."""
    (asked,) = defects
    assert asked["code"] == "release_is_due", asked
    row = re.search(r"(\d+\.\d+\.\d+),DATE,(\S*),REASON", asked["message"])
    assert row is not None, asked
    reason = f"What was edited in step {len(history.done)}"
    with (history.raw / RELEASES_FILE).open("a", encoding="utf-8") as file:
        file.write(f"{row[1]},2026-12-01,{row[2]},{reason}\n")


def make_due(history: History) -> str:
    """Let all be sound, and another release due whose row is entered; return its version."""
    undo(history)
    newest = history.newest()
    toml = history.draw.choice(sorted(history.raw.glob("*/source.toml")))
    new = f'title = "After {newest}: '
    toml.write_text(toml.read_text(encoding="utf-8").replace('title = "', new, 1), encoding="utf-8")
    first, _, last = newest.rpartition(".")
    due = f"{first}.{int(last) + 1}"
    with (history.raw / RELEASES_FILE).open("a", encoding="utf-8") as file:
        file.write(f"{due},2026-12-01,{newest},Another title\n")
    return due


def stopped_release(history: History) -> None:
    """Whatever stops a release, what was published is whole, and the next run ends well."""
    due = make_due(history)
    assert history.forks is not None
    how, beside = history.draw.choice(
        [
            (KILLED, ()),
            (KILLED, ()),
            (KILLED, ("release",)),
            (FULL, ()),
            (FULL_ONCE, ()),
            (GOES_ON, ("release",)),
            (GOES_ON, ("check",)),
        ]
    )
    if history.draw.random() < 0.2:
        shutil.rmtree(history.outputs / ".cache")
    stop = Stop(how, history.draw.randrange(1, 420), beside)
    stopped = history.forks.run(history.folder, stop, "release")
    where = stopped.call and f"{stopped.call.name} {Path(stopped.call.path).name}"
    history.done[-1] = f"stopped_release ({' '.join((*beside, how))} at {stop.at}: {where})"
    history.stands.hold_whatever_stopped(is_killed=how == KILLED)
    said, second = stopped.said, stopped.beside
    if stopped.call is None:
        assert (said.status, said.err) in {(0, ""), (0, WAITS)}, said
    elif how == KILLED:
        assert said.status == -9, said
    else:
        assert said.status in {0, 1}, said
        assert len(said.err.splitlines()) == said.status, said
    if second is not None:
        assert (second.status, second.err) in {(0, ""), (0, WAITS)}, second
    again = history.facts("release", "--format", "json")
    assert (again.status, again.err) == (0, ""), again
    assert json.loads(again.out)["release"] == f"outputs/releases/{due}"
    _published(history, due)
    history.stands.hold_nothing_left()


def verify(history: History) -> None:
    """What was released is well, as a folder and as a zip."""
    ending = history.draw.choice(("", ".zip"))
    path = f"outputs/releases/{history.draw.choice(history.stands.versions)}{ending}"
    said = history.facts("verify", path)
    assert (said.status, said.err) == (0, ""), said


def verify_forged(history: History) -> None:
    """A forgery is refused, and the file is named in which it is."""
    copy = history.folder / "forged" / history.newest()
    shutil.copytree(history.outputs / "releases" / history.newest(), copy)
    file = forge(copy, history.draw)
    history.done[-1] = f"verify_forged ({file})"
    said = history.facts("verify", f"forged/{copy.name}")
    assert said.status == 1, said
    assert file in said.out, (file, said)
    shutil.rmtree(copy.parent)


def diff(history: History) -> None:
    """Nothing differs between a release and itself, and something between two of them."""
    old, new = (history.draw.choice(history.stands.versions) for _ in range(2))
    said = history.facts("diff", old, new)
    assert said.status == (old != new), said
    assert ("nothing differs" in said.out.lower()) == (old == new), said


def torn_files(history: History) -> None:
    """What a power cut leaves half written of what is not published, is not believed."""
    kept = sorted(path for path in (history.outputs / ".cache").iterdir() if path.is_file())
    tables = sorted((history.outputs / "tables").glob("*.parquet"))
    for path in history.draw.sample(kept, min(len(kept), 40)) + history.draw.sample(tables, 3):
        content = path.read_bytes()
        torn = content[: history.draw.randrange(len(content))]
        path.write_bytes(torn + history.draw.choice((b"", bytes(len(content) - len(torn)))))
    (history.outputs / "releases" / ".9.9.9.aside").mkdir(exist_ok=True)
    said = history.facts("check", "--format", "json")
    assert said == history.facts("check", "--format", "json", "--no-cache")
    released = history.facts("release", "--format", "json")
    answers = [json.loads(one.out) for one in (said, released)]
    if said.status:
        assert answers[0]["defects"] == answers[1]["defects"]
    history.stands.hold_nothing_left()


class Step(NamedTuple):
    """What may happen: how often, with how much work (tenths of a second), and what."""

    weight: int
    work: int
    happens: Callable[[History], None]
    needs_forks: bool = False


STEPS = [
    Step(6, 13, edit_and_check),
    Step(4, 5, slips),
    Step(2, 25, release),
    Step(1, 11, verify),
    Step(2, 8, verify_forged),
    Step(1, 3, diff),
    Step(2, 35, stopped_release, needs_forks=True),
    Step(1, 30, torn_files),
]
