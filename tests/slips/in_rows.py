"""Slips of a row: exchanged with another, left out, waived, or swallowed by another."""

from collections.abc import Callable, Iterator
from itertools import combinations

from tests.slips.harness import Slip
from tests.slips.places import around, facts, is_inside, is_value, span_of
from tests.slips.source_copy import FACT_FILES, Row, SourceCopy


def exchanged(kind: str, *columns: str) -> Callable[[SourceCopy], Iterator[Slip]]:
    def plant(source: SourceCopy) -> Iterator[Slip]:
        for file in FACT_FILES:
            rows = source.rows[file]
            for column in (column for column in columns if rows and column in rows[0]):
                for (one, first), (other, second) in combinations(enumerate(rows), 2):
                    if first[column] != second[column]:
                        both = source.with_cell(file, one, **{f"{column}_": second[column]})
                        what = f"{first['fact_id']} and {second['fact_id']}: {column}"
                        excuse = None
                        may_lack = column == "where" or (column == "who" and file == "events")
                        if may_lack and not (first[column] and second[column]):
                            excuse = (
                                "a place, or who did it, may be left out, and the words nearest to "
                                "the quote name the one that was put in"
                            )
                        if column == "quote" and file == "statements" and _are_alike(first, second):
                            excuse = (
                                "a statement has nothing but its words, so that exchanging "
                                "them exchanges the names of the rows"
                            )
                        yield Slip(
                            kind,
                            what,
                            both.with_cell(file, other, **{f"{column}_": first[column]}),
                            excuse,
                        )

    return plant


def _are_alike(first: Row, second: Row) -> bool:
    typed = [column for column in first if column not in {"fact_id", "quote", "note", "occurrence"}]
    return all(first[column] == second[column] for column in typed)


def deleted(source: SourceCopy) -> Iterator[Slip]:
    for file, index, row in facts(source):
        yield Slip("row deleted", row["fact_id"], source.without_row(file, index, counted=False))


def deleted_and_uncounted(source: SourceCopy) -> Iterator[Slip]:
    for file, index, row in facts(source):
        excuse = None
        if file == "observations" and any(
            event["what"] in row["quote"] for event in source.rows["events"]
        ):
            excuse = "the numeral is also part of the name of an event"
        if file == "statements" and row["speech"] != "direct":
            excuse = (
                "only the count says that a sentence without a numeral or quotation marks is a fact"
            )
        if file == "events" and row["period"] == "XXXX":
            excuse = "only the count says that words without a date are an event"
        yield Slip(
            "row deleted, also in the count",
            row["fact_id"],
            source.without_row(file, index, counted=True),
            excuse,
        )


def swallowed(source: SourceCopy) -> Iterator[Slip]:
    """A row deleted whose words the long quote of its neighbour takes in."""
    for file, index, row in facts(source, "observations", "events"):
        for other, neighbour in enumerate(source.rows[file]):
            if abs(other - index) == 1:
                spans = [span_of(source, quoted["quote"]) for quoted in (row, neighbour)]
                quote = source.text[min(start for start, _ in spans) : max(end for _, end in spans)]
                if "\n" not in quote:
                    long = source.with_cell(file, other, quote_=quote)
                    what = f"{row['fact_id']} under {neighbour['fact_id']}"
                    yield Slip(
                        "row deleted under another's long quote",
                        what,
                        long.without_row(file, index, counted=True),
                    )


def waived(source: SourceCopy) -> Iterator[Slip]:
    for file, index, row in facts(source, "observations", "events"):
        start, end = span_of(source, row["quote"])
        without = source.without_row(file, index, counted=True)
        numerals = [
            mention for mention in source.mentions(source.text) if is_inside(mention, start, end)
        ]
        numerals = [numeral for numeral in numerals if file == "events" or is_value(numeral, row)]
        if not numerals:
            continue
        for kind in ("idiom", "name", "document"):
            copy = without
            for numeral in numerals:
                copy = copy.with_waiver(around(source.text, numeral.start, numeral.end), kind)
            excuse = (
                "a number of any look may be of the document's make-up"
                if kind == "document"
                else None
            )
            yield Slip("fact waived instead", f"{row['fact_id']} as {kind}", copy, excuse)
