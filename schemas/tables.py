"""The published tables: one schema a table, in the order of its columns, with its key.

The same tables stand in the DuckDB file, in Parquet and in CSV. Names follow SDMX (observation, indicator), Wikibase
(bounds) and the W3C Web Annotation Data Model (quote and its span).
"""

import polars as pl
from pandera.polars import Column, DataFrameSchema

from schemas import columns as c
from schemas import raw_files as raw

OUTCOMES = ("satisfied", "violated", "undetermined")
SEVERITIES = ("error", "warning", "information")
RULE_KINDS = (
    "adds_up",
    "parts_of",
    "subset",
    "share_of",
    "shares_partial",
    "shares_complete",
    "multi_response",
    "growth",
    "elapsed",
    "order",
    "same_quantity",
    "ranked",
    "distinct",
    "same_precision",
)


def _fact() -> dict[str, Column]:
    return {
        "fact_id": c.fact_id(),
        "source_id": c.text("Source", "The source document", references="sources.source_id"),
    }


_STARTS_BEFORE_IT_ENDS = c.across(
    "periods_start_before_they_end",
    "period",
    "a period that starts before it ends",
    (pl.col("start_earliest") <= pl.col("end_latest")) & (pl.col("start_earliest") <= pl.col("start_latest")),
)
_SPAN_IS_AS_LONG_AS_QUOTE = c.across(
    "spans_are_as_long_as_their_quotes",
    "quote",
    "a span as long as its quote",
    pl.col("quote").str.len_chars().cast(pl.Int64) == pl.col("quote_end") - pl.col("quote_start"),
)


def _sources() -> DataFrameSchema:
    typed = raw.source_columns(c.flag("Text may be republished", "Whether the release carries the whole text"))
    described: dict[str, Column] = {"source_id": c.source_id()}
    for name, column in typed.items():
        described[name] = column
        if name == "published":
            described["published_earliest"] = c.day(
                "Published, earliest", "The first day on which it can have been published", nullable=False
            )
            described["published_latest"] = c.day(
                "Published, latest", "The last day on which it can have been published", nullable=False
            )
    described["characters"] = c.integer("Characters", "Length of the text", c.at_least(1), unit="Unicode code points")
    return c.schema("sources", "Sources", "The documents that facts were read from", ["source_id"], described)


def _observations() -> DataFrameSchema:
    return c.schema(
        "observations",
        "Observations",
        "Every number that a source states, with its interval and the words it was read from",
        ["fact_id"],
        {
            **_fact(),
            "indicator": c.indicator(),
            "area": c.area(),
            "category": c.category(),
            "period": c.period(nullable=False),
            **c.period_ends(),
            "original_value": c.text("Printed value", "The numeral as the source prints it"),
            "value": c.decimal("Value", "The printed number; empty where two are printed (between)", unit="unit"),
            "unit": c.text("Unit", "What one is counted in"),
            "decimals": c.integer("Decimals", "Printed digits after the decimal point", c.at_least(0), unit="digits"),
            "relator": c.relator(nullable=False),
            "lower_bound": c.decimal(
                "Lower bound", "The least that the true value can be; empty: no bound is known", unit="unit"
            ),
            "upper_bound": c.decimal("Upper bound", "The most that the true value can be; empty: no bound is known", unit="unit"),
            "lower_closed": c.flag("Lower bound included", "Whether the true value can equal the lower bound"),
            "upper_closed": c.flag("Upper bound included", "Whether the true value can equal the upper bound"),
            "bound_basis": c.text(
                "Basis of the bounds",
                "exact (a count), rounding (of the printed digits), hedge (more than, about), stated (two numbers are printed)",
                c.one_of("exact", "rounding", "hedge", "stated"),
            ),
            "attributed_to": c.attributed_to(),
            **c.evidence(),
            **c.raw_place(),
            "note": c.note(),
        },
        _STARTS_BEFORE_IT_ENDS,
        _SPAN_IS_AS_LONG_AS_QUOTE,
        c.across(
            "bounds_enclose_something",
            "value",
            "a lower bound that is not above the upper one",
            (pl.col("lower_bound") < pl.col("upper_bound"))
            | ((pl.col("lower_bound") == pl.col("upper_bound")) & pl.col("lower_closed") & pl.col("upper_closed")),
        ),
        c.across(
            "open_ends_are_not_closed",
            "value",
            "no bound that is included where none is known",
            (pl.col("lower_bound").is_not_null() | ~pl.col("lower_closed"))
            & (pl.col("upper_bound").is_not_null() | ~pl.col("upper_closed")),
        ),
    )


