import pytest

from tests.oracle_worlds import Run, confront


@pytest.mark.parametrize("batch", range(10))
def test_worlds(batch: int) -> None:
    run = Run()
    confront(5, batch, range(batch * 100, batch * 100 + (10 if batch < 5 else 40)), run)
    assert run.failures == []
