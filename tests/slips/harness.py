"""Plant slips in copies of a source, run the checks, and count what they catch.

Each slip gets a source folder of its own, and many folders are checked at once: one run of the
checks then judges hundreds of slips. Rules run only where no fact has a defect, so what the first
run lets through is checked again, each slip by itself: sources that say the same are one large
system together. Of a slip that nothing in the text contradicts, no rule is asked.
"""

import csv
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from unittest.mock import patch

import polars as pl

from pipeline.check import Checked, check
from pipeline.evidence.phrases import PhraseTables
from pipeline.evidence.reader import read_mentions
from pipeline.evidence.scan import Document, Mention
from pipeline.reason.dependence import Reading
from tests.slips.source_copy import SourceCopy

BATCH = 500
"""Slips in one run of the checks of single facts."""


@dataclass(frozen=True)
class Slip:
    """One slip: its kind, what was done, the source with it, and why nothing could contradict it,
    if so.
    """

    kind: str
    what: str
    source: SourceCopy
    excuse: str | None = None


@dataclass(frozen=True)
class Measured:
    """What became of the slips of all kinds."""

    caught: Sequence[tuple[Slip, str]]
    missed: Sequence[Slip]

    def table(self) -> str:
        """Return a line for each kind: planted, caught, missed, and how many of the missed nothing
        could contradict.
        """
        caught = Counter(slip.kind for slip, _ in self.caught)
        missed = Counter(slip.kind for slip in self.missed)
        excused = Counter(slip.kind for slip in self.missed if slip.excuse)
        width = max(map(len, {*caught, *missed}))
        lines = [
            f"{'kind of slip':<{width}}  planted  caught  missed  of these nothing contradicts"
        ]
        for kind in dict.fromkeys(
            slip.kind for slip in (*(slip for slip, _ in self.caught), *self.missed)
        ):
            planted = caught[kind] + missed[kind]
            lines.append(
                f"{kind:<{width}}  {planted:7}  {caught[kind]:6}  {missed[kind]:6}  "
                f"{excused[kind]:6}"
            )
        lines += [
            (
                f"missed: {slip.kind}: {slip.what} "
                f"({slip.excuse or 'and something in the text contradicts it'})"
            )
            for slip in self.missed
        ]
        return "\n".join(lines)

    def rates(self) -> dict[str, float]:
        """Return the share caught of each kind, of those that something in the text contradicts."""
        caught = Counter(slip.kind for slip, _ in self.caught)
        missed = Counter(slip.kind for slip in self.missed if not slip.excuse)
        return {kind: caught[kind] / (caught[kind] + missed[kind]) for kind in {*caught, *missed}}


def sampled(slips: Iterable[Slip], most: int) -> list[Slip]:
    """Return at most so many slips of each kind, evenly spread over those that there are: the same
    ones each time.
    """
    by_kind: dict[str, list[Slip]] = {}
    for slip in slips:
        by_kind.setdefault(slip.kind, []).append(slip)
    return [some for every in by_kind.values() for some in every[:: -(-len(every) // most)]]


def measure(raw: Path, source_id: str, slips: Iterable[Slip]) -> Measured:
    """Return which slips the checks of `raw` catch in the source, each with the message that caught
    it.
    """
    caught, left = _round(raw, source_id, list(slips), BATCH)
    for_rules = [slip for slip in left if not slip.excuse]
    caught_by_rules, missed = _round(raw, source_id, for_rules, 1)
    return Measured(caught + caught_by_rules, [*(slip for slip in left if slip.excuse), *missed])


def _round(
    raw: Path, source_id: str, slips: Sequence[Slip], most: int
) -> tuple[list[tuple[Slip, str]], list[Slip]]:
    """Check the slips in batches; return those that are caught, with their messages, and those that
    are left.
    """
    caught: list[tuple[Slip, str]] = []
    left: list[Slip] = []
    for start in range(0, len(slips), most):
        batch = slips[start : start + most]
        messages = _messages(raw, source_id, batch)
        caught += [(slip, messages[index]) for index, slip in enumerate(batch) if index in messages]
        left += [slip for index, slip in enumerate(batch) if index not in messages]
    return caught, left


def _messages(raw: Path, source_id: str, slips: Sequence[Slip]) -> dict[int, str]:
    """Return the first message about each slip's copy, by its place in the batch; every one names
    file and line.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "raw"
        copy.mkdir()
        shutil.copytree(raw / "codelists", copy / "codelists")
        if (raw / "rules.toml").exists():
            shutil.copy(raw / "rules.toml", copy / "rules.toml")
        names = [f"{source_id}-slip-{index:04}" for index in range(len(slips))]
        for index, (name, slip) in enumerate(zip(names, slips, strict=True)):
            slip.source.write(copy / name, f"_{index:04}")
        _acknowledge(
            raw / "findings.csv",
            copy / "findings.csv",
            source_id,
            names,
            _own_rules(raw / source_id),
        )
        with (
            patch("pipeline.evidence.mentions.read_texts", read_once),
            patch("pipeline.reason.conclude.with_dependence", _by_the_reading_taken),
        ):
            return _first(check(copy), names)


def read_once(
    texts: list[str], documents: list[Document], names: PhraseTables
) -> Iterator[list[Mention]]:
    """Yield the mentions of each text; the copies of a source have one text, which is read once,
    since it takes longest.
    """
    read = lru_cache(maxsize=None)(lambda text, document: read_mentions(text, document, names))
    yield from (read(text, document) for text, document in zip(texts, documents, strict=True))


def _by_the_reading_taken(
    _: object, __: object, taken: Reading, ___: object
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return results and bounds; what other readings would change is said beside an outcome, and
    catches no slip.
    """
    return taken.results, taken.limits


def _own_rules(folder: Path) -> str:
    path = folder / "rules.toml"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _acknowledge(
    acknowledged: Path, target: Path, source_id: str, names: Sequence[str], own_rules: str
) -> None:
    """Acknowledge in each copy what is acknowledged of the source."""
    if not acknowledged.exists():
        return
    with acknowledged.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for index, name in enumerate(names):
            for rule_id, group_id, *rest in rows:
                if group_id.startswith(source_id):
                    renamed = (
                        f"{rule_id}_{index:04}" if f'id = "{rule_id}"' in own_rules else rule_id
                    )
                    writer.writerow([renamed, group_id.replace(source_id, name), *rest])


def _first(checked: Checked, names: Sequence[str]) -> dict[int, str]:
    messages: dict[int, str] = {}
    for defect in (*checked.defects, *checked.unacknowledged):
        said = defect.at("raw")
        name = defect.file.split("/")[0]
        about = (
            [names.index(name)]
            if name in names
            else [index for index, other in enumerate(names) if other in said]
        )
        for index in about:
            if defect.line >= 1:
                messages.setdefault(index, said)
    return messages
