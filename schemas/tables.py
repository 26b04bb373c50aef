"""The published tables: one schema a table, in the order of its columns, with its key.

The same tables stand in the DuckDB file, in Parquet and in CSV. Names follow SDMX (observation,
indicator), Wikibase (bounds) and the W3C Web Annotation Data Model (quote and its span).
"""

import polars as pl
from pandera.polars import Column, DataFrameSchema

from schemas import code_lists
from schemas import columns as c
from schemas import raw_files as raw
from schemas.consistency_tables import CONSISTENCY_TABLES, SOLVER_TABLES, STATUSES
from schemas.source_toml import SOURCE_COLUMNS, WAYS_OF_WRITING

_SOURCE = c.text("Source", "The source document", references="sources.source_id")
_FACT = {"fact_id": c.FACT_ID, "source_id": _SOURCE}


def _as_typed(file: str, *names: str) -> dict[str, Column]:
    """Return columns of facts that are published as they are typed."""
    columns = raw.SOURCE_FILES[file].columns
    return {name: columns[name] for name in names}


_NO_NUMBER = "; empty: no end, or no number"
_STARTS_BEFORE_IT_ENDS = c.across(
    "periods_start_before_they_end",
    "period",
    "a period that starts before it ends",
    (pl.col("start_earliest") <= pl.col("end_latest"))
    & (pl.col("start_earliest") <= pl.col("start_latest")),
)
_SPAN_IS_AS_LONG_AS_QUOTE = c.across(
    "spans_are_as_long_as_their_quotes",
    "quote",
    "a span as long as its quote",
    pl.col("quote").str.len_chars().cast(pl.Int64) == pl.col("quote_end") - pl.col("quote_start"),
)


def _sources() -> DataFrameSchema:
    published = {
        "republish_text": c.flag(
            "Text may be republished", "Whether the release carries the whole text"
        )
    }
    described: dict[str, Column] = {"source_id": c.LINE_COLUMNS["source_id"]}
    for name, column in (SOURCE_COLUMNS | published).items():
        described[name] = column
        if name == "published":
            described["published_earliest"] = c.day(
                "Published, earliest", "The first day on which it can have been published"
            )
            described["published_latest"] = c.day(
                "Published, latest", "The last day on which it can have been published"
            )
    described |= WAYS_OF_WRITING
    described["characters"] = c.integer(
        "Characters", "Length of the text", c.at_least(1), unit="Unicode code points"
    )
    return c.schema(
        "sources", "Sources", "The documents that facts were read from", ["source_id"], described
    )


_TYPED = {**code_lists.CODE_LISTS, "releases": raw.RELEASES_CSV}


def _published(name: str, **other: Column) -> DataFrameSchema:
    """Return the schema of a file as published: as it is typed, but for some columns of another
    type or meaning.
    """
    typed = _TYPED[name]
    key, columns = list(typed.unique or []), c.typed_columns(typed) | other
    return c.schema(name, str(typed.title), str(typed.description), key, columns)


