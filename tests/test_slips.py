"""A slip in one typed cell has no place to hide: measured, kind by kind."""

import pytest

from tests.conftest import ROOT, SOURCE
from tests.slips.harness import measure
from tests.slips.kinds import all_slips
from tests.slips.source_copy import read_source


@pytest.mark.slow
def test_at_least_99_percent_of_every_kind_of_slip_are_caught_and_every_miss_has_its_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    raw = ROOT / "raw"
    measured = measure(raw, SOURCE, all_slips(raw, read_source(raw / SOURCE)))
    with capsys.disabled():
        print(f"\n{measured.table()}")
    assert [slip.what for slip in measured.missed if not slip.excuse] == []
    assert min(measured.rates().values()) >= 0.99
    assert all(f"{SOURCE}-slip-" in message or "findings.csv" in message for _, message in measured.caught)
