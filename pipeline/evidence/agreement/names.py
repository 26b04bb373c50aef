"""Indicator, area, category and agent: the code that is typed is the one that the words name."""

from dataclasses import dataclass

import polars as pl

from pipeline.defects import Defect, where
from pipeline.evidence.spans import begun, inside
from pipeline.evidence.texts import Texts, in_quote

NEARBY = 500
"""Characters around a quote in which the nearest name is sought first."""

FARTHER = 8
"""How many times as far it is sought next."""

_PARAGRAPH = ["source_id", "paragraph_start", "paragraph_end"]
_PLACE = ("row", "source_id", "raw_file", "raw_line", "quote_start", "quote_end")


@dataclass(frozen=True)
class Fits:
    """Which codes a row can mean: what is known of each code (code, ...), and what then holds between the row and the code."""

    codes: pl.DataFrame
    condition: pl.Expr

    def needs(self, rows: pl.DataFrame) -> list[str]:
        """Return the columns of the rows that the condition speaks of."""
        return [name for name in self.condition.meta.root_names() if name in rows.columns]

    def among(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Return the pairs of a row and a code that fit each other."""
        known = pairs.join(self.codes, on="code", maintain_order="left")
        return known.filter(self.condition).select(pairs.columns)


@dataclass(frozen=True)
class Sought:
    """How the code of a column is sought in the words.

    `name` is the code list; `fits` narrows the codes that can be meant (else all can); `label` is the column with words that
    name the code where the quote does not, which go before the quote with `label_decides`. Names outside the paragraph
    count only with `beyond_paragraph`, where it has none; those in quotation marks, but for the quote itself, only with
    `in_speech`; without `nearby`, only quote and label count.
    """

    name: str
    column: str
    fits: Fits | None = None
    label: str | None = None
    beyond_paragraph: bool = False
    in_speech: bool = True
    label_decides: bool = False
    nearby: bool = True

    def among(self, texts: Texts) -> Fits:
        """Return which codes can be meant."""
        return self.fits or Fits(texts.code_lists[self.name].select("code").unique(), pl.lit(value=True))

    def known(self, texts: Texts) -> pl.DataFrame:
        """Return the names of the list in the texts, marked where spoken ones do not count."""
        known = texts.names.filter(list=self.name).drop("list")
        return known if self.in_speech else _marked_as_spoken(known, texts)


def names_agree(rows: pl.DataFrame, texts: Texts, sought: Sought) -> list[Defect]:
    """The code typed in a column is the one that the words name: in the quote, or nearer to it than another.

    Within the quote the name nearest to the number counts, where `rows` have one (numeral_start, numeral_end). A name that
    several codes share tells none of them from the others.
    """
    column = sought.column
    labelled = _with_label(rows, texts, sought)
    in_label = pl.col("labelled").list.contains(pl.col(column)).fill_null(value=False)
    placed = texts.with_paragraph(labelled.filter(~in_label))
    judged = placed.join(_nearest(placed, texts, sought), on="row", how="left", maintain_order="left")
    own_in_quote = pl.col("own_inside").fill_null(value=False) & (not sought.label_decides)
    label_names_others = (pl.col("labelled").list.len() > 0).fill_null(value=False) & ~own_in_quote
    is_nearest = pl.col("is_nearest").fill_null(value=False)
    instead = pl.when(label_names_others).then(pl.col("labelled").list.join(" or ")).otherwise("nearest")
    required = f"a code of {sought.name}.csv to whose aliases words of the text are added; these name none"
    none = required if column in {"indicator", "area"} else "nothing, since the words name none"
    by_label = f"; or, in {sought.label}, words that name {{}}" if sought.label else "{}"
    other = pl.format(by_label, pl.col(column) if sought.label else pl.lit(""))
    expected = pl.coalesce(pl.concat_str(pl.format("a code whose name is in the words: {}", instead), other), pl.lit(none))
    return where(judged, label_names_others | ~is_nearest, column=column, code="not_named", expected=expected)


def _with_label(rows: pl.DataFrame, texts: Texts, sought: Sought) -> pl.DataFrame:
    """Return the rows that have a code with the codes that their label names (labelled)."""
    nearest_to = "numeral" if "numeral_start" in rows.columns else "quote"
    fits = sought.among(texts)
    typed = rows.filter(pl.col(sought.column).is_not_null()).select(
        *dict.fromkeys((*_PLACE, sought.column, *fits.needs(rows))),
        label=pl.col(sought.label) if sought.label else pl.lit(None, pl.String),
        nearest_start=pl.coalesce(f"{nearest_to}_start", "quote_start"),
        nearest_end=pl.coalesce(f"{nearest_to}_end", "quote_end"),
    )
    return typed.join(_labelled(typed, texts, sought.name, fits), on="row", how="left", maintain_order="left")


def _nearest(placed: pl.DataFrame, texts: Texts, sought: Sought) -> pl.DataFrame:
    """Return for each row whether its own name is_nearest, or in the quote (own_inside), and which codes are nearest.

    Names are sought in the paragraph, then anywhere; there, those that are part of a longer name do as well.
    """
    known, fits, column = sought.known(texts), sought.among(texts), sought.column
    within = ("paragraph_start", "paragraph_end") if sought.nearby else ("quote_start", "quote_end")
    whole, placed = known.filter(~pl.col("is_part")), placed.with_columns(least=within[0], most=within[1])
    found = [_near(placed, whole, fits, column)]
    lost = placed.join(found[0], on="row", how="anti", maintain_order="left")
    if sought.beyond_paragraph:
        anywhere = lost.with_columns(least=pl.lit(0, pl.Int64), most=pl.lit(known["end"].max(), pl.Int64))
        found.append(_near(anywhere, whole, fits, column))
    found.append(_near(lost, known, fits, column))
    is_own, distance = pl.col("code") == pl.col(column), pl.col("distance")
    near = pl.concat([names.with_columns(place=pl.lit(place)) for place, names in enumerate(found)])
    each = near.with_columns(is_nearest=(distance == distance.min()).over("row", "place"))
    return each.group_by("row").agg(
        is_nearest=(pl.col("is_nearest") & is_own).any(),
        own_inside=(pl.col("is_inside") & is_own).any(),
        nearest=pl.col("code").filter("is_nearest").unique().sort().str.join(" or "),
    )


def _labelled(typed: pl.DataFrame, texts: Texts, name: str, fits: Fits) -> pl.DataFrame:
    """Return the codes that fit and that the label of a row names: row, labelled."""
    codes = [(label, code) for label in typed["label"].drop_nulls().unique() for code in texts.codes_in(name, label)]
    named = pl.DataFrame(codes, schema={"label": pl.String, "code": pl.String}, orient="row")
    return fits.among(typed.join(named, on="label")).sort("row", "code").group_by("row").agg(labelled="code")


def _marked_as_spoken(known: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Return names with whether they stand in quotation marks: is_spoken."""
    speech = texts.speech.rename({"start": "quote_start", "end": "quote_end"})
    numbered = known.with_row_index("name")
    return numbered.with_columns(is_spoken=pl.col("name").is_in(inside(speech, numbered)["name"].implode())).drop("name")


def left_out(rows: pl.DataFrame, texts: Texts, name: str, column: str, *, fits: Fits) -> list[Defect]:
    """Return a defect for each empty cell where the quote names a code that fits."""
    bare = rows.filter(pl.col(column).is_null()).select(*dict.fromkeys((*_PLACE, column, *fits.needs(rows))))
    named = fits.among(inside(bare, texts.names.filter(~pl.col("is_part"), list=name).drop("list")))
    codes = named.group_by("row").agg(named=pl.col("code").unique().sort().str.join(" or "))
    expected = pl.format("{}, which the quote names", pl.col("named"))
    found = bare.join(codes, on="row", maintain_order="left")
    return where(found, pl.lit(value=True), column=column, code="not_typed", expected=expected)


def _near(rows: pl.DataFrame, known: pl.DataFrame, fits: Fits, column: str) -> pl.DataFrame:
    """Return the rows (row and its typed code) joined to the names nearest to their quote: code, is_inside, distance.

    Names count between least and most of a row and inside its quote; a spoken one there alone. Where names are inside the
    quote, no others are near. They are sought ever farther around the quote until none can be nearer.
    """
    found = []
    reach, longest = NEARBY, known.select((pl.col("end") - pl.col("start")).max().fill_null(0)).item()
    none_nearer = pl.col("gap").min() + longest <= pl.col("reach").first()
    is_settled = (pl.col("is_all").all() | pl.col("is_inside").any() | none_nearer).over("row")
    while True:
        sought = _within(rows, reach)
        found.append(_pairs(sought, known, fits).filter(is_settled))
        rows = sought.filter(~pl.col("is_all")).join(found[-1], on="row", how="anti", maintain_order="left").select(rows.columns)
        reach *= FARTHER
        if rows.is_empty():
            break
    distance = pl.when("is_inside").then("from_numeral").when(pl.col("is_inside").any().over("row")).then(None).otherwise("gap")
    columns = dict.fromkeys(("row", column, "code", "is_inside"))
    return pl.concat(found).select(*columns, distance=distance).drop_nulls("distance")


def _within(rows: pl.DataFrame, reach: int) -> pl.DataFrame:
    """Return rows with the span (first, last) that reaches so far around their quote, and whether that is all that counts."""
    return rows.with_columns(
        first=pl.min_horizontal("quote_start", pl.max_horizontal("least", pl.col("quote_start") - reach)),
        last=pl.max_horizontal("quote_end", pl.min_horizontal("most", pl.col("quote_end") + reach)),
        reach=reach,
    ).with_columns(is_all=(pl.col("first") <= pl.col("least")) & (pl.col("last") >= pl.col("most")))


def _pairs(sought: pl.DataFrame, known: pl.DataFrame, fits: Fits) -> pl.DataFrame:
    """Return the rows joined to the names in their span that count and fit: is_inside, gap, from_numeral."""
    counts = (pl.col("start") >= pl.col("least")) & (pl.col("end") <= pl.col("most"))
    if "is_spoken" in known.columns:
        counts &= ~pl.col("is_spoken")
    pairs = fits.among(inside(sought, known, start="first", end="last").filter(counts | in_quote()))
    return pairs.with_columns(
        is_inside=in_quote(), gap=_gap("quote_start", "quote_end"), from_numeral=_gap("nearest_start", "nearest_end")
    )


def _gap(start: str, end: str) -> pl.Expr:
    return pl.max_horizontal(pl.lit(0), pl.col(start) - pl.col("end"), pl.col("start") - pl.col(end))


def speakers_agree(rows: pl.DataFrame, texts: Texts, column: str) -> list[Defect]:
    """Who is said to have spoken is the agent named nearest to a word of saying, in the sentence or its paragraph."""
    typed = rows.filter(pl.col(column).is_not_null()).select(*_PLACE, column)
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
    judged = pl.concat(nearest).group_by("row", maintain_order=True).agg(pl.col("is_nearest").any(), pl.col("nearest").first())
    judged = typed.join(judged, on="row", how="left", maintain_order="left")
    none = "nothing" if column == "attributed_to" else "the publisher, with narrative in the column speech"
    expected = pl.coalesce(
        pl.format("the agent named nearest to a word of saying, in the sentence or its paragraph: {}", "nearest"),
        pl.lit(f"{none}, since no agent is named with a word of saying in this paragraph"),
    )
    return where(judged, ~pl.col("is_nearest").fill_null(value=False), column=column, code="not_named", expected=expected)


def _in_sentence(rows: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Return rows with the sentence in which their quote begins in place of its paragraph."""
    sentence = begun(rows, texts.sentences, at="quote_start")
    return rows.with_columns(paragraph_start=sentence["start"], paragraph_end=sentence["end"])


def claims_are_attributed(rows: pl.DataFrame, texts: Texts) -> list[Defect]:
    """What stands in quotation marks says whose claim it is; so does what an agent is named for with a word of saying.

    That is in the same sentence, if nothing stands in quotation marks there: what does is all that such a sentence reports.
    """
    silent = rows.filter(pl.col("attributed_to").is_null()).select(*_PLACE, "attributed_to")
    placed = _in_sentence(silent, texts)
    named = _speakers(placed, texts).group_by(_PARAGRAPH).agg(pl.col("code").sort_by("gap", "code").first())
    judged = placed.join(named, on=_PARAGRAPH, how="left", maintain_order="left")
    within, before_end = (begun(judged, texts.speech, at=at)["end"].fill_null(0) for at in ("quote_start", "paragraph_end"))
    is_reported = (before_end <= judged["paragraph_start"]) & judged["code"].is_not_null()
    claimed = judged.filter((within >= judged["quote_end"]) | is_reported)
    who = pl.col("code").fill_null("a code of agents, of whoever speaks")
    expected = pl.format("who claims it, since the words are not the source's own: {}", who)
    return where(claimed, pl.lit(value=True), column="attributed_to", code="not_attributed", expected=expected)


def _speakers(placed: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Return how far each agent of a paragraph is from the nearest word of saying in it: code, gap."""
    ends = {"start": "paragraph_start", "end": "paragraph_end"}
    agents = inside(placed.select(_PARAGRAPH).unique(), texts.names.filter(list="agents").drop("list"), **ends)
    said = inside(agents.rename({"start": "name_start", "end": "name_end"}), texts.speech_words, **ends)
    return said.group_by(*_PARAGRAPH, "code").agg(gap=_gap("name_start", "name_end").min())
