"""Slips in one cell: another value in a column."""

from collections.abc import Callable, Iterator

from tests.slips.harness import Slip
from tests.slips.places import facts, is_value, periods_in
from tests.slips.source_copy import Row, SourceCopy


def cells(
    kind: str, column: str, others: Callable[[Row], Iterator[str]], *files: str
) -> Callable[[SourceCopy], Iterator[Slip]]:
    """Return the generator that puts other values into one column."""

    def plant(source: SourceCopy) -> Iterator[Slip]:
        for file, index, row in facts(source, *files):
            if column in row:
                for other in dict.fromkeys(others(row)):
                    if other != row[column]:
                        what = f"{row['fact_id']}: {column} {row[column]!r} -> {other!r}"
                        copy = source.with_cell(file, index, **{f"{column}_": other})
                        yield Slip(
                            kind,
                            what,
                            copy,
                            _open_apart(source, column, row, other)
                            or _as_printed(source, column, row, other),
                        )

    return plant


def _open_apart(source: SourceCopy, column: str, row: Row, other: str) -> str | None:
    """Say so where the word that says that a period goes on stands apart from its date: it may then
    mean something else.
    """
    if column != "period" or row["period"] != f"{other}/..":
        return None
    touches = any(period.endswith("/..") for period in periods_in(source, row["quote"]))
    return None if touches else "the word that says that it goes on does not touch the date"


def _as_printed(source: SourceCopy, column: str, row: Row, other: str) -> str | None:
    """Say so where a typed step is that of the last printed digit, which is what the words say."""
    if column != "precision":
        return None
    steps = [
        f"{mention.step:f}"
        for mention in source.mentions(row["quote"])
        if mention.step and is_value(mention, row)
    ]
    return "the step is that of the last digit as printed" if other in steps else None


def periods_of(source: SourceCopy) -> Callable[[Row], Iterator[str]]:
    known = sorted({row["period"] for _, _, row in facts(source)})
    return lambda _: iter(known)