TABLES: dict[str, DataFrameSchema] = {
    "sources": _sources(),
    "indicators": _published(
        "indicators",
        whole=c.flag("Whole numbers", "Whether only whole numbers are possible"),
        base=code_lists.base(code_lists.BASE_AND_CATEGORY),
    ),
    "areas": _published(
        "areas",
        valid_from=c.day(
            "Valid from", "The first day on which the code is in force", nullable=True
        ),
        valid_to=c.day("Valid to", "The first day on which it no longer is", nullable=True),
    ),
    "categories": _published("categories"),
    "agents": _published("agents"),
    "observations": c.schema(
        "observations",
        "Observations",
        "Every number that a source states, with its interval and the words it was read from",
        ["fact_id"],
        {
            **_FACT,
            **_as_typed("observations", "indicator", "area", "category"),
            "period": c.period(nullable=False),
            **c.PERIOD_ENDS,
            "original_value": c.text("Printed value", "The numeral as the source prints it"),
            "value": c.amount(
                "Value", "The printed number; empty where two are printed (between)", unit="unit"
            ),
            "unit": c.text("Unit", "What one is counted in"),
            "per": code_lists.CODE_LISTS["indicators"].columns["per"],
            "decimals": c.integer(
                "Decimals", "Printed digits after the decimal point", c.at_least(0), unit="digits"
            ),
            "relator": c.relator(nullable=False),
            "precision": c.amount(
                "Precision",
                "The step to which the source rounds the number; empty where it does not say one",
                unit="unit",
            ),
            "lower": c.amount(
                "Lower bound",
                "The least that the true value can be; empty: no bound is known",
                unit="unit",
            ),
            "upper": c.amount(
                "Upper bound",
                "The most that the true value can be; empty: no bound is known",
                unit="unit",
            ),
            "lower_closed": c.flag(
                "Lower bound included", "Whether the true value can equal the lower bound"
            ),
            "upper_closed": c.flag(
                "Upper bound included", "Whether the true value can equal the upper bound"
            ),
            "bound_basis": c.text(
                "Basis of the bounds",
                "exact (a count), rounding (of the printed digits), hedge (more than, about), "
                "stated (two numbers are printed), fraction (two-thirds: not known how far it "
                "is rounded), curator (a note says how the words are read)",
                c.one_of("exact", "rounding", "hedge", "stated", "fraction", "curator"),
            ),
            **_as_typed("observations", "attributed_to"),
            **c.EVIDENCE,
            **c.RAW_PLACE,
            **_as_typed("observations", "note"),
        },
        _STARTS_BEFORE_IT_ENDS,
        _SPAN_IS_AS_LONG_AS_QUOTE,
        c.across(
            "bounds_enclose_something",
            "value",
            "a lower bound that is not above the upper one",
            (pl.col("lower") < pl.col("upper"))
            | (
                (pl.col("lower") == pl.col("upper"))
                & pl.col("lower_closed")
                & pl.col("upper_closed")
            ),
        ),
        c.across(
            "open_ends_are_not_closed",
            "value",
            "no bound that is included where none is known",
            (pl.col("lower").is_not_null() | ~pl.col("lower_closed"))
            & (pl.col("upper").is_not_null() | ~pl.col("upper_closed")),
        ),
    ),
    "events": c.schema(
        "events",
        "Events",
        "Every dated event that a source names",
        ["fact_id"],
        {
            **_FACT,
            "period": c.period(nullable=False),
            **c.PERIOD_ENDS,
            **_as_typed("events", "who", "what"),
            "place": c.place(),
            **_as_typed("events", "attributed_to"),
            **c.EVIDENCE,
            **c.RAW_PLACE,
            **_as_typed("events", "note"),
        },
        _STARTS_BEFORE_IT_ENDS,
        _SPAN_IS_AS_LONG_AS_QUOTE,
    ),
    "statements": c.schema(
        "statements",
        "Statements",
        "Every assertion without a number that a source makes or reports",
        ["fact_id"],
        {
            **_FACT,
            "period": c.period(nullable=False),
            **c.PERIOD_ENDS,
            "who": c.agent("Who", "Who says it"),
            **_as_typed("statements", "office", "occasion", "speech"),
            "place": c.place(),
            **c.EVIDENCE,
            **c.RAW_PLACE,
            **_as_typed("statements", "note"),
        },
        _STARTS_BEFORE_IT_ENDS,
        _SPAN_IS_AS_LONG_AS_QUOTE,
    ),
    "readings": c.schema(
        "readings",
        "Readings",
        "Second readings that the words of a fact allow",
        ["fact_id", "column_name", "other"],
        {
            **_FACT,
            "column_name": c.text("Column", "The column whose value depends on the reading"),
            **_as_typed("readings", "taken", "other", "why"),
        },
    ),
    "mentions": c.schema(
        "mentions",
        "Mentions",
        "Every number, period and label of every text, as it is read, with its one role",
        ["source_id", "start_offset"],
        {
            "source_id": _SOURCE,
            "start_offset": c.integer(
                "Start",
                "Characters of the text before the mention",
                c.at_least(0),
                unit="Unicode code points",
            ),
            "end_offset": c.integer(
                "End",
                "Characters of the text up to its end",
                c.at_least(1),
                unit="Unicode code points",
            ),
            "words": c.text("Words", "The mention as printed, with hedge and unit"),
            "kind": c.text(
                "Kind",
                (
                    "quantity (how much), period (when), label (counts nothing), unread (a note of "
                    "its fact says how it is read)"
                ),
                c.one_of("quantity", "period", "label", "unread"),
            ),
            "low": c.amount(
                "Low",
                f"The printed number, or the lower of two; no limit of the true one{_NO_NUMBER}",
                unit="unit",
            ),
            "high": c.amount(
                "High",
                f"The printed number, or the higher of two; no limit of the true one{_NO_NUMBER}",
                unit="unit",
            ),
            "step": c.amount(
                "Step",
                "The last printed digit times the magnitude; empty for fractions and the like",
                unit="unit",
            ),
            "relators": c.text(
                "Relators",
                "The relators that the words allow, joined by a space; empty: eq",
                nullable=True,
            ),
            "unit": c.text(
                "Unit",
                "The unit in the words: percent, times, years, a currency (ISO 4217)",
                nullable=True,
            ),
            "per": c.text("Per", "What the number is for each of, in the words", nullable=True),
            "period": c.text(
                "Period",
                "When, in EDTF; XXXX: a year that is not printed",
                nullable=True,
                unit="EDTF",
            ),
            "label": c.text(
                "Label",
                "The kind of a label: ordinal, name, idiom, document, clock and others",
                nullable=True,
            ),
            "role": c.text(
                "Role",
                (
                    "value (of an observation), period (of a fact), name (part of one), label, "
                    "published (the source's date), waived"
                ),
                c.one_of("value", "period", "name", "label", "published", "waived"),
            ),
            "waiver_kind": c.text("Kind of waiver", "What a waived mention is", nullable=True),
            "fact_id": c.text("Fact", "The fact that it belongs to, or says again", nullable=True),
            "reason": c.text("Reason", "Why it is waived", nullable=True),
        },
    ),
    **CONSISTENCY_TABLES,
}
"""Every published table by name, in the order that the data flows."""

