"""Indicator, area, category and agent: the code that is typed is the one that the words name."""

import polars as pl

from pipeline.defects import Defect, where
from pipeline.facts.texts import Texts, in_quote


def names_agree(  # noqa: PLR0913 (which names can be meant, each named at the call)
    rows: pl.DataFrame,
    texts: Texts,
    name: str,
    column: str,
    *,
    fits: pl.DataFrame | None = None,
    label: str | None = None,
    beyond_paragraph: bool = False,
    in_speech: bool = True,
    label_decides: bool = False,
    nearby: bool = True,
) -> list[Defect]:
    """The code typed in a column is the one that the words name: in the quote, or nearer to it than another.

    `name` is the code list; `fits` (row, code) narrows the codes that can be meant, `label` is the column with words that
    name the code where the quote does not. Within the quote the name nearest to the numeral counts, where `rows` have one
    (numeral_start, numeral_end). Names outside the paragraph count only with `beyond_paragraph`, where it has none; those in
    quotation marks, but for the quote itself, only with `in_speech`; with `label_decides`, the label goes before the quote;
    without `nearby`, only quote and label count. A name that several codes
    share tells none of them from the others.
    """
    typed = rows.filter(pl.col(column).is_in(texts.code_lists[name]["code"].implode()))  # else that is the defect
    if label is None:
        typed = typed.with_columns(_label=pl.lit(None, pl.String))
        label = "_label"
    if "numeral_start" not in typed.columns:
        typed = typed.with_columns(numeral_start="quote_start", numeral_end="quote_end")
    placed = texts.with_paragraph(typed)
    known = texts.names.filter(list=name).drop("list")
    near = _near(placed, known, fits, in_paragraph=True)
    near = near if nearby else near.filter(in_quote())
    if beyond_paragraph:
        lost = placed.join(near, on="row", how="anti", maintain_order="left")
        near = pl.concat([near, _near(lost, known, fits, in_paragraph=False)])
    if not in_speech:
        spoken = near.join(texts.speech.rename({"start": "speech_start", "end": "speech_end"}), on="source_id")
        spoken = spoken.filter(
            (pl.col("start") >= pl.col("speech_start")) & (pl.col("end") <= pl.col("speech_end")) & ~in_quote()
        )
        near = near.join(spoken, on=["row", "code", "start"], how="anti")
    near = near.with_columns(
        is_inside=in_quote(), gap=_gap("quote_start", "quote_end"), from_numeral=_gap("numeral_start", "numeral_end")
    )
    near = near.with_columns(
        distance=pl.when("is_inside").then("from_numeral").when(pl.col("is_inside").any().over("row")).then(None).otherwise("gap")
    ).filter(pl.col("distance").is_not_null())
    nearest = near.group_by("row").agg(
        best=pl.col("distance").min(),
        own=pl.col("distance").filter(pl.col("code") == pl.col(column)).min(),
        own_inside=(pl.col("is_inside") & (pl.col("code") == pl.col(column))).any(),
        nearest=pl.col("code").filter(pl.col("distance") == pl.col("distance").min()).unique().sort().str.join(" or "),
    )
    codes = {words: texts.codes_in(name, words) for words in typed[label].drop_nulls().unique().sort()}
    pairs = [(row, code) for row, words in typed.select("row", label).iter_rows() for code in codes.get(words, ())]
    in_labels = pl.DataFrame(pairs, schema={"row": typed.schema["row"], "code": pl.String}, orient="row")
    in_labels = in_labels if fits is None else in_labels.join(fits, on=["row", "code"], how="semi")
    labelled = in_labels.sort("row", "code").group_by("row").agg(labelled="code")
    judged = placed.join(nearest, on="row", how="left", maintain_order="left").join(
        labelled, on="row", how="left", maintain_order="left"
    )
    in_label = pl.col("labelled").list.contains(pl.col(column)).fill_null(value=False)
    own_in_quote = pl.col("own_inside").fill_null(value=False) & (not label_decides)
    label_names_others = (pl.col("labelled").list.len() > 0).fill_null(value=False) & ~own_in_quote
    is_nearest = (pl.col("own") == pl.col("best")).fill_null(value=False)
    instead = pl.when(label_names_others).then(pl.col("labelled").list.join(" or ")).otherwise("nearest")
    expected = pl.format(
        "a code whose name is in the words{}",
        pl.when(instead.is_not_null()).then(pl.format(": {}", instead)).otherwise(pl.lit("")),
    )
    return where(judged, ~in_label & (label_names_others | ~is_nearest), column=column, code="not_named", expected=expected)


def left_out(rows: pl.DataFrame, texts: Texts, name: str, column: str, *, fits: pl.DataFrame) -> list[Defect]:
    """Return a defect for each empty cell where the quote names a code that fits."""
    bare = rows.filter(pl.col(column).is_null())
    named = _near(
        bare.with_columns(paragraph_start=-1, paragraph_end=-1),
        texts.names.filter(list=name).drop("list"),
        fits,
        in_paragraph=True,
    )
    codes = named.filter(in_quote()).group_by("row").agg(named=pl.col("code").unique().sort().str.join(" or "))
    expected = pl.format("{}, which the quote names", pl.col("named"))
    return where(bare.join(codes, on="row"), pl.lit(value=True), column=column, code="not_typed", expected=expected)


def _near(placed: pl.DataFrame, known: pl.DataFrame, fits: pl.DataFrame | None, *, in_paragraph: bool) -> pl.DataFrame:
    """Return the rows joined to the names in their paragraph or quote, or anywhere in their text."""
    pairs = placed.join(known, on="source_id")
    if in_paragraph:
        there = (pl.col("start") >= pl.col("paragraph_start")) & (pl.col("end") <= pl.col("paragraph_end"))
        pairs = pairs.filter(there | in_quote())
    return pairs if fits is None else pairs.join(fits, on=["row", "code"], how="semi")


def _gap(start: str, end: str) -> pl.Expr:
    return pl.max_horizontal(pl.lit(0), pl.col(start) - pl.col("end"), pl.col("start") - pl.col(end))


def speakers_agree(rows: pl.DataFrame, texts: Texts, column: str) -> list[Defect]:
    """Who is said to have spoken is the agent named nearest to a word of saying, in the paragraph of the quote."""
    placed = texts.with_paragraph(rows.filter(pl.col(column).is_in(texts.code_lists["agents"]["code"].implode())))
    agents = texts.names.filter(list="agents").drop("list")
    said = texts.speech_words.rename({"start": "said_start", "end": "said_end"})
    in_paragraph = (pl.col("start") >= pl.col("paragraph_start")) & (pl.col("end") <= pl.col("paragraph_end"))
    said_there = (pl.col("said_start") >= pl.col("paragraph_start")) & (pl.col("said_end") <= pl.col("paragraph_end"))
    near = placed.join(agents, on="source_id").filter(in_paragraph).join(said, on="source_id").filter(said_there)
    near = near.with_columns(gap=_gap("said_start", "said_end"))
    nearest = near.group_by("row").agg(
        own=pl.col("gap").filter(pl.col("code") == pl.col(column)).min(),
        best=pl.col("gap").min(),
        nearest=pl.col("code").filter(pl.col("gap") == pl.col("gap").min()).unique().sort().str.join(" or "),
    )
    judged = placed.join(nearest, on="row", how="left", maintain_order="left")
    expected = pl.format(
        "the agent named with a word of saying in this paragraph: {}", pl.col("nearest").fill_null("there is none")
    )
    return where(
        judged, (pl.col("own") != pl.col("best")).fill_null(value=True), column=column, code="not_named", expected=expected
    )
