"""How a column is described, and the columns that several tables share.

Belongs here: builders that give a pandera column its type, checks, title, description, unit and
foreign key, and the shared vocabulary (identity, period ends, evidence), so that a column is
described once. Does not belong here: any single table.
"""

import re
from functools import partial
from typing import Any

import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.polars import Check, Column, DataFrameSchema

AMOUNT = pl.Decimal(20, 6)
"""Stated values and their bounds; a finer value is a defect."""

COEFFICIENT = pl.Decimal(20, 8)
"""What rules multiply them by; a share of 17.85 percent is 0.1785."""

RESULT = pl.Decimal(38, 14)
"""What rules compute from them."""

LONGEST_NAME = 100
"""Characters of a code or of a fact's name."""

MAY_BE_ABSENT = "may_be_absent"
MUST = "must"
"""What must be so of a cell that a person types; no release repeats it."""

_DETAIL = ",| such as | that | of at "
"""What begins a detail of what is expected, which the name of a check leaves to its description."""

AS_ITS_WORDS = "is as its words say"
"""What must be so of a cell that is held against the words of its row."""

SOURCE_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LOCAL_ID = SOURCE_ID
_BEGINNING = r"[^|*\s]*\p{L}{3}\*"
_ALIAS = (
    rf"(?:(?:[^|*\s]+|{_BEGINNING})\s+)*(?:[^|*\s]*\p{{L}}[^|*\s]*|{_BEGINNING})"
    rf"(?:\s+(?:[^|*\s]+|{_BEGINNING}))*"
)
_ALIASES = rf"^{_ALIAS}(?:\|{_ALIAS})*$"
OCCURRENCE = r"^[1-9][0-9]{0,5}$"
CODE = r"^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$"


def column(  # noqa: PLR0913 (the parts of a column's description, all of them named at the call)
    dtype: pl.DataType | type[pl.DataType],
    title: str,
    description: str,
    *checks: Check,
    nullable: bool = False,
    unit: str | None = None,
    references: str | None = None,
    may_be_absent: bool = False,
    must: str | None = None,
) -> Column:
    """Return a column; `references` is the "table.column" whose values it may hold, or two, where a
    stroke parts them; `must` is what has to be so of a typed cell, where `claim` would not say it.
    """
    metadata = {
        "unit": unit,
        "references": references,
        MAY_BE_ABSENT: may_be_absent,
        MUST: must,
    }
    return Column(
        dtype,
        list(checks),
        nullable=nullable,
        title=title,
        description=description,
        metadata=metadata,
    )


text = partial(column, pl.String)
"""A column of text."""

optional_text = partial(column, pl.String, nullable=True, may_be_absent=True)
"""A column of text that files typed for an earlier release lack: without it, every cell is
empty.
"""

integer = partial(column, pl.Int64)
"""A column of whole numbers."""

amount = partial(column, AMOUNT, nullable=True)
coefficient = partial(column, COEFFICIENT)
result = partial(column, RESULT, nullable=True)
"""Columns of exact decimal numbers: of what is stated, of what rules multiply that by, and of what
they compute.
"""

day = partial(column, pl.Date, unit="day")
"""A column of calendar days (proleptic Gregorian)."""

flag = partial(column, pl.Boolean)
"""A column of true and false."""


def optional_columns(schema: DataFrameSchema) -> list[str]:
    """Return the columns of a typed file, or its keys, that may be left out altogether."""
    return [
        name
        for name, column in schema.columns.items()
        if (column.metadata or {}).get(MAY_BE_ABSENT)
    ]


def shape_of(schema: DataFrameSchema) -> dict[str, Any]:
    """Return the polars type of each column."""
    return {name: column.dtype.type for name, column in schema.columns.items()}


def in_words(described: Column | DataFrameSchema) -> str:
    """Return what a column or a table is, its title and its description, with the unit of a column
    that has one.
    """
    unit = (described.metadata or {}).get("unit")
    return f"{described.title}. {described.description}." + (f" Unit: {unit}." if unit else "")


