"""Slips in a quote: a hedge cut off, too short, too long, or from another place."""

from collections.abc import Callable, Iterator

from tests.slips.harness import Slip
from tests.slips.places import facts, is_inside, is_value, is_whole_words, periods_in, span_of
from tests.slips.source_copy import Row, SourceCopy


def cut_hedge(source: SourceCopy) -> Iterator[Slip]:
    for file, index, row in facts(source, "observations"):
        if row["relator"]:
            start, end = span_of(source, row["quote"])
            numeral = next(
                n
                for n in source.mentions(source.text)
                if is_value(n, row) and is_inside(n, start, end)
            )
            first, last = numeral.number or (start, end)
            quotes = (source.text[first:end], source.text[start:last])
            for quote in (quote for quote in quotes if " ".join(quote.split()) != row["quote"]):
                what = f"{row['fact_id']}: {quote!r}"
                copy = source.with_cell(
                    file, index, quote_=quote, relator_="", value_=row["value"].split("/")[0]
                )
                yield Slip("hedge cut off the quote, relator changed to fit", what, copy)


def resized(kind: str, *, longer: bool) -> Callable[[SourceCopy], Iterator[Slip]]:
    def plant(source: SourceCopy) -> Iterator[Slip]:
        for file, index, row in facts(source):
            start, end = span_of(source, row["quote"])
            for by in (1, 4, 11):
                step = -by if longer else by
                for first, last in (
                    (start + step, end),
                    (start, end - step),
                    (start + step, end - step),
                ):
                    quote = source.text[max(first, 0) : last]
                    if (
                        "\n" not in quote
                        and quote.strip() == quote
                        and len(quote) > 1
                        and first >= 0
                    ):
                        copy = source.with_cell(file, index, quote_=quote)
                        what = f"{row['fact_id']}: {quote!r}"
                        yield Slip(
                            kind,
                            what,
                            copy,
                            _harmless(source, file, row, (first, last), longer=longer),
                        )

    return plant


def _harmless(
    source: SourceCopy, file: str, row: Row, span: tuple[int, int], *, longer: bool
) -> str | None:
    """Say so where a quote of other length still ends at words and holds all that it held: nothing
    typed is then untrue.
    """
    start, end = span
    quote = source.text[start:end]
    if file == "statements" or not is_whole_words(source.text, start, end):
        return None
    if periods_in(source, quote) != periods_in(source, row["quote"]):
        return None
    if file == "events" and row["what"] not in quote:
        return None
    if file == "observations":
        held = [
            mention for mention in source.mentions(source.text) if is_inside(mention, start, end)
        ]
        if sum(is_value(mention, row) for mention in held) != 1:
            return None
    return (
        f"the {'longer' if longer else 'shorter'} quote ends at words, and holds value, "
        "dates and words as before"
    )


def moved(source: SourceCopy) -> Iterator[Slip]:
    for file, index, row in facts(source):
        start, end = span_of(source, row["quote"])
        for by in (-211, -97, -41, 41, 97, 211, 1009):
            quote = source.text[max(start + by, 0) : max(end + by, 0)]
            is_other = quote.strip() == quote and " ".join(quote.split()) != " ".join(
                row["quote"].split()
            )
            if (
                quote
                and "\n" not in quote
                and is_other
                and start + by >= 0
                and end + by <= len(source.text)
            ):
                copy = source.with_cell(file, index, quote_=quote)
                yield Slip("quote moved to another place", f"{row['fact_id']}: {quote!r}", copy)
