"""How soon `facts check` and `facts release` answer, beside the bare imports of their libraries.

Run: python -m tests.benchmarks.check_start [ROUNDS]. Seconds are of the processor, pair by pair.
Measured are, on the article: a release from scratch (nothing kept; nothing there but the one before
it), a check after one cell has changed, and both commands where nothing has changed; these two on a
corpus of 10,000 facts, too. At last `facts check --watch`: from saving a changed file to the whole
verdict. The bars are those of BARS, times the imports; of --watch, seconds.

What limits it (cProfile and perf, the article): a check from scratch makes some 7,000 calls of
polars, of a tenth of a millisecond, and a dozen queries of DuckDB, of 5 to 20, each over a few
dozen rows, where binding and planning take all the time; a quarter is building the tables of words
of a language, as much what follows from all rules together, once by the reading taken and once by
the six others. A release adds DuckDB's file, the charts and the pages.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.check import check
from tests.benchmarks.corpus.acknowledge import acknowledge
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.benchmarks.spent import spent

LIBRARIES = "babel, duckdb, pandera.polars, polars, pyarrow, pydantic, unicode_rbnf, z3"
BARE = [sys.executable, "-c", f"import {LIBRARIES}"]
BARE_OF_RELEASE = [sys.executable, "-c", f"import {LIBRARIES}, altair, jinja2, vl_convert"]
FACTS = [sys.executable, "-m", "pipeline.cli"]
ARTICLE = Path("raw")
BEFORE = Path("outputs/releases/1.0.0")
DOCUMENT = "mfa-2011-12-23"
STEPS = ("concept-2002", "concept-2006", "forum-2011", "independence")
MANY = Size(10_000, 100)
TICKS = os.sysconf("SC_CLK_TCK")
BARS = {
    "release, from scratch": 2.5,
    "check, one cell changed": 3.0,
    "check, unchanged": 1 / 3,
    "release, unchanged": 2 / 3,
    "check of 10,000, unchanged": 1 / 3,
    "release of 10,000, unchanged": 2 / 3,
}
WATCH_BAR = 0.8


def change_note(raw: Path, number: int) -> None:
    """Write another note of the first fact."""
    name = f"{DOCUMENT}/observations.csv"
    heading, first, *others = (ARTICLE / name).read_text(encoding="utf-8").splitlines()
    lines = [heading, f"{first}note {number}", *others, ""]
    (raw / name).write_text("\n".join(lines), encoding="utf-8")


def change_rule(raw: Path, number: int) -> None:
    """Let a rule speak of another of the facts."""
    name = f"{DOCUMENT}/rules.toml"
    typed = (ARTICLE / name).read_text(encoding="utf-8")
    fact = STEPS[number % len(STEPS)]
    new = typed.replace('from = "independence"', f'from = "{fact}"')
    (raw / name).write_text(f"{new}# {number}\n", encoding="utf-8")


@contextmanager
def copied(raw: Path) -> Iterator[Path]:
    """Yield a folder with a copy of a raw folder, and the release before."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(raw, Path(folder) / "raw")
        (Path(folder) / "outputs").mkdir()
        if raw == ARTICLE:
            shutil.copytree(BEFORE, Path(folder) / BEFORE)
        yield Path(folder)


def pairs(name: str, rounds: int, raw: Path) -> list[tuple[float, float]]:
    """Return what the bare imports of a command take, and the command, so many times."""
    command = "release" if "release" in name else "check"
    bare = BARE_OF_RELEASE if command == "release" else BARE
    found = []
    with copied(raw) as folder:
        again = [*FACTS, command, "--raw", f"{folder}/raw", "--outputs", f"{folder}/outputs"]
        if "scratch" not in name:
            spent(again)
            spent(again)  # what publishes a release does not say so again
        for number in range(rounds):
            if "cell" in name:
                change_note(folder / "raw", number)
            if "scratch" in name:
                shutil.rmtree(folder / "outputs")
                shutil.copytree(BEFORE, folder / BEFORE)
            scratch = ["--no-cache"] if "scratch" in name else []
            found.append((spent(bare).seconds, spent([*again, *scratch]).seconds))
    return found


def watched(rounds: int, change: Callable[[Path, int], None]) -> list[float]:
    """Return the seconds of the processor from a saved change to the last line of the verdict."""
    with copied(ARTICLE) as folder:
        command = [sys.executable, "-u", *FACTS[1:], "check", "--watch"]
        command += ["--raw", f"{folder}/raw", "--outputs", f"{folder}/outputs"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
            assert watching.stdout is not None
            line = watching.stdout.readline
            _until(line, "facts,")
            found = []
            for number in range(rounds):
                before = _seconds(watching.pid)
                change(folder / "raw", number)
                _until(line, "facts,")
                found.append(_seconds(watching.pid) - before)
            watching.terminate()
    return found


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _until(read: Callable[[], str], words: str) -> None:
    while words not in (line := read()):
        if not line:
            raise RuntimeError(f"{words!r} was not said")


def _line(name: str, figures: list[float]) -> str:
    low, middle, high = min(figures), statistics.median(figures), max(figures)
    return f"{name:<40}{low:6.2f}  {middle:6.2f}  {high:6.2f}"


def _met(bar: float, figures: list[float]) -> str:
    return f"   bar {bar:.2f}: {'met' if statistics.median(figures) <= bar else 'missed'}"


def main(rounds: int) -> None:
    """Print the table."""
    print(f"{'':<40}   min  median     max")
    with tempfile.TemporaryDirectory() as folder:
        many = Path(folder) / "raw"
        write_corpus(many, MANY)
        acknowledge(many, check(many).tables["findings"])
        for name, bar in BARS.items():
            found = pairs(name, rounds, many if "10,000" in name else ARTICLE)
            ratios = [command / bare for bare, command in found]
            print(_line(f"imports of {name}", [bare for bare, _ in found]))
            print(_line(f"facts {name}", [command for _, command in found]))
            print(_line("ratio, pair by pair", ratios) + _met(bar, ratios), flush=True)
    for what, change in (("a note", change_note), ("a rule", change_rule)):
        seconds = watched(rounds, change)
        print(_line(f"facts check --watch, {what} changed", seconds) + _met(WATCH_BAR, seconds))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
