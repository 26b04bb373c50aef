"""The files that a person types, but for the code lists (code_lists) and source.toml: one schema a
file.

Cells arrive as text, an empty cell as null; what a cell must look like is a pattern here. Whether a
code exists, a date is a real one, or a value fits its indicator needs other files too, and is
checked where these are joined.
"""

import polars as pl
from pandera.polars import Column, DataFrameSchema

from schemas import columns as c
from schemas.reasons import reason_check

NUMBER = r"-?(?:0|[1-9][0-9]{0,12})(?:\.[0-9]{1,6})?"
FRACTION = "[1-9][0-9]{0,12}:[1-9][0-9]{0,12}"
VALUE = rf"^(?:{NUMBER}(?:/{NUMBER})?|{FRACTION})$"
"""What may stand as a value: a number, two of them with between, or a fraction or ratio such as
2:3.
"""

ENTERED = ("observations", "events", "statements")
"""The files of a source that hold its facts; source.toml states how many rows each has."""


def _typed_fact(**columns: Column) -> dict[str, Column]:
    name = c.text(
        "Fact",
        "Name of the fact within its source",
        c.like(c.LOCAL_ID, "small letters, digits and hyphens, such as share-almaty"),
        c.IS_SHORT,
        must="names one fact",
    )
    return {"fact_id": name, **columns, **c.LINE_COLUMNS}


_HAS_TWO = pl.col("value").str.contains("/", literal=True)
_RELATOR = pl.col("relator").fill_null("eq")

SOURCE_FILES: dict[str, DataFrameSchema] = {
    "observations": c.schema(
        "observations.csv",
        "Observations",
        "One row for each number that the source states",
        ["source_id", "fact_id"],
        _typed_fact(
            indicator=c.text(
                "Indicator", "What is counted or measured", references="indicators.code"
            ),
            area=c.text(
                "Area",
                "The country or region that the value is about (ISO 3166-2)",
                references="areas.code",
            ),
            category=c.text(
                "Category",
                "The part of the whole that is counted; empty for the whole",
                nullable=True,
                references="categories.code",
            ),
            period=c.period(),
            value=c.text(
                "Value",
                "The number with the digits as printed, without separators of thousands (17.9 "
                "is not 17.90); two-thirds is 2:3, one in five 1:5, three to one 3:1",
                c.like(
                    VALUE,
                    "digits as printed with a decimal point and no separators, such as 35000 or "
                    "17.9, or 2:3 for two-thirds; at most 13 before the point",
                ),
                must=c.AS_ITS_WORDS,
            ),
            relator=c.relator(nullable=True),
            precision=c.text(
                "Precision",
                (
                    "The step to which the source rounded the value, where it says so (100 for "
                    "hundreds)"
                ),
                c.like(rf"^{NUMBER}$", "a number such as 100 or 0.5"),
                nullable=True,
                must=c.AS_ITS_WORDS,
            ),
            quote=c.QUOTE,
            occurrence=c.WHICH_ONE,
            label_quote=c.text(
                "Label quote",
                (
                    "Words elsewhere in the text that name the indicator, area or category where "
                    "the quote does not"
                ),
                nullable=True,
                must="names a code",
            ),
            attributed_to=c.ATTRIBUTED_TO,
            note=c.NOTE,
            same_as=c.optional_text(
                "Same as",
                (
                    "The fact of this source whose numeral this is too, where one numeral is the "
                    "value of several"
                ),
                must="is another fact",
            ),
        ),
        c.across(
            "between_has_two_values",
            "value",
            "two numbers such as 20/30 with between, and one otherwise",
            (_RELATOR == "between") == _HAS_TWO,
        ),
        c.across(
            "precision_goes_with_one_printed_value",
            "precision",
            "nothing, since a rounding step goes with eq and approx only",
            pl.col("precision").is_null() | _RELATOR.is_in(["eq", "approx"]),
        ),
    ),
    "events": c.schema(
        "events.csv",
        "Events",
        "One row for each dated event that the source names",
        ["source_id", "fact_id"],
        _typed_fact(
            period=c.period(nullable=False),
            who=c.agent("Who", "Who did it", nullable=True),
            what=c.text("What", "What happened, in the words of the source", must=c.AS_ITS_WORDS),
            where=c.place(),
            quote=c.QUOTE,
            occurrence=c.WHICH_ONE,
            attributed_to=c.ATTRIBUTED_TO,
            note=c.NOTE,
        ),
    ),
    "statements": c.schema(
        "statements.csv",
        "Statements",
        "One row for each assertion without a number that the source makes or reports",
        ["source_id", "fact_id"],
        _typed_fact(
            period=c.period(),
            who=c.agent("Who", "Who says it; for a narrative, the publisher"),
            office=c.text(
                "Office", "The office in which it is said", nullable=True, must=c.AS_ITS_WORDS
            ),
            occasion=c.text(
                "Occasion", "The occasion on which it is said", nullable=True, must=c.AS_ITS_WORDS
            ),
            speech=c.text(
                "Speech",
                (
                    "direct (in quotation marks), indirect (reported), narrative (the source's own "
                    "assertion)"
                ),
                c.one_of("direct", "indirect", "narrative"),
                must=c.AS_ITS_WORDS,
            ),
            where=c.place(),
            quote=c.QUOTE,
            occurrence=c.WHICH_ONE,
            note=c.NOTE,
        ),
    ),
    "waivers": c.schema(
        "waivers.csv",
        "Waivers",
        (
            "One row for each numeral or piece of direct speech of the text that is no fact, with "
            "the reason"
        ),
        ["source_id", "quote"],
        {
            "quote": c.text(
                "Quote",
                "The numeral with words enough to be unique in the text",
                must="stands in the text",
            ),
            "kind": c.text(
                "Kind",
                "idiom (counts nothing), name (part of a name), document (of its make-up), "
                "repeats (says a fact again), limit (an age, a threshold or a time up to now), "
                "plan (a target or a forecast), denied (what is said not to be so)",
                c.one_of("idiom", "name", "document", "repeats", "limit", "plan", "denied"),
            ),
            "fact_id": c.text(
                "Fact",
                "The fact that is repeated, with repeats",
                nullable=True,
                must="is what is repeated",
            ),
            "reason": c.text("Reason", "Why it is no fact of its own", reason_check()),
            **c.LINE_COLUMNS,
        },
        c.across(
            "repeats_names_its_fact",
            "fact_id",
            "nothing, since only a waiver of kind repeats has one",
            (pl.col("kind") == "repeats") | pl.col("fact_id").is_null(),
        ),
    ),
    "readings": c.schema(
        "readings.csv",
        "Readings",
        "One row for each second reading that the words of a fact allow",
        ["source_id", "fact_id", "column", "other"],
        _typed_fact(
            column=c.text(
                "Column", "The column whose value depends on the reading", must="is one of the fact"
            ),
            taken=c.text(
                "Taken", "The value taken, as the fact has it", must="is what the fact has"
            ),
            other=c.text(
                "Other", "The value that the other reading would give", must="could stand instead"
            ),
            why=c.text("Why", "Why the words allow both", reason_check()),
        ),
        c.across(
            "readings_differ",
            "other",
            "a value other than the one taken",
            pl.col("taken") != pl.col("other"),
        ),
    ),
}
"""The CSV files of each source's folder, by name without ending."""

