"""What is kept of earlier runs is used where all is as it was, and never where it is damaged."""

import hashlib
import itertools
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipeline.built import Tables
from pipeline.defects import Defect
from pipeline.evidence.texts import DIMENSIONS, Texts
from pipeline.facts.reference_tables import CodeLists
from pipeline.kept import Kept
from pipeline.parts import Given, Parts
from pipeline.read.raw_folder import Typed
from pipeline.rules.rules_file import RuleFiles, Weight


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "kept")


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


class TestKept:
    def test_what_was_put_is_there_and_nothing_else(self, kept: Kept) -> None:
        kept.put("a", b"one")
        assert (kept.get("a"), kept.get("b")) == (b"one", None)

    @pytest.mark.parametrize(
        "damage",
        [lambda b: b[:-1], lambda _: b"", lambda b: b[:40] + b"?" + b[41:], lambda b: b + b"?"],
    )
    def test_what_is_damaged_is_not_there(
        self, kept: Kept, tmp_path: Path, damage: Callable[[bytes], bytes]
    ) -> None:
        kept.put("a", b"one and two and three")
        file = only_file(tmp_path / "kept")
        file.write_bytes(damage(file.read_bytes()))
        assert kept.get("a") is None
        kept.put("a", b"anew")
        assert kept.get("a") == b"anew"

    def test_what_was_used_last_stays_where_there_is_little_room(self, tmp_path: Path) -> None:
        kept = Kept(tmp_path / "kept", most_bytes=3 * (100 + hashlib.sha256().digest_size))
        for moment, key in enumerate("abc"):
            kept.put(key, b"x" * 100)
            os.utime(tmp_path / "kept" / key, (moment, moment))
        assert kept.get("a") is not None  # and is used now
        for key in "de":
            kept.put(key, b"x" * 100)
        there = sorted(file.name for file in (tmp_path / "kept").iterdir())
        assert there == ["a", "d", "e"]

    def test_a_folder_that_cannot_be_made_or_written_keeps_nothing_and_stops_nobody(
        self, tmp_path: Path
    ) -> None:
        nowhere = Kept(tmp_path / "no" / "kept")
        nowhere.put("a", b"one")
        (tmp_path / "file").write_text("", encoding="utf-8")
        in_a_file = Kept(tmp_path / "file")
        in_a_file.put("a", b"one")
        assert (nowhere.get("a"), in_a_file.get("a")) == (None, None)
        assert not (tmp_path / "no").exists()


NO_LISTS = {
    name: pl.DataFrame(schema=dict.fromkeys(("code", "label", "aliases"), pl.String))
    for name in DIMENSIONS
}


def some_texts(sha256: str) -> Texts:
    return Texts(
        pl.DataFrame({"source_id": ["club"], "text": ["Nine clubs."], "sha256": [sha256]}), NO_LISTS
    )


def test_a_result_is_used_again_only_where_all_that_the_work_is_given_is_as_it_was(
    kept: Kept,
) -> None:
    rows = pl.DataFrame({"raw_file": ["club/events.csv"], "raw_line": [2]})
    typed = Typed(rows, [])
    wrong = Defect("club/events.csv", 2, "who", "unknown_code", "nobody", "a code of agents")
    weighing = RuleFiles(
        [], [Weight("club", "boats", 2, "club/rules.toml", 1)], [], is_of_one_source=False
    )
    given: list[Given] = [
        {"typed": typed},
        {"other": typed},
        {"typed": rows},
        {"typed": replace(typed, rows=rows.with_columns(raw_line=3))},
        {"typed": replace(typed, rows=rows.clear())},
        {"typed": replace(typed, defects=[wrong])},
        {"typed": replace(typed, lacking=frozenset({"club/events.csv"}))},
        {"typed": replace(typed, lost=(("club/events.csv", "Nine clubs met."),))},
        {"typed": typed, "kind": "events"},
        {"typed": typed, "kind": "statements"},
        {"typed": typed, "texts": some_texts("1")},
        {"typed": typed, "texts": some_texts("2")},
        {"typed": typed, "rules": weighing},
        {"typed": typed, "rules": replace(weighing, weights=[])},
        {"typed": typed, "lists": CodeLists(rows, rows, rows, rows, {"agents": typed})},
        {
            "typed": typed,
            "lists": CodeLists(
                rows, rows, rows, rows, {"agents": replace(typed, nameless=frozenset({"a"}))}
            ),
        },
    ]
    parts = Parts(kept=kept)
    first, again = ([number(tables) for tables in parts.run(_counts, given)] for _ in range(2))
    assert first == again
    assert len(set(first)) == len(given)
    assert number(parts.run(_counts_too, given[:1])[0]) not in first


def number(tables: Tables) -> int:
    found: int = tables["number"]["number"].item()
    return found


_calls = itertools.count()


def _counts(_: Given) -> Tables:
    return {"number": pl.DataFrame({"number": [next(_calls)]})}


def _counts_too(_: Given) -> Tables:
    return _counts({})
