"""Find each quote in its text: the span of the words that a fact was read from.

A text and a quote are searched in a form in which every run of white space is one space and
invisible characters (soft hyphens, zero-width marks) are gone; offsets lead back to the text as it
is.
"""

import difflib
import re
from functools import partial
from itertools import islice

import polars as pl

from pipeline.built import Row, RowsAndDefects
from pipeline.defects import Defect, where
from pipeline.evidence.searchable import INVISIBLE
from pipeline.evidence.spans import begun
from pipeline.evidence.texts import Texts
from schemas.columns import OCCURRENCE

A_FEW = 3
"""Places that are shown of words that stand more than once."""

CONTEXT = 32
"""Characters of quote_prefix and quote_suffix."""

ALIKE = 0.5
"""How alike a passage must be (difflib's ratio) to words that stand nowhere to be taken for
them.
"""

LEAST_LIKENESS = 3
"""Characters that a passage must share with a quote in one piece to be shown as the nearest."""

A_FEW_PASSAGES = 20
"""Passages of those that share a piece with a quote which are held against it."""

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
    }
)
_WORD = re.compile(r"\S+")
_BETWEEN = pl.col("text").str.slice("quote_start", pl.col("quote_end") - pl.col("quote_start"))
"""The text between the ends of a quote."""

_NEEDED = ("row", "source_id", "sought", "occurrence", "quote", "raw_file", "raw_line")


def anchor(facts: pl.DataFrame, texts: Texts) -> RowsAndDefects:
    """Return the facts whose words were found, with their span, and a defect for each of the
    others.

    `facts` has source_id, quote, occurrence, raw_file and raw_line. The quote of the result is the
    text's own slice; quote_start, quote_end, quote_prefix and quote_suffix are those of the W3C Web
    Annotation Data Model, in Unicode code points, end exclusive. Facts whose text is missing are
    left out: that is a defect of the source.
    """
    sought = (
        pl.col("quote")
        .str.normalize("NFC")
        .str.replace_all(INVISIBLE, "")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )
    quotes = facts.with_row_index("row").with_columns(sought=sought)
    places, defects = _places_of(quotes, texts)
    placed = quotes.join(places, on="row", maintain_order="left")
    first = pl.col("place")
    last = first + pl.col("sought").str.len_chars().cast(pl.Int64) - 1
    spans = placed.with_columns(
        quote_start=_original(placed.select("source_id", at=first), texts),
        quote_end=_original(placed.select("source_id", at=last), texts) + 1,
    )
    anchored = texts.with_text(spans).with_columns(_slices())
    return anchored.drop("row", "place", "sought", "text"), defects


def _places_of(quotes: pl.DataFrame, texts: Texts) -> RowsAndDefects:
    """Return where each quote stands in its searched text (row, place), and a defect for each that
    cannot be placed.
    """
    known = quotes.select(_NEEDED).join(
        texts.table.select("source_id"), on="source_id", maintain_order="left"
    )
    found = [
        _place(fact, texts.forms[fact["source_id"]].text) for fact in known.iter_rows(named=True)
    ]
    places = [place for place in found if not isinstance(place, Defect)]
    placed = pl.DataFrame(places, schema={"row": pl.UInt32, "place": pl.Int64}, orient="row")
    return placed, [defect for defect in found if isinstance(defect, Defect)]


def _original(places: pl.DataFrame, texts: Texts) -> pl.Series:
    """Return the places in the texts as they are of places (source_id, at) in the searched
    forms.
    """
    return places["at"] + begun(places, texts.steps, at="at")["more"]


def _slices() -> list[pl.Expr]:
    before = pl.min_horizontal("quote_start", CONTEXT)
    return [
        _BETWEEN.alias("quote"),
        pl.col("text").str.slice(pl.col("quote_start") - before, before).alias("quote_prefix"),
        pl.col("text").str.slice(pl.col("quote_end"), CONTEXT).alias("quote_suffix"),
    ]


def misplaced(table: pl.DataFrame, texts: Texts) -> list[Defect]:
    """Return a defect for each published fact whose quote is not the text between its ends."""
    held = texts.with_text(table)
    expected = pl.format("the text between {} and {}: {}", "quote_start", "quote_end", _BETWEEN)
    return where(
        held,
        pl.col("quote") != _BETWEEN,
        column="quote",
        code="span_is_not_the_quote",
        expected=expected,
    )


