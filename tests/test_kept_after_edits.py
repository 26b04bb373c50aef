"""After any edit of raw/, what is kept of the checks before gives what is computed from scratch.

Each kind of edit is made once before any is made again. FACTS_EDITS=200 makes two hundred edits; a
failure names its FACTS_SEED, which makes the same edits again.
"""

import hashlib
import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline import fact_steps
from pipeline.check import Checked, check, check_tables
from pipeline.evidence.text_parts import read_in_parts
from pipeline.fingerprint import hash_of
from pipeline.kept import Kept
from pipeline.parts import Parts
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import RawFolder
from tests.benchmarks.corpus.acknowledge import acknowledge
from tests.benchmarks.corpus.corpus import Size, write_corpus

NUMBER = int(os.environ.get("FACTS_EDITS", "10"))
"""Twenty kinds, and undos."""

SEED = int(os.environ.get("FACTS_SEED", "1"))
SOUND_AGAIN = 0.6
"""How often an edit is followed by an undo of all: with a defect about, no rule is judged, and
nothing is kept of that.
"""


@dataclass
class Curator:
    """Who edits a folder raw/, by chance; `found` are the findings of the last check, none where it
    found a defect.
    """

    raw: Path
    sound: Path
    chance: random.Random
    found: pl.DataFrame | None = None
    done: list[str] = field(default_factory=list)

    def edits(self) -> Iterator[Callable[["Curator"], None]]:
        """Yield each edit once, in an order by chance, and again and again; after some, an undo."""
        while True:
            for one in self.chance.sample(EDITS, len(EDITS)):
                yield one
                if self.chance.random() < SOUND_AGAIN:
                    yield undo

    def make(self, one: Callable[["Curator"], None]) -> None:
        self.done.append(one.__name__)
        one(self)

    def any_of(self, pattern: str) -> Path:
        return self.chance.choice(sorted(self.raw.glob(pattern)))

    def replace(self, path: Path, pattern: str, new: Callable[[str], str]) -> None:
        """Replace one of the matches of a pattern in a file, if there is any."""
        text = path.read_text(encoding="utf-8")
        if places := [found.span() for found in re.finditer(pattern, text)]:
            start, end = self.chance.choice(places)
            path.write_text(text[:start] + new(text[start:end]) + text[end:], encoding="utf-8")

    def change_rows(self, path: Path, change: Callable[[list[str]], list[str]]) -> None:
        """Change the rows of a CSV file, as lines."""
        heading, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text(heading + "".join(change(rows)), encoding="utf-8")

    def without_one(self, rows: list[str]) -> list[str]:
        gone = self.chance.randrange(len(rows)) if rows else 0
        return rows[:gone] + rows[gone + 1 :]


def undo(one: Curator) -> None:
    shutil.rmtree(one.raw)
    shutil.copytree(one.sound, one.raw)


def change_a_digit(one: Curator) -> None:
    one.replace(one.any_of("*/observations.csv"), r"\d", lambda digit: str((int(digit) + 1) % 10))


def delete_a_fact(one: Curator) -> None:
    one.change_rows(one.any_of("*/[eos][!u]*s.csv"), one.without_one)


def add_words_to_a_text(one: Curator) -> None:
    """Words without a number: the text is another, and as sound as before."""
    path = one.any_of("*/text.txt")
    _write_text(path, path.read_text(encoding="utf-8") + "\nThe clubs thank their members.\n")


def add_a_number_to_a_text(one: Curator) -> None:
    path = one.any_of("*/text.txt")
    _write_text(
        path,
        path.read_text(encoding="utf-8") + f"\n{one.chance.randrange(100)} of all clubs met.\n",
    )


def change_a_text_and_not_its_hash(one: Curator) -> None:
    path = one.any_of("*/text.txt")
    path.write_text(
        path.read_text(encoding="utf-8") + "\nThe clubs thank nobody.\n", encoding="utf-8"
    )


