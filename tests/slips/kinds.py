"""The kinds of slips that a person makes when entering facts by hand, one generator each.

`all_slips` plants every kind in a source wherever it can be. An excuse says why nothing in the text contradicts a slip; it is
given by a rule and never case by case, and a miss without one fails the test.
"""

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

from pipeline.evidence.scan import Mention
from pipeline.evidence.values import numbers_of
from tests.slips.harness import Slip
from tests.slips.other_cells import (
    added_digits,
    changed,
    codes_of,
    cut_interval,
    doubled,
    dropped,
    misspelt,
    month_off,
    moved_point,
    only_filled,
    over_precise,
    precisions,
    relators,
    transposed,
    without_relator,
    year_off,
)
from tests.slips.source_copy import FACT_FILES, Row, SourceCopy

Place = tuple[str, int, Row]


def facts(source: SourceCopy, *files: str) -> Iterator[Place]:
    for file in files or FACT_FILES:
        for index, row in enumerate(source.rows[file]):
            yield file, index, row


def cells(kind: str, column: str, others: Callable[[Row], Iterator[str]], *files: str) -> Callable[[SourceCopy], Iterator[Slip]]:
    """Return the generator that puts other values into one column."""

    def plant(source: SourceCopy) -> Iterator[Slip]:
        for file, index, row in facts(source, *files):
            if column in row:
                for other in dict.fromkeys(others(row)):
                    if other != row[column]:
                        what = f"{row['fact_id']}: {column} {row[column]!r} -> {other!r}"
                        copy = source.with_cell(file, index, **{f"{column}_": other})
                        yield Slip(
                            kind, what, copy, _open_apart(source, column, row, other) or _as_printed(source, column, row, other)
                        )

    return plant


def _open_apart(source: SourceCopy, column: str, row: Row, other: str) -> str | None:
    """Say so where the word that says that a period goes on stands apart from its date: it may then mean something else."""
    if column != "period" or row["period"] != f"{other}/..":
        return None
    touches = any(period.endswith("/..") for period in _periods(source, row["quote"]))
    return None if touches else "the word that says that it goes on does not touch the date"


def _as_printed(source: SourceCopy, column: str, row: Row, other: str) -> str | None:
    """Say so where a typed step is that of the last printed digit, which is what the words say."""
    if column != "precision":
        return None
    steps = [f"{mention.step:f}" for mention in source.mentions(row["quote"]) if mention.step and is_value(mention, row)]
    return "the step is that of the last digit as printed" if other in steps else None


def periods_of(source: SourceCopy) -> Callable[[Row], Iterator[str]]:
    known = sorted({row["period"] for _, _, row in facts(source)})
    return lambda _: iter(known)


# --- rows --------------------------------------------------------------------------------------------------------------


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
                        if column == "where" and not (first[column] and second[column]):
                            excuse = "a place may be left out, and the words nearest to the quote name the one that was put in"
                        if column == "quote" and file == "statements" and _are_alike(first, second):
                            excuse = (
                                "a statement has nothing but its words, so that exchanging them exchanges the names of the rows"
                            )
                        yield Slip(kind, what, both.with_cell(file, other, **{f"{column}_": first[column]}), excuse)

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
        if file == "observations" and any(event["what"] in row["quote"] for event in source.rows["events"]):
            excuse = "the numeral is also part of the name of an event"
        if file == "statements" and row["speech"] != "direct":
            excuse = "only the count says that a sentence without a numeral or quotation marks is a fact"
        yield Slip("row deleted, also in the count", row["fact_id"], source.without_row(file, index, counted=True), excuse)


def swallowed(source: SourceCopy) -> Iterator[Slip]:
    """A row deleted whose words the long quote of its neighbour takes in."""
    for file, index, row in facts(source, "observations", "events"):
        for other, neighbour in enumerate(source.rows[file]):
            if abs(other - index) == 1:
                spans = [_span(source, quoted["quote"]) for quoted in (row, neighbour)]
                quote = source.text[min(start for start, _ in spans) : max(end for _, end in spans)]
                if "\n" not in quote:
                    long = source.with_cell(file, other, quote_=quote)
                    what = f"{row['fact_id']} under {neighbour['fact_id']}"
                    yield Slip("row deleted under another's long quote", what, long.without_row(file, index, counted=True))


def _span(source: SourceCopy, quote: str) -> tuple[int, int]:
    match = re.search(r"\s+".join(map(re.escape, quote.split())), source.text)
    assert match is not None, quote
    return match.span()


