"""What is kept of earlier runs changes no answer: it is used where all is as it was, and never
where it is damaged.
"""

import hashlib
import itertools
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from pipeline import answers, fact_steps
from pipeline.answers import Answer, answered
from pipeline.built import Tables
from pipeline.check import check_tables
from pipeline.cli import main
from pipeline.defects import Defect
from pipeline.evidence.text_parts import read_in_parts
from pipeline.evidence.texts import DIMENSIONS, Texts
from pipeline.facts.reference_tables import CodeLists
from pipeline.fingerprint import code_version
from pipeline.kept import Kept
from pipeline.parts import Given, Parts, done_row_by_row, unpacked
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import RawFolder, Typed
from pipeline.rules.rules_file import RuleFiles, Weight
from pipeline.unusable import Unusable
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.conftest import ROOT, SOURCE


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "kept")


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


class TestKept:
    def test_what_was_put_is_there_and_nothing_else(self, kept: Kept) -> None:
        kept.put("a", b"one")
        assert (kept.get("a"), kept.get("b")) == (b"one", None)

    @pytest.mark.parametrize(
        "damage",
        [lambda b: b[:-1], lambda _: b"", lambda b: b[:40] + b"?" + b[41:], lambda b: b + b"?"],
    )
    def test_what_is_damaged_is_not_there(
        self, kept: Kept, tmp_path: Path, damage: Callable[[bytes], bytes]
    ) -> None:
        kept.put("a", b"one and two and three")
        file = only_file(tmp_path / "kept")
        file.write_bytes(damage(file.read_bytes()))
        assert kept.get("a") is None
        kept.put("a", b"anew")
        assert kept.get("a") == b"anew"

    def test_what_was_used_last_stays_where_there_is_little_room(self, tmp_path: Path) -> None:
        kept = Kept(tmp_path / "kept", most_bytes=3 * (100 + hashlib.sha256().digest_size))
        for moment, key in enumerate("abc"):
            kept.put(key, b"x" * 100)
            os.utime(tmp_path / "kept" / key, (moment, moment))
        assert kept.get("a") is not None  # and is used now
        for key in "de":
            kept.put(key, b"x" * 100)
        there = sorted(file.name for file in (tmp_path / "kept").iterdir())
        assert there == ["a", "d", "e"]

    def test_a_folder_that_cannot_be_made_or_written_keeps_nothing_and_stops_nobody(
        self, tmp_path: Path
    ) -> None:
        nowhere = Kept(tmp_path / "no" / "kept")
        nowhere.put("a", b"one")
        (tmp_path / "file").write_text("", encoding="utf-8")
        in_a_file = Kept(tmp_path / "file")
        in_a_file.put("a", b"one")
        assert (nowhere.get("a"), in_a_file.get("a")) == (None, None)
        assert not (tmp_path / "no").exists()


