"""One source as it is written: the text, and with it each row that a curator types, its words at a
known place.

Belongs here: keeping text and rows in step, and writing the folder. Does not belong here: any
sentence (paragraphs), or what is wrong on purpose (contradictions, slips).
"""

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pandera.polars import DataFrameSchema

from pipeline.evidence.anchor import places_of
from schemas import columns as c
from schemas.raw_files import ENTERED, SOURCE_FILES
from tests.benchmarks.corpus.classifications import Country
from tests.benchmarks.corpus.printed import MONTHS, Printed


def typed_columns(schema: DataFrameSchema) -> tuple[str, ...]:
    """Return the columns of a file that a person types."""
    return tuple(c.typed_columns(schema))


COLUMNS = {name: typed_columns(schema) for name, schema in SOURCE_FILES.items()}


@dataclass(slots=True, eq=False)
class Row:
    """A typed row: its file, its cells (the others are empty), and where its quote begins in the
    text.

    `numeral` is the value as printed; `is_named` says that other rows or rules speak of this one;
    `extra` are cells too many.
    """

    file: str
    cells: dict[str, str]
    start: int = -1
    numeral: str = ""
    is_named: bool = False
    extra: tuple[str, ...] = ()

    def typed(self) -> list[str]:
        """Return the cells as the file has them."""
        return [*(self.cells.get(column, "") for column in COLUMNS[self.file]), *self.extra]