def waived(source: SourceCopy) -> Iterator[Slip]:
    for file, index, row in facts(source, "observations", "events"):
        start, end = _span(source, row["quote"])
        without = source.without_row(file, index, counted=True)
        numerals = [mention for mention in source.mentions(source.text) if _is_inside(mention, start, end)]
        numerals = [numeral for numeral in numerals if file == "events" or is_value(numeral, row)]
        if not numerals:
            continue
        for kind in ("idiom", "name", "document"):
            copy = without
            for numeral in numerals:
                copy = copy.with_waiver(_around(source.text, numeral.start, numeral.end), kind)
            excuse = "a number of any look may be of the document's make-up" if kind == "document" else None
            yield Slip("fact waived instead", f"{row['fact_id']} as {kind}", copy, excuse)


def is_value(mention: Mention, row: Row) -> bool:
    """Return whether a mention is the number that a row has typed."""
    typed = numbers_of(row["value"], "ratio" if mention.unit == "ratio" else None)
    low, high = (None if number is None else f"{number:f}" for number in (mention.low, mention.high))
    return low is not None and low == typed["low"] and typed["high"] in {None, high}


def _is_inside(mention: Mention, start: int, end: int) -> bool:
    first, last = mention.number or (mention.start, mention.end)
    return start <= first and last <= end


def _periods(source: SourceCopy, words: str) -> set[str]:
    return {mention.period for mention in source.mentions(words) if mention.kind == "period"}


def _around(text: str, start: int, end: int) -> str:
    """Return a numeral with as many whole words on both sides as make it unique."""
    while True:
        start = text.rfind(" ", 0, max(start - 1, 0)) + 1
        following = text.find(" ", end + 1)
        end = following if following >= 0 else len(text)
        if text.count(text[start:end]) == 1:
            return text[start:end].strip().replace("\n", " ")


# --- quotes ------------------------------------------------------------------------------------------------------------


def cut_hedge(source: SourceCopy) -> Iterator[Slip]:
    for file, index, row in facts(source, "observations"):
        if row["relator"]:
            start, end = _span(source, row["quote"])
            numeral = next(n for n in source.mentions(source.text) if is_value(n, row) and _is_inside(n, start, end))
            first, last = numeral.number or (start, end)
            quotes = (source.text[first:end], source.text[start:last])
            for quote in (quote for quote in quotes if " ".join(quote.split()) != row["quote"]):
                what = f"{row['fact_id']}: {quote!r}"
                copy = source.with_cell(file, index, quote_=quote, relator_="", value_=row["value"].split("/")[0])
                yield Slip("hedge cut off the quote, relator changed to fit", what, copy)


def resized(kind: str, *, longer: bool) -> Callable[[SourceCopy], Iterator[Slip]]:
    def plant(source: SourceCopy) -> Iterator[Slip]:
        for file, index, row in facts(source):
            start, end = _span(source, row["quote"])
            for by in (1, 4, 11):
                step = -by if longer else by
                for first, last in ((start + step, end), (start, end - step), (start + step, end - step)):
                    quote = source.text[max(first, 0) : last]
                    if "\n" not in quote and quote.strip() == quote and len(quote) > 1 and first >= 0:
                        copy = source.with_cell(file, index, quote_=quote)
                        what = f"{row['fact_id']}: {quote!r}"
                        yield Slip(kind, what, copy, _harmless(source, file, row, (first, last), longer=longer))

    return plant


def _harmless(source: SourceCopy, file: str, row: Row, span: tuple[int, int], *, longer: bool) -> str | None:
    """Say so where a quote of other length still ends at words and holds all that it held: nothing typed is then untrue."""
    start, end = span
    quote = source.text[start:end]
    if file == "statements" or not _whole_words(source.text, start, end):
        return None
    if _periods(source, quote) != _periods(source, row["quote"]):
        return None
    if file == "events" and row["what"] not in quote:
        return None
    if file == "observations":
        held = [mention for mention in source.mentions(source.text) if _is_inside(mention, start, end)]
        if sum(is_value(mention, row) for mention in held) != 1:
            return None
    return f"the {'longer' if longer else 'shorter'} quote ends at words, and holds value, dates and words as before"


def _whole_words(text: str, start: int, end: int) -> bool:
    inside = (text[at - 1 : at].isalnum() and text[at : at + 1].isalnum() for at in (start, end) if 0 < at < len(text))
    return not any(inside)


