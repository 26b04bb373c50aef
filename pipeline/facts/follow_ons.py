"""What must not be told a second time: defects that only follow from another defect.

A row that is a defect is used no further, but its words are still its own, and what a file that
cannot be read seems to leave out may stand in it. Belongs here: the words of such rows, and which
defects they explain. Does not belong here: finding any defect.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import attrgetter

import polars as pl

from pipeline.built import Row
from pipeline.defects import Defect
from pipeline.evidence.anchor import anchor, are_alike, nearest_passage
from pipeline.evidence.texts import Texts, meets_quote
from pipeline.facts.reference_tables import CodeLists
from pipeline.read.raw_folder import Typed
from schemas.columns import OCCURRENCE

OF_ROLES = {"mention_without_role", "unread", "speech_without_statement", "waiver_hides_a_fact"}
"""The defects of what no row of a fact covers."""

OF_LIST = {"unit_disagrees": "unit", "per_disagrees": "per"}
"""The defects of an observation that may be one of its indicator, and the column of that."""

LONGEST_QUOTE = 2_000
"""Characters of a cell that is looked for because it may have been a quote: what is not found takes
long to be sure of.
"""

_QUOTE = ["source_id", "quote", "occurrence", "raw_file", "raw_line"]

_CELL = attrgetter("file", "line", "column")
"""Where a defect is."""


def unfinished(typed: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Return the quotes of the typed rows that have not become facts: source_id, quote, occurrence,
    raw_file, raw_line.
    """
    lost = typed.drop_nulls("quote").join(
        table.select("raw_file", "raw_line"), on=["raw_file", "raw_line"], how="anti"
    )
    which = pl.when(pl.col("occurrence").str.contains(OCCURRENCE)).then(
        pl.concat_list("occurrence")
    )
    first = (
        pl.when(pl.col("occurrence").is_null())
        .then(pl.lit(["1"]))
        .otherwise(pl.lit(["1", "2", "3"]))
    )
    return lost.with_columns(occurrence=which.otherwise(first)).explode("occurrence").select(_QUOTE)


def lost_quotes(files: Iterable[Typed]) -> pl.DataFrame:
    """Return the cells of rows that are out of form, as far as they may be quotes, in the shape of
    `unfinished`.
    """
    cells = [cell for of in files for cell in of.lost]
    rows = [
        (file.partition("/")[0], cell, "1", file, 1)
        for file, cell in cells
        if " " in cell and len(cell) <= LONGEST_QUOTE
    ]
    return pl.DataFrame(
        rows, schema=dict.fromkeys(_QUOTE, pl.String) | {"raw_line": pl.Int64}, orient="row"
    )


def usable_waivers(
    waivers: Typed, quotes: pl.DataFrame, texts: Texts
) -> tuple[Typed, pl.DataFrame]:
    """Return the waivers that can be used, and where the words of all rows stand that cannot:
    source_id, start, end.

    `quotes` are those of facts that are defects: a waiver of words in one of them would seem to
    hide what is the fact's.
    """
    spoiled = _places(quotes, texts)
    rows = waivers.sound().rows
    own = rows.select(
        "source_id", "quote", "raw_file", "raw_line", occurrence=pl.lit(None, pl.String)
    )
    places = anchor(own, texts)[0].join(spoiled, on="source_id")
    rows = rows.join(
        places.filter(meets_quote()), on=["raw_file", "raw_line"], how="anti", maintain_order="left"
    )
    unused = unfinished(waivers.rows.with_columns(occurrence=pl.lit(None, pl.String)), rows)
    return replace(waivers, rows=rows), pl.concat([spoiled, _places(unused, texts)])


def _places(quotes: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Return where quotes stand; of one that stands nowhere, a passage that is much like it is
    taken to be meant.
    """
    line = ["raw_file", "raw_line"]
    placed = anchor(quotes, texts)[0]
    lost = texts.with_text(quotes.join(placed, on=line, how="anti").unique(line))
    near = [nearest_passage(*row) for row in lost.select("quote", "text").iter_rows()]
    near = [
        passage if are_alike(quote, passage) else quote
        for quote, passage in zip(lost["quote"], near, strict=True)
    ]
    meant = anchor(
        lost.with_columns(quote=pl.Series(near, dtype=pl.String), occurrence=pl.lit("1")).drop(
            "text"
        ),
        texts,
    )[0]
    return pl.concat(
        found.select("source_id", start="quote_start", end="quote_end") for found in (placed, meant)
    )


def without_follow_ons(
    defects: list[Defect],
    lists: CodeLists,
    facts: Mapping[str, Typed],
    waivers: Iterable[Typed] = (),
) -> list[Defect]:
    """Return the defects but for those that a file, a row or a name which could not be read may be
    the cause of.

    `facts` are the rows of the files that hold facts, as typed, by name; waivers matter to what is
    said of mentions.
    """
    if not defects:
        return []
    lacking = _sources_of(file for of in (*facts.values(), *waivers) for file in of.lacking)
    nameless = _sources_of(file for of in facts.values() for file in of.nameless)
    numbers = set(facts["observations"].rows.select("source_id", "fact_id").iter_rows())

    def follows(defect: Defect) -> bool:
        source_id = defect.file.partition("/")[0]
        if defect.code in OF_ROLES:
            return source_id in lacking or bool(lists.lacking)
        if defect.code == "unknown_fact":
            its_row_is_a_defect = (
                defect.file.endswith("/waivers.csv") and (source_id, defect.found) in numbers
            )
            return source_id in nameless or its_row_is_a_defect
        return defect.code == "unknown_code" and bool(lists.lacking)

    return [defect for defect in defects if not follows(defect)]


def told_of_list(defects: list[Defect], typed: Typed, indicators: Typed) -> list[Defect]:
    """Return the defects, those of a unit that all observations of an indicator contradict alike
    told once, of the indicator.

    `typed` are all rows of a kind of facts. Of a single one nobody can tell whether it or the
    indicator is wrong.
    """
    of_list = [one for one in defects if one.code in OF_LIST]
    if not of_list:
        return defects
    code_of = {
        (file, line): code
        for file, line, code in typed.rows.select("raw_file", "raw_line", "indicator").iter_rows()
    }
    many, alike = Counter(typed.rows["indicator"]), defaultdict(list)
    for one in of_list:
        alike[code_of.get((one.file, one.line)), one.expected].append(one)
    rows = {row["code"]: row for row in indicators.rows.iter_rows(named=True)}
    told = [
        (rows[code], same)
        for (code, _), same in alike.items()
        if code in rows and len(same) == many[code] > 1
    ]
    cells = {_CELL(one) for _, same in told for one in same}
    left = [one for one in defects if _CELL(one) not in cells]
    return [*(_of_indicator(*one) for one in told), *left]


def _of_indicator(row: Row, same: list[Defect]) -> Defect:
    """Return the one defect of a row of indicators.csv in place of the same one of each of its
    observations.
    """
    first, key = same[0], OF_LIST[same[0].code]
    which = f"{len(same)} observations, of which the first, {first.file}:{first.line}"
    expected = f"the {key} of its {which}, expects {first.expected}"
    return Defect(row["raw_file"], row["raw_line"], key, first.code, row[key] or "", expected)


def _sources_of(files: Iterable[str]) -> set[str]:
    return {file.partition("/")[0] for file in files}
