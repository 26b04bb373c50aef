"""A new source: its folder in raw/, made from the text of a document.

Belongs here: what `facts new` accepts, which files it writes, and what it leaves to the curator.
Does not belong here: what a text shows of itself (facts.first_look), or whether source.toml is
right, which the checks of raw/ say here too. No clock is asked: the same text and options give the
same bytes.
"""

import hashlib
import json
import os
import re
import shutil
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.defects import Defect, printable
from pipeline.durable import DiskFull, aside, swap_in
from pipeline.evidence.phrases import PhraseTables
from pipeline.evidence.texts import Texts
from pipeline.evidence.tokens import tokenize
from pipeline.facts.first_look import FirstLook, look_at
from pipeline.facts.reference_tables import read_lists
from pipeline.facts.source_draft import Line, fill_in, lines_of
from pipeline.facts.sources import build_sources
from pipeline.read.encodings import from_wide
from pipeline.read.plain_file import read_bytes, text_in
from pipeline.read.raw_folder import CODE_LIST_FOLDER, SOURCES, TEXT, RawFolder, Typed
from pipeline.read.source_toml import as_sources
from pipeline.read.toml_file import key_lines
from pipeline.unusable import Unusable
from schemas.columns import LONGEST_NAME, SOURCE_ID, typed_columns
from schemas.raw_files import ENTERED, SOURCE_FILES

OPTIONS = (
    *("title", "publisher", "published", "language", "url", "retrieved", "rights"),
    "translation_of",
)
"""The keys of source.toml that may be given with the command."""

WITH_HEADINGS = (*ENTERED, "waivers")
"""The CSV files that nearly every source needs: they are written with their headings."""


@dataclass(frozen=True)
class Made:
    """A folder that was made: its files, the encoding that its text was converted from, if it was,
    the lines of source.toml that the text gave, what a person has to complete, and how many
    mentions the text has of each kind.
    """

    raw: str
    source_id: str
    files: list[str]
    converted_from: str
    from_text: list[str]
    to_fill_in: list[Defect]
    mentions: dict[str, int]

    def as_json(self) -> str:
        """Return all of it as JSON."""
        places = [one.as_json(self.raw) for one in self.to_fill_in]
        return json.dumps({**vars(self), "to_fill_in": places}, ensure_ascii=False, indent=2)

    def as_text(self) -> str:
        """Return all of it for a terminal."""
        folder = f"{self.raw}/{self.source_id}"
        of_raw = "" if self.raw == "raw" else f" --raw {self.raw}"
        counts = ", ".join(f"{count} {kind}" for kind, count in self.mentions.items())
        converted = f" Its text was {self.converted_from}, and is UTF-8 now."
        lines = [
            f"Made {folder}/ with {', '.join(self.files)}.{converted * bool(self.converted_from)}",
            "From the text:",
            *(f"  {line}" for line in self.from_text),
            "To fill in:",
            *(f"  {one.at(self.raw)}" for one in self.to_fill_in),
            f"Its mentions: {counts or 'none'}; facts read {folder}/{TEXT}{of_raw} shows each.",
            f"Next, when that is filled in: facts check --source {self.source_id}{of_raw}",
        ]
        return "\n".join(map(printable, lines))


def make_source(raw: Path, source_id: str, file: Path, given: Mapping[str, str]) -> Made:
    """Make the folder of a new source of raw/ from a file with its text; `given` are keys of
    OPTIONS with what they say.

    Raises Unusable, with all that is wrong at once; then nothing is written.
    """
    said = {key: " ".join(value.split()) for key, value in given.items()}
    data, converted_from, errors = read_text_file(file, raw)
    places = [*_wrong_places(raw, source_id)]
    draft = Draft(RawFolder(raw), "new" if places else source_id, data, said)
    errors = [*places, *errors]
    errors += [f"--{key.replace('_', '-')}: {wrong}" for key, wrong in draft.refused()]
    if errors:
        raise Unusable("\n  ".join(("nothing was made, since", *errors)))
    files = {TEXT: data, SOURCES: draft.toml.encode(), **_headings()}
    _write(raw / source_id, files)
    from_text = [line.text for line in draft.lines if line.is_from_text]
    mentions = dict(Counter(one.kind for one in draft.look.mentions))
    names = raw.as_posix(), source_id, [*files]
    return Made(*names, converted_from, from_text, draft.to_fill_in(), mentions)


