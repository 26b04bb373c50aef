"""From typed observations to facts: the number is in the words, fits its indicator, and has an
interval.

Belongs here: every check of a row of observations.csv that needs more than the row. Does not belong
here: how a quote is found (anchor), a numeral read (numerals), or an interval computed (bounds).
"""

from functools import partial

import polars as pl

from pipeline.built import Built
from pipeline.defects import Defect, where, with_advice
from pipeline.evidence.agreement import dates, labels, names, numbers, speakers, words
from pipeline.evidence.anchor import anchor
from pipeline.evidence.texts import Texts
from pipeline.evidence.values import printed_values
from pipeline.facts.dated import with_period_ends
from pipeline.facts.reference_tables import CodeLists
from pipeline.intervals.amounts import with_amounts
from pipeline.intervals.bounds import bounds
from pipeline.intervals.periods import in_force
from pipeline.read.raw_folder import Typed
from pipeline.read.validate import without
from schemas.columns import AMOUNT
from schemas.kinds import natural_ranges
from schemas.raw_files import SOURCE_FILES
from schemas.tables import TABLES

_FOLLOWS = {
    "between_has_two_values": "relator",
    **dict.fromkeys(
        ("not_whole", "out_of_range", "fraction_misfit", "category_misfit", "area_misfit"),
        "indicator",
    ),
}
"""Defects that are none of their own in a row where the words contradict this column."""

FINEST = 5
"""Decimals of a rounded value, so that half of its last digit still has a place in
DECIMAL(20,6).
"""


def build_observations(
    typed: Typed, sources: pl.DataFrame, texts: Texts, lists: CodeLists
) -> Built:
    """Return the observations as published."""
    rows, wrong = lists.usable(typed, SOURCE_FILES["observations"])
    defects = typed.defects + wrong
    rows, wrong = with_period_ends(rows, sources)
    defects += wrong
    rows = rows.with_columns(pl.col("relator").fill_null("eq"))
    # one name for the rows as they go, since each state of a million of them takes half a gigabyte
    rows = rows.join(
        lists.indicators.rename({"code": "indicator"}).drop("label", "aliases", "definition"),
        on="indicator",
        how="left",
        maintain_order="left",
    )
    defects = with_advice(defects, misfits(rows, lists))
    rows, wrong = anchor(rows, texts)
    defects = with_advice(defects, wrong)
    rows, wrong = printed_values(rows, texts.mentions)
    is_fraction = pl.col("step").is_null() & (pl.col("relators") == "") & ~pl.col("by_curator")
    rows = rows.with_columns(pl.col("step").cast(AMOUNT, strict=False), is_fraction=is_fraction)
    wrong += disagreements(rows.with_row_index("row"), texts, lists)
    wrong_cells = {(defect.file, defect.line, defect.column) for defect in wrong}
    defects = [
        defect
        for defect in defects
        if (defect.file, defect.line, _FOLLOWS.get(defect.code)) not in wrong_cells
    ]
    defects = with_advice(defects, wrong)
    sound = without(rows, defects)
    table = sound.drop("value").with_columns(
        bounds(sound),
        precision=printed_precision(),
        fact_id=pl.concat_str("source_id", "fact_id", separator="/"),
    )
    return Built(table.select(list(TABLES["observations"].columns)).sort("fact_id"), defects)


def printed_precision() -> pl.Expr:
    """Return the step to which a number is rounded: as typed, else as printed; none where it is a
    count or a fraction.
    """
    printed = pl.when((pl.col("step") > 1) | ~pl.col("whole")).then("step")
    return pl.coalesce(pl.col("precision").cast(AMOUNT, strict=False), printed)


def disagreements(rows: pl.DataFrame, texts: Texts, lists: CodeLists) -> list[Defect]:
    """Return a defect for each typed cell that the words contradict; `rows` are numbered and know
    their numeral.
    """
    sought = partial(names.Sought, label="label_quote", beyond_paragraph=True)
    printed_unit = pl.col("mention_unit")
    in_unit = names.Fits(
        lists.indicators.select("code", indicator_unit="unit"),
        (printed_unit.fill_null("") == "") | (printed_unit == pl.col("indicator_unit")),
    )
    in_tree = names.Fits(
        lists.categories.select("code", "tree"), pl.col("tree") == pl.col("category_tree")
    )
    at_level = names.Fits(
        lists.areas.select("code", "level", "valid_from", "valid_to"),
        in_force() & (pl.col("area_level").is_null() | (pl.col("level") == pl.col("area_level"))),
    )
    return [
        *words.quotes_are_whole_words(rows),
        *numbers.hedges_agree(rows),
        *numbers.units_agree(rows, texts),
        *numbers.precisions_agree(rows, texts),
        *names.names_agree(rows, texts, sought("indicators", "indicator", in_unit)),
        *names.names_agree(rows, texts, sought("areas", "area", at_level)),
        *names.names_agree(
            rows.drop_nulls("category_tree"),
            texts,
            names.Sought("categories", "category", in_tree, "label_quote", nearby=False),
        ),
        *names.left_out(rows, texts, "categories", "category", fits=in_tree),
        *labels.labels_agree(rows, texts),
        *speakers.speakers_agree(rows, texts, "attributed_to"),
        *speakers.claims_are_attributed(rows, texts),
        *dates.dates_agree(rows, texts, besides="label_quote"),
    ]


