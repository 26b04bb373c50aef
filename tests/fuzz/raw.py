"""Folders of raw/ that a stranger hands over to `facts check`.

What must hold: each defect says where, what and what instead; and of a folder that is accepted the
tables say just what was typed, cell by cell.
"""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

from pipeline.check import Checked, check_tables
from pipeline.cli import check
from pipeline.defects import Defect
from pipeline.read.raw_folder import SOURCE_FOLDER_FILES
from tests.club_sources import SOUND
from tests.fuzz.as_typed import beside_differs, source_differs
from tests.fuzz.case import Case, Target
from tests.fuzz.command import Said, say
from tests.fuzz.raw_files import Folder, edit, files_of, rows_of, slip
from tests.fuzz.world import write_lists, write_world

ALONE, SLIPS = 6, 5
"""Of so many cases one is about the files beside the sources, and takes a check of its own; and of
so many one is a single wrong cell.
"""

FOLLOWING = 3
"""Other defects that may follow from a wrong cell."""

KNOWN = {*SOURCE_FOLDER_FILES}

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_EXPECTED = re.compile(r"(?m)^(observations|events|statements) = .*$")


class Raw(Target):
    """The target: a source's folder a case, or a whole raw/."""

    name = "raw"
    together = 24

    def __init__(self, folder: Path) -> None:
        """Make the sound folders that cases begin with."""
        self.folder = folder
        self.outputs = folder / "outputs"
        self.outputs.mkdir()
        whole = write_world(folder / "world")
        self.world = files_of(whole)
        self.sources: dict[str, dict[str, bytes]] = {}
        for language, source in SOUND.items():
            source.write(folder / "sources", f"club-{language}")
            self.sources[language] = files_of(folder / "sources" / f"club-{language}")
        shutil.rmtree(folder / "world")

    def most_calls(self, cases: Sequence[Case]) -> int:
        """Return calls for checking sound folders many times over."""
        return (
            3_000_000 + sum(1_500_000 for case in cases if _is_alone(case)) + 400_000 * len(cases)
        )

    def judge(self, cases: Sequence[Case]) -> Iterator[tuple[Case, str]]:
        """Yield what is wrong with what is said of some folders; those of sources are checked
        together.
        """
        alone = [case for case in cases if _is_alone(case)]
        together = {f"case-{case.number}": case for case in cases if not _is_alone(case)}
        for case in alone:
            folder = self.made(case)[0]
            for checked, raw, wrong in self._checked({"": folder}, case):
                yield from ((case, what) for what in wrong)
                found = checked.defects
                yield from (
                    (case, what) for one in found for what in _wrong_defect(one, folder, "")
                )
                if not found and "--source" not in self._options(case, {"": folder}):
                    yield from ((case, what) for what in beside_differs(folder, raw, checked))
        if together:
            folders = {name: self.made(case)[0] for name, case in together.items()}
            for checked, _, wrong in self._checked(folders, cases[0]):
                yield from ((cases[0], what) for what in wrong)
                by_source: dict[str, list[Defect]] = {name: [] for name in folders}
                for one in checked.defects:
                    by_source.setdefault(one.file.partition("/")[0], []).append(one)
                for name, defects in by_source.items():
                    case = together.get(name, cases[0])
                    of = folders.get(name, Folder({}))
                    for one in defects:
                        yield from ((case, what) for what in _wrong_defect(one, of, f"{name}/"))
                    yield from ((case, what) for what in self._unsaid(case, of, name, defects))
                    if not defects:
                        yield from (
                            (case, what) for what in source_differs(of.files, name, checked.tables)
                        )

    def _unsaid(
        self, case: Case, folder: Folder, name: str, defects: Sequence[Defect]
    ) -> Iterator[str]:
        """Yield what a source's folder has and no defect says, and what follows from one too far.

        What is no file, and a file that is no UTF-8, is one defect; a wrong cell is one, right
        there, and few others follow; and nothing follows from what an unreadable file may hold.
        """
        wrong = {file: "not_plain|too_large" for file in folder.others if file in KNOWN}
        wrong |= {file: "not_utf8" for file in folder.files if _is_no_text(folder, file)}
        for file, code in wrong.items():
            told = [one.code for one in defects if one.file == f"{name}/{file}"]
            if len(told) != 1 or not re.fullmatch(code, told[0]):
                yield f"{file} is {code}; told of it is {told}"
        if len(wrong) == 1 == len(self.made(case)[1]) < len(defects):
            yield f"of {wrong} follows {[one.at('raw')[:200] for one in defects]}"
        if slip := self._slip(case):
            file, line, column = slip
            here = [one for one in defects if (one.line, one.column) == (line, column)]
            others = [one.at("raw")[:200] for one in defects if one not in here]
            if not any(one.file == f"{name}/{file}" for one in here) or len(others) > FOLLOWING:
                yield f"{slip}: {len(here)} defects there, and {others}"

    def _slip(self, case: Case) -> tuple[str, int, str] | None:
        """Return the cell that alone is wrong in a case, with its line, if it is one of those."""
        if case.number % SLIPS:
            return None
        folder = Folder(dict(self._base(case)))
        return slip(folder, case.chance("slip"))

    def _base(self, case: Case) -> dict[str, bytes]:
        of = (*self.sources.values(),)
        return self.world if _is_alone(case) else case.chance("of").choice(of)

    def made(self, case: Case) -> tuple[Folder, list[str]]:
        """Return what a case is made of, and what was done to it."""
        folder = Folder(dict(self._base(case)))
        if self._slip(case):
            return folder, [f"0: {slip(folder, case.chance('slip'))}"]
        chance = case.chance("base")
        done = case.edits(folder, (edit,), most=4)
        if chance.random() < 0.8:
            _settle(folder)
        return folder, done

    def _checked(
        self, folders: dict[str, Folder], case: Case
    ) -> Iterator[tuple[Checked, Path, list[str]]]:
        """Give what the command finds in a raw/, and what is wrong with what it prints."""
        with tempfile.TemporaryDirectory(dir=self.folder) as temporary:
            raw = Path(temporary, "raw")
            if "" not in folders:
                write_lists(raw)
            raw.mkdir(exist_ok=True)
            for name, folder in folders.items():
                (raw / name).mkdir(exist_ok=True)
                folder.write(raw / name)
            options = self._options(case, folders)
            kept: list[Checked] = []

            def keep(*given: object) -> Checked:
                kept.append(check_tables(*given))  # type: ignore[arg-type]  # as it is given
                return kept[0]

            with patch.object(check, "check_tables", keep):
                said = say("check", f"--raw={raw}", f"--outputs={self.outputs}", *options)
            yield kept[0], raw, [*said.wrong(), *_wrong_answer(said, kept[0])]

    def _options(self, case: Case, folders: dict[str, Folder]) -> list[str]:
        """Return what is typed behind the command."""
        chance = case.chance("options")
        how = ["--format", chance.choice(("text", "json"))]
        if "" not in folders or chance.random() < 0.7:
            return how
        source = chance.choice(("club-en", "codelists", "x", "\x1b", ""))
        return [*how, *chance.choice((["--source", source], ["--accept-text"], ["--no-cache"]))]


