"""The tables that facts refer to: code lists and sources.

Belongs here: typed code lists and source.toml files to published tables, with the checks that join them. Does not belong
here: facts.
"""

from dataclasses import dataclass, replace

import polars as pl

from pipeline.built import Built
from pipeline.defects import Defect, hint, where
from pipeline.evidence.agreement import dates
from pipeline.evidence.anchor import anchor
from pipeline.evidence.language import known_languages
from pipeline.evidence.texts import Texts
from pipeline.intervals.periods import period_ends
from pipeline.read.raw_folder import RawFolder, SourceFiles, Typed, read_text
from pipeline.read.validate import unknown_codes
from schemas.code_lists import CODE_LISTS
from schemas.raw_files import ENTERED
from schemas.source_toml import SOURCE_TOML
from schemas.tables import TABLES


@dataclass(frozen=True)
class CodeLists:
    """The four code lists, as published."""

    indicators: pl.DataFrame
    areas: pl.DataFrame
    categories: pl.DataFrame
    agents: pl.DataFrame

    def codes(self) -> dict[str, pl.Series]:
        """Return the codes that each list knows, by "table.column"."""
        return {f"{name}.code": getattr(self, name)["code"] for name in CODE_LISTS}


def build_code_list(name: str, typed: Typed) -> Built:
    """Return a code list as published; a code that refers to its own list must be there."""
    rows = typed.rows
    defects = typed.defects + unknown_codes(rows, CODE_LISTS[name], {f"{name}.code": rows["code"]})
    if name == "indicators":
        rows = rows.with_columns(pl.col("whole") == "true")
    if name == "areas":
        days = [pl.col(day).str.to_date("%Y-%m-%d", strict=False) for day in ("valid_from", "valid_to")]
        for day in ("valid_from", "valid_to"):
            no_day = pl.col(day).is_not_null() & pl.col(day).str.to_date("%Y-%m-%d", strict=False).is_null()
            wrong = where(rows, no_day, column=day, code="no_such_day", expected="a day of the calendar such as 1998-12-15")
            defects += [defect for defect in wrong if not _is_known(defect, defects)]
        successors = rows.with_columns(pl.col("successor").str.split(" ")).explode("successor")
        unknown = pl.col("successor").is_not_null() & ~pl.col("successor").is_in(rows["code"].implode())
        defects += where(
            successors, unknown, column="successor", code="unknown_code", expected="codes of areas, joined by a space"
        )
        rows = rows.with_columns(days)
    table = rows.drop_nulls("code").unique("code", keep="first", maintain_order=True).sort("code")
    return Built(table.select(list(TABLES[name].columns)), defects)


def _is_known(defect: Defect, defects: list[Defect]) -> bool:
    return any((defect.file, defect.line, defect.column) == (other.file, other.line, other.column) for other in defects)


def category_trees_exist(indicators: Typed, categories: pl.DataFrame) -> list[Defect]:
    """Return a defect for each indicator whose tree of categories is not in categories.csv."""
    trees = categories["tree"].unique().sort()
    unknown = pl.col("category_tree").is_not_null() & ~pl.col("category_tree").is_in(trees.implode())
    expected = f"a tree of categories.csv: {', '.join(trees)}"
    return where(indicators.rows, unknown, column="category_tree", code="unknown_code", expected=expected)


def read_texts(raw: RawFolder, languages: dict[str, str]) -> tuple[pl.DataFrame, list[Defect]]:
    """Return the text of each source (source_id, language, text, sha256), and the defects of the files.

    `languages` maps each source to the language of its text.
    """
    rows, defects = [], []
    for source_id, tag in languages.items():
        text, sha256, wrong = read_text(raw, source_id)
        defects += wrong
        if text is not None:
            rows.append((source_id, tag, text, sha256))
    shape = dict.fromkeys(("source_id", "language", "text", "sha256"), pl.String)
    return pl.DataFrame(rows, schema=shape, orient="row"), defects


def texts_of(raw: RawFolder, sources: pl.DataFrame) -> pl.DataFrame:
    """Return the text of each published source (source_id, language, text, sha256)."""
    return read_texts(raw, dict(sources.select("source_id", "language").iter_rows()))[0]