def references(schema: DataFrameSchema) -> dict[str, str]:
    """Return the columns that refer to those of tables, "table.column" by their own name."""
    targets = {
        name: (column.metadata or {}).get("references") for name, column in schema.columns.items()
    }
    return {name: target for name, target in targets.items() if target}


def claim(column: Column) -> str:
    """Return what must be so of a typed cell, in a few words that go on after the column's name."""
    said = column.metadata or {}
    if said.get(MUST):
        return str(said[MUST])
    if said.get("references"):
        return "is a known code"
    if not column.checks:
        return "is plain text" if column.nullable else "is filled in"
    expected = str(column.checks[0].error).removeprefix("nothing, or ")
    is_list = expected.startswith("one of ")
    return f"is {'a listed word' if is_list else re.split(_DETAIL, expected)[0]}"


def one_of(*codes: str) -> Check:
    """Return the check that a cell holds one of a few fixed words."""
    return Check.isin(codes, error=f"one of {', '.join(codes)}")


def like(pattern: str, expected: str) -> Check:
    """Return the check that a cell matches a pattern, with the words that tell a person what is
    expected.

    Not pandera's own, which takes patterns of Python's `re` alone; polars also knows the letters of
    all scripts.
    """

    def holds(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(pl.col(data.key).str.contains(pattern))

    return Check(holds, error=expected, statistics={"pattern": pattern})


IS_CODE = like(CODE, "letters and digits, joined by _ or -")
"""That a cell holds what may be a code."""

HAS_WORDS = like(r"^[^|*]*\p{L}[^|*]*$", "words, with a letter in them and without | or *")
"""That a cell holds words, since what has no letter in it names nothing."""

IS_SHORT = Check.str_length(max_value=LONGEST_NAME, error=f"at most {LONGEST_NAME} characters")
"""That a name for machines is not too long for people."""


def at_least(least: int) -> Check:
    """Return the check that a number is not below a least one."""
    return Check.ge(least, error=f"{least} or more")


def across(name: str, column: str, expected: str, condition: pl.Expr) -> Check:
    """Return a check across the columns of a row; an empty comparison holds.

    `name` is a fact about the world; pandera's `title` carries the column at which a defect is
    shown.
    """

    def holds(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(condition.fill_null(value=True))

    return Check(holds, name=name, error=name, title=column, description=expected)


def schema(
    name: str,
    title: str,
    description: str,
    key: list[str],
    columns: dict[str, Column],
    *checks: Check,
) -> DataFrameSchema:
    """Return the schema of a file or a table: exactly these columns, in this order, unique by
    `key`.
    """
    return DataFrameSchema(
        columns,
        checks=list(checks),
        strict=True,
        ordered=True,
        unique=key,
        name=name,
        title=title,
        description=description,
    )


# --- identity -------------------------------------------------------------------------------------

LINE_COLUMNS = {
    "source_id": text(
        "Source",
        "The source document, by the name of its folder in raw/",
        like(SOURCE_ID, "small letters, digits and hyphens"),
    ),
    "raw_file": text("File in raw/", "The hand-entered file that holds the row, relative to raw/"),
    "raw_line": integer("Line in raw/", "The line of that file, counted from 1", at_least(1)),
}
"""Where in raw/ a row was typed; the reader adds these columns, nobody types them."""

RAW_PLACE = {name: LINE_COLUMNS[name] for name in ("raw_file", "raw_line")}
"""Where in raw/ a published fact was typed."""

FACT_ID = text(
    "Fact",
    "Name of the fact: source, slash, name within the source",
    like(r"^[a-z0-9-]+/[a-z0-9-]+$", "source/fact"),
)
"""The published name of a fact, unique in the dataset."""


def code(description: str) -> Column:
    """Return the code column of a code list."""
    return text("Code", description, IS_CODE, IS_SHORT, must="names one entry")


LABEL = text(
    "Label", "Name in words, as a source may print it", HAS_WORDS, must="is words of its own"
)
ALIASES = text(
    "Aliases",
    "Other words for the same, joined by |",
    like(
        _ALIASES,
        (
            "words with a letter in each, joined by | without spaces; * only ends a word, for any "
            "letters, after three or more"
        ),
    ),
    nullable=True,
    must="are other words",
)
DEFINITION = text("Definition", "What exactly is meant", nullable=True)


def typed_columns(schema: DataFrameSchema) -> dict[str, Column]:
    """Return the columns of a file that a person types, by name."""
    return {name: column for name, column in schema.columns.items() if name not in LINE_COLUMNS}


def place() -> Column:
    """Return the column of a place: `where` as typed, `place` as published."""
    words = "Where it happened or was said (ISO 3166-2)"
    return text("Where", words, nullable=True, references="areas.code")


# --- what was typed of a fact ---------------------------------------------------------------------


def period(*, nullable: bool = True) -> Column:
    """Return the period of a fact as EDTF text (ISO 8601-2)."""
    return text(
        "Period",
        (
            "When it holds or happened, in EDTF (ISO 8601-2): 2006, 2011-10, 2003/2005, 1997/.. "
            "(still going on)"
        ),
        nullable=nullable,
        unit="EDTF",
        must=AS_ITS_WORDS,
    )


RELATORS = ("eq", "gt", "ge", "lt", "le", "between", "approx")


def relator(*, nullable: bool) -> Column:
    """Return how the printed number bounds the true one."""
    return text(
        "Relator",
        "How the printed number bounds the true one: eq (when empty), gt (more than), ge (at "
        "least), lt (less than), le (at most), between, approx (about)",
        one_of(*RELATORS),
        nullable=nullable,
        must=AS_ITS_WORDS,
    )


agent = partial(text, references="agents.code")
"""A column that names a person or body of agents.csv."""

ATTRIBUTED_TO = agent(
    "Attributed to",
    "Who claims it, where the source reports another's words; empty where the source itself does",
    nullable=True,
)
NOTE = text("Note", "The curator's remark", nullable=True)
QUOTE = text(
    "Quote",
    "The words that the fact was read from, as the source prints them",
    must="stands in the text",
)
WHICH_ONE = text(
    "Occurrence",
    "Which one is meant, counted from 1, where the same words stand more than once",
    like(OCCURRENCE, "a whole number from 1, or nothing where the words stand once"),
    nullable=True,
    must="counts equal words",
)
"""Which of several equal passages a quote is."""

# --- what the build adds to a fact ----------------------------------------------------------------

PERIOD_ENDS = {
    "start_earliest": day(
        "Earliest start", "The first day on which the period can begin", nullable=True
    ),
    "start_latest": day(
        "Latest start", "The last day on which the period can begin", nullable=True
    ),
    "end_earliest": day(
        "Earliest end",
        "The first day on which the period can end; empty where it is open or unknown",
        nullable=True,
    ),
    "end_latest": day(
        "Latest end",
        "The last day on which the period can end; empty where it is open or unknown",
        nullable=True,
    ),
}
"""The four days that bound the beginning and the end of a period; an open or unknown end is
null.
"""

EVIDENCE = {
    "quote": QUOTE,
    "quote_prefix": text("Words before", "Up to 32 characters of the text before the quote"),
    "quote_suffix": text("Words after", "Up to 32 characters of the text after the quote"),
    "quote_start": integer(
        "Quote start",
        "Characters of the text before the quote",
        at_least(0),
        unit="Unicode code points",
    ),
    "quote_end": integer(
        "Quote end",
        "Characters of the text up to the end of the quote",
        at_least(1),
        unit="Unicode code points",
    ),
}
"""The words of a fact and their place, as the W3C Web Annotation Data Model names them (text quote
and position).
"""
