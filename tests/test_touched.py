"""Where other readings touch the system: found by the rules that they may concern, it is what all rules would give."""

import random
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.check import check
from pipeline.consistency.quantities import QUANTITY, Facts
from pipeline.consistency.readings import Alternative, alternatives
from pipeline.consistency.rules import read_rules
from pipeline.consistency.system import System, build_system
from pipeline.consistency.touched import touched
from pipeline.read.raw_folder import RawFolder, read_facts
from pipeline.steps import SYSTEM
from schemas.raw_files import ENTERED
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.conftest import ROOT
from tests.small_worlds import NET, SAME_QUANTITY, SUBSET, number, stocks_and_flow, world

READINGS_OF_EACH_SOURCE = 12


def invented(observations: pl.DataFrame) -> pl.DataFrame:
    """Readings of numbers drawn at random: their quantity is partly another's, or their value is twice as much."""
    draw = random.Random(7)  # noqa: S311 (a test)
    rows = []
    for _, numbers in sorted(observations.group_by("source_id")):
        for _ in range(READINGS_OF_EACH_SOURCE):
            own, other = (numbers.row(draw.randrange(numbers.height), named=True) for _ in range(2))
            column = draw.choice([*QUANTITY, "value"])
            read = str(2 * own["value"]) if column == "value" and own["value"] is not None else other[column]
            rows.append((own["source_id"], own["fact_id"], column, own[column], read))
    shape = dict.fromkeys(["source_id", "fact_id", "column", "taken", "other"], pl.String)
    return pl.DataFrame(rows, shape, orient="row", strict=False).drop_nulls("other").unique(maintain_order=True)


def folder(size: Size | None, within: Path) -> Path:
    """The folder of a corpus, or that of the article."""
    if size is None:
        return ROOT / "raw"
    write_corpus(within / "raw", size)
    return within / "raw"


@pytest.mark.parametrize("size", [None, Size(400, 6)])
def test_rules_that_readings_cannot_concern_need_not_be_asked(size: Size | None, tmp_path: Path) -> None:
    raw = folder(size, tmp_path)
    tables = check(raw).tables
    system = System(*(tables[name] for name in SYSTEM))
    rules = read_rules(RawFolder(raw))[0]
    typed = {name: read_facts(RawFolder(raw), name).rows for name in ENTERED}
    facts = Facts(**{name: tables[name] for name in Facts.__dataclass_fields__})
    spared: Counter[str] = Counter()
    met = 0
    for other in alternatives(facts, invented(facts.observations), typed):
        concerned = other.concerned(rules)
        spared.update(placed.rule.kind for placed in rules if placed not in concerned)
        groups, part = touched(system, other, concerned)
        of_all, whole = touched(system, other, rules)
        met += groups.height
        assert_frame_equal(groups, of_all)
        for one, all_ in zip(
            (part.variables, part.rule_groups, part.rule_terms),
            (whole.variables, whole.rule_groups, whole.rule_terms),
            strict=True,
        ):
            assert_frame_equal(one, all_)
    assert met > READINGS_OF_EACH_SOURCE
    assert len(spared) > 1, spared


def test_what_rules_that_are_not_asked_need_of_other_sources_stays() -> None:
    before = number("yearbook/before", "organisations", "29500", period="2006")
    given, other = (
        world([*stocks_and_flow("35000", "1000"), before, number("gazette/grants", "grants", f"le {printed}")])
        for printed in (5, 7)
    )
    rules = [NET, SAME_QUANTITY, SUBSET]
    system = build_system(rules, given)
    assert set(system.rule_groups["rule_id"]) == {"growth", "same_quantity", "subset"}
    reading = pl.DataFrame({"source_id": ["gazette"], "fact_id": ["gazette/grants"]})
    alternative = Alternative(reading, other, frozenset(["grants"]))
    assert alternative.concerned(rules) == [SAME_QUANTITY, SUBSET]
    groups, part = touched(system, alternative, [SAME_QUANTITY, SUBSET])
    assert groups["rule_id"].to_list() == part.rule_groups["rule_id"].to_list() == ["subset"]
    assert part.variables.filter(variable="gazette/grants")["upper_bound"].to_list() == [7]
