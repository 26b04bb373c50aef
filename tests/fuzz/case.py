"""Cases by their numbers: how one is drawn, bounded, judged, and made as small as it can be.

Belongs here: what all targets share. Does not belong here: what is done to any file.
"""

import cProfile
import faulthandler
import resource
import sys
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

MOST_MEMORY = 1_500
"""Megabytes that a run of cases may take at any time, beyond what the program took before."""

PATIENCE = 900
"""Seconds after which a case is given up: a backstop for what never ends, far beyond any case; the
bound that is meant is that of calls.
"""

Edit = Callable[[Any, Random], str]
"""Changes what a case is made of, and says what it did."""


@dataclass(frozen=True)
class Case:
    """A case: its number, and which of its edits are made (None: all)."""

    target: str
    number: int
    only: tuple[int, ...] | None = None

    def chance(self, what: object = "") -> Random:
        """Return the chance by which one thing about the case is decided, and nothing else is."""
        return Random(f"{self.target} {self.number} {what}")  # noqa: S311 (a test's)

    def edits(self, made_of: Any, edits: Sequence[Edit], most: int = 3) -> list[str]:  # noqa: ANN401
        """Make the edits of the case; return what was done."""
        count = self.chance("count").choice((1, 1, *range(1, most + 1)))
        done = []
        for place in range(count):
            chance = self.chance(place)
            edit = chance.choice(edits)
            if self.only is None or place in self.only:
                done.append(f"{place}: {edit(made_of, chance)}")
        return done


class Target(ABC):
    """What is handed over to some commands: of a name, so many cases judged in one go."""

    name: str
    together = 1

    @abstractmethod
    def judge(self, cases: Sequence[Case]) -> Iterator[tuple[Case, str]]:
        """Yield what is wrong with the answer to a case; whatever is raised is wrong, too."""

    @abstractmethod
    def made(self, case: Case) -> tuple[Any, list[str]]:
        """Return what a case is made of, and what was done to it."""

    @abstractmethod
    def most_calls(self, cases: Sequence[Case]) -> int:
        """Return how many calls of functions some cases may take together."""

    def close(self) -> None:  # noqa: B027 (most have nothing to end)
        """End what works for it."""


@dataclass(frozen=True)
class Found:
    """What is wrong in a case."""

    case: Case
    what: str
    done: tuple[str, ...] = ()

    def __str__(self) -> str:
        again = f"python -m tests.fuzz {self.case.target} 1 --seed {self.case.number}"
        return "\n".join((f"{again}\n  {self.what}", *(f"  edit {one}" for one in self.done)))


def run(target: Target, numbers: Sequence[int]) -> Iterator[Found]:
    """Yield what is wrong in some cases, each with the fewest of its edits that do it."""
    before = _megabytes()
    for start in range(0, len(numbers), target.together):
        cases = [Case(target.name, number) for number in numbers[start : start + target.together]]
        found = _judged(target, cases)
        if found and len(cases) > 1:
            alone = [_judged(target, [case]) for case in cases]
            found = [one for some in alone for one in some] or found
        yield from (_smallest(target, one) for one in {one.case: one for one in found}.values())
        if (taken := _megabytes() - before) > MOST_MEMORY:
            yield Found(cases[-1], f"takes {taken:,} MB; at most {MOST_MEMORY:,} are well")
            before = _megabytes()


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _smallest(target: Target, found: Found) -> Found:
    """Return a failure with the first one of its edits that fails alone, or with all."""
    done = target.made(found.case)[1]
    for one in done if len(done) > 1 else ():
        case = Case(target.name, found.case.number, (int(one.partition(":")[0]),))
        if smaller := _judged(target, [case]):
            return Found(found.case, smaller[0].what, (one,))
    return Found(found.case, found.what, tuple(done))


def _judged(target: Target, cases: Sequence[Case]) -> list[Found]:
    """Return what is wrong with the answers to some cases, how much they take included."""
    profile = cProfile.Profile(builtins=False)
    named = _named("_".join(map(str, ("case", target.name, cases[0].number))), target.judge)
    faulthandler.dump_traceback_later(PATIENCE, exit=True, file=sys.__stderr__ or sys.stderr)
    try:
        profile.enable()
        found = [Found(case, what) for case, what in named(cases)]
    except Exception as error:  # noqa: BLE001 (whatever it is, it is found)
        last = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__}: {str(error)[:500]} ({last.filename}:{last.lineno})"
        found = [Found(cases[0], said)]
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of polars, which is no Exception
            raise
        found = [Found(cases[0], f"panic: {str(error)[:500]}")]
    finally:
        profile.disable()
        faulthandler.cancel_dump_traceback_later()
    calls = sum(entry.callcount for entry in profile.getstats())
    if calls > (most := target.most_calls(cases)):
        found.append(Found(cases[0], f"takes {calls:,} calls; at most {most:,} are well"))
    return found


def _named(
    name: str, judge: Callable[[Sequence[Case]], Iterator[tuple[Case, str]]]
) -> Callable[[Sequence[Case]], list[tuple[Case, str]]]:
    """Return a function of a name of its own, which the backstop prints where it stops a case."""

    def named(cases: Sequence[Case]) -> list[tuple[Case, str]]:
        return list(judge(cases))

    named.__code__ = named.__code__.replace(co_name=name)
    return named
