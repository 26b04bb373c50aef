"""Period and day of publication: the dates that are typed are those of the words, hedged as these
are.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache

import polars as pl

from pipeline.built import Row
from pipeline.defects import Defect, where
from pipeline.evidence.language import language
from pipeline.evidence.leading_dates import governing_dates
from pipeline.evidence.reader import read_mentions
from pipeline.evidence.scan import Document
from pipeline.evidence.spans import inside
from pipeline.evidence.texts import PLACE, Texts
from pipeline.intervals.periods import canonical_period

OPEN = ".."
UNDATED = "XXXX"
_NONE = "?"
"""Stands for a typed period that is none."""

_UNTIL = {("periods", name) for name in ("by", "before", "by_after", "before_after")}
_SINCE = {
    ("from",),
    *(("periods", name) for name in ("since", "after", "onwards", "since_after", "after_after")),
}
"""The tables of words that leave a period open at its end, and at its beginning."""
_NO_DATE = (
    "no date, since these words say none: quote those that do, or leave it empty for the day of "
    f"publication, or type {UNDATED} for none"
)


def dates_agree(
    rows: pl.DataFrame, texts: Texts, *, besides: str | None = None, instead: str | None = None
) -> list[Defect]:
    """The typed period is that of the words, as exact and as hedged as they are.

    The words are the quote; periods of the column `besides` may be used too, and where the column
    `instead` has some, they count and not those of the quote. An empty period (`typed_period`)
    admits none, nor one that begins the sentence of the quote and is not in a note.
    """
    kept = rows.select(
        *PLACE,
        "quote",
        typed_period=pl.when("period_is_known").then("typed_period").otherwise(pl.lit(_NONE)),
        besides=besides,
        instead=instead,
        note="note",
    )
    kept = pl.concat([kept, governing_dates(kept, texts)], how="horizontal")
    periods = texts.mentions.filter(kind="period").select(
        "source_id", "period", start="number_start", end="number_end"
    )
    in_quote = inside(kept.select(PLACE), periods)
    said = in_quote.group_by("row").agg(in_quote=pl.col("period").unique(maintain_order=True))
    judged = kept.join(said, on="row", how="left", maintain_order="left")
    cases = judged.iter_rows(named=True)
    wanted = [_wanted(case, texts.documents[case["source_id"]]) for case in cases]
    judged = judged.with_columns(wanted=pl.Series(wanted, dtype=pl.String))
    words = pl.format("the period that the words name, as exact as they are: {}", "wanted")
    return where(
        judged,
        pl.col("wanted").is_not_null(),
        column="period",
        code="date_disagrees",
        expected=words,
        found=pl.col("typed_period"),
    )


def _wanted(case: Row, document: Document) -> str | None:
    """Return the period that should stand in place of the typed one; None where it is the one that
    the words name.

    `case` has the typed period, the quote and its periods, and other words (besides, instead) of a
    document.
    """
    typed = case["typed_period"]
    said = periods_in(case["instead"] or "", document) or case["in_quote"] or ()
    if typed == _NONE:
        return _shown(said) if said else _NO_DATE
    date = case["date_words"]
    if typed is None and not said and date and date not in (case["note"] or ""):
        return (
            f"{_shown([case['date_period']])}, since {date!r} begins the sentence: quote from there"
            f" on, or say in a note with the words {date!r} why they do not date this value"
        )
    goes_on = (
        open_ends(case["quote"], document.language) if typed and OPEN in typed else (False, False)
    )
    return disagreement(typed, said, periods_in(case["besides"] or "", document), goes_on)


@lru_cache(maxsize=100_000)
def periods_in(words: str, document: Document) -> tuple[str, ...]:
    """Return the periods that some words of a document name, in EDTF."""
    return tuple(
        mention.period for mention in read_mentions(words, document) if mention.kind == "period"
    )


def open_ends(quote: str, tag: str) -> tuple[bool, bool]:
    """Return whether words such as until, and such as since, stand anywhere in a quote: a period
    may then be open there.
    """
    spoken = language(tag)
    return any(spoken.said(quote, *path) for path in _UNTIL), any(
        spoken.said(quote, *path) for path in _SINCE
    )


def disagreement(
    typed: str | None,
    said: Sequence[str],
    more: Sequence[str],
    goes_on: tuple[bool, bool] = (False, False),
) -> str | None:
    """Return what a typed period should be, in words; None where it is what the words say.

    `said` are the periods of the words, each of which must be used; `more` may be used; `goes_on`
    tells at which ends (start, end) other words leave a period open. "Adopted in 2003 and ran until
    2005" says 2003 and ../2005: 2003/2005.
    """
    if typed is None or typed == UNDATED:
        return _shown(said) if said else None
    complete = [_completed(period, typed) for period in said]
    others = [_completed(period, typed) for period in more]
    if _same(typed, complete) or (not complete and any(_same(typed, [other]) for other in others)):
        return None
    start, end = _ends(typed)
    is_explained = (
        "/" in typed
        and _explains(start, 0, [*complete, *others], goes_on[0])
        and _explains(end, 1, [*complete, *others], goes_on[1])
    )
    uses_all = all(_is_used(period, start, end) for period in complete)
    if is_explained and uses_all and (complete or others):
        return None
    return _shown(said or more) if said or more else _NO_DATE


def _shown(said: Sequence[str]) -> str:
    return " and ".join(
        period.replace(UNDATED, "year") if period.startswith(UNDATED) else period for period in said
    )


def _same(typed: str, said: list[str]) -> bool:
    """Return whether all that is said is the one typed period."""
    return bool(said) and all(_spelled(period) == _spelled(typed) for period in said)


def _spelled(period: str) -> str:
    """Return a period in one spelling; a decade is also the span of its years."""
    decade = (
        re.sub(r"(?<!\d)(\d{3})X(~?)", r"\g<1>0\2/\g<1>9\2", period)
        if "/" not in period
        else period
    )
    with suppress(ValueError):  # a day without its year, or 29 February of a year that has none
        return canonical_period(decade)
    return decade


def _ends(period: str) -> tuple[str, str]:
    first, stroke, last = period.partition("/")
    return (first or OPEN), ((last or OPEN) if stroke else first)


def _completed(said: str, typed: str) -> str:
    """Return a period that is printed without its year with the year that is typed, where the rest
    is the same.
    """
    if UNDATED not in said:
        return said
    years = [end[:4] for end in _ends(typed) if end != OPEN]
    for year in years:
        dated = said.replace(UNDATED, year)
        if _spelled(dated) == _spelled(typed) or dated in _ends(typed):
            return dated
    return said


def _explains(end: str, side: int, said: list[str], goes_on: bool) -> bool:  # noqa: FBT001
    """Return whether an end of a typed span is one that the words name on this side, or an open one
    that they leave open.
    """
    if end == OPEN:
        return goes_on or any(_ends(period)[side] == OPEN for period in said)
    return any(end in ({_ends(period)[side]} if "/" in period else {period}) for period in said)


def _is_used(period: str, start: str, end: str) -> bool:
    """Return whether a period of the words is in a typed span: each of its dates is an end
    there.
    """
    first, last = _ends(period)
    if "/" not in period:
        return period in {start, end}
    return (first in {OPEN, start}) and (last in {OPEN, end})


def are_parts(said: pl.Series, typed: pl.Series) -> pl.Series:
    """Return whether each period of the words is the typed one beside it, or one of its ends;
    nothing is no part.
    """
    return pl.Series([is_part(*pair) for pair in zip(said, typed, strict=True)], dtype=pl.Boolean)


@lru_cache(maxsize=100_000)
def is_part(said: str | None, typed: str | None) -> bool:
    """Return whether a period of the words is a typed one, or one of its ends; nothing is no
    part.
    """
    if not said or not typed:
        return False
    complete = _completed(said, typed)
    return _same(typed, [complete]) or _is_used(complete, *_ends(typed))


def publication_disagreements(
    row: Row, text: str, document: Document
) -> Iterator[tuple[str, str, str]]:
    """Yield (key, found, expected) where the day of publication of a source is not what the words
    and their reason say.

    `row` has published, published_quote and published_basis. What is printed must be just what is
    typed; a year that is not printed must be named in the reason, and stand somewhere in the text.
    """
    published, quoted, basis = row["published"], row["published_quote"], row["published_basis"]
    printed = periods_in(quoted or "", document)
    year = published[:4]
    if quoted and len(printed) != 1:
        yield "published_quote", quoted, "the words of one date"
    elif printed and _completed(printed[0], published) != published:
        said = printed[0].replace(UNDATED, "year")
        yield "published", published, f"the date that the words name: {said}"
    if not printed or printed[0].startswith(UNDATED):
        if year not in re.findall(r"\d{4}", basis or ""):
            inferred = f"from what the year {year} is inferred, naming it"
            yield "published_basis", basis or "", inferred
        if year not in re.findall(r"(?<!\d)\d{4}(?!\d)", text):
            expected = "a year that the text names somewhere, since its own words do not say it"
            yield "published", published, expected
