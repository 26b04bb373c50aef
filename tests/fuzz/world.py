"""A small raw/ folder of clubs that has one of each file, as no stranger has touched it yet."""

from pathlib import Path

from tests.club_sources import SOUND, WORDS
from tests.own_sources import write_code_lists

RULES = """\
[[rule]]
id = "members_are_counted_once"
kind = "same_quantity"
title = "Two numbers of the members of one place in one year are both true"
severity = "warning"
quantity = { indicator = "members" }

[[rule]]
id = "kinds_of_clubs_are_clubs"
kind = "parts_of"
title = "Clubs that play chess or row are clubs"
severity = "error"
whole = { indicator = "clubs" }
parts = { indicator = "clubs", over = "category", codes = ["chess", "rowing"] }
remainder = "flag"

[[rule]]
id = "nothing_begins_after_publication"
kind = "order"
title = "A source can only report what has begun by then"
severity = "error"
each = ["start", "published"]
"""
OWN_RULES = """\
[[rule]]
id = "the_house_came_after_the_clubs_closed"
kind = "order"
title = "The boat house was opened after clubs had closed"
severity = "error"
sequence = ["closed", "opened"]

[weights]
counted = 3
"""
READINGS = "counted,area,MOOR,FEN,The words before are about Fenland\n"
FINDINGS = (
    "rule_id,group_id,type,lower,upper,reason\n"
    "members_are_counted_once,club-en/counted club-en/moor,contradiction,-233,-233,"
    "The text counts those who left and those who stayed\n"
)
RELEASES = "version,date,based_on,reason\n1.0.0,2026-11-24,,The first sources about clubs\n"
PUBLICATION = """\
title = "Facts about clubs"
description = "What the shire says of its clubs"
licence = "CC-BY-4.0"
contact = ""
homepage = "https://clubs.example"
"""


def write_lists(raw: Path) -> Path:
    """Write the code lists, with the words of three languages; return the folder."""
    write_code_lists(raw)
    for path in (raw / "codelists").glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        for words, more in WORDS.items():
            text = text.replace(words, more)
        path.write_text(text, encoding="utf-8")
    return raw


def write_world(raw: Path) -> Path:
    """Write a whole raw/ with one source, club-en, and the files beside it; return the folder."""
    write_lists(raw)
    SOUND["en"].write(raw, "club-en")
    with (raw / "club-en" / "readings.csv").open("a", encoding="utf-8") as readings:
        readings.write(READINGS)
    for name, content in {
        "rules.toml": RULES,
        "club-en/rules.toml": OWN_RULES,
        "findings.csv": FINDINGS,
        "releases.csv": RELEASES,
        "publication.toml": PUBLICATION,
    }.items():
        (raw / name).write_text(content, encoding="utf-8")
    return raw
