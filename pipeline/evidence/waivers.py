"""What waivers cover, and what is wrong with them: a waiver that hides a fact, repeats none, or
covers nothing.

Belongs here: waivers and the mentions in their quotes. Does not belong here: any other role
(roles).
"""

import polars as pl

from pipeline.built import RowsAndDefects, Tables
from pipeline.defects import Defect, where
from pipeline.evidence.agreement.dates import are_parts
from pipeline.evidence.fractions import SHARED
from pipeline.evidence.language import language
from pipeline.evidence.spans import begun, inside
from pipeline.evidence.texts import Texts

NEAR = 30
"""Characters after a number in which a name shows that it counts something."""

TOUCHING = 3
"""Characters between a name and the number after it, as in a row of a table."""

COUNTS_NOTHING = ["idiom", "name"]
"""The kinds of waivers that no hedged number, and none with a unit, can be."""

_WAIVER = (
    "waiver_id",
    "source_id",
    "quote_start",
    "quote_end",
    "fact_id",
    "reason",
    "raw_file",
    "raw_line",
)


def waived(
    bare: pl.DataFrame, waivers: pl.DataFrame, facts: Tables, texts: Texts
) -> RowsAndDefects:
    """Return the mentions that waivers cover (mention_id, role, fact_id, waiver_kind, reason), and
    the defects of waivers.

    `bare` are mentions without a role, each with the span of its number; `facts` the published
    tables by name.
    """
    rows = waivers.select(*_WAIVER, waiver_kind="kind", waiver="quote")
    pairs = inside(rows, bare).sort("mention_id", "waiver_id")
    pairs = _with_facts(pairs, facts)
    covered = pairs.select(
        "mention_id",
        role=pl.lit("waived"),
        fact_id=pl.when(waiver_kind="repeats").then("fact"),
        waiver_kind="waiver_kind",
        reason="reason",
    )
    return covered.unique("mention_id", keep="first", maintain_order=True), [
        *_hiding(pairs, texts),
        *_not_repeated(pairs),
    ]


def _with_facts(pairs: pl.DataFrame, facts: Tables) -> pl.DataFrame:
    """Return waived mentions with what their fact says (fact, fact_value, fact_period) and which
    one says the same (says).
    """
    pairs = pairs.with_columns(fact=pl.concat_str("source_id", "fact_id", separator="/"))
    observations = facts["observations"].select(fact="fact_id", fact_value="value")
    dated = pl.concat([facts[name].select(fact="fact_id", fact_period="period") for name in facts])
    pairs = pairs.with_columns(pl.col("low").cast(pl.Decimal(20, 6), strict=False))
    said = (
        facts["observations"]
        .group_by("source_id", low="value")
        .agg(says=pl.col("fact_id").min().str.split("/").list.last())
    )
    for more, on in ((observations, "fact"), (dated, "fact"), (said, ["source_id", "low"])):
        pairs = pairs.join(more, on=on, how="left", maintain_order="left")
    return pairs


def _hiding(pairs: pl.DataFrame, texts: Texts) -> list[Defect]:
    """Return a defect for each waiver of a kind that the words at the number contradict."""
    pairs = pairs.filter(pl.col("kind") != "label")
    idle = pairs.filter(pl.col("waiver_kind").is_in(COUNTS_NOTHING))
    made = pairs.filter(waiver_kind="document")
    measured, share = (
        (pl.col("unit") != "") | (pl.col("per") != ""),
        pl.col("unit").is_in(SHARED) | (pl.col("per") != ""),
    )
    return [
        *_hidden(idle.filter(measured), "a unit is at the number"),
        *_hidden(
            idle.filter((pl.col("relators") != "") & (pl.col("kind") == "quantity")),
            "a hedge is at the number",
        ),
        *_hidden(_counted(idle, texts, NEAR), "what is counted stands at the number"),
        *_hidden(
            idle.filter((pl.col("kind") == "period") & ~_is_in_name()), "the words are a date"
        ),
        *_hidden(_planned(idle, texts), "the sentence tells of a plan"),
        *_hidden(made.filter(share), "it is a share, or for each of something"),
        *_hidden(_counted(made, texts, TOUCHING), "what is counted touches the number"),
    ]


