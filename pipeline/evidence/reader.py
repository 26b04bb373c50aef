"""Read a text into its mentions: every number, period and label, and what looks like a number and
cannot be read whole.

Belongs here: which reading of a place wins (the longest), and that a character lies in at most one
mention. Does not belong here: the grammar of each kind (quantities, periods, labels), or which fact
a mention belongs to.
"""

from collections.abc import Iterator

from pipeline.evidence.candidates import may_begin, stretches
from pipeline.evidence.carried import keep, pass_over
from pipeline.evidence.fractions import number_at
from pipeline.evidence.labels import label_at, ratio_at
from pipeline.evidence.periods import period_at
from pipeline.evidence.phrases import PhraseTables
from pipeline.evidence.quantities import quantity_at
from pipeline.evidence.scan import Document, Mention, Scan

NO_NAMES: PhraseTables = PhraseTables([])


def read_mentions(text: str, document: Document, names: PhraseTables = NO_NAMES) -> list[Mention]:
    """Return the mentions of a text in their order; `names` are the labels and aliases of the code
    lists, by list.
    """
    return next(read_texts([text], [document], names))


def read_texts(
    texts: list[str], documents: list[Document], names: PhraseTables = NO_NAMES
) -> Iterator[list[Mention]]:
    """Yield the mentions of each text in their order; the texts are of one language."""
    found = stretches(texts, documents[0].language) if documents else ()
    for text, document, spans in zip(texts, documents, found, strict=False):
        yield [mention for span in spans for mention in _read(Scan(text, span, document, names))]


def _read(scan: Scan) -> Iterator[Mention]:
    """Yield the mentions of a stretch of text in their order."""
    index = 0
    while index < len(scan.tokens):
        found = _longest(scan, index)
        if found is None:
            pass_over(scan, index)
            index += 1
            continue
        following = scan.token_after(found.end, index)
        if found.kind == "label" and scan.after(
            index, "per_before"
        ):  # тоқсан сайын 120: it goes before a number
            pass_over(scan, index)
            index = following
            continue
        scan.is_list = scan.before(index, "plural_labels") is not None or (
            scan.is_list and scan.at(index - 1) == ","
        )
        scan.goes_on_label = found.label if found.label in scan.language.tables["labels"] else ""
        scan.least = index = following
        keep(scan, found)
        yield found


def _longest(scan: Scan, index: int) -> Mention | None:
    """Return the longest mention at a token: on a tie a name or idiom, then a period, a label, a
    ratio, a quantity.
    """
    if not may_begin(scan, index):
        return _named(scan, index)
    found = [read for reading in _READINGS if (read := reading(scan, index)) is not None]
    return max(found, key=lambda mention: mention.end, default=None)


def _named(scan: Scan, index: int) -> Mention | None:
    """Return a name of the code lists, or an idiom, that holds a numeral: it counts nothing."""
    names = scan.names.get(index)
    name = max(names.values(), key=lambda found: found.length) if names else None
    for label, match in (("name", name), ("idiom", scan.after(index, "idioms"))):
        places = range(index, index + match.length) if match else ()
        if match and any(scan.is_numeral(place) or number_at(scan, place) for place in places):
            return scan.mention(index, index + match.length, "label", label=label)
    return None


_READINGS = (_named, period_at, label_at, ratio_at, quantity_at)
