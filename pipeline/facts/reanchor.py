"""When a text is revised: for each fact, whether its words stayed, moved, changed or vanished, and accepting the new text.

Belongs here: the comparison of the words of the last release with a changed text.txt, and writing the new hash once no fact
is lost. Does not belong here: the check that the hash holds (reference_tables).
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from pipeline.evidence.anchor import anchor, are_alike, nearest_passage
from pipeline.evidence.texts import Texts
from pipeline.read.raw_folder import SOURCES, RawFolder, read_facts, read_text
from pipeline.read.source_toml import read_sources
from schemas.raw_files import ENTERED

KEPT = {"stayed", "moved"}


@dataclass(frozen=True)
class Reanchored:
    """What became of the words of one fact: where they stood and what they were, and where they stand and what they are."""

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
        return f"{self.status:<8} {self.fact_id}\n    was: {self.old}\n    now: {self.new or 'nothing like it'}"


def changed_texts(raw: RawFolder) -> dict[str, str]:
    """Return the sources whose text.txt is not the one that source.toml has the hash of, with the new hash."""
    typed = read_sources(raw).rows
    found = {source_id: read_text(raw, source_id)[1] for source_id in typed["source_id"]}
    return {
        source_id: found[source_id]
        for source_id, sha in typed.select("source_id", "sha256").iter_rows()
        if found[source_id] not in {sha, ""}
    }


def reanchor(raw: RawFolder, source_ids: list[str], release: Path | None) -> list[Reanchored]:
    """Return what became of the words of each typed fact of some sources; `release` is the folder of the last release, if any."""
    old = _released(release)
    found: list[Reanchored] = []
    for source_id in source_ids:
        text = read_text(raw, source_id)[0] or ""
        texts = Texts(pl.DataFrame({"source_id": [source_id], "text": [text]}), {})
        for name in ENTERED:
            rows = read_facts(raw, name).rows.filter(pl.col("source_id") == source_id).drop_nulls(["fact_id", "quote"])
            places = anchor(rows, texts)[0].select("fact_id", "quote", "quote_start")
            now = {fact_id: (quote, start) for fact_id, quote, start in places.iter_rows()}
            for fact_id, typed in rows.select("fact_id", "quote").iter_rows():
                key = f"{source_id}/{fact_id}"
                found.append(_compare(key, old.get(key, (typed, None)), now.get(fact_id), text))
    return found


def _released(release: Path | None) -> dict[str, tuple[str, int | None]]:
    """Return the words of each fact of a release and where they stood."""
    if release is None:
        return {}
    paths = [release / "tables" / f"{name}.parquet" for name in ENTERED]
    tables = [pl.read_parquet(path, columns=["fact_id", "quote", "quote_start"], glob=False) for path in paths]
    return {fact_id: (quote, start) for fact_id, quote, start in pl.concat(tables).iter_rows()}


def _compare(fact_id: str, old: tuple[str, int | None], now: tuple[str, int] | None, text: str) -> Reanchored:
    words, start = old
    if now is not None:
        new, new_start = now
        return Reanchored(fact_id, "stayed" if start in {None, new_start} else "moved", words, new, start, new_start)
    nearest = nearest_passage(words, text)
    if are_alike(words, nearest):
        return Reanchored(fact_id, "changed", words, nearest, start, text.find(nearest))
    return Reanchored(fact_id, "vanished", words, "", start, None)


def reanchor_changed(raw: RawFolder, outputs: Path, *, accepting: bool) -> list[Reanchored]:
    """Return what became of the words of the facts of every source whose text was changed.

    With `accepting`, the new hash is written for each source none of whose facts has changed or vanished.
    """
    changed = changed_texts(raw)
    found = reanchor(raw, list(changed), last_release(outputs)) if changed else []
    for source_id, sha256 in changed.items() if accepting else ():
        if all(fact.status in KEPT for fact in found if fact.fact_id.startswith(f"{source_id}/")):
            _accept(raw, source_id, sha256)
            raw.forget(SOURCES)
    return found


def _accept(raw: RawFolder, source_id: str, sha256: str) -> None:
    """Write the hash of a source's text as it is into its source.toml."""
    path = raw.folder(source_id) / SOURCES
    content = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^sha256\s*=.*$", f'sha256 = "{sha256}"', content, count=1), encoding="utf-8")


def last_release(outputs: Path) -> Path | None:
    """Return the folder of the latest release under `outputs`, or None."""
    folders = [path for path in (outputs / "releases").glob("*.*.*") if path.is_dir() and not path.name.startswith(".")]
    return max(folders, key=lambda path: [int(part) for part in path.name.split(".")], default=None)