class TestAnswers:
    def test_an_answer_is_given_again_until_raw_or_outputs_change(
        self, kept: Kept, tmp_path: Path
    ) -> None:
        raw, outputs = tmp_path / "raw", tmp_path / "outputs"
        (raw / "a").mkdir(parents=True)
        (outputs / "releases").mkdir(parents=True)
        asked: list[int] = []

        def ask(word: str = "check") -> str:
            def answer() -> Answer:
                asked.append(0)
                return Answer(0, f"answer {len(asked)}")

            return answered([word], raw, outputs, kept, answer).out

        assert [ask(), ask(), ask("release"), ask()] == [
            "answer 1",
            "answer 1",
            "answer 2",
            "answer 1",
        ]
        (raw / "a" / "text.txt").write_text("one", encoding="utf-8")
        assert [ask(), ask()] == ["answer 3", "answer 3"]
        (outputs / "releases" / "sums").write_text("one", encoding="utf-8")
        assert [ask(), ask()] == ["answer 4", "answer 4"]
        (outputs / "releases" / "sums").unlink()
        assert ask() == "answer 3"
        (raw / "New Folder").mkdir()
        assert ask() == "answer 5"
        (raw / "New Folder").rmdir()
        (raw / "New Folder").symlink_to(outputs)
        assert ask() == "answer 6"
        (outputs / "releases" / ".1.0.0.aside").mkdir()  # which only a command at work takes away
        assert ask() == "answer 7"

    def test_an_answer_during_which_a_file_was_changed_is_not_kept(
        self, kept: Kept, tmp_path: Path
    ) -> None:
        raw = tmp_path / "raw"
        raw.mkdir()

        def answer() -> Answer:
            (raw / "file").write_text(str(len(list(raw.iterdir()))), encoding="utf-8")
            return Answer(0, "of one state or the other")

        answered([], raw, tmp_path, kept, answer)
        assert (
            answered([], raw, tmp_path, kept, lambda: Answer(0, "of this state")).out
            == "of this state"
        )

    def test_what_would_not_be_said_again_is_not_kept(self, kept: Kept, tmp_path: Path) -> None:
        published = Answer(0, "Published", is_lasting=False)
        assert answered([], tmp_path, tmp_path, kept, lambda: published) == published
        assert (
            answered([], tmp_path, tmp_path, kept, lambda: Answer(0, "Unchanged")).out
            == "Unchanged"
        )

    def test_another_version_of_the_code_asks_again(
        self, kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answered([], tmp_path, tmp_path, kept, lambda: Answer(0, "old"))
        monkeypatch.setattr(answers, "code_version", lambda: "another")
        assert answered([], tmp_path, tmp_path, kept, lambda: Answer(1, "new")) == Answer(1, "new")


class TestCommands:
    def test_a_check_of_what_is_as_it_was_says_the_same_and_computes_nothing(
        self, raw: Path, tmp_path: Path
    ) -> None:
        outputs = tmp_path / "outputs"
        outputs.mkdir()
        program = (
            "import sys; from pipeline.cli import main; code = main(sys.argv[1:]);"
            "print({'polars', 'duckdb'} & {*sys.modules}, code)"
        )
        command = [
            sys.executable,
            "-c",
            program,
            "check",
            "--raw",
            str(raw),
            "--outputs",
            str(outputs),
        ]
        first, second = (
            subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
            for _ in range(2)
        )
        said, _, loaded = second.rstrip().rpartition("\n")
        assert loaded == "set() 0"
        assert first.startswith(f"{said}\n")
        assert "50 facts" in said

    def test_a_changed_cell_is_found_though_the_answer_before_is_kept(
        self, raw: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "outputs").mkdir()
        command = ["check", "--raw", str(raw), "--outputs", str(tmp_path / "outputs")]
        assert [main(command), main(command)] == [0, 0]
        observations = raw / SOURCE / "observations.csv"
        typed = observations.read_text(encoding="utf-8")
        observations.write_text(typed.replace(",35000,", ",35001,"), encoding="utf-8")
        assert main(command) == 1
        observations.write_text(typed, encoding="utf-8")
        assert main(command) == 0

    def test_a_release_that_was_tampered_with_is_told_though_unchanged_was_the_answer_before(
        self, raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        outputs = tmp_path / "outputs"
        command = ["release", "--raw", str(raw), "--outputs", str(outputs)]
        assert [main(command), main(command), main(command)] == [0, 0, 0]
        said = capsys.readouterr().out.splitlines()
        assert [line.partition(" ")[0].strip(":") for line in said] == [
            "Published",
            "Unchanged",
            "Unchanged",
        ]
        page = next((outputs / "releases").glob("*/index.html"))
        page.write_text(page.read_text(encoding="utf-8").replace("1", "2", 1), encoding="utf-8")
        assert main(command) == 1
        assert "tampered_release" in capsys.readouterr().err

    def test_no_cache_keeps_nothing_and_uses_nothing(self, tmp_path: Path) -> None:
        raw, outputs = tmp_path / "raw", tmp_path / "outputs"
        write_corpus(raw, Size(30, 3, contradictions=0))
        outputs.mkdir()
        command = ["check", "--raw", str(raw), "--outputs", str(outputs)]
        assert main([*command, "--no-cache"]) == 0
        assert not (outputs / ".cache").exists()
        assert main(command) == 0
        for file in (outputs / ".cache").iterdir():
            file.write_bytes(b"no answer")
        assert [main(command), main([*command, "--no-cache"])] == [0, 0]

    def test_watch_says_again_what_is_wrong_after_each_change(
        self, raw: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "outputs").mkdir()
        command = [
            sys.executable,
            "-u",
            "-m",
            "pipeline.cli",
            "check",
            "--watch",
            "--raw",
            str(raw),
        ]
        command += ["--outputs", str(tmp_path / "outputs")]
        observations = raw / SOURCE / "observations.csv"
        typed = observations.read_text(encoding="utf-8")
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as watching:
            assert watching.stdout is not None
            assert "50 facts" in _until(watching.stdout.readline, "facts")
            observations.write_text(typed.replace(",35000,", ",35001,"), encoding="utf-8")
            assert "35001" in _until(watching.stdout.readline, "value_not_in_quote")
            observations.write_text(typed, encoding="utf-8")
            assert "50 facts" in _until(watching.stdout.readline, "facts,")
            watching.send_signal(signal.SIGINT)
            watching.communicate()
        assert watching.returncode == 0


def _until(read: Callable[[], str], words: str) -> str:
    """Return the first line with some words; the test ends with an error where what is read ends
    before.
    """
    while line := read():
        if words in line:
            return line
    raise AssertionError(words)


NO_LISTS = {
    name: pl.DataFrame(schema=dict.fromkeys(("code", "label", "aliases"), pl.String))
    for name in DIMENSIONS
}


def some_texts(sha256: str) -> Texts:
    return Texts(
        pl.DataFrame({"source_id": ["club"], "text": ["Nine clubs."], "sha256": [sha256]}), NO_LISTS
    )


def test_a_result_is_used_again_only_where_all_that_the_work_is_given_is_as_it_was(
    kept: Kept,
) -> None:
    rows = pl.DataFrame({"raw_file": ["club/events.csv"], "raw_line": [2]})
    typed = Typed(rows, [])
    wrong = Defect("club/events.csv", 2, "who", "unknown_code", "nobody", "a code of agents")
    weighing = RuleFiles(
        [], [Weight("club", "boats", 2, "club/rules.toml", 1)], [], is_of_one_source=False
    )
    given: list[Given] = [
        {"typed": typed},
        {"other": typed},
        {"typed": rows},
        {"typed": replace(typed, rows=rows.with_columns(raw_line=3))},
        {"typed": replace(typed, rows=rows.clear())},
        {"typed": replace(typed, defects=[wrong])},
        {"typed": replace(typed, lacking=frozenset({"club/events.csv"}))},
        {"typed": replace(typed, lost=(("club/events.csv", "Nine clubs met."),))},
        {"typed": typed, "kind": "events"},
        {"typed": typed, "kind": "statements"},
        {"typed": typed, "texts": some_texts("1")},
        {"typed": typed, "texts": some_texts("2")},
        {"typed": typed, "rules": weighing},
        {"typed": typed, "rules": replace(weighing, weights=[])},
        {"typed": typed, "lists": CodeLists(rows, rows, rows, rows, {"agents": typed})},
        {
            "typed": typed,
            "lists": CodeLists(
                rows, rows, rows, rows, {"agents": replace(typed, nameless=frozenset({"a"}))}
            ),
        },
    ]
    parts = Parts(kept=kept)
    first, again = ([number(tables) for tables in parts.run(_counts, given)] for _ in range(2))
    assert first == again
    assert len(set(first)) == len(given)
    assert number(parts.run(_counts_too, given[:1])[0]) not in first


def number(tables: Tables) -> int:
    found: int = tables["number"]["number"].item()
    return found


_calls = itertools.count()


def _counts(_: Given) -> Tables:
    return {"number": pl.DataFrame({"number": [next(_calls)]})}


def _counts_too(_: Given) -> Tables:
    return _counts({})


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
from tests.test_kept import own_number
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
