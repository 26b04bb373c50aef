"""Translations: whether a text and the one that it translates say the same, fact by fact.

Belongs here: pairing the facts of a source with those of its translation_of, and comparing what is
printed. Does not belong here: what either says together with other sources (kinds); a translation
is no second witness of its original.
"""

from collections.abc import Iterable

import polars as pl

from pipeline.rules.quantities import RESULTS, Facts, as_printed, described, joined, shaped
from pipeline.rules.rules_file import Placed
from schemas.columns import AMOUNT, RESULT
from schemas.rules import TRANSLATIONS_AGREE, Translations

_DAYS = ("start_earliest", "start_latest", "end_earliest", "end_latest")
_ABOUT = ["original", "translation", "type", "topic", "area", "category"]
"""What facts that say the same have in common, but for their days."""

_INTERVAL = ["lower", "upper", "lower_closed", "upper_closed"]
_SAID = ["number", "hedge", "precision", "place", "claimed_by"]
"""What is compared of two facts that belong together, as text; null where it is not said, or a fact
has no such thing.
"""

_SHAPE: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(
        ("source_id", "fact_id", "period", *_ABOUT[2:], *_SAID, "what", "printed"), pl.String
    ),
    **dict.fromkeys(_DAYS, pl.Date),
    **dict.fromkeys(_INTERVAL[:2], AMOUNT),
    **dict.fromkeys(_INTERVAL[2:], pl.Boolean),
    "quote_start": pl.Int64,
}

_STAGES = ([*_ABOUT, "days", *_SAID], [*_ABOUT, "now", *_SAID], [*_ABOUT, "days"], [*_ABOUT, "now"])
"""How facts are paired, the surest first. Two days of publication are one, if a fact is about "now"
in both texts.
"""

_DIFFERENCES = dict(
    zip(_SAID, ("number", "hedge", "precision", "place", "who claims it"), strict=True)
)


def translation_results(rules: Iterable[Placed], facts: Facts) -> pl.DataFrame:
    """Return the outcome of each pair and of each fact that only one text says, with the columns of
    check_results.

    What differs is violated, also where both could be true: a translation says the same.
    `imbalance` is, of a pair of numbers, the original less the translation; of a number that one
    text lacks, the number.
    """
    if not any(isinstance(placed.rule, Translations) for placed in rules):
        return pl.DataFrame(schema=RESULTS)
    pairs = _translations(facts.sources)
    said = _said(facts, pl.concat([pairs["original"], pairs["translation"]]).unique())
    here, there = (
        said.join(pairs.with_columns(source_id=side), on="source_id").sort("quote_start", "fact_id")
        for side in ("original", "translation")
    )
    both, left, right = _paired(here, there)
    lacking = [
        left.with_columns(group_id=joined("fact_id", "translation"), lacks="translation"),
        right.with_columns(group_id=joined("original", "fact_id"), lacks="original"),
    ]
    results = pl.concat([_compared(both), _lacking(pl.concat(lacking))])
    return shaped(
        results,
        RESULTS,
        rule_id=TRANSLATIONS_AGREE,
        source_id=pl.col("translation"),
        scope="local",
        severity="error",
    )


def _translations(sources: pl.DataFrame) -> pl.DataFrame:
    """Return each translation whose original is a source too: original, translation."""
    named = sources.select(translation="source_id", original="translation_of").drop_nulls()
    named = named.filter(pl.col("translation") != pl.col("original"))
    return named.join(sources.select(original="source_id"), on="original", how="semi")


def _said(facts: Facts, source_ids: pl.Series) -> pl.DataFrame:
    """Return what some sources say, one row a fact: what it is about, what is said of it (`_SAID`),
    and both in words.
    """
    said = pl.concat(
        part.select(list(_SHAPE)) for part in (_numbers(facts), _events(facts), _speech(facts))
    )
    said = said.filter(pl.col("source_id").is_in(source_ids.implode()))
    days = pl.concat_str(pl.col(_DAYS).cast(pl.String).fill_null("none"), separator=" ")
    dated = said.join(
        facts.sources.select("source_id", "published"), on="source_id", maintain_order="left"
    )
    is_now = pl.col("period") == pl.col("published")
    return dated.with_columns(days=days).with_columns(
        now=pl.when(is_now).then(pl.lit("now")).otherwise("days")
    )


def _numbers(facts: Facts) -> pl.DataFrame:
    bounds = pl.concat_str(pl.col(_INTERVAL).cast(pl.String).fill_null("none"), separator=" ")
    return shaped(
        described(facts.observations, facts),
        _SHAPE,
        type="number",
        topic=pl.col("indicator"),
        number=pl.coalesce(pl.col("value").cast(pl.String), bounds),
        hedge=pl.col("relator"),
        precision=bounds,
        claimed_by=pl.col("attributed_to"),
        what=pl.col("words"),
        printed=as_printed(),
    )


def _events(facts: Facts) -> pl.DataFrame:
    return shaped(
        facts.events,
        _SHAPE,
        type="event",
        topic=pl.col("who"),
        place=pl.col("place"),
        claimed_by=pl.col("attributed_to"),
        what=pl.concat_str(pl.lit("event"), "who", "period", separator=", ", ignore_nulls=True),
        printed=pl.format("'{}'", pl.col("what")),
    )


