"""Whatever a stranger hands over gives a clear error or a right result: a sample of the cases of
`python -m tests.fuzz`.
"""

from contextlib import closing
from pathlib import Path

import pytest

from tests.fuzz.case import run
from tests.fuzz.targets import TARGETS

SEED = 22
SAMPLE = {"raw": 48, "releases": 16, "texts": 60, "requests": 60}


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLE)
def test_what_a_stranger_hands_over_gives_a_clear_error_or_a_right_result(
    name: str, tmp_path: Path
) -> None:
    assert SAMPLE.keys() == TARGETS.keys()
    with closing(TARGETS[name](tmp_path)) as target:
        found = [*map(str, run(target, range(SEED, SEED + SAMPLE[name])))]
    assert found == []
