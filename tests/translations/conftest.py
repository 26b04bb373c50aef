"""A text, and its translation that a test changes."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipeline.check import Checked, check
from schemas.rules import TRANSLATIONS_AGREE
from tests.own_sources import write_code_lists, write_source

PAIR = "gazette/chess bulletin/of-chess"
ORIGINAL = (
    "3 March 2020\n\nThe shire has more than 400 clubs. In 2019 there were 150 clubs for chess "
    "in Fenland. "
    "Rowing in Fenland has 61.5 percent of members. "
    "In 2018 the council opened a boathouse in Moorland. In 2017 the union met.\n"
)
TRANSLATED = (
    "5 March 2020\n\nMore than 400 clubs exist in Fenland. Chess in the shire counted 150 clubs "
    "in 2019. "
    "61.5 percent of members chose rowing in the shire. "
    "A boathouse in Moorland: the council built it in 2018. The union assembled in 2017.\n"
)
NUMBERS = {
    "all": "clubs,FEN,,,400,gt,,The shire has more than 400 clubs,,,,",
    "chess": "clubs,FEN,chess,2019,150,,,In 2019 there were 150 clubs for chess in Fenland,,,,",
    "rowing": "member_share,FEN,rowing,,61.5,,,Rowing in Fenland has 61.5 percent of members,,,,",
}
EVENTS = {
    "boathouse": (
        "2018,council,opened a boathouse,MOOR,In 2018 the council opened a boathouse in Moorland,,,"
    ),
    "meeting": "2017,union,the union met,,In 2017 the union met,,,",
}
NUMBERS_AGAIN = {
    "every-club": "clubs,FEN,,,400,gt,,More than 400 clubs exist in Fenland,,,,",
    "of-chess": "clubs,FEN,chess,2019,150,,,Chess in the shire counted 150 clubs in 2019,,,,",
    "of-rowing": (
        "member_share,FEN,rowing,,61.5,,,61.5 percent of members chose rowing in the shire,,,,"
    ),
}
EVENTS_AGAIN = {
    "built": (
        "2018,council,A boathouse,MOOR,A boathouse in Moorland: the council built it in 2018,,,"
    ),
    "assembly": "2017,union,The union assembled,,The union assembled in 2017,,,",
}

Rows = dict[str, str]


def rows_of(numbers: Rows, events: Rows) -> dict[str, list[str]]:
    """Rows of the CSV files, from what follows each name."""
    files = {"observations": numbers, "events": events}
    return {file: [f"{name},{row}" for name, row in rows.items()] for file, rows in files.items()}


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A folder with the original alone."""
    raw = tmp_path / "raw"
    write_code_lists(raw)
    write_source(raw, "gazette", ORIGINAL, rows_of(NUMBERS, EVENTS))
    return raw


@pytest.fixture
def translate(raw: Path) -> Callable[..., Checked]:
    """Add the translation, some of its words replaced in its text and in its rows, and check
    both.
    """

    def translate(
        *changes: tuple[str, str], rows: dict[str, list[str]] | None = None, **more: str
    ) -> Checked:
        text, typed = TRANSLATED, rows or rows_of(NUMBERS_AGAIN, EVENTS_AGAIN)
        for old, new in changes:
            assert old in text or any(old in row for lines in typed.values() for row in lines)
            text = text.replace(old, new)
            typed = {
                file: [row.replace(old, new) for row in lines] for file, lines in typed.items()
            }
        toml = {
            "published": "2020-03-05",
            "published_quote": "5 March 2020",
            "translation_of": "gazette",
            **more,
        }
        write_source(raw, "bulletin", text, typed, **toml)
        checked = check(raw)
        assert [defect.at("raw") for defect in checked.defects] == []
        return checked

    return translate


def compared(checked: Checked) -> pl.DataFrame:
    return checked.tables["check_results"].filter(rule_id=TRANSLATIONS_AGREE)


def findings(checked: Checked) -> list[tuple[str, str]]:
    """What is found of the translation: the type and the facts' names, without those that agree."""
    table = checked.tables["findings"].filter(rule_id=TRANSLATIONS_AGREE)
    return sorted(table.select("type", "group_id").rows())
