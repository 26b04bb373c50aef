"""Each refusal of a row names what would be accepted: its own advice is taken word for word, and no
refusal is left.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.check import check
from pipeline.defects import Defect
from tests.club_slips import SLIPS, E, N, S
from tests.club_sources import SOUND, WORDS, Entered, rows_of
from tests.own_sources import CODE_LISTS, write_code_lists

MOST = 12
"""Offers of one refusal."""

_OTHER_COLUMN = re.compile(
    r"(?:^|[ :])(?P<cell>[\w-]+)(?:, [^:;]*)? in (?:the column "
    r")?(?P<column>fact_id|same_as|kind|speech)\b"
)
_OCCURRENCES = re.compile(r"in the column occurrence: (?P<first>\d+) to (?P<last>\d+)")
_QUOTED = re.compile(r"'([^']*)'")


def offers(refusal: Defect) -> Iterator[tuple[str, str]]:
    """Yield what the words of a refusal offer, (column, cell): from what they say last to what they
    say first.
    """
    for other in _OTHER_COLUMN.finditer(refusal.expected):
        yield other["column"], other["cell"]
    if found := _OCCURRENCES.search(refusal.expected):
        yield from (
            ("occurrence", str(number))
            for number in range(int(found["first"]), int(found["last"]) + 1)
        )
    for clause in reversed(refusal.expected.split("; ")):
        yield from ((refusal.column, offered) for offered in _offered(clause))


def _offered(clause: str) -> Iterator[str]:
    if re.match(r"nothing\b", clause) or "or nothing" in clause or "leave it empty" in clause:
        yield ""
    yield from _QUOTED.findall(clause)
    begun, _, ended = clause.rpartition(": ")
    listed = clause.removeprefix("one of ") if clause.startswith("one of ") else ""
    for words in (
        ended if begun else "",
        listed,
        clause.partition("such as ")[2],
        clause.partition("would be ")[2],
    ):
        if words:
            yield words
            yield from (word.strip('"') for word in re.split(r", | or ", words))
    yield from re.split(r" or |, ", clause.removeprefix("at most ").removeprefix("a day from "))[:2]
    yield clause.removeprefix("a day from ").split(" ")[0]


def mended(source: Entered, refusal: Defect, filled: Mapping[str, str]) -> list[Entered]:
    """Return the source with each offer of a refusal taken in turn."""
    if "paste a row" in refusal.expected:
        return [
            _with_pasted(source, line, filled)
            for line in refusal.expected.splitlines()
            if line.startswith("    ")
        ]
    file = Path(refusal.file).stem
    if file == "source":
        return [
            replace(source, keys={**source.keys, name: cell})
            for name, cell in dict.fromkeys(offers(refusal))
        ][:MOST]
    index = refusal.line - 2
    taken = [source.with_cell(file, index, *offer) for offer in dict.fromkeys(offers(refusal))][
        :MOST
    ]
    rows = source.rows[file]
    is_left_over = "remove the row" in refusal.expected
    return [
        *taken,
        *([source.withrows_of(file, [*rows[:index], *rows[index + 1 :]])] if is_left_over else []),
    ]


def _with_pasted(source: Entered, line: str, filled: Mapping[str, str]) -> Entered:
    file, _, row = line.strip().partition(".csv: ")
    for name, words in filled.items():
        row = row.replace(name, words)
    return source.withrows_of(file, [*source.rows[file], *rows_of(file, [row])])


def refusals(raw: Path, sources: Mapping[str, Entered]) -> dict[str, list[Defect]]:
    """Return the defects of each of some sources, which are checked together."""
    write_code_lists(raw)
    for name in CODE_LISTS:
        path = raw / "codelists" / f"{name}.csv"
        content = path.read_text(encoding="utf-8")
        for old, new in WORDS.items():
            content = content.replace(old, new)
        path.write_text(content, encoding="utf-8")
    for source_id, source in sources.items():
        source.write(raw, source_id)
    found: dict[str, list[Defect]] = {source_id: [] for source_id in sources}
    for defect in check(raw).defects:
        found[defect.file.partition("/")[0]].append(defect)
    return found


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Defect]]:
    """The defects of each slip."""
    sources = {f"slip-{number}": slip.source for number, slip in enumerate(SLIPS.values())}
    found = refusals(
        tmp_path_factory.mktemp("slips") / "raw",
        sources | {f"sound-{tag}": SOUND[tag] for tag in SOUND},
    )
    assert [found[f"sound-{tag}"] for tag in SOUND] == [[] for _ in SOUND]
    return {name: found[f"slip-{number}"] for number, name in enumerate(SLIPS)}


def the_refusal(name: str, refused: Mapping[str, list[Defect]]) -> Defect:
    slip = SLIPS[name]
    is_in_text = slip.column == ""
    fitting = [
        of
        for of in refused[name]
        if of.code == slip.code and (is_in_text or of.column == slip.column)
    ]
    assert fitting, "\n".join(defect.at("raw") for defect in refused[name]) or "nothing is refused"
    return fitting[0]


@pytest.fixture(scope="module")
def taken(
    refused: dict[str, list[Defect]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, list[Defect]]]:
    """What is refused of each slip after each of the offers is taken."""
    offered: dict[str, Entered] = {}
    for number, (name, slip) in enumerate(SLIPS.items()):
        for defect in refused[name]:
            if defect.code == slip.code and slip.column in ("", defect.column):
                sources = mended(slip.source, defect, slip.filled)
                offered |= {
                    f"slip-{number}-{place}": source for place, source in enumerate(sources)
                }
                break
    found = refusals(tmp_path_factory.mktemp("taken") / "raw", offered)
    return {
        name: {
            source_id: of
            for source_id, of in found.items()
            if source_id.startswith(f"slip-{number}-")
        }
        for number, name in enumerate(SLIPS)
    }


@pytest.mark.parametrize("name", SLIPS)
def test_what_a_refusal_offers_is_accepted(
    name: str, refused: dict[str, list[Defect]], taken: dict[str, dict[str, list[Defect]]]
) -> None:
    refusal = the_refusal(name, refused)
    left = [[defect.at("raw") for defect in defects] for defects in taken[name].values()]
    assert [] in left, f"{refusal.at('raw')}\nafter each offer:\n" + "\n".join(map(str, left))


TWICE = {
    "value and period": (N, "clubs", {"value": "1241", "period": "2018"}),
    "a value in words and a period in words": (
        N,
        "clubs",
        {"value": "twelve", "period": "in 2018"},
    ),
    "category and relator": (N, "chess", {"category": "rowing", "relator": "le"}),
    "an indicator that is none and value": (N, "clubs", {"indicator": "xyz", "value": "1241"}),
    "an area that is none and value": (N, "clubs", {"area": "??", "value": "1241"}),
    "relator and precision": (N, "clubs", {"relator": "more", "precision": "100"}),
    "a name that is none and period": (N, "clubs", {"fact_id": "Clubs 2019", "period": "2018"}),
    "a claim and an area": (N, "moor", {"attributed_to": "unio", "area": "FEN"}),
    "day and agent of an event": (E, "opened", {"period": "May-16", "who": "council"}),
    "what happened and where": (E, "opened", {"what": "opened a house", "where": "nowhere"}),
    "speaker and day of a statement": (S, "rowing-on", {"who": "nobody", "period": "20I9"}),
    "speech and place of a statement": (S, "rowing-on", {"speech": "indirect", "where": "MOOR"}),
}


def test_two_wrong_cells_of_a_row_are_told_at_once_and_nothing_else_is(tmp_path: Path) -> None:
    sources = {}
    for number, (file, name, wrong) in enumerate(TWICE.values()):
        source = SOUND["en"]
        index = [row["fact_id"] for row in source.rows[file]].index(name)
        for column, typed in wrong.items():
            source = source.with_cell(file, index, column, typed)
        sources[f"twice-{number}"] = source
    found = refusals(tmp_path / "raw", sources)
    told = {
        what: {defect.column for defect in found[f"twice-{number}"]}
        for number, what in enumerate(TWICE)
    }
    assert told == {what: set(wrong) for what, (_, _, wrong) in TWICE.items()}