def _is_no_text(folder: Folder, file: str) -> bool:
    """Whether a file of a source that is read as text is none."""
    try:
        text = folder.files[file].decode("utf-8-sig") if file in KNOWN else ""
    except UnicodeDecodeError:
        return True
    return "\0" in text


def _is_alone(case: Case) -> bool:
    return case.number % ALONE == 0


def _settle(folder: Folder) -> None:
    """Make the hash of a text and the numbers of rows fit what was done, as who does it would."""
    for name in [name for name in folder.files if name.endswith("source.toml")]:
        place = name.removesuffix("source.toml")
        toml = folder.files[name].decode("utf-8", errors="surrogateescape")
        if (text := folder.files.get(f"{place}text.txt")) is not None:
            digest = hashlib.sha256(text).hexdigest()
            toml = re.sub(r"(?m)^sha256 = .*$", f"sha256 = '{digest}'", toml)

        def count(found: re.Match[str], place: str = place) -> str:
            rows = rows_of(folder.files.get(f"{place}{found[1]}.csv", b""))
            return f"{found[1]} = {sum(map(any, rows)) - 1}" if rows else found[0]

        toml = _EXPECTED.sub(count, toml)
        folder.files[name] = toml.encode("utf-8", errors="surrogateescape")


def _wrong_answer(said: Said, checked: Checked) -> Iterator[str]:
    """Yield what is wrong with what the command prints of what it found."""
    if said.is_json and len(json.loads(said.out)["defects"]) != len(checked.defects):
        yield "the JSON has other defects"
    if bool(said.status) != bool(checked.defects or checked.unacknowledged):
        yield f"the exit status is {said.status}"


def _wrong_defect(one: Defect, folder: Folder, within: str) -> Iterator[str]:
    """Yield what a defect lacks: a line of its file, a column or key, what is expected."""
    shown = one.at("raw")
    if any(_CONTROL.search(line) for line in shown.split("\n")):
        yield f"control characters in {shown[:300]!r}"
    if not one.expected.strip() or not re.fullmatch("[a-z_0-9]+", one.code):
        yield f"does not say what is expected: {shown[:300]}"
    if len(shown) > 40_000:
        yield f"a defect of {len(shown):,} characters: {shown[:200]}"
    content = folder.files.get(one.file.removeprefix(within))
    if content is not None:
        lines = len(re.split(rb"\r\n|\r|\n|\xe2\x80[\xa8\xa9]|\xc2\x85|\x0b|\x0c", content))
        if not 1 <= one.line <= lines:
            yield f"line {one.line} of {lines}: {shown[:300]}"