def _events() -> DataFrameSchema:
    return c.schema(
        "events",
        "Events",
        "Every dated event that a source names",
        ["fact_id"],
        {
            **_fact(),
            "period": c.period(nullable=False),
            **c.period_ends(),
            "who": c.agent("Who", "Who did it"),
            "what": raw.what(),
            "where": c.place(),
            "attributed_to": c.attributed_to(),
            **c.evidence(),
            **c.raw_place(),
            "note": c.note(),
        },
        _STARTS_BEFORE_IT_ENDS,
        _SPAN_IS_AS_LONG_AS_QUOTE,
    )


def _statements() -> DataFrameSchema:
    return c.schema(
        "statements",
        "Statements",
        "Every assertion without a number that a source makes or reports",
        ["fact_id"],
        {
            **_fact(),
            "period": c.period(nullable=False),
            **c.period_ends(),
            "who": c.agent("Who", "Who says it", nullable=False),
            "office": raw.office(),
            "occasion": raw.occasion(),
            "speech": raw.speech(),
            "where": c.place(),
            **c.evidence(),
            **c.raw_place(),
            "note": c.note(),
        },
        _STARTS_BEFORE_IT_ENDS,
        _SPAN_IS_AS_LONG_AS_QUOTE,
    )


def _numerals() -> DataFrameSchema:
    return c.schema(
        "numerals",
        "Numerals",
        "Every numeral of every text, with its one role",
        ["source_id", "start"],
        {
            "source_id": c.text("Source", "The source document", references="sources.source_id"),
            "start": c.integer("Start", "Characters of the text before the numeral", c.at_least(0), unit="Unicode code points"),
            "end": c.integer("End", "Characters of the text up to its end", c.at_least(1), unit="Unicode code points"),
            "words": c.text("Words", "The numeral as printed"),
            "value": c.decimal("Value", "The number that it stands for"),
            "role": c.text(
                "Role",
                "value (of an observation), period (part of a date), name (part of one), published (the source's date), waived",
                c.one_of("value", "period", "name", "published", "waived"),
            ),
            "fact_id": c.text("Fact", "The fact that it belongs to, or says again", nullable=True),
            "reason": c.text("Reason", "Why it is waived", nullable=True),
        },
    )


def _rule() -> Column:
    return c.text("Rule", "Name of the rule, a fact about the world", references="rules.rule_id")


def _group() -> dict[str, Column]:
    return {
        "rule_id": _rule(),
        "group_id": c.text(
            "Group",
            "The facts that the rule is applied to together: source, area, period, as the rule leaves them open",
        ),
        "source_id": c.text("Source", "The source document", references="sources.source_id"),
    }


def _severity() -> Column:
    return c.text("Severity", "What a violation means: error, warning or information", c.one_of(*SEVERITIES))


def _interval(of: str) -> dict[str, Column]:
    return {
        "lower": c.decimal("Lower", f"The least that {of} can be; empty: no bound is known", dtype=c.RESULT),
        "upper": c.decimal("Upper", f"The most that {of} can be; empty: no bound is known", dtype=c.RESULT),
    }


def _rules() -> DataFrameSchema:
    return c.schema(
        "rules",
        "Rules",
        "What must hold between facts",
        ["rule_id"],
        {
            "rule_id": c.text(
                "Rule",
                "Name of the rule, a fact about the world",
                c.like(r"^[a-z][a-z0-9_]*$", "small letters, digits and _"),
            ),
            "source_id": c.text(
                "Source", "The source that it holds for; empty: any", nullable=True, references="sources.source_id"
            ),
            "kind": c.text("Kind", "The kind of rule", c.one_of(*RULE_KINDS)),
            "title": c.text("Title", "The rule in a sentence"),
            "severity": _severity(),
            "definition": c.text("Definition", "The rule's operands, as typed, in JSON"),
            **c.raw_place(),
        },
    )


def _variables() -> DataFrameSchema:
    return c.schema(
        "variables",
        "Variables",
        "The quantities that rules speak of: each stated value, each end of an event, and what a rule needs and nobody states",
        ["variable"],
        {
            "variable": c.text("Variable", "Name of the quantity"),
            "source_id": c.text(
                "Source",
                "The source document; empty for what nobody states, which is the same for all",
                nullable=True,
                references="sources.source_id",
            ),
            "fact_id": c.text("Fact", "The fact that states it; empty where none does", nullable=True),
            "part": c.text("Part", "value, start or end (days since 1970-01-01)", c.one_of("value", "start", "end")),
            "role": c.text(
                "Role",
                "stated, unstated (a rule needs it, no fact states it) or remainder (what a rule leaves over)",
                c.one_of("stated", "unstated", "remainder"),
            ),
            "lower_bound": c.decimal("Lower bound", "The least that it can be"),
            "lower_closed": c.flag("Lower bound included", "Whether it can equal the lower bound"),
            "upper_bound": c.decimal("Upper bound", "The most that it can be"),
            "upper_closed": c.flag("Upper bound included", "Whether it can equal the upper bound"),
            "is_integer": c.flag("Whole number", "Whether it can only be a whole number"),
            "description": c.text("Description", "The quantity in words"),
        },
    )