@dataclass(slots=True)
class Document:
    """A source: what its source.toml says, its text so far, and the rows typed from it."""

    source_id: str
    country: Country
    published: date
    derived_from: str = ""
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    rules: list[str] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)
    headers: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(COLUMNS))
    _parts: list[str] = field(default_factory=list)
    _length: int = 0

    @property
    def size(self) -> int:
        """How many facts there are so far."""
        return sum(len(self.rows[name]) for name in ENTERED)

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    @property
    def day(self) -> str:
        """The day of publication, which is the period of what has no other."""
        return self.published.isoformat()

    @property
    def printed_day(self) -> str:
        return f"{self.published.day} {MONTHS[self.published.month - 1]} {self.published.year}"

    def begin(self) -> None:
        """Write the head of the text."""
        self.say(
            f"{self.country.name}: bulletin of the "
            f"{self.country.office[1]}\n\n{self.printed_day}\n\n"
        )

    def say(self, words: str) -> None:
        """Write words that are no fact."""
        self._parts.append(words)
        self._length += len(words)

    def observe(  # noqa: PLR0913 (the cells of a row, each named at the call)
        self,
        quote: str,
        printed: Printed,
        indicator: str,
        area: str,
        *,
        category: str = "",
        period: str = "",
        label: str = "",
        attributed_to: str = "",
        name: str = "",
    ) -> Row:
        """Write the words of a number and type its row; `label` are words elsewhere that name what
        is counted.
        """
        number = str(len(self.rows["observations"]) + 1)
        cells = {
            "fact_id": name or f"{indicator.replace('_', '-')}-{number}",
            "indicator": indicator,
            "area": area,
            "category": category,
            "period": period,
            "value": printed.value,
            "relator": printed.relator,
            "precision": printed.precision,
            "quote": quote,
            "label_quote": label,
            "attributed_to": attributed_to,
        }
        is_plain = not printed.relator and printed.words in quote
        return self._typed("observations", cells, printed.words if is_plain else "")

    def observe_in(
        self, event: Row, printed: Printed, indicator: str, area: str, period: str
    ) -> Row:
        """Type a number that stands in the words of an event."""
        event.is_named = True
        name = f"{indicator.replace('_', '-')}-{len(self.rows['observations']) + 1}"
        cells = {
            "fact_id": name,
            "indicator": indicator,
            "area": area,
            "period": period,
            "value": printed.value,
        }
        row = Row(
            "observations",
            {**cells, "quote": event.cells["quote"]},
            event.start,
            printed.words,
            is_named=True,
        )
        self.rows["observations"].append(row)
        return row

    def event(self, quote: str, period: str, what: str, name: str, **cells: str) -> Row:
        """Write the words of an event and type its row."""
        return self._typed(
            "events", {"fact_id": name, "period": period, "what": what, "quote": quote, **cells}
        )

    def state(self, quote: str, who: str, speech: str, **cells: str) -> Row:
        """Write a statement and type its row."""
        name = f"statement-{len(self.rows['statements']) + 1}"
        return self._typed(
            "statements", {"fact_id": name, "who": who, "speech": speech, "quote": quote, **cells}
        )

    def waive(self, quote: str, kind: str, reason: str, *, repeats: Row | None = None) -> None:
        """Write words with a numeral that is no fact, and type the waiver."""
        fact = ""
        if repeats is not None:
            repeats.is_named = True
            fact = repeats.cells["fact_id"]
        self._typed("waivers", {"quote": quote, "kind": kind, "fact_id": fact, "reason": reason})

    def also_read(self, row: Row, column: str, other: str, why: str) -> None:
        """Type a second reading of a row."""
        row.is_named = True
        taken = {
            "fact_id": row.cells["fact_id"],
            "column": column,
            "taken": row.cells[column],
            "other": other,
            "why": why,
        }
        self.rows["readings"].append(Row("readings", taken))

    def _typed(self, file: str, cells: dict[str, str], numeral: str = "") -> Row:
        row = Row(file, cells, self._length, numeral)
        self.rows[file].append(row)
        self.say(cells["quote"])
        return row

    def settle_occurrences(self) -> None:
        """Say of each quote that stands more than once which one it is."""
        text = self.text
        for name in ENTERED:
            for row in self.rows[name]:
                quote = row.cells["quote"]
                first = text.find(quote)
                if first != row.start or text.find(quote, first + 1) >= 0:
                    places = places_of(quote, text)
                    if len(places) > 1:
                        row.cells["occurrence"] = str(places.index(row.start) + 1)

    def write(self, folder: Path, toml: str) -> None:
        """Write the folder of the source; `toml` is its source.toml."""
        folder.mkdir()
        (folder / "text.txt").write_bytes(self.text.encode())
        (folder / "source.toml").write_bytes(toml.encode())
        for name, columns in self.headers.items():
            write_csv(folder / f"{name}.csv", columns, (row.typed() for row in self.rows[name]))
        own = "\n".join([*self.rules, *self._weights()])
        if own:
            (folder / "rules.toml").write_bytes(own.encode())

    def _weights(self) -> list[str]:
        lines = [f"{fact} = {weight}\n" for fact, weight in sorted(self.weights.items())]
        return ["".join(["[weights]\n", *lines])] if lines else []

    def toml(self) -> dict[str, str]:
        """Return source.toml, key by key: text in quotation marks, the rest as it is."""
        return {
            "title": f'"{self.country.name}: bulletin of the {self.country.office[1]}"',
            "publisher": f'"{self.country.office[0]}"',
            "published": f'"{self.day}"',
            "published_quote": f'"{self.printed_day}"',
            "published_basis": '""',
            "language": '"en"',
            "url": '""',
            "archived_url": '""',
            "retrieved": '""',
            "rights": '"Made up, and free to use"',
            "republish_text": "true",
            "derived_from": f'"{self.derived_from}"',
            "translation_of": '""',
            "sha256": f'"{hashlib.sha256(self.text.encode()).hexdigest()}"',
            "notes": '""',
            **{f"expected.{name}": str(len(self.rows[name])) for name in ENTERED},
        }


def toml_of(keys: dict[str, str]) -> str:
    """Return source.toml as text."""
    top = [f"{key} = {value}\n" for key, value in keys.items() if "." not in key]
    counts = [
        f"{key.removeprefix('expected.')} = {value}\n" for key, value in keys.items() if "." in key
    ]
    return "".join([*top, "\n[expected]\n", *counts])


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Write a CSV file, a line a row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
