"""The source.toml of a new source, filled in as far as its text and its curator have said so far.

Belongs here: the lines of the file, and the comment at each key that a person has to complete. Does
not belong here: what a text shows of itself (first_look), or whether the keys are right (sources).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pipeline.defects import printable
from pipeline.evidence.edtf import UNDATED
from pipeline.evidence.language import known_languages
from pipeline.evidence.mentions import place_in
from pipeline.facts.first_look import Dateline, FirstLook
from pipeline.facts.proven_ways import Question
from schemas.raw_files import ENTERED
from schemas.source_toml import SOURCE_COLUMNS

FILL_IN = "fill in: "
FEW = 3
"""Words of a text that are shown where there are many."""


class Cell(NamedTuple):
    """What a key of source.toml says, the remark beside it, whether a person has to complete it,
    and whether the text says it.
    """

    value: str
    remark: str = ""
    is_open: bool = False
    is_from_text: bool = False


class Line(NamedTuple):
    """A line of source.toml, the key that it speaks of, what a person has to do there, if anything,
    and whether the text says it.
    """

    text: str
    key: str = ""
    to_do: str = ""
    is_from_text: bool = False


def fill_in(look: FirstLook, agents: Iterable[str], said: Mapping[str, str]) -> dict[str, Cell]:
    """Return the keys of SOURCE_COLUMNS; `agents` are the codes that the text names, `said` what
    the curator gave.
    """
    empty = dict.fromkeys(SOURCE_COLUMNS, Cell(""))
    given = {key: Cell(value) for key, value in said.items()}
    return {**empty, **_unknown(look, agents), **_shown(look), **given}


def _unknown(look: FirstLook, agents: Iterable[str]) -> dict[str, Cell]:
    """Return what is asked for where nothing says it."""
    named = ", ".join([*agents][:FEW])
    known = ", ".join(known_languages())
    perhaps = f"; perhaps {look.guess.tag}, since {look.guess.reason}" if look.guess else ""
    asked = {
        "title": "the title of the document",
        "publisher": "a code of codelists/agents.csv, if need be of a new row there"
        + (f"; the text names {named}" if named else ""),
        "published": f'a date in EDTF, such as "2011-12-23"{_seen(look.datelines)}',
        "published_quote": "the words of the text that say when; if it has none, what the date is "
        "inferred from, in published_basis",
        "language": f"one of {known}{perhaps}",
        "rights": 'who may do what with the text, such as "CC BY 4.0"',
    }
    may_stay = {
        "url": Cell("", "where it was read; may stay empty"),
        "retrieved": Cell("", "the day on which it was read there; may stay empty"),
        "republish_text": Cell("false", "true if a release may carry the whole text"),
    }
    return {key: Cell("", words, is_open=True) for key, words in asked.items()} | may_stay


def _seen(datelines: list[Dateline]) -> str:
    """Return the dates among which a person has to choose."""
    seen = ", ".join(f"{one.words!r} in line {one.line}" for one in datelines[:FEW])
    return f"; is it {seen}?" if seen else ""


def _shown(look: FirstLook) -> dict[str, Cell]:
    """Return what the text says itself."""
    cells = {}
    line, title = look.title
    if title:
        cells["title"] = Cell(title, f"line {line} of the text", is_from_text=True)
    if look.guess and look.guess.is_sure:
        reason = f"guessed: {look.guess.reason}"
        cells["language"] = Cell(look.guess.tag, reason, is_from_text=True)
    if dateline := look.published:
        words = f"line {dateline.line} of the text: is this when it was published?"
        cells["published_quote"] = Cell(dateline.words, words, is_from_text=True)
        if UNDATED in dateline.period:
            basis = "what the year is inferred from, naming it: it is not printed there"
            cells["published_basis"] = Cell("", basis, is_open=True)
        elif dateline.period:
            cells["published"] = Cell(dateline.period, is_from_text=True)
    return cells


def lines_of(text: str, look: FirstLook, cells: Mapping[str, Cell], digest: str) -> Iterator[Line]:
    """Yield the lines of source.toml, in the order of its keys; `digest` is the hash of the text's
    file.
    """
    for question in look.questions:
        yield from _asked(text, question)
    for key, cell in cells.items():
        value = digest if key == "sha256" else cell.value
        yield _line(key, value if key == "republish_text" else quoted(value), cell)
    yield Line("")
    yield Line("[expected]")
    for name in ENTERED:
        asked = Cell("", f"how many rows {name}.csv will have, counted on the page", is_open=True)
        yield _line(name, quoted(""), asked)._replace(key=f"expected.{name}")


def _line(key: str, value: str, cell: Cell) -> Line:
    remark = f"  # {FILL_IN if cell.is_open else ''}{printable(cell.remark)}" if cell.remark else ""
    to_do = cell.remark if cell.is_open else ""
    return Line(f"{key} = {value}{remark}", key, to_do, cell.is_from_text)


def quoted(value: str) -> str:
    """Return a text in quotation marks, as JSON and TOML have it."""
    return json.dumps(value, ensure_ascii=False)


def _asked(text: str, question: Question) -> Iterator[Line]:
    """Yield the line that answers what a text asks for, or those of which a person has to choose
    one.
    """
    words = said_at(text, question)
    if len(question.answers) == 1:
        (line,) = question.answers
        remark = f"only so all such words can be read: {words}"
        yield Line(f"{line}  # {remark}", question.key, is_from_text=True)
        return
    more = f" and {len(question.asking) - 1} more" if len(question.asking) > 1 else ""
    to_do = (
        f"one of the lines below without its #, or another; {words}{more} can be read in two ways"
        if question.answers
        else f"whatever reads {words}{more}; no one way of writing reads all of it"
    )
    yield Line(f"# {FILL_IN}{question.key}: {to_do}", question.key, to_do)
    for line, meaning in question.answers.items():
        yield Line(f"# {line}  # then it is {printable(meaning)}")


def said_at(text: str, question: Question) -> str:
    """Return the first words that ask for a key, with their line."""
    start, end = question.asking[0][:2]
    words = printable(" ".join(text[start:end].split()))
    return f"{words!r} (line {place_in(text, start)[0]})"
