"""What is typed is shown as it stands: no mark turns the direction of writing, and none commands
Markdown.
"""

from pathlib import Path

import polars as pl
import pytest

from pipeline.check import check
from pipeline.defects import TURNS
from pipeline.read.raw_folder import RawFolder, read_releases
from pipeline.release.metadata.changes_prose import changes_prose, in_markdown
from pipeline.release.release import publish, with_history
from tests.conftest import SOURCE, Edit
from tests.own_sources import write_code_lists, write_source
from tests.read_page import TEXT, edition_of

TYPED = {
    "a title": (f"{SOURCE}/source.toml", 'title = "{}'),
    "a title in which it is spelled out": (f"{SOURCE}/source.toml", 'title = "{}'),
    "the title of a rule": ("rules.toml", 'title = "NGOs are one{} kind'),
    "a label": ("codelists/agents.csv", "kz_mfa,Ministry{} of"),
    "a reason": ("findings.csv", "The article{} counts"),
    "a quote": (f"{SOURCE}/events.csv", "independence,,independence{} in 1991"),
}


@pytest.mark.parametrize("what", TYPED)
def test_a_mark_that_turns_the_direction_of_writing_is_one_defect(
    what: str, raw: Path, edit: Edit
) -> None:
    file, words = TYPED[what]
    mark = r"\u202E" if "spelled out" in what else "\u202e"
    edit(file, words.format(""), words.format(mark))
    (defect,) = [one for one in check(raw).defects if one.file == file]
    assert defect.code == "control_character"
    assert "marks that turn the direction of writing; leave them out" in defect.expected
    assert defect.at("raw").isprintable()


def test_a_text_may_turn_the_direction_of_writing_and_nothing_that_people_read_of_it_does(
    tmp_path: Path,
) -> None:
    raw = tmp_path / "raw"
    write_code_lists(raw)
    text = "3 March 2020. \u202eFenland has 120 clubs\u202c in all."
    rows = ["clubs,clubs,FEN,,,120,,,Fenland has 120 clubs in all,,,,"]
    write_source(raw, "shire", text, {"observations": rows})
    (raw / "rules.toml").write_text("")
    (raw / "releases.csv").write_text("version,date,based_on,reason\n1.0.0,2026-11-24,,The first\n")
    checked, releases = check(raw), read_releases(RawFolder(raw)).rows
    assert checked.defects == []
    assert checked.tables["observations"]["quote"].to_list() == [
        "Fenland has 120 clubs\u202c in all"
    ]
    tables = with_history(checked.tables, tmp_path, releases)
    folder = publish(tables, RawFolder(raw).originals(), tmp_path, releases).folder
    for name in ("index.html", "sources/shire.html", "facts.csv", "README.md"):
        shown = (folder / name).read_text(encoding="utf-8")
        assert not set(TURNS) & {*shown}, name
    assert (folder / "sources" / "shire.txt").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a *b* _c_ `d` <e> | #f ~~g~~", r"a \*b\* \_c\_ \`d\` \<e\> \| \#f \~\~g\~\~"),
        ("![a](https://b.example)", r"\!\[a\](https://b.example)"),
        ("# a", r"\# a"),
        ("- a", r"\- a"),
        ("2011. a", r"2011\. a"),
        ("10) a", r"10\) a"),
        ("&lt;a&gt;", r"\&lt;a\&gt;"),
        ("a\n\n# b\u202ec", r"a \# b c"),
        (
            "the rule ngos_are_part (of 2011), a-b: 1.5",
            "the rule ngos_are_part (of 2011), a-b: 1.5",
        ),
    ],
)
def test_markdown_shows_a_text_as_it_is(text: str, shown: str) -> None:
    assert in_markdown(text) == shown


def test_the_history_shows_reasons_as_they_are(with_releases: dict[str, pl.DataFrame]) -> None:
    edition = edition_of(with_releases, {SOURCE: TEXT})
    history = edition.history.with_columns(reason=pl.lit("<script> [a](b) *c*"))
    object.__setattr__(edition, "history", history)
    assert r"\<script\> \[a\](b) \*c\*" in changes_prose(edition, {}).splitlines()
