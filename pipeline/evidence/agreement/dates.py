"""Period and day of publication: the dates that are typed are those of the words, as exact as these."""

import re
from functools import partial

import polars as pl

from pipeline.defects import Defect, where
from pipeline.evidence.language import any_of, language
from pipeline.evidence.numerals import find_dates
from pipeline.evidence.spans import inside
from pipeline.evidence.texts import Texts
from pipeline.intervals.periods import OPEN

_QUALIFIERS = r"[~?%]"


def dates_agree(rows: pl.DataFrame, texts: Texts, *, besides: str | None = None, instead: str | None = None) -> list[Defect]:
    """The typed period has just the dates of the words, as exact as they are, and goes on where the words say so.

    The words are the quote, without the numeral that is the value; dates of the column `besides` may be used too, and
    where the column `instead` has dates, they count and not those of the quote. An empty period (`typed_period`) admits none.
    """
    is_period = pl.any_horizontal(pl.col("start_earliest", "end_earliest").is_not_null())  # else that is the defect
    rows = rows.filter(is_period).with_columns(besides=_column(besides), instead=_column(instead))
    if "numeral_start" not in rows.columns:
        rows = rows.with_columns(numeral_start=pl.lit(-1), numeral_end=pl.lit(-1))
    quotes = rows.select("row", "source_id", "quote_start", "quote_end", "numeral_start", "numeral_end")
    is_value = (pl.col("start") < pl.col("numeral_end")) & (pl.col("end") > pl.col("numeral_start"))
    printed = (
        inside(quotes, texts.dates)
        .filter(~is_value)
        .group_by("row")
        .agg(
            in_quote=pl.col("date").unique().sort(),
            since=pl.col("date").filter(pl.col("leads") == "since").unique().sort(),
            until=pl.col("date").filter(pl.col("leads") == "until").unique().sort(),
        )
    )
    kept = rows.select("row", "source_id", "raw_file", "raw_line", "typed_period", "quote", "besides", "instead")
    tagged = kept.join(texts.table.select("source_id", "language"), on="source_id", maintain_order="left")
    others = (
        pl.concat([tagged.select("language", words=name) for name in ("besides", "instead")])
        .drop_nulls()
        .unique()
        .sort("language", "words")
    )
    found = [(tag, words, sorted({mention.date for mention in find_dates(words, tag)})) for tag, words in others.iter_rows()]
    shape: dict[str, pl.DataType] = {"language": pl.String(), "words": pl.String(), "dates": pl.List(pl.String)}
    in_words = pl.DataFrame(found, schema=shape, orient="row")
    judged = tagged.join(printed, on="row", how="left", maintain_order="left")
    for name in ("besides", "instead"):
        named = in_words.rename({"words": name, "dates": f"{name}_dates"})
        judged = judged.join(named, on=["language", name], how="left", maintain_order="left")
    nothing = pl.lit([], dtype=pl.List(pl.String))
    judged = judged.with_columns(
        pl.col(name).fill_null(nothing) for name in ("in_quote", "since", "until", "besides_dates", "instead_dates")
    )
    ends = pl.col("typed_period").fill_null("").str.replace_all(_QUALIFIERS, "").str.split("/")
    judged = judged.with_columns(
        typed=ends.list.set_difference(list(OPEN)),
        first=ends.list.first(),
        last=ends.list.last(),
        said=pl.when(pl.col("instead_dates").list.len() > 0).then("instead_dates").otherwise("in_quote"),
    )
    is_incomplete = pl.col("said").list.eval(pl.element().str.starts_with("XXXX")).list.any()
    judged = judged.with_columns(
        # a date printed without its year stands for a typed one that ends alike
        said=pl.when(is_incomplete)
        .then(pl.struct("said", "typed"))
        .map_elements(_completed, return_dtype=pl.List(pl.String), skip_nulls=True)
        .fill_null(pl.col("said"))
    )
    spoken = pl.col("said").list.set_union("besides_dates")
    unsaid = pl.col("typed").list.set_difference(spoken)
    untyped = pl.col("said").list.set_difference(pl.col("typed"))
    spoken_dates = pl.col("said").list.sort().list.join(", ")
    shown = (
        pl.when(spoken_dates == "")
        .then(pl.lit("no date: leave it empty for the day of publication"))
        .otherwise(pl.format("just {}", spoken_dates))
    )
    disagree = (unsaid.list.len() > 0) | (untyped.list.len() > 0)
    found_period = pl.col("typed_period").fill_null("")
    check = partial(where, judged, column="period", code="date_disagrees", found=found_period)
    return [
        *check(disagree, expected=pl.format("the dates that the words name, as exact as they are: {}", shown)),
        *check(~disagree & _lone("since"), expected="a period that goes on from there (2006/..), as 'since' says"),
        *check(~disagree & _lone("until"), expected="a period that ends there (2003/2005), as 'until' says"),
        *_open_ends(judged.filter(~disagree)),
    ]