def _write_text(path: Path, text: str) -> None:
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_text(text, encoding="utf-8")
    toml = path.with_name("source.toml")
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    toml.write_text(toml.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def change_what_is_said_of_a_source(one: Curator) -> None:
    one.replace(
        one.any_of("*/source.toml"),
        r'(?m)^(title|notes|url) = "',
        lambda begun: f"{begun}http://a ",
    )


def publish_a_source_on_another_day(one: Curator) -> None:
    one.replace(one.any_of("*/source.toml"), r"\d{4}-\d\d-\d\d", lambda _: "2005-02-03")


def add_a_waiver(one: Curator) -> None:
    one.change_rows(
        one.any_of("*/waivers.csv"),
        lambda rows: [*rows, "of all clubs met,idiom,,It counts nothing\n"],
    )


def delete_a_waiver(one: Curator) -> None:
    one.change_rows(one.any_of("*/waivers.csv"), one.without_one)


def read_a_fact_in_another_way(one: Curator) -> None:
    path = one.any_of("*/observations.csv")
    row = one.chance.choice(path.read_text(encoding="utf-8").splitlines()[1:] or ["a,b,c,d"]).split(
        ","
    )
    reading = (
        f"{row[0]},area,{row[2]},{one.chance.choice(['AA', 'AB', 'AC'])},The name may be "
        "another's\n"
    )
    one.change_rows(path.with_name("readings.csv"), lambda rows: [*rows, reading])


def delete_a_rule(one: Curator) -> None:
    one.replace(one.any_of("rules.toml"), r"(?ms)^\[\[rule\]\]\n.+?(?=^\[\[|\Z)", lambda _: "")


def weigh_a_rule_otherwise(one: Curator) -> None:
    one.replace(
        one.any_of("**/rules.toml"), r'severity = "error"', lambda _: 'severity = "warning"'
    )


def acknowledge_what_was_found(one: Curator) -> None:
    if one.found is not None:
        acknowledge(one.raw, one.found)


def forget_a_finding(one: Curator) -> None:
    if (path := one.raw / "findings.csv").exists():
        one.change_rows(path, one.without_one)


def reorder_a_list(one: Curator) -> None:
    one.change_rows(
        one.any_of("codelists/*.csv"), lambda rows: sorted(rows, key=lambda _: one.chance.random())
    )


def name_a_code_otherwise(one: Curator) -> None:
    one.replace(
        one.any_of("codelists/*.csv"), r"(?<=\n)[^,\n]+,[^,\n]+", lambda begun: f"{begun} or so"
    )


def delete_a_code(one: Curator) -> None:
    one.change_rows(one.any_of("codelists/*.csv"), one.without_one)


def remove_a_source(one: Curator) -> None:
    if len(list(one.raw.glob("*/text.txt"))) > 2:
        shutil.rmtree(one.any_of("*/text.txt").parent)


def add_a_source_again(one: Curator) -> None:
    shutil.copytree(
        one.any_of("*/text.txt").parent,
        one.raw / f"again-{one.chance.randrange(1000)}",
        dirs_exist_ok=True,
    )


def rename_a_source(one: Curator) -> None:
    one.any_of("*/text.txt").parent.rename(one.raw / f"renamed-{one.chance.randrange(1000)}")


EDITS: list[Callable[[Curator], None]] = [
    change_a_digit,
    delete_a_fact,
    add_words_to_a_text,
    add_a_number_to_a_text,
    change_a_text_and_not_its_hash,
    change_what_is_said_of_a_source,
    publish_a_source_on_another_day,
    add_a_waiver,
    delete_a_waiver,
    read_a_fact_in_another_way,
    delete_a_rule,
    weigh_a_rule_otherwise,
    acknowledge_what_was_found,
    forget_a_finding,
    reorder_a_list,
    name_a_code_otherwise,
    delete_a_code,
    remove_a_source,
    add_a_source_again,
    rename_a_source,
]


def assert_same(kept: Checked, scratch: Checked) -> None:
    assert (kept.defects, kept.unacknowledged, kept.remarks) == (
        scratch.defects,
        scratch.unacknowledged,
        scratch.remarks,
    )
    assert kept.tables.keys() == scratch.tables.keys()
    for name, table in scratch.tables.items():
        assert_frame_equal(kept.tables[name], table)


@pytest.mark.slow
def test_after_each_of_many_edits_what_is_kept_gives_what_is_computed_from_scratch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = tmp_path / "sound"
    write_corpus(sound, Size(40, 3, seed=3, contradictions=0.06))
    findings = check(sound).tables["findings"]
    acknowledge(sound, findings.head(1))  # the next can still be, and this one forgotten
    shutil.copytree(sound, tmp_path / "raw")
    monkeypatch.setattr(fact_steps, "read_in_parts", partial(read_in_parts, most=1000))
    # the same each time
    curator = Curator(tmp_path / "raw", sound, random.Random(SEED))  # noqa: S311
    parts = Parts(kept=Kept(tmp_path / "kept"))
    from_scratch: dict[str, Checked] = {}
    """By the hash of raw/, since an undo brings back a state that was computed before."""
    judged = 0
    for edit in islice(curator.edits(), NUMBER):
        curator.make(edit)
        state = hash_of(curator.raw)
        kept = check_tables(RawTables(RawFolder(curator.raw, parts=parts)))
        if state not in from_scratch:
            from_scratch[state] = check_tables(RawTables(RawFolder(curator.raw, parts=Parts())))
        scratch = from_scratch[state]
        try:
            assert_same(kept, scratch)
        except AssertionError as error:
            error.add_note(
                f"FACTS_SEED={SEED}, after {len(curator.done)} edits: {', '.join(curator.done)}"
            )
            raise
        curator.found = scratch.tables.get("findings")
        judged += curator.found is not None
    assert NUMBER / 4 < judged < NUMBER
