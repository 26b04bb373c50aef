"""The published tables of rules and of what follows from them; schemas/tables.py says how they
stand beside the others.
"""

from pandera.polars import Column, DataFrameSchema

from schemas import columns as c
from schemas import raw_files as raw
from schemas.kinds import RULE_KINDS

OUTCOMES = ("satisfied", "violated", "undetermined")
STATUSES = {
    "finding": "the source contradicts itself or another, or leaves something open",
    "violated": "cannot hold, and is not told as a finding",
    "remark": "something stands out that is no error",
    "undetermined": "possible; the figures are too loose to be certain",
    "untested": "what would decide it, no source states",
    "satisfied": "true whatever the exact numbers are",
}
"""The one word that is shown of a group everywhere, the gravest first, and what it means."""
SOLVER_TABLES = ("quantities", "rule_groups", "rule_terms")
"""The tables of the rules as one linear system, which lie apart from those that people ask."""
SEVERITIES = ("error", "warning", "information")

_RULE = c.text("Rule", "Name of the rule, a fact about the world", references="rules.rule_id")
_GROUP = c.text(
    "Group",
    (
        "The facts that the rule is applied to together: source, area, period, as the rule leaves "
        "them open"
    ),
)
_OF_GROUP = {
    "rule_id": _RULE,
    "group_id": _GROUP,
    "source_id": c.text("Source", "The source document", references="sources.source_id"),
}
_SEVERITY = c.text(
    "Severity", "What a violation means: error, warning or information", c.one_of(*SEVERITIES)
)


def _limits(of: str) -> dict[str, Column]:
    return {
        "lower": c.result("Lower", f"The least that {of} can be; empty: no bound is known"),
        "upper": c.result("Upper", f"The most that {of} can be; empty: no bound is known"),
    }


def _interval(of: str) -> dict[str, Column]:
    return {
        **_limits(of),
        "lower_closed": c.flag("Lower included", f"Whether {of} can equal the lower end"),
        "upper_closed": c.flag("Upper included", f"Whether {of} can equal the upper end"),
    }


def _depends_on_reading(what: str) -> Column:
    return c.text(
        "Depends on reading",
        (
            f"The second readings that would change the {what}, as fact.column=other, joined by a "
            "space"
        ),
        nullable=True,
    )


