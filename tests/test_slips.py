"""A slip in one typed cell has no place to hide: measured, kind by kind, in sources of three
languages.
"""

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.slips import SAMPLE, SOURCES
from tests.slips.harness import measure, sampled
from tests.slips.kinds import all_slips
from tests.slips.source_copy import read_source


@pytest.mark.slow
@pytest.mark.parametrize(("raw", "source_id"), SOURCES, ids=[source_id for _, source_id in SOURCES])
def test_at_least_99_percent_of_every_kind_of_slip_are_caught_and_every_miss_has_its_reason(
    raw: Path, source_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    slips = sampled(all_slips(ROOT / raw, read_source(ROOT / raw / source_id).alone()), SAMPLE)
    measured = measure(ROOT / raw, source_id, slips)
    with capsys.disabled():
        print(f"\n{source_id}\n{measured.table()}")
    assert [slip.what for slip in measured.missed if not slip.excuse] == []
    assert min(measured.rates().values()) >= 0.99
    assert all(
        f"{source_id}-slip-" in message or "findings.csv" in message
        for _, message in measured.caught
    )