def _column(name: str | None) -> pl.Expr:
    return pl.lit(None, pl.String) if name is None else pl.col(name)


def _completed(row: dict[str, list[str]]) -> list[str]:
    complete = []
    for date in row["said"]:
        same = [typed for typed in row["typed"] if date.startswith("XXXX") and typed.endswith(date.removeprefix("XXXX"))]
        complete.append(same[0] if same else date)
    return complete


def _lone(leads: str) -> pl.Expr:
    """Whether a date that since or until leads to is not the beginning, or the end, of a typed interval."""
    side = pl.col("first") if leads == "since" else pl.col("last")
    is_interval = pl.col("typed_period").str.contains("/", literal=True)
    marked = (pl.col(leads).list.len() > 0) & (pl.col("instead_dates").list.len() == 0)
    return marked & (~is_interval | ~pl.col(leads).list.contains(side)).fill_null(value=True)


def _open_ends(judged: pl.DataFrame) -> list[Defect]:
    """An open end needs a word such as since in the words of the fact; an open beginning one such as until."""
    defects = []
    for tag in judged["language"].unique().sort():
        part = judged.filter(language=tag)
        for side, words in (("last", language(tag).since), ("first", language(tag).until)):
            said = pl.col("quote").str.contains(rf"(?i)(?:^|\W)(?:{any_of(words)})(?:\W|$)")
            expected = f"an end, unless the words say {' or '.join(words)}"
            is_open = pl.col(side).is_in(list(OPEN)) & pl.col("typed_period").is_not_null()
            defects += where(
                part, is_open & ~said, column="period", code="date_disagrees", expected=expected, found=pl.col("typed_period")
            )
    return defects


def publications_agree(sources: pl.DataFrame, texts: Texts) -> list[tuple[str, str, str, str]]:
    """Return (source_id, key, found, expected) where the day of publication is not what the words and their reason say.

    `sources` have source_id, published, published_quote and published_basis. What is printed must be just what is typed;
    a year that is not printed must be named in the reason, and stand somewhere in the text.
    """
    wrong = []
    rows = sources.join(texts.table, on="source_id").select(
        "source_id", "language", "text", "published", "published_quote", "published_basis"
    )
    for source_id, tag, text, published, quoted, basis in rows.iter_rows():
        printed = [mention.date for mention in find_dates(quoted, tag)] if quoted else []
        if quoted and len(printed) != 1:
            wrong.append((source_id, "published_quote", quoted, "the words of one date"))
        elif printed and not (published == printed[0] or (printed[0].startswith("XXXX") and published[4:] == printed[0][4:])):
            wrong.append(
                (source_id, "published", published, f"the date that the words name: {printed[0].replace('XXXX', 'year')}")
            )
        year = published[:4]
        if not printed or printed[0].startswith("XXXX"):
            if year not in re.findall(r"\d{4}", basis or ""):
                wrong.append((source_id, "published_basis", basis or "", f"from what the year {year} is inferred, naming it"))
            if year not in re.findall(r"(?<!\d)\d{4}(?!\d)", text):
                wrong.append(
                    (source_id, "published", published, "a year that the text names somewhere, since its own words do not say it")
                )
    return wrong