def _planned(idle: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Return the waived numbers in digits in whose sentence a word such as target stands."""
    digits = idle.filter(pl.col("words").str.contains(r"\d") & (pl.col("waiver_kind") == "idiom"))
    of = begun(digits, texts.sentences, at="start")
    told = digits.join(
        texts.table.select("source_id", "text", "language"), on="source_id", maintain_order="left"
    )
    sentence = told["text"].str.slice(of["start"], of["end"] - of["start"])
    tags = zip(told["language"], sentence, strict=True)
    is_plan = [bool(language(tag).said(words, "plans")) for tag, words in tags]
    return digits.filter(pl.Series(is_plan, dtype=pl.Boolean))


def _counted(idle: pl.DataFrame, texts: Texts, reach: int) -> pl.DataFrame:
    """Return the waived mentions at which what is counted stands: the name of an indicator or a
    category.
    """
    names = texts.names.filter(pl.col("list").is_in(["indicators", "categories"])).select(
        "source_id", "start", "end"
    )
    longest = names.select((pl.col("end") - pl.col("start")).max().fill_null(0)).item()
    around = idle.drop("start", "end").with_columns(
        first=pl.col("number_start") - TOUCHING - longest,
        last=pl.col("number_end") + reach + longest,
    )
    counts = inside(around, names, start="first", end="last")
    follows = pl.col("start").is_between(
        "number_end", pl.min_horizontal(pl.col("number_end") + reach, "next_start")
    )
    touches = pl.col("end").is_between(pl.col("number_start") - TOUCHING, "number_start")
    is_one = (pl.col("low") == 1) & ~pl.col("words").str.contains(
        r"\d"
    )  # of one project: an article, in some languages
    return counts.filter((follows | touches) & ~is_one.fill_null(value=False))


def _is_in_name() -> pl.Expr:
    """Whether a waived date is part of a proper name: kind name, and a capital letter begins the
    word right before it.
    """
    before = pl.col("waiver").str.slice(0, (pl.col("start") - pl.col("quote_start")).cast(pl.Int64))
    return (pl.col("waiver_kind") == "name") & before.str.contains(r"\w\W+\p{Lu}\w+\W$")


def _hidden(rows: pl.DataFrame, why: str) -> list[Defect]:
    unique = rows.unique(["waiver_id", "mention_id"], maintain_order=True)
    # what is counted is counted in words about the document, too
    more = "document, " if why.startswith(("a unit", "a hedge", "the words")) else ""
    expected = (
        f"a fact of its own, since {why}; or a kind of waiver that can be such: "
        f"{more}repeats, limit, plan or denied"
    )
    return where(
        unique,
        pl.lit(value=True),
        column="kind",
        code="waiver_hides_a_fact",
        expected=expected,
        found=pl.col("waiver_kind"),
    )


def _not_repeated(pairs: pl.DataFrame) -> list[Defect]:
    """Return a defect for each waiver of kind repeats that does not say its fact again: its value,
    or a part of its period.
    """
    repeats = pairs.filter(waiver_kind="repeats")
    same_value = (pl.col("low") == pl.col("fact_value")).fill_null(value=False)
    judged = repeats.with_columns(
        is_same=same_value | are_parts(repeats["period"], repeats["fact_period"])
    )
    digits = pl.col("fact_value").cast(pl.String).str.replace(r"\.?0+$", "")
    value = pl.coalesce(digits, "fact_period")
    says = pl.coalesce(
        pl.format("{} in fact_id, which says this", "says"),
        pl.lit("document, limit, plan or denied in kind"),
    )
    one = pl.format("a fact of this source: {}", says)
    return [
        *where(
            judged,
            pl.col("fact_period").is_null(),
            column="fact_id",
            code="unknown_fact",
            expected=one,
        ),
        *where(
            judged,
            pl.col("fact_period").is_not_null() & ~pl.col("is_same"),
            column="quote",
            code="not_repeated",
            expected=pl.format("a mention that says what the fact says, {}; or {}", value, says),
            found=pl.col("waiver"),
        ),
    ]


def idle_waivers(waivers: pl.DataFrame, bare: pl.DataFrame, used: set[int]) -> list[Defect]:
    """Return a defect for each waiver that covers neither a mention without another role nor a
    piece of direct speech.
    """
    covering = inside(waivers.select("waiver_id", "source_id", "quote_start", "quote_end"), bare)[
        "waiver_id"
    ]
    idle = ~pl.col("waiver_id").is_in([*covering.unique().to_list(), *used])
    expected = (
        "words around a number, or of direct speech, that no fact covers; remove the row "
        "if there is none"
    )
    return where(waivers, idle, column="quote", code="stale_waiver", expected=expected)
