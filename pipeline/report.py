"""What a check found, as lines for a person at a terminal.

Belongs here: which of the results a curator is shown, in which order and under which heading. Does
not belong here: the sentences of single outcomes (rules.sentences), or printing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

import polars as pl

from pipeline.built import Tables
from pipeline.check import Checked
from pipeline.defects import Defect
from pipeline.evidence.uncovered import ROWS_FOLLOW
from pipeline.reason.implied_bounds import repaired, span
from schemas.columns import RESULT
from schemas.consistency_tables import STATUSES
from schemas.raw_files import ENTERED
from schemas.rules import FACTS_ARE_CHECKED

MOST_TO_PASTE = 5
"""Words of a file without a role that are shown with rows to paste."""

MOST = 30
"""Lines under a heading; of more it is told how many."""


def report(checked: Checked, raw: str) -> Iterator[str]:
    """Yield the lines; `raw` is the folder as the person named it."""
    yield from defect_lines((*checked.defects, *checked.unacknowledged), raw)
    if checked.defects:
        yield f"\n{_count(len(checked.defects), 'defect')}; rules run when there is none."
        return
    for heading, lines in sections(checked).items():
        if lines:
            yield f"\n{heading}"
            yield from (f"  {line}" for line in lines[:MOST])
            if len(lines) > MOST:
                yield f"  and {len(lines) - MOST} more"
    yield f"\n{_summary(checked)}"
    if checked.unacknowledged:
        yield (
            f"{_count(len(checked.unacknowledged), 'finding')} to acknowledge in findings.csv "
            "before a release."
        )


def defect_lines(defects: Iterable[Defect], raw: str) -> Iterator[str]:
    """Yield a line for each defect; of the words of a file that have no role yet, the first few
    have the rows to paste below them.
    """
    to_paste: Counter[str] = Counter()
    for defect in defects:
        expected, has_rows, _ = defect.expected.partition(ROWS_FOLLOW)
        to_paste[defect.file] += bool(has_rows)
        is_short = has_rows and to_paste[defect.file] > MOST_TO_PASTE
        yield (replace(defect, expected=expected) if is_short else defect).at(raw)


def sections(checked: Checked) -> dict[str, list[str]]:
    """Return what a curator is shown of results beside defects: lines by heading."""
    results = checked.tables["check_results"]
    remarks = checked.remarks
    return {
        "Findings: what the sources get wrong or leave open": [
            f"{finding['rule_id']} ({finding['type']}): {finding['explanation']}"
            for finding in findings(checked)
        ],
        "If the rules hold, one set of each part is wrong": _errors(checked.tables),
        f"Undetermined: {STATUSES['undetermined']}": _explained(
            results.filter(status="undetermined")
        ),
        "What follows": _followed(checked.tables),
        f"Remarks: {STATUSES['remark']}": _explained(results.filter(status="remark")),
        "Facts whose number or day no rule speaks of": remarks.get(FACTS_ARE_CHECKED, []),
    }


def findings(checked: Checked) -> list[dict[str, str | None]]:
    """Return the findings with the sentence of each: rule_id, group_id, type, explanation,
    reason.
    """
    if "findings" not in checked.tables:
        return []
    found = explained_findings(checked.tables).sort("rule_id", "group_id")
    return found.select("rule_id", "group_id", "type", "explanation", "reason").to_dicts()


def explained_findings(tables: Tables) -> pl.DataFrame:
    """Return the table `findings` with explanation and depends_on_reading of check_results."""
    groups = ["rule_id", "group_id"]
    results = tables["check_results"].select(*groups, "explanation", "depends_on_reading")
    return tables["findings"].join(results, on=groups, how="left", maintain_order="left")


def bounds_in_words(name: str, tables: Tables) -> pl.DataFrame:
    """Return the table implied_bounds, or error_sets, with what it bounds (part, description,
    fact_id) and its bounds in words.

    A part of a contradiction is its `number`; its words go on after "would have to".
    """
    quantities = tables["quantities"].select("quantity", "part", "description", "fact_id")
    rows = tables[name].rename({"part": "number"}, strict=False)
    named = rows.join(quantities, on="quantity", how="left", maintain_order="left").rechunk()
    return named.with_columns(words=repaired() if name == "error_sets" else span())


def readable(bounds: pl.DataFrame) -> pl.DataFrame:
    """Return bounds (lower, upper) with three digits after the point in place of more than six;
    outward, so that no more is said than is so: more than 2,599.613 for 2,599.61389961389961.
    """

    def shortened(name: str, step: pl.Expr) -> pl.Expr:
        text = pl.col(name).cast(pl.String)
        cut = text.str.extract(r"^(-?\d+\.\d{3})").cast(RESULT)
        is_inward = cut > pl.col(name) if name == "lower" else cut < pl.col(name)
        outward = pl.when(is_inward).then((cut + step).cast(RESULT)).otherwise(cut)
        is_long = text.str.contains(r"\.\d{6}0*[1-9]")
        return pl.when(is_long).then(outward).otherwise(pl.col(name))

    step = pl.lit(Decimal("0.001"))
    return bounds.with_columns(lower=shortened("lower", -step), upper=shortened("upper", step))


def _explained(results: pl.DataFrame) -> list[str]:
    reading = pl.format(" Another reading: {}.", "depends_on_reading").fill_null("")
    return (
        results.select(pl.concat_str("rule_id", pl.lit(": "), "explanation", reading))
        .to_series()
        .to_list()
    )


def _followed(tables: dict[str, pl.DataFrame]) -> list[str]:
    """Return what follows for each quantity that is narrower than stated, or that nobody states."""
    tables = {**tables, "implied_bounds": readable(tables["implied_bounds"])}
    loose = pl.when("tight").then(pl.lit("")).otherwise(pl.lit(", perhaps less"))
    reading = pl.format("; otherwise by {}", "depends_on_reading").fill_null("")
    because = pl.concat_str("rule_ids", reading)
    return (
        bounds_in_words("implied_bounds", tables)
        .sort("quantity")
        .select(pl.format("{}: {}{} ({})", "description", "words", loose, because))
        .to_series()
        .to_list()
    )


def _errors(tables: dict[str, pl.DataFrame]) -> list[str]:
    """Return each part of a contradiction, and its sets on a line each, with what their facts would
    have to be.
    """
    stated = pl.format("{} ({}) would {}", "quantity", "description", "words")
    tables = {**tables, "error_sets": readable(tables["error_sets"])}
    rows = bounds_in_words("error_sets", tables).with_columns(words=stated)
    sets = rows.group_by("component", "number", "error_set", "conflict", maintain_order=True)
    lines: list[str] = []
    for component, number, _, conflict, words in sets.agg(
        pl.col("words").drop_nulls().str.join(" and ")
    ).iter_rows():
        heading = f"{component}, part {number}: {conflict}"
        lines += [] if heading in lines else [heading]
        lines.append(
            f"  - {words}"
            if words
            else "  - too much to search for the least set of facts (solver_limit)"
        )
    return lines


def _summary(checked: Checked) -> str:
    results = checked.tables["check_results"]
    counts = dict(results["status"].value_counts().iter_rows())
    told = ", ".join(
        status_count(counts[status], status) for status in STATUSES if status in counts
    )
    facts = sum(checked.tables[name].height for name in ENTERED)
    return f"{_count(facts, 'fact')}, {_count(results.height, 'check')}: {told}"


def status_count(number: int, status: str) -> str:
    """Return how many groups have a status: 3 remarks, 2 undetermined."""
    return _count(number, status) if status in ("finding", "remark") else f"{number:,} {status}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