RELEASE_TABLES: dict[str, DataFrameSchema] = {
    **TABLES,
    "changes": c.schema(
        "changes",
        "Changes",
        "What differs from the release that this one is based on",
        ["table_name", "key", "column_name", "change"],
        {
            "table_name": c.text("Table", "The table that has changed"),
            "key": c.text(
                "Key",
                "Key of the row, its parts joined by a space; empty for a change of the table",
                nullable=True,
            ),
            "column_name": c.text(
                "Column",
                "The column that has changed; empty for a whole row or table",
                nullable=True,
            ),
            "change": c.text(
                "Change",
                "added or removed (a table, column or row), type (of a column), value (of a cell)",
                c.one_of("added", "removed", "type", "value"),
            ),
            "old": c.text("Old", "What stood there", nullable=True),
            "new": c.text("New", "What stands there now", nullable=True),
        },
    ),
}
"""The tables of a release: the published ones, and what has changed since the release before."""

DATABASE_TABLES: dict[str, DataFrameSchema] = {
    **RELEASE_TABLES,
    "releases": _published("releases", date=c.day("Date", "Day of the release")),
}
"""The tables of the DuckDB file: those of a release, and the history of all releases."""

ABOUT_RELEASES = ("changes", "releases")
"""Tables that speak of releases and not of what these say, so that nobody asks what changed in
them.
"""


def schema_of(name: str) -> str:
    """Return the schema of the DuckDB file that has a table: `main`, or `solver` for the rules as
    one linear system.
    """
    return "solver" if name in SOLVER_TABLES else "main"


def file_of(name: str, ending: str) -> str:
    """Return the file of a table in a release, relative to its folder: tables/areas.csv,
    tables/solver/rule_terms.csv.
    """
    folder = "" if schema_of(name) == "main" else f"{schema_of(name)}/"
    return f"tables/{folder}{name}.{ending}"


def empty(name: str) -> pl.DataFrame:
    """Return a published table without rows."""
    return pl.DataFrame(schema=c.shape_of(RELEASE_TABLES[name]))


def _code_with_label(list_name: str, name: str) -> dict[str, Column]:
    """Return the columns of a code and of its label."""
    title, code = name.capitalize(), f"{list_name}.code"
    return {
        name: c.text(title, f"Code of its {name}", nullable=True, references=code),
        f"{name}_label": c.text(f"{title}, label", f"Its {name} in words", nullable=True),
    }


FACTS = c.schema(
    "facts",
    "Facts",
    (
        "Every fact in one flat table, for readers: what may be printed, what to mind, and the "
        "words it was read from"
    ),
    ["fact_id"],
    {
        "fact_id": c.FACT_ID,
        "type": c.text(
            "Type", "observation, event or statement", c.one_of("observation", "event", "statement")
        ),
        "source_id": _SOURCE,
        "source_title": c.text("Source, title", "The title of its document"),
        "publisher_label": c.text("Publisher, label", "Who published the document", nullable=True),
        "published": c.text("Published", "When the document was published, in EDTF"),
        **_code_with_label("indicators", "indicator"),
        **_code_with_label("areas", "area"),
        **_code_with_label("categories", "category"),
        "what": c.text("What", "What the fact is about"),
        "as_printed": c.text(
            "As printed",
            (
                "What the source prints, with its hedge and unit; for an event its period, for a "
                "statement its words"
            ),
        ),
        "lower": c.amount(
            "Lower", "The least that the true value can be; empty: no bound is known", unit="unit"
        ),
        "upper": c.amount(
            "Upper", "The most that the true value can be; empty: no bound is known", unit="unit"
        ),
        "unit": c.text("Unit", "What one is counted in", nullable=True),
        "period": c.period(nullable=False),
        "first_day": c.day("First day", "The first day of its period; empty: open", nullable=True),
        "last_day": c.day("Last day", "The last day of its period; empty: open", nullable=True),
        "attributed_to": c.agent(
            "Attributed to",
            "Who says it: the speaker of a statement, or whom the source names; empty: the source",
            nullable=True,
        ),
        "attributed_to_label": c.text("Attributed to, label", "Their name", nullable=True),
        "caveat": c.text("Caveat", "What to mind before printing it", nullable=True),
        "status": c.text(
            "Status",
            "The gravest status of the checks that speak of it; empty where none does",
            c.one_of(*STATUSES),
            nullable=True,
        ),
        "quote": c.QUOTE,
        "link": c.text("Link", "The words, marked on the source's page in the release"),
    },
)
"""The view `facts`, which the release carries as facts.csv."""
