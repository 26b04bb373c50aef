"""A corpus as a folder raw/: sources, code lists and rules, and what in it is wrong, where.

Belongs here: which source says what, and how much. Does not belong here: any sentence, or how
anything is false.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from itertools import product
from pathlib import Path

from schemas.code_lists import CODE_LISTS
from tests.benchmarks.corpus import speech
from tests.benchmarks.corpus.author import Author, Contradiction
from tests.benchmarks.corpus.classifications import Classifications, Country, Theme, classifications
from tests.benchmarks.corpus.contradictions import FLOWS, PARAGRAPHS, WITHIN, Plan, plan, spread
from tests.benchmarks.corpus.document import Document, toml_of, typed_columns, write_csv
from tests.benchmarks.corpus.rules import general_rules
from tests.benchmarks.corpus.slip_kinds import KINDS
from tests.benchmarks.corpus.slips import Slip, Spoiler
from tests.benchmarks.corpus.spoil import spoil, spoil_lists
from tests.benchmarks.corpus.world import World

FIRST_DAY = date(2000, 1, 10)
DAYS = 8400
"""The time in which sources are published: 23 years."""

OWN_RULES = 10
"""One of so many sources has rules of its own, besides those whose rules are broken."""

COPIES = 40
"""One of so many sources is derived from the one before."""


@dataclass(frozen=True)
class Size:
    """How large a corpus is, and how much of it is wrong: shares of the facts."""

    facts: int
    sources: int
    seed: int = 1
    contradictions: float = 0.001
    slips: float = 0.0


@dataclass
class Corpus:
    """What was written: the findings and the defects that the checks must report, and no others."""

    size: Size
    contradictions: list[Contradiction] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)

    def as_json(self) -> str:
        """Return what is planted, as JSON."""
        planted = [one._asdict() for one in self.contradictions]
        return json.dumps(
            {
                **asdict(self.size),
                "planted": planted,
                "defects": [one._asdict() for one in self.slips],
            },
            indent=1,
        )


def write_corpus(raw: Path, size: Size) -> Corpus:
    """Write a corpus into the new folder `raw`; raises ValueError where it cannot hold so many
    facts or errors.
    """
    lists, world, corpus = classifications(size.facts), World(size.seed), Corpus(size)
    source_ids = [_source_id(number, size, lists) for number in range(size.sources)]
    errors = round(size.facts * size.contradictions)
    planned = plan(max(errors, 1), source_ids, lists, world) if size.contradictions else Plan()
    slips: dict[int, list[str]] = {}
    if size.slips:
        for number, source in enumerate(
            spread(max(round(size.facts * size.slips), 1), size.sources)
        ):
            slips.setdefault(source, []).append(KINDS[number % len(KINDS)])
    raw.mkdir(parents=True)
    used: set[tuple[str, Theme]] = set()
    for number, source_id in enumerate(source_ids):
        author = _write_source(number, source_ids, size, lists, world, planned)
        spoiler = Spoiler(author.document, author.draw)
        corpus.slips += spoil(spoiler, slips.get(number, []))
        author.document.write(raw / source_id, toml_of(spoiler.toml()))
        corpus.contradictions += author.planted
        used |= author.used
    corpus.contradictions += planned.between
    _write_lists(raw, lists, general_rules(used))
    if size.slips:
        corpus.slips += spoil_lists(raw)
    return corpus


def _write_lists(raw: Path, lists: Classifications, rules: str) -> None:
    (raw / "codelists").mkdir()
    for name, rows in lists.rows().items():
        columns = typed_columns(CODE_LISTS[name])
        write_csv(
            raw / "codelists" / f"{name}.csv",
            columns,
            ([row.get(column, "") for column in columns] for row in rows),
        )
    (raw / "rules.toml").write_bytes(rules.encode())


def _published(number: int, size: Size, lists: Classifications) -> tuple[Country, date]:
    """Return where and when a source is published: no two of a country on one day."""
    countries = len(lists.countries)
    step = max(1, DAYS // -(-size.sources // countries))
    return lists.countries[number % countries], FIRST_DAY + timedelta(
        days=number // countries * step
    )


def _source_id(number: int, size: Size, lists: Classifications) -> str:
    country, day = _published(number, size, lists)
    return f"{country.name.lower()}-{day.isoformat()}"


def _write_source(  # noqa: PLR0913, PLR0917 (what a source depends on)
    number: int,
    source_ids: list[str],
    size: Size,
    lists: Classifications,
    world: World,
    planned: Plan,
) -> Author:
    """Return the author of a source that is written whole."""
    country, day = _published(number, size, lists)
    draw = world.draw("source", number)
    document = Document(
        source_ids[number],
        country,
        day,
        source_ids[number - 1] if number % COPIES == COPIES - 1 else "",
    )
    author = Author(
        document, world, draw, lists, day.year - draw.randrange(2, 6), number % OWN_RULES == 0
    )
    target = size.facts // size.sources + (number < size.facts % size.sources)
    document.begin()
    for said in planned.said.get(number, []):
        said.write(author)
    for kind in planned.within.get(number, []):
        _plant(author, kind)
    if author.has_own_rules:
        for name in ("reform", "steps"):
            _write(author, name, lists.themes[number % len(lists.themes)], "")
    if document.size > target:
        raise ValueError(f"{document.source_id} cannot hold its errors in {target} facts")
    for name, theme in _turns(number, lists):
        if (name, theme.plural) not in author.closed and document.size + _most(
            name, lists
        ) <= target:
            _write(author, name, theme, "")
    _fill(author, target)
    document.settle_occurrences()
    return author


def _turns(number: int, lists: Classifications) -> Iterator[tuple[str, Theme]]:
    """Yield each paragraph with each theme, each source beginning with others."""
    names, themes = list(PARAGRAPHS), lists.themes
    for turn in range(len(names) * len(themes)):
        round_, place = divmod(turn, len(names))
        yield (
            names[(place + number * 7) % len(names)],
            themes[(place + round_ + number) % len(themes)],
        )


def _plant(author: Author, kind: str) -> None:
    """Write a paragraph that is false, of a theme of which there is no such paragraph yet."""
    name = WITHIN[kind]
    free = [theme for theme in author.lists.themes if (name, theme.plural) not in author.closed]
    if name in FLOWS:
        free = [theme for theme in free if not author.has_total(theme)]
    if not free:
        raise ValueError(f"{author.document.source_id} has no theme left for {kind}")
    theme = author.draw.choice(free)
    if name in FLOWS:
        author.closed |= {
            (flow, theme.plural) for flow in FLOWS
        }  # both would be contradicted by the total
    _write(author, name, theme, kind)


def _write(author: Author, name: str, theme: Theme, wrong: str) -> None:
    author.closed.add((name, theme.plural))
    PARAGRAPHS[name](author, theme, wrong)


def _most(name: str, lists: Classifications) -> int:
    """Return the most facts that a paragraph can have."""
    if name == "kinds":
        return 1 + len(lists.themes[0].kinds) + len(lists.themes[0].forms)
    if name == "workers":
        return 1 + len(lists.countries[0].regions)
    if name == "owners":
        return len(lists.trees["owners"])
    most = {"regions": 8, "services": 8, "projects": 5, "grants": 9, "history": 4, "statements": 4}
    return most.get(name, 3)


def _fill(author: Author, target: int) -> None:
    """Say what was spent in earlier years until there are so many facts."""
    themes, places = author.lists.themes, range(len(author.country.regions))
    years = range(author.document.published.year - 1, 1989, -1)
    every = product(years, places, themes)
    for _ in range(target - author.document.size):
        try:
            year, place, theme = next(every)
        except StopIteration:
            raise ValueError(
                f"{author.document.source_id} cannot hold {target} facts; more sources can"
            ) from None
        speech.spend(author, theme, place, year)
    author.document.say("\n")
