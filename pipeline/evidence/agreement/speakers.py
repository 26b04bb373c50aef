"""Who says it: the agent that is typed is named with a word of saying, and what is claimed has one.

Belongs here: speakers of statements and of what facts report. Does not belong here: any other name
(names).
"""

import polars as pl

from pipeline.defects import Defect, where
from pipeline.evidence.agreement.names import gap_of
from pipeline.evidence.spans import begun, inside
from pipeline.evidence.texts import PLACE, Texts

_PARAGRAPH = ["source_id", "paragraph_start", "paragraph_end"]


def speakers_agree(rows: pl.DataFrame, texts: Texts, column: str) -> list[Defect]:
    """Who is said to have spoken is the agent named nearest to a word of saying, in the sentence or
    its paragraph.
    """
    typed = rows.drop_nulls(column).select(*PLACE, column)
    gap, is_own = pl.col("gap"), pl.col("code") == pl.col(column)
    nearest = [
        placed.join(_speakers(placed, texts), on=_PARAGRAPH)
        .group_by("row")
        .agg(
            is_nearest=gap.filter(is_own).min() == gap.min(),
            nearest=pl.col("code").filter(gap == gap.min()).unique().sort().str.join(" or "),
        )
        for placed in (_in_sentence(typed, texts), texts.with_paragraph(typed))
    ]
    judged = (
        pl.concat(nearest)
        .group_by("row", maintain_order=True)
        .agg(pl.col("is_nearest").any(), pl.col("nearest").first())
    )
    judged = typed.join(judged, on="row", how="left")
    none = (
        "nothing"
        if column == "attributed_to"
        else "the publisher, with narrative in the column speech"
    )
    expected = pl.coalesce(
        pl.format(
            "the agent named nearest to a word of saying, in the sentence or its paragraph: {}",
            "nearest",
        ),
        pl.lit(f"{none}, since no agent is named with a word of saying in this paragraph"),
    )
    return where(
        judged,
        ~pl.col("is_nearest").fill_null(value=False),
        column=column,
        code="not_named",
        expected=expected,
    )


def _in_sentence(rows: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Return rows with the sentence in which their quote begins in place of its paragraph."""
    sentence = begun(rows, texts.sentences, at="quote_start")
    return rows.with_columns(paragraph_start=sentence["start"], paragraph_end=sentence["end"])


def claims_are_attributed(rows: pl.DataFrame, texts: Texts) -> list[Defect]:
    """What stands in quotation marks says whose claim it is; so does what an agent is named for
    with a word of saying.

    That is in the same sentence, if nothing stands in quotation marks there: what does is all that
    such a sentence reports.
    """
    silent = rows.filter(pl.col("attributed_to").is_null()).select(*PLACE, "attributed_to")
    placed = _in_sentence(silent, texts)
    named = (
        _speakers(placed, texts)
        .group_by(_PARAGRAPH)
        .agg(pl.col("code").sort_by("gap", "code").first())
    )
    judged = placed.join(named, on=_PARAGRAPH, how="left")
    within, before_end = (
        begun(judged, texts.speech, at=at)["end"].fill_null(0)
        for at in ("quote_start", "paragraph_end")
    )
    is_reported = (before_end <= judged["paragraph_start"]) & judged["code"].is_not_null()
    claimed = judged.filter((within >= judged["quote_end"]) | is_reported)
    who = pl.col("code").fill_null("a code of agents, of whoever speaks")
    expected = pl.format("who claims it, since the words are not the source's own: {}", who)
    return where(
        claimed,
        pl.lit(value=True),
        column="attributed_to",
        code="not_attributed",
        expected=expected,
    )


def _speakers(placed: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Return how far each agent of a paragraph is from the nearest word of saying in it: code,
    gap.
    """
    ends = {"start": "paragraph_start", "end": "paragraph_end"}
    agents = inside(
        placed.select(_PARAGRAPH).unique(), texts.names.filter(list="agents").drop("list"), **ends
    )
    said = inside(
        agents.rename({"start": "name_start", "end": "name_end"}), texts.speech_words, **ends
    )
    return said.group_by(*_PARAGRAPH, "code").agg(gap=gap_of("name_start", "name_end").min())