def misfits(rows: pl.DataFrame, lists: CodeLists) -> list[Defect]:
    """Return a defect for each value, category or area that the row's indicator does not admit.

    `rows` are typed observations joined to their indicator (unit, whole, kind, category_tree,
    area_level).
    """
    return [
        *_value_misfits(rows),
        *_category_misfits(rows, lists.categories),
        *_area_misfits(rows, lists.areas),
    ]


def _value_misfits(rows: pl.DataFrame) -> list[Defect]:
    rows = with_amounts(rows)
    numbers = rows.drop_nulls(
        ["amount_lower", "amount_upper"]
    )  # of the others the file's schema says what they should be
    no_fraction = pl.col("is_fraction") & pl.col("amount_lower").is_null()
    fraction = "the digits as printed; a fraction such as 2:3 is for a share or a ratio"
    printed = pl.col("value").str.contains(".", literal=True)
    decimals = pl.col("value").str.extract(r"\.([0-9]+)").str.len_chars()
    found = partial(where, numbers, column="value")
    whole = (
        "a whole number for this indicator; a point between thousands is left out (35.000 "
        "is typed 35000)"
    )
    return [
        *where(rows, no_fraction, column="value", code="fraction_misfit", expected=fraction),
        *found(pl.col("whole") & printed, code="not_whole", expected=whole),
        *_out_of_range(numbers),
        *found(
            pl.col("amount_lower") > pl.col("amount_upper"),
            code="out_of_order",
            expected="the lower number first",
        ),
        *found(
            ~pl.col("whole") & (decimals > FINEST),
            code="too_fine",
            expected=f"at most {FINEST} decimals",
        ),
        *_precision_misfits(numbers),
    ]


def _out_of_range(numbers: pl.DataFrame) -> list[Defect]:
    """Return a defect for each number that its kind cannot be, and for each hedge that leaves it
    nothing ("below 0 bodies").
    """
    known = numbers.join(natural_ranges(), on="kind", how="left")
    least, most = (pl.col(name) for name in ("natural_least", "natural_most"))
    is_below = pl.min_horizontal("amount_lower", "amount_upper") < least
    beyond = (is_below | (pl.max_horizontal("amount_lower", "amount_upper") > most)).fill_null(
        value=False
    )
    leaves_nothing = (pl.col("relator") == "gt") & (pl.col("amount_upper") >= most)
    leaves_nothing |= (pl.col("relator") == "lt") & (pl.col("amount_lower") <= least)
    found = partial(where, known, column="value", code="out_of_range")
    left = pl.format(
        "a number beyond which something is left: any {} is {}", "kind", "natural_range"
    )
    return [
        *found(beyond, expected=pl.format("{}, as of any {}", "natural_range", "kind")),
        *found(~beyond & leaves_nothing, expected=left),
    ]


def _precision_misfits(numbers: pl.DataFrame) -> list[Defect]:
    found = partial(where, numbers, column="precision")
    decimals = pl.col("precision").str.extract(r"\.([0-9]+)").str.len_chars()
    step = pl.col("precision").cast(AMOUNT, strict=False)
    # what is rounded to a step is a multiple of it; of "about 1,250" a note may say that it is so
    # within 100
    is_exact = pl.coalesce("relator", pl.lit("eq")) == "eq"
    no_multiple = is_exact & ~pl.col("is_fraction") & (step > 0) & (pl.col("amount") % step != 0)
    multiple = pl.format("a step of which {} is a multiple, or nothing", "value")
    return [
        *found(decimals > FINEST, code="too_fine", expected=f"at most {FINEST} decimals"),
        *found(step <= 0, code="out_of_range", expected="a step above 0"),
        *found(no_multiple, code="no_multiple", expected=multiple),
    ]


def _category_misfits(rows: pl.DataFrame, categories: pl.DataFrame) -> list[Defect]:
    known = rows.drop_nulls("kind").join(
        categories.select(category="code", tree="tree"), on="category", how="left"
    )
    in_tree = categories.group_by("tree").agg(pl.col("code").sort().str.join(", ").alias("codes"))
    known = known.join(in_tree, left_on="category_tree", right_on="tree", how="left")
    fitting = pl.format("a category of the tree {}: {}", "category_tree", "codes")
    found = partial(where, known, column="category", code="category_misfit")
    return [
        *found(
            pl.col("category").is_not_null() & pl.col("category_tree").is_null(),
            expected="nothing: the indicator has no categories",
        ),
        *found(pl.col("tree") != pl.col("category_tree"), expected=fitting),
        *found((pl.col("kind") == "multi_share") & pl.col("category").is_null(), expected=fitting),
    ]


def _area_misfits(rows: pl.DataFrame, areas: pl.DataFrame) -> list[Defect]:
    known = rows.join(
        areas.select("level", "valid_from", "valid_to", area="code"), on="area", how="inner"
    )
    level = pl.format("an area of level {} for this indicator", "area_level")
    validity = pl.format(
        "an area code in force in {} (this one: from {} to {})",
        "period",
        pl.col("valid_from").cast(pl.String).fill_null("ever"),
        pl.col("valid_to").cast(pl.String).fill_null("now"),
    )
    too_early = pl.coalesce("end_latest", "start_latest") < pl.col("valid_from")
    too_late = pl.coalesce("start_earliest", "end_earliest") >= pl.col("valid_to")
    return [
        *where(
            known,
            pl.col("level") != pl.col("area_level"),
            column="area",
            code="area_misfit",
            expected=level,
        ),
        *where(
            known,
            too_early | too_late,
            column="area",
            code="area_misfit",
            expected=validity,
        ),
    ]