_BOUND = c.like(rf"^{NUMBER}$", "a number such as 122")
FINDINGS_CSV = c.schema(
    "findings.csv",
    "Findings",
    "One row for each acknowledged finding: what a source gets wrong or leaves open",
    ["rule_id", "group_id"],
    {
        "rule_id": c.text("Rule", "The rule that found it"),
        "group_id": c.text("Group", "The group of facts that it was found in"),
        "type": c.text(
            "Type",
            "contradiction, or incomplete (a remainder certainly above nothing)",
            c.one_of("contradiction", "incomplete"),
        ),
        "lower": c.text("Lower", "The expected lower bound", _BOUND, nullable=True),
        "upper": c.text("Upper", "The expected upper bound", _BOUND, nullable=True),
        "reason": c.text("Reason", "Why it may stand", reason_check()),
        **c.RAW_PLACE,
    },
    c.across(
        "bounds_are_in_order",
        "upper",
        "a number that is not below lower",
        pl.col("lower").cast(c.AMOUNT, strict=False)
        <= pl.col("upper").cast(c.AMOUNT, strict=False),
    ),
)

_PLACE = "(?:0|[1-9][0-9]{0,5})"
_VERSION = rf"^{_PLACE}\.{_PLACE}\.{_PLACE}$"

RELEASES_CSV = c.schema(
    "releases.csv",
    "Releases",
    "One row for each release, in their order",
    ["version"],
    {
        "version": c.text(
            "Version",
            "Version of the release",
            c.like(_VERSION, "a version such as 1.0.0"),
            must="follows the last",
        ),
        "date": c.text(
            "Date",
            "Day of the release",
            c.like(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "a day such as 2026-11-24"),
        ),
        "based_on": c.text(
            "Based on",
            "The version that it follows; empty for the first",
            nullable=True,
            must="is the row before",
        ),
        "reason": c.text("Reason", "Why there is a new release", reason_check()),
        **c.RAW_PLACE,
    },
)