def _rule_groups() -> DataFrameSchema:
    return c.schema(
        "rule_groups",
        "Rule groups",
        "Each rule applied to each group of facts: the sum of the group's terms compared with 0",
        ["rule_id", "group_id"],
        {**_group(), "op": c.text("Comparison", "eq (the sum is 0) or le (at most 0)", c.one_of("eq", "le"))},
    )


def _rule_terms() -> DataFrameSchema:
    return c.schema(
        "rule_terms",
        "Rule terms",
        "The terms of each group: a coefficient times a variable, or times 1",
        ["rule_id", "group_id", "variable"],
        {
            "rule_id": _rule(),
            "group_id": _group()["group_id"],
            "variable": c.text(
                "Variable", "The quantity; empty for the constant 1", nullable=True, references="variables.variable"
            ),
            "coefficient_lower": c.decimal(
                "Coefficient, lower", "The least that the coefficient can be", dtype=c.COEFFICIENT, nullable=False
            ),
            "coefficient_upper": c.decimal(
                "Coefficient, upper", "The most that the coefficient can be", dtype=c.COEFFICIENT, nullable=False
            ),
            "coefficient_variable": c.text(
                "Coefficient, variable",
                "The share (in percent) that the coefficient is a hundredth of; empty where it is a number",
                nullable=True,
                references="variables.variable",
            ),
        },
    )


def _depends_on_reading(what: str) -> Column:
    return c.text(
        "Depends on reading",
        f"The second readings that would change the {what}, as fact.column=other, joined by a space",
        nullable=True,
    )


def _check_results() -> DataFrameSchema:
    return c.schema(
        "check_results",
        "Check results",
        "Whether each rule holds for each group of facts, over the intervals and never over the printed values alone",
        ["rule_id", "group_id"],
        {
            **_group(),
            "outcome": c.text(
                "Outcome",
                "satisfied (true whatever the exact values are), violated (impossible), undetermined (possible, not certain)",
                c.one_of(*OUTCOMES),
            ),
            "reason": c.text(
                "Reason",
                "Why it is undetermined: satisfiable (intervals too loose), missing_operand (what nobody states decides), "
                "solver_limit (the search for what rules say together was cut off)",
                c.one_of("satisfiable", "missing_operand", "solver_limit"),
                nullable=True,
            ),
            "scope": c.text(
                "Scope",
                "local (judged on the group's own intervals) or joint (impossible only together with other groups)",
                c.one_of("local", "joint"),
            ),
            "imbalance_lower": c.decimal(
                "Imbalance, lower", "The least that the sum of the terms can be; empty: no bound", dtype=c.RESULT
            ),
            "imbalance_upper": c.decimal(
                "Imbalance, upper", "The most that the sum of the terms can be; empty: no bound", dtype=c.RESULT
            ),
            "severity": _severity(),
            "depends_on_reading": _depends_on_reading("outcome"),
            "explanation": c.text("Explanation", "The outcome in a sentence, with its numbers"),
            "fact_ids": c.text("Facts", "The facts of the group, joined by a space"),
        },
    )


def _implied_bounds() -> DataFrameSchema:
    return c.schema(
        "implied_bounds",
        "Implied bounds",
        "What all facts and all rules that are not violated force on a quantity beyond its own interval",
        ["variable"],
        {
            "variable": c.text("Variable", "The quantity", references="variables.variable"),
            **_interval("the quantity"),
            "lower_closed": c.flag("Lower included", "Whether the quantity can equal the lower end"),
            "upper_closed": c.flag("Upper included", "Whether the quantity can equal the upper end"),
            "rule_ids": c.text("Rules", "The rules that it follows from, joined by a space"),
            "premises": c.text("Premises", "What it follows from, in words"),
            "method": c.text(
                "Method",
                "propagation (each group by itself, in rounds) or solver (groups together)",
                c.one_of("propagation", "solver"),
            ),
            "tight": c.flag("Tight", "Whether nothing narrower follows, as is proven; otherwise it may, and these bounds hold"),
            "depends_on_reading": _depends_on_reading("bounds"),
        },
    )


