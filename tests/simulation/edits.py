"""What a curator does to a folder raw/ between two commands, sound or not."""

import hashlib
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.read.raw_folder import RELEASES_FILE
from tests.benchmarks.corpus.acknowledge import acknowledge


@dataclass
class Curator:
    """Who edits a folder raw/, by chance; `sound` is a copy of it as it was, and `found` are the
    findings of the last check, none where it found a defect.
    """

    raw: Path
    sound: Path
    chance: random.Random
    found: pl.DataFrame | None = None

    def edit(self) -> str:
        """Make an edit, and return what it is called; the history of releases is left alone."""
        one = self.chance.choice(EDITS)
        history = (self.raw / RELEASES_FILE).read_bytes()
        one(self)
        (self.raw / RELEASES_FILE).write_bytes(history)
        return one.__name__

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