def moved(source: SourceCopy) -> Iterator[Slip]:
    for file, index, row in facts(source):
        start, end = _span(source, row["quote"])
        for by in (-211, -97, -41, 41, 97, 211, 1009):
            quote = source.text[max(start + by, 0) : max(end + by, 0)]
            is_other = quote.strip() == quote and " ".join(quote.split()) != " ".join(row["quote"].split())
            if quote and "\n" not in quote and is_other and start + by >= 0 and end + by <= len(source.text):
                copy = source.with_cell(file, index, quote_=quote)
                yield Slip("quote moved to another place", f"{row['fact_id']}: {quote!r}", copy)


# --- the day of publication ----------------------------------------------------------------------------------------------


def republished(*, everywhere: bool) -> Callable[[SourceCopy], Iterator[Slip]]:
    kind = "publication date changed everywhere at once" if everywhere else "publication date changed"

    def plant(source: SourceCopy) -> Iterator[Slip]:
        match = re.search(r'(?m)^published = "(\d{4})-(\d\d)-(\d\d)"', source.texts["source.toml"])
        assert match is not None
        year, month, day = match.groups()
        for new in (
            *(f"{int(year) + step}-{month}-{day}" for step in (-10, -2, -1, 1, 2, 10)),
            *(f"{year}-{int(month) % 12 + step:02}-{day}" for step in (1, 6, 11) if int(month) % 12 + step <= 12),
            *(f"{year}-{month}-{int(day) + step:02}" for step in (-10, -1, 1, 5)),
            *(() if everywhere else (f"{year}-{month}", year)),
        ):
            copy = source.with_text("source.toml", r'(?m)^published = ".*"$', f'published = "{new}"')
            if everywhere:
                copy = copy.with_text("source.toml", rf"\b{year}\b(?!-)", new[:4])
                copy = copy.with_text("source.toml", rf"(?<=[A-Za-z] ){day}(?=\")", new[8:])
            yield Slip(kind, f"{match.group(1)}-{month}-{day} -> {new}", copy)

    return plant


def all_slips(raw: Path, source: SourceCopy) -> Iterator[Slip]:
    """Plant every kind of slip, wherever it can be."""
    observations, events, statements = FACT_FILES
    areas = codes_of(raw, "areas")
    agents = codes_of(raw, "agents")
    planters = (
        cells("digit changed", "value", changed, observations),
        cells("digit dropped", "value", dropped, observations),
        cells("digit doubled", "value", doubled, observations),
        cells("digits transposed", "value", transposed, observations),
        cells("decimal point moved", "value", moved_point, observations),
        cells("digits added", "value", added_digits, observations),
        cells("relator exchanged", "relator", relators, observations),
        cells("relator left out", "relator", without_relator, observations),
        cells("precision exchanged", "precision", precisions, observations),
        cells("area exchanged", "area", areas, observations),
        cells("category exchanged", "category", codes_of(raw, "categories", empty=True), observations),
        cells("indicator exchanged", "indicator", codes_of(raw, "indicators"), observations),
        cells("period exchanged", "period", periods_of(source)),
        cells("date off by a year", "period", year_off),
        cells("date off by a month", "period", month_off),
        cells("date made over-precise", "period", over_precise),
        cells("interval cut to one end", "period", cut_interval),
        exchanged("values of two rows exchanged", "value"),
        exchanged("codes of two rows exchanged", "indicator", "area", "category", "who", "where", "period"),
        exchanged("quotes of two rows exchanged", "quote"),
        deleted,
        deleted_and_uncounted,
        swallowed,
        waived,
        cut_hedge,
        resized("quote shortened", longer=False),
        resized("quote lengthened", longer=True),
        moved,
        cells("who exchanged", "who", only_filled("who", agents), events, statements),
        cells("where exchanged", "where", only_filled("where", areas), events, statements),
        cells("attributed_to exchanged", "attributed_to", only_filled("attributed_to", agents), observations, events),
        cells("attribution left out", "attributed_to", only_filled("attributed_to", lambda _: iter([""])), observations, events),
        cells("what misspelt", "what", misspelt("what"), events),
        cells("office misspelt", "office", misspelt("office"), statements),
        cells("occasion misspelt", "occasion", misspelt("occasion"), statements),
        cells("quote misspelt", "quote", misspelt("quote"), statements),
        republished(everywhere=False),
        republished(everywhere=True),
    )
    for planter in planters:
        yield from planter(source)