def _error_sets() -> DataFrameSchema:
    return c.schema(
        "error_sets",
        "Error sets",
        "Where facts contradict each other: all smallest sets of facts of which one set is wrong, if the rules hold. "
        "A repair takes one set from each part of a component",
        ["component", "part", "set", "variable"],
        {
            "component": c.text("Component", "The first of the facts' quantities that rules connect"),
            "part": c.integer("Part", "Number of the independent part", c.at_least(1)),
            "set": c.integer("Set", "Number of the set, one of several that would do; 0: not found", c.at_least(0)),
            "variable": c.text(
                "Variable", "The quantity that would be wrong; empty: not found", nullable=True, references="variables.variable"
            ),
            "rule_ids": c.text("Rules", "The rules in conflict, joined by a space"),
            **_interval("the quantity if it alone, with the rest of the set, is wrong"),
            "weight": c.integer("Weight", "What the set costs: the sum of its facts' weights; empty: not found", nullable=True),
            "reason": c.text(
                "Reason", "solver_limit where the search was cut off; else empty", c.one_of("solver_limit"), nullable=True
            ),
            "conflict": c.text("Conflict", "What contradicts what, in words"),
        },
    )


def _findings() -> DataFrameSchema:
    return c.schema(
        "findings",
        "Findings",
        "What the sources get wrong or leave open, each acknowledged with a reason",
        ["rule_id", "group_id"],
        {
            **_group(),
            "type": raw.finding_type(),
            **_interval("the imbalance (contradiction) or the remainder (incomplete)"),
            "reason": c.text("Reason", "Why it may stand; empty until it is acknowledged in raw/findings.csv", nullable=True),
        },
    )


def _valid_days() -> dict[str, Column]:
    return {
        "valid_from": c.day("Valid from", "The first day on which the code is in force"),
        "valid_to": c.day("Valid to", "The first day on which it no longer is"),
    }


def _code_list(name: str, columns: dict[str, Column]) -> DataFrameSchema:
    typed = raw.CODE_LISTS[name]
    return c.schema(name, str(typed.title), str(typed.description), ["code"], columns)


TABLES: dict[str, DataFrameSchema] = {
    "sources": _sources(),
    "indicators": _code_list(
        "indicators", raw.indicator_columns(c.flag("Whole numbers", "Whether only whole numbers are possible"))
    ),
    "areas": _code_list("areas", raw.area_columns(_valid_days())),
    "categories": _code_list("categories", raw.category_columns()),
    "agents": _code_list("agents", raw.agent_columns()),
    "observations": _observations(),
    "events": _events(),
    "statements": _statements(),
    "readings": c.schema(
        "readings",
        "Readings",
        "Second readings that the words of a fact allow",
        ["fact_id", "column", "other"],
        {**_fact(), **raw.reading_columns()},
    ),
    "numerals": _numerals(),
    "rules": _rules(),
    "variables": _variables(),
    "rule_groups": _rule_groups(),
    "rule_terms": _rule_terms(),
    "check_results": _check_results(),
    "implied_bounds": _implied_bounds(),
    "error_sets": _error_sets(),
    "findings": _findings(),
}
"""Every published table by name, in the order that the data flows."""

RELEASE_TABLES: dict[str, DataFrameSchema] = {
    **TABLES,
    "changes": c.schema(
        "changes",
        "Changes",
        "What differs from the release that this one is based on",
        ["table", "key", "column", "change"],
        {
            "table": c.text("Table", "The table that has changed"),
            "key": c.text("Key", "Key of the row, its parts joined by a space; empty for a change of the table", nullable=True),
            "column": c.text("Column", "The column that has changed; empty for a whole row or table", nullable=True),
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


def empty(name: str) -> pl.DataFrame:
    """Return a published table without rows."""
    return pl.DataFrame(schema={column: described.dtype.type for column, described in RELEASE_TABLES[name].columns.items()})


FACTS = c.schema(
    "facts",
    "Facts",
    "Every fact in one flat table, for readers: what may be printed, what to mind, and the words it was read from",
    ["fact_id"],
    {
        "fact_id": c.fact_id(),
        "type": c.text("Type", "observation, event or statement", c.one_of("observation", "event", "statement")),
        "what": c.text("What", "What the fact is about"),
        "as_printed": c.text(
            "As printed", "What the source says, with its hedge; for an event its period, for a statement its words"
        ),
        "low": c.text("Low", "The least that the true value can be, or the first day; empty: not known", nullable=True),
        "high": c.text("High", "The most that the true value can be, or the last day; empty: not known", nullable=True),
        "unit": c.text("Unit", "What one is counted in", nullable=True),
        "period": c.period(nullable=False),
        "caveat": c.text("Caveat", "What to mind before printing it", nullable=True),
        "quote": c.quote(),
        "link": c.text("Link", "The words, marked on the source's page in the release"),
    },
)
"""The view `facts`, which the release carries as facts.csv."""
