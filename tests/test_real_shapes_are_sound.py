"""The sentences that judge the reader are themselves well-formed: what this page holds is in
tests/real_shapes/README.md.
"""

import re
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "real_shapes"
LANGUAGES = sorted(
    file.stem for file in FOLDER.glob("*.toml") if not file.stem.startswith("tried_")
)
KINDS = {
    "digits",
    "magnitudes",
    "rounding",
    "number_words",
    "fractions",
    "multiples",
    "vague_plurals",
    "signs",
    "ranges",
    "hedges_before",
    "hedges_after",
    "hedge_verbs",
    "hedge_marks",
    "negated_hedges",
    "units",
    "currencies",
    "per",
    "days",
    "months",
    "quarters",
    "spans",
    "decades",
    "fiscal_years",
    "hedged_periods",
    "recurring",
    "labels",
    "idioms",
    "unread",
}
FEWEST_CASES = {"en": 240, "ru": 130, "kk": 110}
FEWEST_OF_A_KIND = {"en": 10, "ru": 3, "kk": 3}
OPTIONS = {"decimal", "group", "days", "country", "negative", "fiscal_year_starts"}
KEYS = {
    "quantity": {"low", "high", "step", "relators", "unit", "per"},
    "period": {"period"},
    "label": {"label"},
    "unread": set[str](),
}
RELATORS = {"gt", "ge", "lt", "le", "approx", "between"}
UNITS = {
    "percent",
    "percentage_points",
    "times",
    "ratio",
    "years",
    "months",
    "weeks",
    "days",
    "hours",
}
DAY = r"([12]\d{3}|XXXX|[12]\d[\dX]X)(-\d{2}(-\d{2})?)?~?"
PERIOD = re.compile(rf"{DAY}|({DAY}|\.\.)/({DAY}|\.\.)|\[\d{{4}},\d{{4}}\]")
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?")


def read_cases(language: str) -> list[dict[str, Any]]:
    """Return the cases of a language, each with its mentions first among the lists that are
    accepted.
    """
    cases: list[dict[str, Any]] = tomllib.loads(
        (FOLDER / f"{language}.toml").read_text(encoding="utf-8")
    )["case"]
    return [case | {"accepted": [case["mentions"], *case.get("accept", [])]} for case in cases]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_enough_sentences_and_none_stands_twice(language: str) -> None:
    cases = read_cases(language)
    kinds = Counter(case["kind"] for case in cases)
    assert len(cases) >= FEWEST_CASES[language]
    assert set(kinds) <= KINDS
    assert {kind for kind in kinds if kinds[kind] < FEWEST_OF_A_KIND[language]} == set()
    twice = Counter((case["text"], str(case.get("options"))) for case in cases)
    assert [text for text, count in twice.items() if count > 1] == []


def test_english_has_all_kinds() -> None:
    assert {case["kind"] for case in read_cases("en")} == KINDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_mentions_stand_in_order_and_leave_no_digit_out(language: str) -> None:
    for case in read_cases(language):
        assert set(case) <= {"kind", "text", "options", "mentions", "accept", "accepted"}
        assert set(case.get("options", {})) <= OPTIONS
        for mentions in case["accepted"]:
            rest, position = [], 0
            for mention in mentions:
                start = case["text"].find(mention["words"], position)
                assert start >= 0, f"{mention['words']} does not stand after what is before it"
                rest.append(case["text"][position:start])
                position = start + len(mention["words"])
            rest.append(case["text"][position:])
            assert not re.search(r"\d|[½¾¼⅓]", "".join(rest)), case["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mention_has_the_keys_of_its_kind(language: str) -> None:
    for case in read_cases(language):
        assert case["mentions"] not in case.get("accept", [])
        for mention in (mention for mentions in case["accepted"] for mention in mentions):
            assert set(mention) - {"words", "kind"} <= KEYS[mention["kind"]], case["text"]
            if mention["kind"] == "quantity":
                check_quantity(mention)
            if mention["kind"] == "period":
                assert PERIOD.fullmatch(mention["period"])


def check_quantity(mention: dict[str, Any]) -> None:
    """Hold a quantity to plain decimal text, known relators and units; a range is typed
    `between`.
    """
    numbers = [mention[key] for key in ("low", "high", "step") if key in mention]
    assert all(NUMBER.fullmatch(number) for number in numbers), numbers
    relators = mention.get("relators", [])
    assert set(relators) <= RELATORS
    assert relators == sorted(set(relators))
    unit = mention.get("unit", "percent")
    assert unit in UNITS or re.fullmatch("[A-Z]{3}", unit)
    if "high" not in mention:
        assert relators == ["ge"], "only a vague plural has no upper number"
    else:
        low, high = Decimal(mention["low"]), Decimal(mention["high"])
        assert (low < high) == ("between" in relators)
        assert low <= high
