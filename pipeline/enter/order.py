"""Where in its file a new row goes.

Belongs here: the order that a typist would keep. Does not belong here: the files themselves
(edits).
"""

import unicodedata
from collections.abc import Callable
from functools import cache

from pipeline.enter.csv_lines import Lines, cells_of
from pipeline.evidence.anchor import alike_places_of
from pipeline.evidence.searchable import searchable

Span = tuple[int, int]
"""Where some words begin and end in a text."""

FindWords = Callable[[str, str], Span | None]
"""Where the words of a row stand, by its quote and its occurrence; None where they stand
nowhere.
"""


def words_of(text: str) -> FindWords:
    """Return what finds the words of rows in the text of their source, and remembers them.

    The spans are those of the text as it is searched (evidence.searchable). Words that stand more
    than once without an occurrence are where they stand first.
    """
    searched = searchable(unicodedata.normalize("NFC", text)).text

    @cache
    def find(quote: str, occurrence: str) -> Span | None:
        sought = searchable(unicodedata.normalize("NFC", quote)).text.strip()
        places = alike_places_of(sought, searched) if sought else []
        which = int(occurrence) if occurrence.isdecimal() else 1
        if not 1 <= which <= len(places):
            return None
        return places[which - 1], places[which - 1] + len(sought)

    return find


def place_for(lines: Lines, line: str, find: FindWords | None) -> int:
    """Return the index that a new row gets: where its words stand in the text, after the last row
    of the same tree, or at the end.
    """
    rows = {
        index: dict(zip(lines.header, cells, strict=False)) for index, cells in lines.rows().items()
    }
    own = dict(zip(lines.header, cells_of(line), strict=True))
    end = max(rows, default=lines.first) + 1
    if "quote" in own and find is not None and (span := _span(own, find)):
        spans = {index: _span(row, find) for index, row in rows.items()}
        return _by_words(lines.first, spans, span)
    if "tree" in own:
        alike = [index for index, row in rows.items() if row.get("tree") == own["tree"]]
        return max(alike, default=end - 1) + 1
    return end


def _span(row: dict[str, str], find: FindWords) -> Span | None:
    return find(row.get("quote", ""), row.get("occurrence", ""))


def _by_words(first: int, spans: dict[int, Span | None], own: Span) -> int:
    """Return the index of a row where fewest rows are on the wrong side of it: none, in a file in
    the order of its text. Rows whose words were not found are on no side.
    """
    best, fewest, wrong = first + 1, 0, 0  # on the wrong side, more or fewer than at the top
    for index, span in spans.items():
        if span is not None:
            wrong += 1 if span > own else -1
        if wrong < fewest:
            best, fewest = index + 1, wrong
    return best
