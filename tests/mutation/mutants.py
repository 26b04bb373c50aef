"""The mutants of a folder, as mutmut makes them, and what their tests say.

Each is tested in a process forked from one that has collected the tests and run none: what polars
and DuckDB start when they are first used does not survive a fork.
"""

import contextlib
import io
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby
from pathlib import Path
from typing import NamedTuple

import pytest
from mutmut.__main__ import collect_source_file_mutation_data, create_mutants
from mutmut.configuration import config
from mutmut.mutation.data import MutantLineSpans
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.type_checking import run_type_checker
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths
from mutmut.utils.format_utils import get_mutant_name, mangled_name_from_mutant_name
from mutmut.workers.isolation import run_in_fork_with_result

OUTCOMES = {0: "survived", 1: "killed", -signal.SIGPROF: "ran too long"}
"""What the status means with which the tests of a mutant end; another one is shown as it is."""

PROCESSES = 2


class Mutants(NamedTuple):
    """The files of the mutants of a folder by their names, and the names of those that mypy lets
    pass.
    """

    files: dict[str, Path]
    accepted: list[str]

    def difference(self, name: str) -> str:
        """Return what a mutant changes, as a diff."""
        return str(get_diff_for_mutant(name, path=self.files[name]))


def make_mutants(folder: str) -> Mutants:
    """Write the mutants of a folder into a copy of the project, mutants/."""
    config().only_mutate = [f"pipeline/{folder}/*"]
    Path("mutants").mkdir()
    with contextlib.redirect_stdout(io.StringIO()):
        copy_src_dir()
        copy_also_copy_files()
        setup_source_paths()
        create_mutants(PROCESSES)
        made, _ = collect_source_file_mutation_data(mutant_names=())
    files = {name: Path(data.path) for data, name, _ in made}
    config().type_check_command += [f"--cache-dir=../../mypy-{folder}", f"pipeline/{folder}"]
    return Mutants(files, sorted(files.keys() - set(_refused_by_mypy())))


def _refused_by_mypy() -> Iterator[str]:
    """Yield the mutants in whose lines mypy finds an error, again for each error.

    What mutmut offers for this parses all mutants again, for minutes.
    """
    with contextlib.chdir("mutants"):
        errors = run_type_checker(config().type_check_command)
    for file, found in groupby(errors, lambda error: error.file_path):
        path = file.relative_to(Path("mutants").resolve())
        spans = MutantLineSpans.load(path)
        for error in found:
            yield from (
                get_mutant_name(path, name)
                for name, span in (spans.span_by_function_name.items() if spans else ())
                if span.start <= error.line_number <= span.end
            )


class Tests(NamedTuple):
    """The tests that were collected: the seconds that each takes, and which of them call a
    function.
    """

    items: list[pytest.Item]
    seconds: list[float]
    calling: dict[str, set[int]]

    def of(self, mutant: str, limit: float) -> tuple[list[pytest.Item], float]:
        """Return the tests of a mutant, the quickest first, of which all but the first take no more
        seconds than the limit; and how many they take.
        """
        calling = self.calling.get(mangled_name_from_mutant_name(mutant), ())
        order = sorted(calling, key=lambda number: (self.seconds[number], number))
        ends = list(accumulate(self.seconds[number] for number in order))
        many = max(1, sum(end <= limit for end in ends))
        return [self.items[number] for number in order[:many]], sum(ends[many - 1 : many])


class Forks:
    """A plugin of pytest that runs the tests of mutants in place of all tests."""

    def __init__(self, names: Iterable[str], limit: float) -> None:
        self.names = names
        self.limit = limit
        self.outcomes: dict[str, str] = {}
        self.failed = False
        self.called = 0.0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        seconds, calling = run_in_fork_with_result(lambda: self._measure(session.items))
        tests = Tests(session.items, seconds, calling)
        running: dict[int, str] = {}
        for name in self.names:
            while len(running) >= PROCESSES:
                self._await_one(running)
            items, took = tests.of(name, self.limit)
            if items:
                running[self._fork(name, items, 10 + 5 * took)] = name
            else:
                self.outcomes[name] = "no test calls it"
        while running:
            self._await_one(running)
        return True

    def _run(self, items: list[pytest.Item]) -> Iterator[pytest.Item]:
        """Run tests one by one, and yield each."""
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            yield item

    def pytest_runtest_call(self) -> None:
        self.called = time.process_time()

    def _measure(self, items: list[pytest.Item]) -> tuple[list[float], dict[str, set[int]]]:
        """Return the seconds of each test, and the numbers of the tests that call each function.

        A test takes as long as itself and what its file makes once for its tests: by itself, it
        makes that too.
        """
        _begin("stats")
        seconds, made = [], dict[Path, float]()
        calling: dict[str, set[int]] = {}
        began = time.process_time()
        for number, item in enumerate(self._run(items)):
            if self.failed:
                raise RuntimeError(f"{item.nodeid} fails without a mutant")
            for function in state()._stats:  # noqa: SLF001 (mutmut has no other name for it)
                calling.setdefault(function, set()).add(number)
            state()._stats.clear()  # noqa: SLF001
            ended = time.process_time()
            made[item.path] = max(made.get(item.path, 0), self.called - began)
            seconds.append(ended - self.called)
            began = ended
        return [own + made[item.path] for own, item in zip(seconds, items, strict=True)], calling

    def _fork(self, name: str, items: list[pytest.Item], limit: float) -> int:
        """Return the process that runs tests of a mutant until one fails."""
        process = os.fork()
        if process:
            return process
        try:
            _begin(name)
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, limit)
            os._exit(any(self.failed for _ in self._run(items)))
        finally:
            os._exit(1)

    def _await_one(self, running: dict[int, str]) -> None:
        process, status = os.wait()
        name = running.pop(process)
        code = os.waitstatus_to_exitcode(status)
        self.outcomes[name] = OUTCOMES.get(code, f"ended with {code}")
        shutil.rmtree(_temporary(name), ignore_errors=True)
        print(len(self.outcomes), self.outcomes[name], name, flush=True)


def _temporary(name: str) -> Path:
    return Path("temporary").resolve() / name


def _begin(name: str) -> None:
    """Let a mutant take the place of the code, or let calls be counted, in a forked process that is
    silent.
    """
    os.setsid()
    set_mutant_under_test(name)
    _temporary(name).mkdir(parents=True)
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(_temporary(name))
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silence, stream)


def run_mutants(names: Iterable[str], tests: Iterable[str], limit: float) -> dict[str, str]:
    """Return the outcome of each mutant: of the tests that call its function, as many are run as
    take so many seconds together.
    """
    forks = Forks(names, limit)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "pipeline")]:
        del sys.modules[name]  # those of the copy are to be imported
    with contextlib.chdir("mutants"):
        pytest.main([*config().pytest_add_cli_args, *tests], plugins=[forks])
    return forks.outcomes
