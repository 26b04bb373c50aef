"""How far a source has come, and what the checks say of it, for a person who enters it.

Belongs here: which lines the page shows of a verdict, and in which order. Does not belong here: the
sentences (rules.sentences), or markup.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.check import Checked
from pipeline.defects import Defect
from pipeline.enter.desk import State
from pipeline.enter.verdicts import OUTCOMES, READINGS, ROLES
from pipeline.evidence.uncovered import ROWS_FOLLOW
from pipeline.report import sections
from schemas.raw_files import ENTERED

MOST = 30
"""Lines of a section that are shown."""


@dataclass(frozen=True)
class Progress:
    """What is shown of a verdict: how much is entered and left, what is wrong, and sections of
    lines by heading, as far as they are known.
    """

    entered: dict[str, int]
    left: int
    defects: list[Defect]
    to_do: list[Defect]
    sections: dict[str, list[str]]
    waits_for: str


def progress(state: State) -> Progress:
    """Return what is shown of a state that has a verdict."""
    verdict = state.verdict
    if verdict is None:
        return Progress({}, 0, [], [], {}, "rows and roles")
    left = [one for one in state.items.values() if one.role == "open"]
    others = [one for one in verdict.left if not one.file.endswith("/text.txt")]
    waits = {ROLES: "the outcomes of the rules", OUTCOMES: "other readings and contradictions"}
    return Progress(
        {name: verdict.typed[name].height for name in ENTERED},
        len(left),
        _said(verdict.defects),
        _said([*others, *verdict.unacknowledged]),
        {} if verdict.part == ROLES else _sections(state),
        "" if state.is_settled or verdict.part == READINGS else waits[verdict.part],
    )


def _said(defects: Iterable[Defect]) -> list[Defect]:
    """Return each defect once, without the rows that a terminal shows to paste."""
    shown = list(dict.fromkeys(defects))[:MOST]
    return [replace(one, expected=one.expected.partition(ROWS_FOLLOW)[0]) for one in shown]


def _sections(state: State) -> dict[str, list[str]]:
    tables = state.verdict.tables if state.verdict else {}
    found = sections(Checked(tables)).items()
    return {heading: lines[:MOST] for heading, lines in found if lines}
