"""When a text is revised: for each fact, whether its words stayed, moved, changed or vanished, and
accepting the new text.

Belongs here: the comparison of the words of the last release with a changed text.txt, and writing
the new hash once no fact is lost. Does not belong here: the check that the hash holds
(reference_tables).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from pipeline.built import Row
from pipeline.evidence.anchor import anchor, are_alike, nearest_passage
from pipeline.evidence.texts import Texts
from pipeline.read.raw_folder import SOURCES, TEXT
from pipeline.read.rewrite import rewrite
from schemas.raw_files import ENTERED

TYPED = (SOURCES, TEXT, *(f"{name}.csv" for name in ENTERED))
"""What is read of raw/ for this."""

KEPT = {"stayed", "moved"}


@dataclass(frozen=True)
class Reanchored:
    """What became of the words of one fact: where they stood and what they were, and where they
    stand and what they are.
    """

    fact_id: str
    status: Literal["stayed", "moved", "changed", "vanished"]
    old: str
    new: str
    old_start: int | None
    new_start: int | None

    def __str__(self) -> str:
        """Return the line that a person reads."""
        if self.status in KEPT:
            places = f" from {self.old_start} to {self.new_start}" if self.status == "moved" else ""
            return f"{self.status:<8} {self.fact_id}{places}"
        return (
            f"{self.status:<8} {self.fact_id}\n    was: {self.old}\n    now: "
            f"{self.new or 'nothing like it'}"
        )


def reanchor_changed(
    given: Mapping[str, Any], raw: Path, outputs: Path, *, accepting: bool
) -> list[Reanchored]:
    """Return what became of the words of the facts of every source whose text was changed; `given`
    is what was typed.

    With `accepting`, the new hash is written for each source none of whose facts has changed or
    vanished.
    """
    hashes = given[SOURCES].rows.select("source_id", typed="sha256")
    texts = given[TEXT].rows.join(hashes, on="source_id", maintain_order="left")
    changed = texts.filter(pl.col("sha256").ne_missing(pl.col("typed")))
    if changed.is_empty():
        return []
    facts = pl.concat([given[f"{name}.csv"].rows for name in ENTERED], how="diagonal").drop_nulls(
        ["fact_id", "quote"]
    )
    found = [
        _compare(row) for row in _words_of_facts(facts, changed, outputs).iter_rows(named=True)
    ]
    lost = {fact.fact_id.partition("/")[0] for fact in found if fact.status not in KEPT}
    for source_id, sha256 in changed.select("source_id", "sha256").iter_rows() if accepting else ():
        if source_id not in lost:
            _accept(raw, f"{source_id}/{SOURCES}", sha256)
    return found


def _words_of_facts(facts: pl.DataFrame, changed: pl.DataFrame, outputs: Path) -> pl.DataFrame:
    """Return the words of each fact of changed texts: fact_id, old and old_start, new and
    new_start, and the text.

    The old ones are those of the last release, or as typed where it has none of the fact.
    """
    line = ["raw_file", "raw_line"]
    typed = facts.join(
        changed.select("source_id", "text"), on="source_id", maintain_order="right_left"
    )
    now = anchor(typed.drop("text"), Texts(changed, {}))[0].select(
        *line, new="quote", new_start="quote_start"
    )
    rows = typed.with_columns(fact_id=pl.concat_str("source_id", "fact_id", separator="/"))
    rows = rows.join(now, on=line, how="left", maintain_order="left")
    rows = rows.join(_released(outputs), on="fact_id", how="left", maintain_order="left")
    return rows.select(
        "fact_id", "old_start", "new", "new_start", "text", old=pl.coalesce("old", "quote")
    )


def _released(outputs: Path) -> pl.DataFrame:
    """Return the words of each fact of the latest release under `outputs` and where they stood:
    fact_id, old, old_start.
    """
    folders = [
        path
        for path in (outputs / "releases").glob("*.*.*")
        if path.is_dir() and not path.name.startswith(".")
    ]
    if not folders:
        return pl.DataFrame(schema={"fact_id": pl.String, "old": pl.String, "old_start": pl.Int64})
    last = max(folders, key=lambda path: [int(part) for part in path.name.split(".")])
    tables = [pl.read_parquet(last / "tables" / f"{name}.parquet", glob=False) for name in ENTERED]
    return pl.concat(
        table.select("fact_id", old="quote", old_start="quote_start") for table in tables
    )


def _compare(row: Row) -> Reanchored:
    words, start, new = row["old"], row["old_start"], row["new"]
    if new is not None:
        is_moved = start not in {None, row["new_start"]}
        return Reanchored(
            row["fact_id"], "moved" if is_moved else "stayed", words, new, start, row["new_start"]
        )
    nearest = nearest_passage(words, row["text"])
    if are_alike(words, nearest):
        return Reanchored(
            row["fact_id"], "changed", words, nearest, start, row["text"].find(nearest)
        )
    return Reanchored(row["fact_id"], "vanished", words, "", start, None)


def _accept(raw: Path, file: str, sha256: str) -> None:
    """Write the hash of a source's text as it is into its source.toml."""

    def change(content: str | None) -> str | None:
        return content and re.sub(
            r"(?m)^sha256\s*=[^\r\n]*", f'sha256 = "{sha256}"', content, count=1
        )

    rewrite(raw, file, change)