def _place(fact: Row, text: str) -> tuple[int, int] | Defect:
    """Return (row, place) of a quote in its searched text, or the defect that it cannot be
    placed.
    """
    sought, occurrence = fact["sought"], fact["occurrence"]
    defect = partial(Defect, fact["raw_file"], fact["raw_line"])
    if not re.match(OCCURRENCE, occurrence or "1"):
        expected = "a whole number from 1, or nothing where the words stand once"
        return defect("occurrence", "no_such_occurrence", occurrence, expected)
    places = alike_places_of(sought, text)
    if not places:
        expected = f"words of the text; the nearest passage: {nearest_passage(sought, text)!r}"
        return defect("quote", "quote_not_found", fact["quote"], expected)
    if occurrence is None and len(places) > 1:
        expected = _to_tell_apart(sought, text, places)
        return defect("quote", "quote_ambiguous", fact["quote"], expected)
    chosen = int(occurrence or 1)
    if chosen > len(places):
        expected = f"at most {len(places)}, since the words stand {len(places)} times"
        return defect("occurrence", "no_such_occurrence", occurrence, expected)
    return fact["row"], places[chosen - 1]


def _to_tell_apart(sought: str, text: str, places: list[int]) -> str:
    """Return what tells words that stand in some places of a text from each other."""
    longer = " or ".join(
        repr(unique_words(text, place, place + len(sought))) for place in places[:A_FEW]
    )
    once = f"words that stand once (these stand {len(places)} times), such as {longer}"
    return f"{once}; or, of a fact, which one in the column occurrence: 1 to {len(places)}"


def alike_places_of(sought: str, text: str) -> list[int]:
    """Return where some words stand in a searched text; where they stand nowhere, the places of
    those that have other dashes and quotation marks.
    """
    return places_of(sought, text) or places_of(sought.translate(_ALIKE), text.translate(_ALIKE))


def places_of(sought: str, text: str) -> list[int]:
    """Return where some words stand in a text; where they stand as whole words or numbers, those
    places alone.
    """
    first = text.find(sought)
    if (
        text.find(sought, first + 1) < 0
    ):  # most stand once, and a pattern takes longer to build than to use
        return [first] if first >= 0 else []
    before, after = (
        "(?<![^\\W_])" if sought[:1].isalnum() else "",
        "(?![^\\W_])" if sought[-1:].isalnum() else "",
    )
    patterns = (f"{before}(?={re.escape(sought)}{after})", f"(?={re.escape(sought)})")
    found = ([match.start() for match in re.finditer(pattern, text)] for pattern in patterns)
    return next((places for places in found if places), [])


def nearest_passage(sought: str, text: str) -> str:
    """Return the passage of a text that is most like some words, of those that share the longest
    piece with them.
    """
    folded, words = text.casefold(), sought.casefold()
    match = difflib.SequenceMatcher(None, folded, words, autojunk=False).find_longest_match()
    piece = re.compile(re.escape(words[match.b : match.b + match.size]))
    shared = islice(piece.finditer(folded), A_FEW_PASSAGES) if match.size >= LEAST_LIKENESS else ()
    starts = [max(place.start() - match.b, 0) for place in shared] or [0]
    start = max(starts, key=lambda place: likeness(words, folded[place : place + len(words)]))
    end = start + len(sought)
    while text[start - 1 : start + 1].isalnum():  # it begins and ends with whole words
        start -= 1
    while text[end - 1 : end + 1].isalnum() and end < len(text):
        end += 1
    return text[start:end].strip()


def are_alike(words: str, passage: str) -> bool:
    """Return whether a passage is so like some words that these may have become it, by a slip or a
    revision.
    """
    return likeness(words, passage) >= ALIKE


def likeness(words: str, passage: str) -> float:
    """Return how alike two texts are, from 0 to 1."""
    return difflib.SequenceMatcher(None, words, passage, autojunk=False).ratio()


def unique_words(text: str, start: int, end: int) -> str:
    """Return the words of a span with as many words around it as make them stand once."""
    before = [match.start() for match in _WORD.finditer(text, max(start - 200, 0), start)]
    after = (match.end() for match in _WORD.finditer(text, end, min(end + 200, len(text))))
    first, last = start, end
    while text.count(text[first:last]) > 1:
        following = next(after, None)
        if following is not None:
            last = following
        elif before:
            first = before.pop()
        else:
            break
    return " ".join(text[first:last].split())
