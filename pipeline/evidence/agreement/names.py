"""Indicator, area, category and agent: the code that is typed is the one that the words name."""

from dataclasses import dataclass

import polars as pl

from pipeline.defects import Defect, where
from pipeline.evidence.spans import inside
from pipeline.evidence.texts import PLACE, Texts, in_quote

NEARBY = 500
"""Characters around a quote in which the nearest name is sought first."""

FARTHER = 8
"""How many times as far it is sought next."""


@dataclass(frozen=True)
class Fits:
    """Which codes a row can mean: what is known of each code (code, ...), and what then holds
    between the row and the code.
    """

    codes: pl.DataFrame
    condition: pl.Expr

    def needs(self, rows: pl.DataFrame) -> list[str]:
        """Return the columns of the rows that the condition speaks of."""
        return [name for name in self.condition.meta.root_names() if name in rows.columns]

    def among(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Return the pairs of a row and a code that fit each other."""
        known = pairs.join(self.codes, on="code")
        return known.filter(self.condition).select(pairs.columns)


@dataclass(frozen=True)
class Sought:
    """How the code of a column is sought in the words.

    `name` is the code list; `fits` narrows the codes that can be meant (else all can); `label` is
    the column with words that name the code where the quote does not, which go before the quote
    with `label_decides`. Names outside the paragraph count only with `beyond_paragraph`, where it
    has none; those in quotation marks, but for the quote itself, only with `in_speech`; without
    `nearby`, only quote and label count.
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
        return self.fits or Fits(
            texts.code_lists[self.name].select("code").unique(), pl.lit(value=True)
        )

    def known(self, texts: Texts) -> pl.DataFrame:
        """Return the names of the list in the texts, marked where spoken ones do not count."""
        known = texts.names.filter(list=self.name).drop("list")
        return known if self.in_speech else _marked_as_spoken(known, texts)


def names_agree(rows: pl.DataFrame, texts: Texts, sought: Sought) -> list[Defect]:
    """The code typed in a column is the one that the words name: in the quote, or nearer to it than
    another.

    Within the quote the name nearest to the number counts, where `rows` have one (numeral_start,
    numeral_end). A name that several codes share tells none of them from the others.
    """
    column = sought.column
    labelled = _with_label(rows, texts, sought)
    in_label = pl.col("labelled").list.contains(pl.col(column)).fill_null(value=False)
    placed = texts.with_paragraph(labelled.filter(~in_label))
    if placed.is_empty():
        return []
    judged = placed.join(
        _nearest(placed, texts, sought), on="row", how="left", maintain_order="left"
    )
    own_in_quote = pl.col("own_inside").fill_null(value=False) & (not sought.label_decides)
    label_names_others = (pl.col("labelled").list.len() > 0).fill_null(value=False) & ~own_in_quote
    instead = (
        pl.when(label_names_others).then(pl.col("labelled").list.join(" or ")).otherwise("nearest")
    )
    required = (
        f"a code of {sought.name}.csv to whose aliases words of the text are added; these name none"
    )
    nothing = (
        f"nothing, since the words name none; or a word of theirs as alias in {sought.name}.csv"
    )
    none = required if column in {"indicator", "area"} else nothing
    expected = pl.coalesce(
        pl.format("a code whose name is in the words: {}", instead), pl.lit(none)
    )
    return where(
        judged,
        label_names_others | ~pl.col("is_nearest").fill_null(value=False),
        column=column,
        code="not_named",
        expected=expected,
    )


def _with_label(rows: pl.DataFrame, texts: Texts, sought: Sought) -> pl.DataFrame:
    """Return the rows that have a code with the codes that their label names (labelled)."""
    nearest_to = "numeral" if "numeral_start" in rows.columns else "quote"
    fits = sought.among(texts)
    typed = rows.drop_nulls(sought.column).select(
        *dict.fromkeys((*PLACE, sought.column, *fits.needs(rows))),
        label=pl.col(sought.label) if sought.label else pl.lit(None, pl.String),
        nearest_start=pl.coalesce(f"{nearest_to}_start", "quote_start"),
        nearest_end=pl.coalesce(f"{nearest_to}_end", "quote_end"),
    )
    return typed.join(_labelled(typed, texts, sought.name, fits), on="row", how="left")


def _nearest(placed: pl.DataFrame, texts: Texts, sought: Sought) -> pl.DataFrame:
    """Return for each row whether its own name is_nearest, or in the quote (own_inside), and which
    codes are nearest.
    """
    column = sought.column
    is_own, distance = pl.col("code") == pl.col(column), pl.col("distance")
    each = _sought(placed, texts, sought).with_columns(
        is_nearest=(distance == distance.min()).over("row", "place")
    )
    return each.group_by("row").agg(
        is_nearest=(pl.col("is_nearest") & is_own).any(),
        own_inside=(pl.col("is_inside") & is_own).any(),
        nearest=pl.col("code").filter("is_nearest").unique().sort().str.join(" or "),
    )


def _sought(placed: pl.DataFrame, texts: Texts, sought: Sought) -> pl.DataFrame:
    """Return the rows joined to the names that are near, as `_near` does, with the place where they
    were sought.

    That is the paragraph (0), else anywhere (1); or the paragraph again (2), where parts of longer
    names count as well.
    """
    known, fits, column = sought.known(texts), sought.among(texts), sought.column
    within = ("paragraph_start", "paragraph_end") if sought.nearby else ("quote_start", "quote_end")
    whole, placed = (
        known.filter(~pl.col("is_part")),
        placed.with_columns(least=within[0], most=within[1]),
    )
    found = [_near(placed, whole, fits, column)]
    lost = placed.join(found[0], on="row", how="anti", maintain_order="left")
    if lost.is_empty():
        return found[0].with_columns(place=0)
    if sought.beyond_paragraph:
        anywhere = lost.with_columns(
            least=pl.lit(0, pl.Int64), most=pl.lit(known["end"].max(), pl.Int64)
        )
        found.append(_near(anywhere, whole, fits, column))
    found.append(_near(lost, known, fits, column))
    return pl.concat([names.with_columns(place=pl.lit(place)) for place, names in enumerate(found)])


def _labelled(typed: pl.DataFrame, texts: Texts, name: str, fits: Fits) -> pl.DataFrame:
    """Return the codes that fit and that the label of a row names: row, labelled."""
    codes = [
        (label, code)
        for label in typed["label"].drop_nulls().unique()
        for code in texts.codes_in(name, label)
    ]
    named = pl.DataFrame(codes, schema={"label": pl.String, "code": pl.String}, orient="row")
    return (
        fits.among(typed.join(named, on="label"))
        .sort("row", "code")
        .group_by("row")
        .agg(labelled="code")
    )


def _marked_as_spoken(known: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Return names with whether they stand in quotation marks: is_spoken."""
    speech = texts.speech.rename({"start": "quote_start", "end": "quote_end"})
    numbered = known.with_row_index("name")
    return numbered.with_columns(
        is_spoken=pl.col("name").is_in(inside(speech, numbered)["name"].implode())
    ).drop("name")


def left_out(
    rows: pl.DataFrame, texts: Texts, name: str, column: str, *, fits: Fits
) -> list[Defect]:
    """Return a defect for each empty cell where the quote names a code that fits."""
    bare = rows.filter(pl.col(column).is_null()).select(
        *dict.fromkeys((*PLACE, column, *fits.needs(rows)))
    )
    named = fits.among(inside(bare, texts.names.filter(~pl.col("is_part"), list=name).drop("list")))
    codes = named.group_by("row").agg(named=pl.col("code").unique().sort().str.join(" or "))
    expected = pl.format("{}, which the quote names", "named")
    found = bare.join(codes, on="row")
    return where(found, pl.lit(value=True), column=column, code="not_typed", expected=expected)


def _near(rows: pl.DataFrame, known: pl.DataFrame, fits: Fits, column: str) -> pl.DataFrame:
    """Return the rows (row and its typed code) joined to the names nearest to their quote: code,
    is_inside, distance.

    Names count between least and most of a row and inside its quote; a spoken one there alone.
    Where names are inside the quote, no others are near. They are sought ever farther around the
    quote until none can be nearer.
    """
    found = []
    reach, longest = (
        NEARBY,
        known.select((pl.col("end") - pl.col("start")).max().fill_null(0)).item(),
    )
    none_nearer = pl.col("gap").min() + longest <= pl.col("reach").first()
    is_settled = (pl.col("is_all").all() | pl.col("is_inside").any() | none_nearer).over("row")
    while True:
        sought = _within(rows, reach)
        found.append(_pairs(sought, known, fits).filter(is_settled))
        rows = (
            sought.filter(~pl.col("is_all"))
            .join(found[-1], on="row", how="anti")
            .select(rows.columns)
        )
        reach *= FARTHER
        if rows.is_empty():
            break
    distance = (
        pl.when("is_inside")
        .then("from_numeral")
        .when(pl.col("is_inside").any().over("row"))
        .then(None)
        .otherwise("gap")
    )
    columns = dict.fromkeys(("row", column, "code", "is_inside"))
    return pl.concat(found).select(*columns, distance=distance).drop_nulls("distance")


def _within(rows: pl.DataFrame, reach: int) -> pl.DataFrame:
    """Return rows with the span (first, last) that reaches so far around their quote, and whether
    that is all that counts.
    """
    return rows.with_columns(
        first=pl.min_horizontal(
            "quote_start", pl.max_horizontal("least", pl.col("quote_start") - reach)
        ),
        last=pl.max_horizontal("quote_end", pl.min_horizontal("most", pl.col("quote_end") + reach)),
        reach=reach,
    ).with_columns(is_all=(pl.col("first") <= pl.col("least")) & (pl.col("last") >= pl.col("most")))


def _pairs(sought: pl.DataFrame, known: pl.DataFrame, fits: Fits) -> pl.DataFrame:
    """Return the rows joined to the names in their span that count and fit: is_inside, gap,
    from_numeral.
    """
    counts = (pl.col("start") >= pl.col("least")) & (pl.col("end") <= pl.col("most"))
    if "is_spoken" in known.columns:
        counts &= ~pl.col("is_spoken")
    pairs = fits.among(inside(sought, known, start="first", end="last").filter(counts | in_quote()))
    return pairs.with_columns(
        is_inside=in_quote(),
        gap=gap_of("quote_start", "quote_end"),
        from_numeral=gap_of("nearest_start", "nearest_end"),
    )


def gap_of(start: str, end: str) -> pl.Expr:
    """Return how many characters are between a name (start, end) and a span."""
    return pl.max_horizontal(
        pl.lit(0), pl.col(start) - pl.col("end"), pl.col("start") - pl.col(end)
    )
