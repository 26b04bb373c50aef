"""The sources that facts are read from: source.toml and text.txt of each to a published table.

Belongs here: every check of a source that needs its text, the code lists or other sources. Does not
belong here: its keys by themselves (schemas), or its facts.
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from pipeline.built import Built, RowsAndDefects
from pipeline.defects import Defect, hint, no_such_day, shortened, where, with_advice
from pipeline.evidence.agreement import dates
from pipeline.evidence.anchor import anchor
from pipeline.evidence.language import countries, known_languages, letters
from pipeline.evidence.texts import Texts
from pipeline.facts.code_list_order import circles
from pipeline.intervals.periods import period_ends
from pipeline.read.raw_folder import SOURCES, TEXT, Typed
from pipeline.read.source_toml import SourceFiles
from pipeline.read.validate import Codes, unknown_codes
from schemas.raw_files import ENTERED
from schemas.source_toml import PUBLISHED_AS, SOURCE_TOML
from schemas.tables import TABLES

ORIGINS = ("derived_from", "translation_of")
"""The keys that name the source of which this one is a copy or a translation."""


_TAG = pl.col("language").str.split("-").list.first()
"""The language without its script or region."""


def publication_defects(sources: pl.DataFrame, texts: Texts) -> list[Defect]:
    """Return a defect for each source whose day of publication its words do not bear out."""
    return [
        Defect(f"{row['source_id']}/{SOURCES}", 1, key, "date_disagrees", found, expected)
        for row in texts.with_text(sources).iter_rows(named=True)
        for key, found, expected in dates.publication_disagreements(
            row, row["text"], texts.documents[row["source_id"]]
        )
    ]


def build_sources(typed: SourceFiles, of_files: Typed, codes: Codes) -> Built:
    """Return the sources as published: each source.toml with the days of publication and the length
    of its text.

    `of_files` are the texts: source_id, text, sha256; `codes` those that the code lists know, by
    "table.column".
    """
    known = codes | {"sources.source_id": pl.Series(typed.all_ids, dtype=pl.String)}
    dated, undated = with_days_of_publication(typed.rows)
    spoken = known_languages()
    is_spoken = _TAG.is_in(spoken)
    looked_at = typed.rows.filter(is_spoken)["source_id"]
    texts = of_files.rows.filter(pl.col("source_id").is_in(looked_at.implode()))
    # of a source of which nothing is looked at the text may be kept back, and is not missed
    files = {*(looked_at + f"/{TEXT}")}
    unreadable = [
        wrong for wrong in of_files.defects if wrong.code != "missing_file" or wrong.file in files
    ]
    rows, foreign = _in_own_letters(
        dated.join(texts.select("source_id", "text", found="sha256"), on="source_id")
    )
    as_it_is = pl.format("{}, the hash of text.txt as it is; has the text been changed?", "found")
    on_key = [
        *unknown_codes(typed.rows, SOURCE_TOML, known),
        *undated,
        *where(
            typed.rows,
            ~is_spoken,
            column="language",
            code="unknown_language",
            expected=f"one of {', '.join(spoken)}",
        ),
        *where(
            rows,
            pl.col("sha256").ne_missing(pl.col("found")),
            column="sha256",
            code="text_changed",
            expected=as_it_is,
        ),
        *foreign,
        *_published_words(rows, texts),
        *no_such_day(typed.rows, "retrieved", "2026-11-24"),
        *_retrieved_early(rows),
        *_origins(rows),
        *_unknown_countries(typed.rows),
    ]
    # of a hash that is none it is told what the text has
    other = [
        wrong
        for wrong in typed.defects
        if wrong.column != "sha256" or wrong.file not in rows["raw_file"]
    ]
    defects = with_advice(other + unreadable, typed.at_keys(on_key))
    characters = pl.col("text").str.len_chars().cast(pl.Int64)
    table = rows.rename(PUBLISHED_AS).with_columns(
        pl.col("republish_text") == "true", characters=characters
    )
    return Built(
        table.sort("source_id").select(list(TABLES["sources"].columns)), sorted(set(defects))
    )


def _in_own_letters(rows: pl.DataFrame) -> RowsAndDefects:
    """Return the rows whose text is written in the letters of its language; a defect for each
    other.
    """
    own = pl.coalesce(
        pl.when(tag == _TAG).then(pl.col("text").str.count_matches(pattern))
        for tag, pattern in letters().items()
    )
    is_foreign = 2 * own < pl.col("text").str.count_matches(r"\p{L}")
    expected = "the language of text.txt, most of which is written in other letters"
    return rows.filter(~is_foreign), where(
        rows, is_foreign, column="language", code="other_language", expected=expected
    )


def with_days_of_publication(rows: pl.DataFrame) -> RowsAndDefects:
    """Return the rows whose `published` is a day, month or year, with its first and last day; a
    defect for each other.
    """
    ends, bad = period_ends(rows["published"])
    is_open = pl.col("start_earliest").is_null() | pl.col("canonical").str.contains(
        "/", literal=True
    )
    no_day = pl.col("published").is_in([*bad, *ends.filter(is_open)["period"]])
    expected = (
        "a day, month or year in EDTF such as 2011-12-23, the widest one that it can be "
        "where it is uncertain"
    )
    wrong = where(rows, no_day, column="published", code="not_edtf", expected=expected)
    days = ends.filter(~is_open).select(
        "canonical",
        published="period",
        published_earliest="start_earliest",
        published_latest="end_latest",
    )
    dated = rows.join(days, on="published", how="inner").with_columns(published="canonical")
    return dated, [
        replace(one, found=shortened(one.found), expected=expected + hint(one.found))
        for one in wrong
    ]


def _published_words(rows: pl.DataFrame, texts: pl.DataFrame) -> list[Defect]:
    """Check that the words that say when it was published stand in the text, and that a date
    without words has a basis.
    """
    quoted = rows.drop_nulls("published_quote")
    quotes = quoted.with_columns(quote="published_quote", occurrence=pl.lit("1"))
    _, defects = anchor(quotes, Texts(texts, {}))
    unfounded = pl.col("published_quote").is_null() & pl.col("published_basis").is_null()
    expected = (
        "the words of the text that say when, or in published_basis what the date is inferred from"
    )
    return [replace(defect, column="published_quote") for defect in defects] + where(
        rows, unfounded, column="published_quote", code="no_basis", expected=expected
    )


def _retrieved_early(rows: pl.DataFrame) -> list[Defect]:
    """Check that a source was not read before it was published."""
    day = pl.col("retrieved").str.to_date("%Y-%m-%d", strict=False)
    not_yet = pl.format("a day from {} on, since it was not published before", "published_earliest")
    return where(
        rows,
        day < pl.col("published_earliest"),
        column="retrieved",
        code="before_publication",
        expected=not_yet,
    )


def _origins(rows: pl.DataFrame) -> list[Defect]:
    """Check that what a source copies or translates is another one, published no later, and does
    not copy it in turn.
    """
    together = pl.concat_str(*ORIGINS, separator=" ", ignore_nulls=True).alias("origins")
    as_rows = rows.select("source_id", "raw_file", *ORIGINS, together).fill_null("").to_dicts()
    defects = []
    for row, expected in circles(as_rows, "origins", "source_id"):
        key = max(ORIGINS, key=lambda key: (row[key] == row["source_id"], row[key] != ""))
        defects.append(Defect(row["raw_file"], 1, key, "circle", row[key], expected))
    days = rows.select(
        origin="source_id", origin_published="published", origin_earliest="published_earliest"
    )
    for key in ORIGINS:
        copies = rows.join(days, left_on=key, right_on="origin", maintain_order="left")
        later = pl.col("origin_earliest") > pl.col("published_latest")
        no_later = pl.format(
            "a source published no later than this one, {}; that one was {}",
            "published",
            "origin_published",
        )
        defects += where(copies, later, column=key, code="published_later", expected=no_later)
    return defects


def _unknown_countries(rows: pl.DataFrame) -> list[Defect]:
    """Check the countries against those that CLDR knows."""
    unknown = pl.col("country").is_not_null() & ~pl.col("country").is_in(sorted(countries()))
    expected = "a country's code of ISO 3166-1, such as GB or KZ"
    return where(rows, unknown, column="country", code="unknown_country", expected=expected)


def unexpected_counts(sources: pl.DataFrame, files: Mapping[str, Typed]) -> list[Defect]:
    """Return a defect for each source (a typed row) whose files do not have the number of rows that
    its source.toml states.

    Nothing is said of files of which rows could not be read.
    """
    defects = []
    for name in ENTERED:
        lost = {file for file, _ in files[name].lost} | files[name].lacking
        have = files[name].rows.group_by("source_id").len("have")
        rows = sources.filter(~(pl.col("source_id") + f"/{name}.csv").is_in(lost))
        rows = rows.join(have, on="source_id", how="left").with_columns(pl.col("have").fill_null(0))
        key = f"expected.{name}"
        differs = pl.col(key).cast(pl.Int64, strict=False) != pl.col("have")
        words = pl.format(
            f"{{}}, as many rows as {name}.csv has; type what is missing there, or mend the count",
            "have",
        )
        defects += where(rows, differs, column=key, code="unexpected_count", expected=words)
    return defects