def _wrong_places(raw: Path, source_id: str) -> Iterator[str]:
    """Yield what is wrong with the folder raw/, and with the name of the new one in it."""
    if not raw.is_dir() or raw.is_symlink():
        yield f"--raw: {raw} is no folder; expected one with codelists/"
    if not re.fullmatch(SOURCE_ID, source_id) or len(source_id) > LONGEST_NAME:
        words = re.sub("[^a-z0-9]+", "-", source_id.casefold()).strip("-")[:LONGEST_NAME]
        yield (
            f"ID: {source_id!r} stands here; expected small letters, digits and hyphens, "
            f"{LONGEST_NAME} at most, such as {words.strip('-') or 'union-2020-03-03'}"
        )
    elif source_id == CODE_LIST_FOLDER:
        yield f"ID: {source_id!r} stands here; expected another name, since the code lists have it"
    elif os.path.lexists(raw / source_id):
        yield f"ID: {raw}/{source_id} is there already; expected the name of a new folder"


def read_text_file(file: Path, raw: Path) -> tuple[bytes, str, list[str]]:
    """Return the bytes of a text in UTF-8, the encoding that they were converted from ("": none),
    and what is wrong with the file; there is no text then.
    """
    path = Path(os.path.realpath(file))
    if path.is_relative_to(os.path.realpath(raw)):
        return b"", "", [f"--text: {file} is in {raw}/ itself; expected a file outside"]
    data, defects = read_bytes(path.parent, path.name, ending=".txt")
    converted_from = ""
    if data is not None:
        converted_from, data = from_wide(data) or ("", data)
        defects = _wrong_text(data, path.name)
    none = {"missing_file": "a text; there is no such file"}
    errors = [
        f"--text: {file}:{one.line}: expected {none.get(one.code, one.expected)}" for one in defects
    ]
    return (data or b"") if not errors else b"", converted_from, errors


def _wrong_text(data: bytes, file: str) -> list[Defect]:
    """Return what is wrong with the bytes of a text."""
    text, defects = text_in(data, file)
    if text is not None and not text.strip():
        return [Defect(file, 1, "", "empty_file", "", "the text of the document")]
    return defects


class Draft:
    """The source.toml of a new source, and what the checks of raw/ say of it."""

    def __init__(
        self, raw: RawFolder, source_id: str, data: bytes, said: Mapping[str, str]
    ) -> None:
        """Fill it in as far as the text (in UTF-8) and what is `said` allow."""
        lists = read_lists(raw)
        names = Texts(pl.DataFrame(), lists.with_words()).sought
        text = unicodedata.normalize("NFC", data.decode("utf-8-sig"))
        self._file, self._said = f"{source_id}/{SOURCES}", said
        self.look: FirstLook = look_at(
            text, names, said.get("language", ""), said.get("published", "")
        )
        cells = fill_in(self.look, _agents_in(text, names), said)
        digest = hashlib.sha256(data).hexdigest()
        self.lines: list[Line] = list(lines_of(text, self.look, cells, digest))
        self.toml = "".join(f"{line.text}\n" for line in self.lines)
        row = {"source_id": source_id, "text": text, "sha256": digest}
        content = tomllib.loads(self.toml), key_lines(self.toml)
        typed = as_sources({source_id: content}, [], raw)
        of_files = Typed(pl.DataFrame([row]), [])
        self._defects = build_sources(typed, of_files, lists.codes()).defects

    def refused(self) -> Iterator[tuple[str, str]]:
        """Yield the keys that are said and wrong, with what was expected."""
        for key, value in self._said.items():
            if not value.isprintable():
                yield key, f"{value!r} stands here; expected text"
        for one in self._defects:
            if one.column in self._said:
                yield one.column, one.message

    def to_fill_in(self) -> list[Defect]:
        """Return the places that a person has to complete, in their order."""
        found = {
            line.key: Defect(self._file, number, line.key, "to_fill_in", "", line.to_do)
            for number, line in enumerate(self.lines, 1)
            if line.to_do
        }
        return sorted(({one.column: one for one in self._defects} | found).values())


def _agents_in(text: str, names: PhraseTables) -> Iterable[str]:
    """Return the codes of the agents that a text names, in their order."""
    found = names.match(tokenize(text)).after.values()
    agents = (of[table] for of in found if (table := ("agents",)) in of)
    return dict.fromkeys(code for one in agents for code in one.values)


def _headings() -> dict[str, bytes]:
    """Return the CSV files of a source without rows."""
    columns = {name: typed_columns(SOURCE_FILES[name]) for name in WITH_HEADINGS}
    return {f"{name}.csv": f"{','.join(columns[name])}\n".encode() for name in WITH_HEADINGS}


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder as a whole: it is built aside, under a name that no check reads."""
    try:
        with aside(folder) as built:
            # what a run that was killed has left
            shutil.rmtree(built, ignore_errors=True)
            built.mkdir()
            for name, content in files.items():
                (built / name).write_bytes(content)
            swap_in(folder)
    except DiskFull:
        raise
    except OSError as error:
        raise Unusable(
            f"{folder}: expected a folder that can be made ({error.strerror})"
        ) from error
