"""Work that is done by other processes gives what is computed in this one."""

import os
import pickle
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from pipeline import fact_steps
from pipeline.built import Tables
from pipeline.check import check_tables
from pipeline.evidence.text_parts import read_in_parts
from pipeline.fingerprint import code_version
from pipeline.parts import Given, Parts, done_row_by_row, unpacked
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import RawFolder
from pipeline.unusable import Unusable
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.conftest import ROOT


def test_several_processes_give_what_one_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(tmp_path / "raw", Size(60, 4, contradictions=0.05))
    alone = check_tables(RawTables(RawFolder(tmp_path / "raw", parts=Parts())))
    monkeypatch.setattr(fact_steps, "read_in_parts", partial(read_in_parts, most=1000))
    several = check_tables(RawTables(RawFolder(tmp_path / "raw", parts=Parts(processes=2))))
    assert several.unacknowledged == alone.unacknowledged != []
    for name, table in alone.tables.items():
        assert_frame_equal(several.tables[name], table)


def own_number(_: Given) -> Tables:
    return {"process": pl.DataFrame({"number": [os.getpid()]})}


ASKING = """
import sys
from pipeline.parts import Parts
from tests.test_workers import own_number
if __name__ == "__main__":
    for made in Parts(processes=2).run(own_number, [{"part": str(one)} for one in range(9)]):
        print(made["process"].item(), flush=True)
    sys.stdin.read()
"""


def test_workers_end_with_the_program_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "asking.py").write_text(ASKING)
    command = [sys.executable, str(tmp_path / "asking.py")]
    everything = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=everything
    ) as asking:
        assert asking.stdout is not None
        workers = {int(asking.stdout.readline()) for _ in range(9)}
        asking.kill()
        # they hold the other end of it: it ends when the last of them is gone
        assert asking.communicate(timeout=60)[0] == ""
    assert asking.pid not in workers


def test_a_worker_that_is_killed_is_one_line_and_the_next_work_is_done() -> None:
    parts: list[Given] = [{"part": str(one)} for one in range(2)]
    with pytest.raises(Unusable, match=r"^a process that reads the texts was ended from outside"):
        Parts(processes=2).run(_kills_itself, parts)
    assert len(Parts(processes=2).run(own_number, parts)) == 2


def _kills_itself(_: Given) -> Tables:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def test_a_worker_with_another_version_of_the_code_does_no_work_and_says_so() -> None:
    given = {"texts": pl.DataFrame({"text": ["one", "two"]})}
    part = pa.RecordBatch.from_pydict({"number": [7], "part": [pickle.dumps(given)]})
    (done,) = done_row_by_row(_upper, code_version(), iter([part]))
    assert unpacked(done["content"][0].as_py())["texts"]["text"].to_list() == ["ONE", "TWO"]
    assert (done["number"].to_pylist(), done["error"].to_pylist()) == ([7], [None])
    (refused,) = done_row_by_row(_upper, "of yesterday", iter([part]))
    assert refused["content"].to_pylist() == [None]
    assert refused["error"].to_pylist()[0].startswith("another version of this project")
    (failed,) = done_row_by_row(_fails, code_version(), iter([part]))
    assert failed["error"].to_pylist() == ["ValueError: no such text"]


def _upper(given: Given) -> Tables:
    return {name: table.select(pl.all().str.to_uppercase()) for name, table in given.items()}


def _fails(_: Given) -> Tables:
    raise ValueError("no such text")
