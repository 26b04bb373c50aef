"""The file source.toml: what a source document is, who published it and when, and how many rows its
files must have.
"""

import polars as pl
from pandera.polars import Check, Column

from schemas import columns as c
from schemas.raw_files import ENTERED
from schemas.reasons import reason_check

_WEB_ADDRESS = c.like(
    r"^https?://[^\s<>\"']+$", "nothing, or an address that begins with http:// or https://"
)
"""http and https only, so that no page links to a script."""

SOURCE_COLUMNS: dict[str, Column] = {
    "title": c.text("Title", "Title of the document"),
    "publisher": c.agent("Publisher", "Who published it"),
    "published": c.text(
        "Published", "When it was published, in EDTF (ISO 8601-2)", unit="EDTF", must=c.AS_ITS_WORDS
    ),
    "published_quote": c.text(
        "Published quote",
        "The words of the text that say when",
        nullable=True,
        must="is in the text",
    ),
    "published_basis": c.text(
        "Published basis",
        "What the part of the date that is not in those words is inferred from",
        reason_check(),
        nullable=True,
        must="is a reason",
    ),
    "language": c.text(
        "Language",
        "Language of the text (BCP 47)",
        c.like(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "a language tag such as en"),
    ),
    "url": c.text("Address", "Where the document was read", _WEB_ADDRESS, nullable=True),
    "archived_url": c.text(
        "Archived address", "Where a copy is archived", _WEB_ADDRESS, nullable=True
    ),
    "retrieved": c.text(
        "Retrieved",
        "The day on which it was read there",
        c.like(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "a day such as 2026-11-24"),
        nullable=True,
    ),
    "rights": c.text("Rights", "Who may do what with the text"),
    "republish_text": c.text(
        "Text may be republished",
        "Whether the release may carry the whole text",
        c.one_of("true", "false"),
    ),
    "derived_from": c.text(
        "Derived from",
        "The source that it copies",
        nullable=True,
        references="sources.source_id",
        must="is a source",
    ),
    "translation_of": c.text(
        "Translation of",
        "The source that it translates",
        nullable=True,
        references="sources.source_id",
        must="is a source",
    ),
    "sha256": c.text(
        "SHA-256",
        "Hash of text.txt, byte for byte",
        c.like(r"^[0-9a-f]{64}$", "64 hexadecimal digits"),
        unit="hexadecimal",
        must="is that of the text",
    ),
    "notes": c.text("Notes", "The curator's remarks on the document", nullable=True),
}
"""The columns that describe a source, as they are typed."""

_COUNT = c.like(r"^[0-9]{1,10}$", "a whole number of at most 10 digits")

_OF_31, _OF_30 = (
    "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])",
    "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)",
)
_MONTH_AND_DAY = rf"^(?:{_OF_31}|{_OF_30}|02-(?:0[1-9]|1[0-9]|2[0-8]))$"
_GROUP = (",", ".", " ", "'", "")

KEPT_EMPTY = "number_format.group"
"""The key in which nothing between quotation marks means something: that digits are not grouped."""

MARKS = ("number_format.decimal", KEPT_EMPTY)
"""The keys that must name two different marks."""


_WAYS_OF_WRITING: dict[str, Column] = {
    "number_format.decimal": c.optional_text(
        "Decimal mark", "What stands before decimals", c.one_of(".", ","), must="is a mark"
    ),
    KEPT_EMPTY: c.optional_text(
        "Group mark",
        (
            "What stands between groups of three digits; nothing between the quotation marks: "
            "groups are not set apart"
        ),
        Check.isin(_GROUP, error='one of ",", ".", " ", "\'", or "" for none'),
        must="is a mark",
    ),
    "number_format.negative": c.optional_text(
        "Negative numbers",
        "How a number below 0 is written: minus, or brackets",
        c.one_of("minus", "brackets"),
    ),
    "day_order": c.optional_text(
        "Order of days", "Of day, month and year in digits", c.one_of("DMY", "MDY", "YMD")
    ),
    "country": c.optional_text(
        "Country",
        "The country whose dollars, say, are meant (ISO 3166-1)",
        c.like(r"^[A-Z]{2}$", "two capital letters such as KZ"),
        must="is a known country",
    ),
    "fiscal_year_starts": c.optional_text(
        "Fiscal year starts",
        "Month and day on which a fiscal year starts",
        c.like(_MONTH_AND_DAY, "month and day such as 04-01, a day that every year has"),
        must="is a day",
    ),
}
"""The keys that say how a text writes numbers and days; without one, its language decides."""

PUBLISHED_AS = {
    "number_format.decimal": "decimal_mark",
    "number_format.group": "group_mark",
    "number_format.negative": "negative_numbers",
}
"""The names in the table `sources` of keys whose own names need quotes in SQL."""


WAYS_OF_WRITING = {
    PUBLISHED_AS.get(name, name): column for name, column in _WAYS_OF_WRITING.items()
}
"""The columns of `sources` that say how its text writes numbers and days."""

SOURCE_TOML = c.schema(
    "source.toml",
    "Source",
    "What a source document is",
    ["source_id"],
    {
        **SOURCE_COLUMNS,
        **{
            f"expected.{name}": c.text(
                f"Expected {name}",
                f"Rows that {name}.csv must have",
                _COUNT,
                must="counts the rows",
            )
            for name in ENTERED
        },
        **_WAYS_OF_WRITING,
        **c.LINE_COLUMNS,
    },
    c.across(
        "marks_differ",
        KEPT_EMPTY,
        "another mark than number_format.decimal has",
        pl.col(MARKS[0]) != pl.col(MARKS[1]),
    ),
)
