"""Where slips of a curator can be planted in a source that is written, and at which line the checks
must report each.

Does not belong here: what is mistyped (slip_kinds), or what a source itself gets wrong
(contradictions).
"""

from collections.abc import Callable, Iterable
from random import Random
from typing import NamedTuple

from pipeline.evidence.reader import read_mentions
from pipeline.evidence.scan import Document as Writing
from tests.benchmarks.corpus.document import Document, Row, toml_of


class Slip(NamedTuple):
    """A defect that the checks must report, and the kind of slip that makes it."""

    kind: str
    file: str
    line: int
    column: str
    code: str


class Key(NamedTuple):
    """A key of source.toml."""

    name: str


Place = Row | Key | int
"""Where a defect is shown: a typed row, a key of source.toml, or a place of the text (code points
before it).
"""

Expected = Iterable[tuple[Place, str, str]]
"""Of each defect: its place, its column (of the text: the words) and its code."""


class Spoiler:
    """Plants slips in a source, each in rows of its own."""

    def __init__(self, document: Document, draw: Random) -> None:
        self.document = document
        self.draw = draw
        self.overrides: dict[str, str | None] = {}
        self._taken: set[int] = set()

    def slips(self, kind: str, defects: Expected) -> list[Slip]:
        """Return the defects that slips of a kind make, at the lines where the files now have
        them.
        """
        return [Slip(kind, *self._placed(place, column), code) for place, column, code in defects]

    def toml(self) -> dict[str, str]:
        """Return source.toml with its slips."""
        keys: dict[str, str | None] = {**self.document.toml(), **self.overrides}
        return {key: value for key, value in keys.items() if value is not None}

    def _placed(self, place: Place, column: str) -> tuple[str, int, str]:
        folder = self.document.source_id
        if isinstance(place, Key):
            key = place.name.removeprefix("expected.")
            lines = toml_of(self.toml()).splitlines()
            line = next(
                (
                    number
                    for number, line in enumerate(lines, start=1)
                    if line.startswith(f"{key} = ")
                ),
                1,
            )
            return f"{folder}/source.toml", line, column
        if isinstance(place, int):
            text = self.document.text
            place = _mention_at(text, place)
            return (
                f"{folder}/text.txt",
                text.count("\n", 0, place) + 1,
                str(place - text.rfind("\n", 0, place)),
            )
        rows = self.document.rows[place.file]
        return f"{folder}/{place.file}.csv", (rows.index(place) + 2 if place in rows else 1), column

    def row(self, file: str, fits: Callable[[Row], bool]) -> Row:
        """Return a row that no slip and no other row depends on."""
        rows = self.document.rows[file]
        first = self.draw.randrange(len(rows)) if rows else 0
        for row in [*rows[first:], *rows[:first]]:
            if (
                id(row) not in self._taken
                and not row.is_named
                and not row.cells.get("occurrence")
                and fits(row)
            ):
                self._taken.add(id(row))
                return row
        raise LookupError(f"{self.document.source_id} has no row of {file}.csv left for a slip")

    def number(self, fits: Callable[[Row], bool] = lambda _: True) -> Row:
        """Return a number that its quote prints plainly and without a date."""
        return self.row(
            "observations", lambda row: bool(row.numeral) and not row.cells["period"] and fits(row)
        )


def _mention_at(text: str, place: int) -> int:
    """Return where the mention begins that a place of the text lies in: before the numeral, its
    hedge may stand.
    """
    mentions = read_mentions(text, Writing("en"))
    return next(
        (mention.start for mention in mentions if mention.start <= place < mention.end), place
    )
