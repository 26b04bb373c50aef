"""Releases, as folders and as zips, that a stranger hands over to `facts verify` and `facts diff`.

What must hold: a release that differs in any byte is refused, unless only in what verify says it
takes as published; a sound one is not; and of two that differ nobody says that nothing does.
"""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from unittest.mock import patch

from pipeline.check import check
from pipeline.cli import USAGE
from pipeline.read.raw_folder import RawFolder, read_releases
from pipeline.release.edition import Edition
from pipeline.release.opened import HASHES, PACKAGE, RAW, Opened
from pipeline.release.opening import open_release
from pipeline.release.release import publish, with_history
from pipeline.release.verification import remade
from tests.fuzz.case import Case, Target
from tests.fuzz.command import say
from tests.fuzz.raw_files import Folder, files_of
from tests.fuzz.release_files import DESCRIPTIONS, edit, in_zip, make_fit, zip_with
from tests.fuzz.world import write_world

KEPT_BACK = 8
"""Of so many cases one is of a release that does not carry its text."""

_OF_TEXTS = [
    f"tables/{name}.csv" for name in ("sources", "observations", "events", "statements", "mentions")
]
"""The files whose words are taken as published where the text is kept back."""

MADE_WITH = re.compile(rb'"madeWith": {[^{}]*}')


class Sound:
    """A release that nobody has touched: its folder, its files, and what is made of it again."""

    def __init__(self, folder: Path, *, kept_back: bool) -> None:
        """Publish it."""
        raw = write_world(folder / "raw")
        if kept_back:
            toml = raw / "club-en" / "source.toml"
            text = toml.read_text("utf-8")
            toml.write_text(
                text.replace("republish_text = true", "republish_text = false"), "utf-8"
            )
        checked = check(raw)
        read, outputs = RawFolder(raw), folder / "outputs"
        releases = read_releases(read).rows
        tables = with_history(checked.tables, outputs, releases)
        self.path = publish(tables, read.originals(), outputs, releases).folder
        self.files = files_of(self.path)
        again = folder / "again"
        again.mkdir()
        self.edition = remade.make_again(open_release(self.path), again)
        self.again = again / "made"
        self.asked = [RAW, *(_OF_TEXTS if kept_back else [])]


