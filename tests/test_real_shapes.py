"""Every sentence of tests/real_shapes is read right, or is unread: nothing is wrong in silence."""

import re
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.evidence.reader import read_mentions
from pipeline.evidence.scan import Document, Mention

FOLDER = Path(__file__).parent / "real_shapes"
TABLES = sorted(path.stem for path in FOLDER.glob("*.toml"))
"""A table a language: those that were written first, and those by which the reader was tried
(tried_en).
"""

RIGHT, UNREAD = "right", "unread"
ASKING = {"en": 8, "kk": 0, "ru": 5, "tried_en": 23, "tried_kk": 1, "tried_ru": 16}
"""How many sentences of each table have something that is not read; what was read stays read."""

Case = dict[str, Any]


@cache
def cases(table: str) -> list[Case]:
    found: list[Case] = tomllib.loads((FOLDER / f"{table}.toml").read_text(encoding="utf-8"))[
        "case"
    ]
    return found


def document(case: Case, table: str) -> Document:
    options = dict(case.get("options", {}))
    if days := options.pop("days", None):
        options["day_order"] = days
    return Document(**{"language": table.removeprefix("tried_"), **options})


def judged(case: Case, table: str) -> str:
    """Return whether a case is right or unread, or what is wrong with it."""
    found = read_mentions(case["text"], document(case, table))
    outcomes = [
        compared(case["text"], wanted, found)
        for wanted in (case["mentions"], *case.get("accept", []))
    ]
    return next((good for good in (RIGHT, UNREAD) if good in outcomes), outcomes[0])


def compared(text: str, wanted: list[Case], found: list[Mention]) -> str:
    """Return how what was read compares with what should be: right, unread, or the first
    difference.
    """
    place, used, outcome = 0, set(), RIGHT
    for expected in wanted:
        start = text.index(expected["words"], place)
        if match := re.search(rf"(?<!\w){re.escape(expected['words'])}(?!\w)", text[place:]):
            start = place + match.start()
        place = start + len(expected["words"])
        here = [mention for mention in found if mention.start < place and mention.end > start]
        used |= {mention.start for mention in here}
        if any(mention.kind == UNREAD for mention in here):
            outcome = outcome if expected["kind"] == UNREAD else UNREAD
        elif wrong := difference(expected, here):
            return f"{expected['words']!r}: {wrong}"
    extra = [mention for mention in found if mention.start not in used and mention.kind != "label"]
    if not extra:
        return outcome
    return (
        UNREAD
        if all(mention.kind == UNREAD for mention in extra)
        else f"read and not there: {extra}"
    )


def difference(expected: Case, here: list[Mention]) -> str:
    """Return what is wrong with what was read at an expected mention; nothing where it is right."""
    if expected["kind"] == "label":
        labels = (
            {mention.label for mention in here}
            if all(mention.kind == "label" for mention in here)
            else set()
        )
        return "" if labels and expected.get("label") in {None, *labels} else f"no label: {here}"
    if len(here) != 1 or here[0].kind != expected["kind"]:
        return f"read as {here}"
    read, wanted = _keys(here[0]), _expected(expected)
    return "" if read == wanted else f"{read} is not {wanted}"


def _keys(mention: Mention) -> Case:
    if mention.kind == "period":
        return {"period": mention.period}
    numbers = {name: getattr(mention, name) for name in ("low", "high", "step")}
    return numbers | {
        "relators": set(mention.relators),
        "unit": mention.unit,
        "per": mention.per.split(" ")[0],
    }


def _expected(expected: Case) -> Case:
    if expected["kind"] == "period":
        return {"period": expected["period"]}
    numbers = {
        name: Decimal(expected[name]) if name in expected else None
        for name in ("low", "high", "step")
    }
    units = {"unit": expected.get("unit", ""), "per": expected.get("per", "").split(" ")[0]}
    return numbers | {"relators": set(expected.get("relators", []))} | units


@pytest.mark.parametrize("table", TABLES)
def test_every_sentence_is_read_right_or_asks_and_no_more_ask_than_do(table: str) -> None:
    outcomes = {case["text"]: judged(case, table) for case in cases(table)}
    wrong = [
        f"{text}\n    {outcome}"
        for text, outcome in outcomes.items()
        if outcome not in {RIGHT, UNREAD}
    ]
    assert not wrong, "\n" + "\n".join(wrong)
    asking = [text for text, outcome in outcomes.items() if outcome == UNREAD]
    assert len(asking) == ASKING[table], asking
