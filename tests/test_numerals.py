"""Every numeral of a text is found, with its value."""

import pytest

from pipeline.evidence.numerals import find_numerals
from tests.conftest import ROOT, SOURCE


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("more than 35,000 organisations", ["35000"]),
        ("35\u00a0000 or 35\u202f000", ["35000", "35000"]),
        ("35 thousand, 1.5 million", ["35000", "1500000"]),
        ("12,\n345 in all", ["12345"]),
        ("in 2003, 200 came", ["2003", "200"]),
        ("2006-2011", ["2006", "2011"]),
        ("16.0 percent and 16 percent", ["16.0", "16"]),
        ("Twenty such bodies, two hundred and five more", ["20", "205"]),
        ("one of the first", ["1", "1"]),
        ("the third sector, the Fifth Forum, the 5th", ["3", "5", "5"]),
        ("half a dozen, doubled", ["0.5", "12", "2"]),
        ("someone weighed the tone of what was often heard", []),
    ],
)
def test_numerals_are_read(text: str, values: list[str]) -> None:
    found = find_numerals(text, "en")
    assert [numeral.value for numeral in found] == values


def test_spans_lead_to_the_words() -> None:
    text = "é😀 Twenty of 1,000"
    assert [text[numeral.start : numeral.end] for numeral in find_numerals(text, "en")] == ["Twenty", "1,000"]


def test_the_article_has_thirty_seven_numerals() -> None:
    text = (ROOT / "raw" / SOURCE / "text.txt").read_text(encoding="utf-8")
    words = [text[numeral.start : numeral.end] for numeral in find_numerals(text, "en")]
    assert len(words) == 37
    assert [word for word in words if not word[0].isdigit()] == ["one", "first", "first", "third", "Fifth", "Twenty"]