CONSISTENCY_TABLES: dict[str, DataFrameSchema] = {
    "rules": c.schema(
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
                "Source",
                "The source that it holds for; empty: any",
                nullable=True,
                references="sources.source_id",
            ),
            "kind": c.text("Kind", "The kind of rule", c.one_of(*RULE_KINDS)),
            "title": c.text("Title", "The rule in a sentence"),
            "severity": _SEVERITY,
            "definition": c.text("Definition", "The rule's operands, as typed, in JSON"),
            **c.RAW_PLACE,
        },
    ),
    "quantities": c.schema(
        "quantities",
        "Variables",
        (
            "The quantities that rules speak of: each stated value, each end of an event, and what "
            "a rule needs and nobody states"
        ),
        ["quantity"],
        {
            "quantity": c.text("Variable", "Name of the quantity"),
            "source_id": c.text(
                "Source",
                "The source document; empty for what nobody states, which is the same for all",
                nullable=True,
                references="sources.source_id",
            ),
            **{
                name: c.text(
                    name.capitalize(),
                    f"Its {name}; empty for a day, or what a rule leaves over",
                    nullable=True,
                )
                for name in ("indicator", "area", "category", "period")
            },
            "fact_id": c.text(
                "Fact", "The fact that states it; empty where none does", nullable=True
            ),
            "part": c.text(
                "Part",
                "value, start or end (days since 1970-01-01)",
                c.one_of("value", "start", "end"),
            ),
            "role": c.text(
                "Role",
                (
                    "stated, unstated (a rule needs it, no fact states it) or remainder (what a "
                    "rule leaves over)"
                ),
                c.one_of("stated", "unstated", "remainder"),
            ),
            "lower": c.amount("Lower bound", "The least that it can be"),
            "lower_closed": c.flag("Lower bound included", "Whether it can equal the lower bound"),
            "upper": c.amount("Upper bound", "The most that it can be"),
            "upper_closed": c.flag("Upper bound included", "Whether it can equal the upper bound"),
            "is_integer": c.flag("Whole number", "Whether it can only be a whole number"),
            "description": c.text("Description", "The quantity in words"),
        },
    ),
    "rule_groups": c.schema(
        "rule_groups",
        "Rule groups",
        "Each rule applied to each group of facts: the sum of the group's terms compared with 0",
        ["rule_id", "group_id"],
        {
            **_OF_GROUP,
            "op": c.text("Comparison", "eq (the sum is 0) or le (at most 0)", c.one_of("eq", "le")),
        },
    ),
    "rule_terms": c.schema(
        "rule_terms",
        "Rule terms",
        "The terms of each group: a coefficient times a quantity, or times 1",
        ["rule_id", "group_id", "quantity"],
        {
            "rule_id": _RULE,
            "group_id": _GROUP,
            "quantity": c.text(
                "Variable",
                "The quantity; empty for the constant 1",
                nullable=True,
                references="quantities.quantity",
            ),
            "coefficient_lower": c.coefficient(
                "Coefficient, lower", "The least that the coefficient can be"
            ),
            "coefficient_upper": c.coefficient(
                "Coefficient, upper", "The most that the coefficient can be"
            ),
            "coefficient_quantity": c.text(
                "Coefficient, quantity",
                (
                    "The share (in percent) that the coefficient is a hundredth of; empty where it "
                    "is a number"
                ),
                nullable=True,
                references="quantities.quantity",
            ),
        },
    ),
    "check_results": c.schema(
        "check_results",
        "Check results",
        (
            "Whether each rule holds for each group of facts, over the intervals and never over "
            "the printed values alone"
        ),
        ["rule_id", "group_id"],
        {
            **_OF_GROUP,
            "status": c.text(
                "Status",
                "; ".join(f"{status} ({meaning})" for status, meaning in STATUSES.items()),
                c.one_of(*STATUSES),
            ),
            "outcome": c.text(
                "Outcome",
                (
                    "satisfied (true whatever the exact values are), violated (impossible, or, of "
                    "a listing, not so), undetermined (possible, not certain)"
                ),
                c.one_of(*OUTCOMES),
            ),
            "reason": c.text(
                "Reason",
                "Why it is undetermined: satisfiable (intervals too loose), missing_operand "
                "(what nobody states decides), solver_limit (the search for what rules say "
                "together was cut off)",
                c.one_of("satisfiable", "missing_operand", "solver_limit"),
                nullable=True,
            ),
            "scope": c.text(
                "Scope",
                (
                    "local (judged on the group's own intervals) or joint (impossible only "
                    "together with other groups)"
                ),
                c.one_of("local", "joint"),
            ),
            "imbalance_lower": c.result(
                "Imbalance, lower", "The least that the sum of the terms can be; empty: no bound"
            ),
            "imbalance_upper": c.result(
                "Imbalance, upper", "The most that the sum of the terms can be; empty: no bound"
            ),
            "severity": _SEVERITY,
            "depends_on_reading": _depends_on_reading("outcome"),
            "explanation": c.text("Explanation", "The outcome in a sentence, with its numbers"),
        },
    ),
    "check_facts": c.schema(
        "check_facts",
        "Facts of checks",
        "Which facts each check speaks of",
        ["rule_id", "group_id", "fact_id"],
        {
            "rule_id": _RULE,
            "group_id": _GROUP,
            "fact_id": c.text("Fact", "A fact of the group"),
        },
    ),
    "implied_bounds": c.schema(
        "implied_bounds",
        "Implied bounds",
        (
            "What all facts and all rules that are not violated force on a quantity beyond its own "
            "interval"
        ),
        ["quantity"],
        {
            "quantity": c.text("Variable", "The quantity", references="quantities.quantity"),
            **_interval("the quantity"),
            "rule_ids": c.text("Rules", "The rules that it follows from, joined by a space"),
            "premises": c.text("Premises", "What it follows from, in words"),
            "method": c.text(
                "Method",
                "propagation (by groups that only add or take off the quantity) or solver",
                c.one_of("propagation", "solver"),
            ),
            "tight": c.flag(
                "Tight",
                (
                    "Whether nothing narrower follows, as is proven; otherwise it may, and these "
                    "bounds hold"
                ),
            ),
            "depends_on_reading": _depends_on_reading("bounds"),
        },
    ),
    "error_sets": c.schema(
        "error_sets",
        "Error sets",
        "Where facts contradict each other: all smallest sets of facts of which one set is "
        "wrong, if the rules hold. A repair takes one set from each part of a component",
        ["component", "part", "error_set", "quantity"],
        {
            "component": c.text(
                "Component", "The first of the facts' quantities that rules connect"
            ),
            "part": c.integer("Part", "Number of the independent part", c.at_least(1)),
            "error_set": c.integer(
                "Error set",
                "Number of the set, one of several that would do; 0: not found",
                c.at_least(0),
            ),
            "quantity": c.text(
                "Variable",
                "The quantity that would be wrong; empty: not found",
                nullable=True,
                references="quantities.quantity",
            ),
            "rule_ids": c.text("Rules", "The rules in conflict, joined by a space"),
            **_interval("the quantity if it alone, with the rest of the set, is wrong"),
            "weight": c.integer(
                "Weight",
                "What the set costs: the sum of its facts' weights; empty: not found",
                nullable=True,
            ),
            "reason": c.text(
                "Reason",
                "solver_limit where the search was cut off; else empty",
                c.one_of("solver_limit"),
                nullable=True,
            ),
            "conflict": c.text("Conflict", "What contradicts what, in words"),
        },
    ),
    "findings": c.schema(
        "findings",
        "Findings",
        "What the sources get wrong or leave open, each acknowledged with a reason",
        ["rule_id", "group_id"],
        {
            **_OF_GROUP,
            "type": raw.FINDINGS_CSV.columns["type"],
            **_limits("the imbalance (contradiction) or the remainder (incomplete)"),
            "reason": c.text(
                "Reason",
                "Why it may stand; empty until it is acknowledged in raw/findings.csv",
                nullable=True,
            ),
        },
    ),
}
"""Their schemas by name, in the order that the data flows."""
