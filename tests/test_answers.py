"""A command whose folders are as they were gives the answer that is kept of it, and no other."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import answers
from pipeline.answers import Answer, answered
from pipeline.cli import main
from pipeline.kept import Kept
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.conftest import ROOT, SOURCE


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "kept")


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
        where = ["--raw", str(raw), "--outputs", str(outputs)]
        command = [sys.executable, "-c", program, "check", *where]
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

    def test_a_release_says_what_was_built_and_when_unchanged_and_when_it_was_tampered_with(
        self, raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        outputs = tmp_path / "outputs"
        command = ["release", "--raw", str(raw), "--outputs", str(outputs)]
        assert [main(command), main(command), main(command)] == [0, 0, 0]
        release = f"{outputs}/releases/1.0.0"
        built = [
            f"  zip: {release}.zip",
            f"  database: {outputs}/civil_society.duckdb",
            f"  page: {release}/index.html",
        ]
        unchanged = f"Unchanged: the published release is what raw/ builds, {release}"
        assert capsys.readouterr().out.splitlines() == [
            f"Published {release}",
            *built,
            *[unchanged, *built] * 2,
        ]
        assert all(Path(line.partition(": ")[2]).is_file() for line in built)
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
        where = ["--raw", str(raw), "--outputs", str(tmp_path / "outputs")]
        command = [sys.executable, "-u", "-m", "pipeline.cli", "check", "--watch", *where]
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