def _speech(facts: Facts) -> pl.DataFrame:
    """Return what others are reported to say; of a source's own assertions a translator may make
    two or one.
    """
    return shaped(
        facts.statements.filter(pl.col("speech") != "narrative"),
        _SHAPE,
        type="speech",
        topic=pl.col("who"),
        category=pl.col("speech"),
        place=pl.col("place"),
        what=pl.concat_str(pl.col("speech") + " speech", "who", "period", separator=", "),
        printed=pl.format("'{}'", pl.col("quote")),
    )


def _paired(
    here: pl.DataFrame, there: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the pairs, with the columns of the second ending in _there, and what is left of either
    text.

    Facts that say the same of the same are paired first; of several alike, those of one place in
    the order of the texts.
    """
    both = []
    for stage in _STAGES:
        left, right = (
            side.with_columns(place_in_order=pl.int_range(pl.len()).over(stage))
            for side in (here, there)
        )
        keys = [*stage, "place_in_order"]
        pairs = left.select(*keys, "fact_id").join(
            right.select(*keys, fact_id_there="fact_id"),
            on=keys,
            nulls_equal=True,
            maintain_order="left",
        )
        pairs = pairs.select("original", "translation", "fact_id", "fact_id_there")
        of_pair = ["original", "translation", "fact_id"]
        both.append(
            pairs.join(here, on=of_pair).join(
                there,
                left_on=["original", "translation", "fact_id_there"],
                right_on=of_pair,
                suffix="_there",
            )
        )
        here = here.join(pairs, on=of_pair, how="anti", maintain_order="left")
        taken = pairs.drop("fact_id").rename({"fact_id_there": "fact_id"})
        there = there.join(taken, on=of_pair, how="anti", maintain_order="left")
    return pl.concat(both), here, there


def _compared(both: pl.DataFrame) -> pl.DataFrame:
    """Return the outcome of each pair."""
    differing = _differing()
    verdict = (
        pl.when(_are_apart("", "_there") | _are_apart("_there", ""))
        .then(pl.lit("They cannot both be true"))
        .when(differing != "")
        .then(
            pl.format(
                "Both can be true, but a translation says the same; other here: {}", differing
            )
        )
        .otherwise(pl.lit("They say the same"))
    )
    heard, heard_there = (pl.concat_str(f"printed{side}", _also(side)) for side in ("", "_there"))
    words = pl.format(
        "{}: {} says {}, its translation {} says {}. {}.",
        "what",
        "original",
        heard,
        "translation",
        heard_there,
        verdict,
    )
    return both.rechunk().select(
        "translation",
        group_id=joined("fact_id", "fact_id_there"),
        outcome=pl.when(differing == "").then(pl.lit("satisfied")).otherwise(pl.lit("violated")),
        imbalance_lower=pl.col("lower").cast(RESULT) - pl.col("upper_there"),
        imbalance_upper=pl.col("upper").cast(RESULT) - pl.col("lower_there"),
        explanation=words,
        fact_ids=pl.concat_list("fact_id", "fact_id_there").list.sort().list.join(" "),
    )


def _are_apart(side: str, other: str) -> pl.Expr:
    """Return whether the interval of one side lies above that of the other; what has no bounds does
    not.
    """
    least, most = pl.col(f"lower{side}"), pl.col(f"upper{other}")
    meet_at_their_ends = pl.col(f"lower_closed{side}") & pl.col(f"upper_closed{other}")
    return ((least > most) | ((least == most) & ~meet_at_their_ends)).fill_null(value=False)


def _differing() -> pl.Expr:
    """Return what a translation says otherwise, in words; nothing where it says the same."""
    differs = {name: pl.col(name).ne_missing(pl.col(f"{name}_there")) for name in _SAID}
    # another number or hedge has another interval in any case
    differs["precision"] &= ~differs["number"] & ~differs["hedge"]
    words = [pl.when(differs[name]).then(pl.lit(said)) for name, said in _DIFFERENCES.items()]
    return pl.concat_str(words, separator=", ", ignore_nulls=True)


def _also(side: str = "") -> pl.Expr:
    """Return what is said of a fact beside its number, in words: where, and who claims it."""
    parts = (
        pl.format(words, f"{name}{side}")
        for words, name in ((" in {}", "place"), (" (claimed by {})", "claimed_by"))
    )
    return pl.concat_str([part.fill_null("") for part in parts])


def _lacking(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the outcome of each fact that only one text says; `lacks` is the other."""
    bounds = [pl.col(name).cast(RESULT) for name in ("lower", "upper")]
    words = pl.format(
        "{}: {} says {} ({}), and {} does not.",
        "what",
        "source_id",
        pl.concat_str("printed", _also()),
        "fact_id",
        "lacks",
    )
    return rows.rechunk().select(
        "translation",
        "group_id",
        outcome=pl.lit("violated"),
        imbalance_lower=bounds[0],
        imbalance_upper=bounds[1],
        explanation=words,
        fact_ids="fact_id",
    )
