"""How a text is read, number by number: what `facts read` shows before anything is entered.

Belongs here: from a file to its mentions, as text and as JSON. Does not belong here: the grammar
(pipeline.evidence), or whether typed facts agree with the words.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.defects import printable
from pipeline.evidence.language import countries, known_languages
from pipeline.evidence.mentions import as_json, document_of, place_in
from pipeline.evidence.phrases import PhraseTables
from pipeline.evidence.reader import read_mentions
from pipeline.evidence.scan import Document, Mention
from pipeline.read.plain_file import MEGABYTE, MOST_MEGABYTES, text_in
from pipeline.unusable import Unusable

_MONTH_AND_DAY = re.compile(r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
STANDARD_INPUT = "-"
HEADINGS = ("place", "kind", "words", "read as")


def text_of(file: str) -> str:
    """Return the text of a file, or of standard input (-), in normal form C; raises Unusable where
    there is none.
    """
    if file == STANDARD_INPUT and sys.stdin is None:
        raise Unusable(f"{file}: expected a text on standard input, which is closed")
    most = MOST_MEGABYTES[".txt"] * MEGABYTE
    try:
        with Path(file).open("rb") if file != STANDARD_INPUT else sys.stdin.buffer as opened:
            data = opened.read(most + 1)
    except OSError as error:
        raise Unusable(
            f"{file}: expected a text file that can be read ({error.strerror})"
        ) from error
    if len(data) > most:
        raise Unusable(f"{file}: expected a text of at most {most:,} bytes; this one has more")
    text, defects = text_in(data, file)
    for one in defects:
        raise Unusable(f"{file}:{one.line}: expected {one.expected}")
    return text or ""


def document_for(file: str, said: Mapping[str, str | None]) -> Document:
    """Return how a text is read: as is said, else as source.toml says, where the file is the
    text.txt of a source, else as its language has it.

    `said` are the fields of a Document, None where nothing is said.
    """
    given = {key: value for key, value in said.items() if value is not None}
    path = Path(file).resolve()
    if path.name != "text.txt" or not path.with_name("source.toml").is_file():
        return Document(**given)
    from pipeline.read.raw_folder import RawFolder  # noqa: PLC0415 (it takes 0.2 s)
    from pipeline.read.source_toml import read_sources  # noqa: PLC0415 (likewise)
    from schemas.source_toml import PUBLISHED_AS  # noqa: PLC0415 (likewise)

    sources = read_sources(RawFolder(path.parents[1], path.parent.name)).rows.rename(PUBLISHED_AS)
    for row in sources.drop_nulls("language").iter_rows(named=True):
        return replace(document_of(row), **given)
    return Document(**given)


def names_of(raw: Path) -> PhraseTables:
    """Return the labels and aliases of the code lists of raw/, by list; none where there are
    none.
    """
    import polars as pl  # noqa: PLC0415 (it takes 0.2 s)

    from pipeline.evidence.texts import Texts  # noqa: PLC0415 (likewise)

    # likewise
    from pipeline.read.raw_folder import CODE_LIST_FOLDER, RawFolder, read_code_list  # noqa: PLC0415
    from schemas.code_lists import CODE_LISTS  # noqa: PLC0415 (likewise)

    if not (raw / CODE_LIST_FOLDER).is_dir():
        return PhraseTables([])
    return Texts(
        pl.DataFrame(), {name: read_code_list(RawFolder(raw), name).rows for name in CODE_LISTS}
    ).sought


def mentions_of_file(text: str, document: Document, raw: Path) -> list[Mention]:
    """Return the mentions of a text; raises Unusable where an option says nothing."""
    if document.language.split("-")[0] not in known_languages():
        raise Unusable(
            f"--language {document.language}: expected one of {', '.join(known_languages())}"
        )
    if document.country is not None and document.country not in countries():
        raise Unusable(f"--country {document.country}: expected a code of ISO 3166-1 such as KZ")
    if document.fiscal_year_starts and not _MONTH_AND_DAY.fullmatch(document.fiscal_year_starts):
        raise Unusable(
            f"--fiscal-year-starts {document.fiscal_year_starts}: expected month and day such "
            "as 04-01"
        )
    if document.decimal and document.decimal == document.group:
        raise Unusable(f"--group {document.group}: expected another mark than --decimal has")
    return read_mentions(text, document, names_of(raw))


def as_rows(text: str, mentions: list[Mention]) -> Iterator[str]:
    """Yield the mentions as the lines of a table: line and column, kind, words, and what they are
    read as.
    """
    rows = [HEADINGS, *(_row(text, mention) for mention in mentions)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield from ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _row(text: str, mention: Mention) -> tuple[str, str, str, str]:
    found = as_json(mention, text)
    line, column = place_in(text, mention.start)
    words = printable(" ".join(found["words"].split()))
    return f"{line}:{column}", mention.kind, words, meaning(mention)


def meaning(mention: Mention) -> str:
    """Return what a mention is read as, in a few words: gt 35000 NGOs is "gt 35000"."""
    if mention.kind != "quantity":
        return mention.period or mention.label or mention.why
    high = (
        "" if mention.high == mention.low else "/" if mention.high is None else f"/{mention.high:f}"
    )
    parts = [
        " or ".join(mention.relators),
        f"{mention.low:f}{high}",
        mention.unit,
        f"per {mention.per}" if mention.per else "",
    ]
    step = f"(to {mention.step:f})" if mention.step is not None and mention.step != 1 else ""
    return " ".join(part for part in (*parts, step) if part)


def keys_to_set(mentions: list[Mention]) -> list[str]:
    """Return the keys of source.toml that would settle what is unread, each once."""
    return list(dict.fromkeys(mention.key for mention in mentions if mention.key))