def publication_defects(typed: SourceFiles, sources: pl.DataFrame, texts: Texts) -> list[Defect]:
    """Return a defect for each source whose day of publication its words do not bear out."""
    files = dict(typed.rows.select("source_id", "raw_file").iter_rows())
    return [
        _at_key(Defect(files[source_id], 1, key, "date_disagrees", found, expected), typed.key_lines)
        for source_id, key, found, expected in dates.publications_agree(sources, texts)
    ]


def build_sources(raw: RawFolder, typed: SourceFiles, agents: pl.DataFrame) -> Built:
    """Return the sources as published: each source.toml with the days of publication and the length of its text."""
    known = {
        "agents.code": agents["code"],
        "sources.source_id": pl.Series(RawFolder(raw.path).source_ids(), dtype=pl.String),
    }
    defects = list(typed.defects)
    on_key = unknown_codes(typed.rows, SOURCE_TOML, known)
    ends, bad_periods = period_ends(typed.rows["published"])
    ends = ends.rename({"start_earliest": "published_earliest", "end_latest": "published_latest"})
    no_day = pl.col("published").is_in(bad_periods) | pl.col("published").str.contains("/", literal=True)
    expected = "a day, month or year in EDTF such as 2011-12-23"
    on_key += [
        replace(defect, expected=defect.expected + hint(defect.found))
        for defect in where(typed.rows, no_day, column="published", code="not_edtf", expected=expected)
    ]
    spoken = known_languages()
    no_language = ~pl.col("language").str.split("-").list.first().is_in(spoken)
    on_key += where(typed.rows, no_language, column="language", code="unknown_language", expected=f"one of {', '.join(spoken)}")
    sound = typed.rows.filter(~no_language)
    texts, unreadable = read_texts(raw, dict(sound.select("source_id", "language").iter_rows()))
    defects += unreadable
    rows = sound.join(ends.drop("start_latest", "end_earliest"), left_on="published", right_on="period", how="inner")
    rows = rows.join(texts.select("source_id", "text", found="sha256"), on="source_id", how="inner")
    changed = pl.col("sha256") != pl.col("found")
    words = pl.format("{}, the hash of text.txt as it is; has the text been changed?", pl.col("found"))
    on_key += where(rows, changed, column="sha256", code="text_changed", expected=words)
    on_key += _published_words(rows, texts)
    defects += [_at_key(defect, typed.key_lines) for defect in on_key]
    table = rows.with_columns(pl.col("republish_text") == "true", characters=pl.col("text").str.len_chars().cast(pl.Int64))
    return Built(table.sort("source_id").select(list(TABLES["sources"].columns)), sorted(set(defects)))


def _published_words(rows: pl.DataFrame, texts: pl.DataFrame) -> list[Defect]:
    """Check that the words that say when it was published stand in the text, and that a date without words has a basis."""
    quoted = rows.filter(pl.col("published_quote").is_not_null())
    quotes = quoted.with_columns(quote=pl.col("published_quote"), occurrence=pl.lit("1"))
    _, defects = anchor(quotes, Texts(texts, {}))
    unfounded = pl.col("published_quote").is_null() & pl.col("published_basis").is_null()
    expected = "the words of the text that say when, or in published_basis what the date is inferred from"
    return [replace(defect, column="published_quote") for defect in defects] + where(
        rows, unfounded, column="published_quote", code="no_basis", expected=expected
    )


def _at_key(defect: Defect, places: dict[str, dict[str, int]]) -> Defect:
    line = places[defect.file.split("/")[0]].get(defect.column, defect.line)
    return replace(defect, line=line)


def unexpected_counts(typed: SourceFiles, counted: dict[str, pl.DataFrame]) -> list[Defect]:
    """Return a defect for each source whose files do not have the number of rows that its source.toml states."""
    defects = []
    for name in ENTERED:
        have = counted[name].group_by("source_id").len("have")
        rows = typed.rows.join(have, on="source_id", how="left").with_columns(pl.col("have").fill_null(0))
        key = f"expected.{name}"
        differs = pl.col(key).cast(pl.Int64, strict=False) != pl.col("have")
        words = pl.format("{}, the rows of " + f"{name}.csv; is one missing or left over?", pl.col("have"))
        defects += where(rows, differs, column=key, code="unexpected_count", expected=words)
    return [_at_key(defect, typed.key_lines) for defect in defects]