class Releases(Target):
    """The target: one release a case."""

    name = "releases"

    def __init__(self, folder: Path) -> None:
        """Make the releases that cases begin with."""
        self.folder = folder
        self.sound = [Sound(folder / str(which), kept_back=which) for which in (False, True)]
        for path in (self.sound[0].path, self.sound[1].path):
            (folder / "outputs").mkdir(exist_ok=True)
            shutil.copytree(path, folder / "outputs" / path.parents[2].name)

    def most_calls(self, cases: Sequence[Case]) -> int:
        """Return calls for making a release again, whatever was done to it."""
        return 4_000_000 * len(cases)

    def _of(self, case: Case) -> Sound:
        return self.sound[case.number % KEPT_BACK == 0]

    def made(self, case: Case) -> tuple[Folder, list[str]]:
        """Return what a case is made of, and what was done to it."""
        sound = self._of(case)
        folder = Folder(dict(sound.files))
        done = case.edits(folder, (edit,))
        chance = case.chance("hashes")
        if chance.random() < 0.8:
            make_fit(folder, sound.files, deep=chance.random() < 0.8)
        return folder, done

    def judge(self, cases: Sequence[Case]) -> Iterator[tuple[Case, str]]:
        """Yield what is wrong with what is said of a release."""
        for case in cases:
            sound, folder = self._of(case), self.made(case)[0]
            within = self.folder / "case"
            within.mkdir()
            try:
                path, content = _put(case, folder, within)
                yield from ((case, what) for what in self._verified(case, sound, path, content))
                yield from ((case, what) for what in self._compared(case, sound, path, content))
            finally:
                shutil.rmtree(within)

    def _verified(
        self, case: Case, sound: Sound, path: Path, content: Mapping[str, bytes] | None
    ) -> Iterator[str]:
        """Yield what is wrong with what `facts verify` says."""

        def make_again(opened: Opened, folder: Path) -> Edition:
            """Make it again, unless it is as the sound one in all that this is made of."""
            same = content is not None and all(
                content.get(name) == sound.files.get(name) for name in sound.asked
            )
            with_same = same and remade._made_with(opened) == sound.edition.made_with  # noqa: SLF001
            if not with_same:
                return real(opened, folder)
            (folder / "made").symlink_to(sound.again)
            return sound.edition

        real = remade.make_again
        how = case.chance("format").choice(("text", "json"))
        with patch.object(remade, "make_again", make_again):
            answer = say("verify", str(path), "--format", how)
        yield from answer.wrong()
        if (
            answer.status != USAGE
            and how == "json"
            and bool(json.loads(answer.out)) != answer.status
        ):
            yield "the status is not that of the failures"
        if answer.status == 0 and not _is_as_published(content, sound.files):
            yield f"is told to be well: {sorted(_differing(content or {}, sound))[:5]}"
        if (
            path.is_dir()
            and content
            and sound.asked == [RAW]
            and (answer.status, how) == (1, "json")
        ):
            told = {one["file"] for one in json.loads(answer.out)}
            if content.get(RAW) == sound.files[RAW] and (
                unsaid := _differing(content, sound) - told
            ):
                yield f"{sorted(unsaid)[:5]} differ, and are not named: {answer.out[:500]}"
        if answer.status and content == sound.files and path.name in {"1.0.0", "copy"}:
            yield f"is sound and refused: {answer.out[:300]}"
        if "cannot be made again (" in answer.out:
            yield f"stops at what no check has foreseen: {answer.out[:500]}"

    def _compared(
        self, case: Case, sound: Sound, path: Path, content: Mapping[str, bytes] | None
    ) -> Iterator[str]:
        """Yield what is wrong with what `facts diff` says."""
        chance = case.chance("diff")
        names = [str(sound.path), str(path)]
        chance.shuffle(names)
        how = chance.choice(("text", "json"))
        outputs = self.folder / "outputs"
        answer = say("diff", *names, f"--outputs={outputs}", "--format", how)
        yield from answer.wrong()
        if answer.status == 0 and content != sound.files:
            yield f"nothing is told to differ: {answer.out[:300]}"


def _differing(content: Mapping[str, bytes], sound: Sound) -> set[str]:
    """Return the files that differ, but for the list of hashes."""
    files = {**content, **sound.files}.keys() - {HASHES}
    return {name for name in files if content.get(name) != sound.files.get(name)}


def _put(case: Case, folder: Folder, within: Path) -> tuple[Path, Mapping[str, bytes] | None]:
    """Write a release as a folder or a zip; return its path and the files that it has (None: it is
    no zip, or has a name twice).
    """
    chance = case.chance("form")
    path = within / chance.choice(("1.0.0", "1.0.0", "1.0.0", "copy", "2.0.0"))
    if chance.random() < 0.65 or folder.others:
        path.mkdir()
        folder.write(path)
        return path, files_of(path) if not folder.others else None
    names = {name.encode("utf-8", "replace").decode(): one for name, one in folder.files.items()}
    data = zip_with([(zipfile.ZipInfo(f"1.0.0/{name}"), one) for name, one in names.items()])
    if chance.random() < 0.6:
        data, _ = in_zip(data, chance)
    path = path.with_name(f"{path.name}.zip")
    path.write_bytes(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            files = [one for one in held.infolist() if not one.filename.endswith("/")]
            content = {one.filename.partition("/")[2]: held.read(one) for one in files}
    except Exception:  # noqa: BLE001 (a zip that nobody can read)
        return path, None
    return path, content if len(content) == len(files) else None


def _is_as_published(content: Mapping[str, bytes] | None, sound: Mapping[str, bytes]) -> bool:
    """Whether a release is as it was published but for the raw/ in it and the versions with which
    it says that it was made, which nobody can derive.
    """
    if content is None or content.keys() != sound.keys():
        return False
    said = {*DESCRIPTIONS, HASHES, RAW}
    if any(content[name] != sound[name] for name in sound.keys() - said):
        return False
    if content[RAW] == sound[RAW]:
        return MADE_WITH.sub(b"", content[PACKAGE]) == MADE_WITH.sub(b"", sound[PACKAGE])
    return True
