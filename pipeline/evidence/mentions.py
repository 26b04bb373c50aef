"""The mentions of all texts as a table, for facts to be joined to.

Belongs here: from texts to rows. Does not belong here: the grammar (reader), or what a mention is
the value of (roles).
"""

from collections.abc import Iterator
from typing import Any

import polars as pl

from pipeline.evidence.phrases import PhraseTables
from pipeline.evidence.reader import NO_NAMES, read_texts
from pipeline.evidence.scan import Document, Mention
from schemas.columns import AMOUNT

DOCUMENT = {
    "decimal_mark": "decimal",
    "group_mark": "group",
    "negative_numbers": "negative",
    "day_order": "day_order",
    "country": "country",
    "fiscal_year_starts": "fiscal_year_starts",
}
"""The columns of sources that say how a text is read, and what each is called in a Document."""

_TEXT = ("low", "high", "step", "relators", "unit", "per", "period", "label", "why", "key")
_PLACE = ("number_start", "number_end")
SHAPE: dict[str, Any] = {
    "source_id": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "words": pl.String,
    "kind": pl.String,
    **dict.fromkeys(_TEXT, pl.String),
    **dict.fromkeys(_PLACE, pl.Int64),
    "number_words": pl.String,
}


def document_of(row: dict[str, Any]) -> Document:
    """Return how a text is read: `row` has its language and, where source.toml says more, the
    columns of DOCUMENT.
    """
    said = {name: row.get(column) for column, name in DOCUMENT.items()}
    return Document(
        row["language"], **{name: value for name, value in said.items() if value is not None}
    )


def mentions_of(texts: pl.DataFrame, names: PhraseTables = NO_NAMES) -> pl.DataFrame:
    """Return the mentions of all texts, text by text, with the columns of SHAPE.

    `texts` has source_id, text, language, and may have the columns of DOCUMENT. Numbers are decimal
    text, without a value where a kind has none; relators are joined by a space; a key without a
    value is empty.
    """
    return pl.DataFrame(_rows(texts, names), SHAPE, orient="row")


def _rows(texts: pl.DataFrame, names: PhraseTables) -> Iterator[tuple[Any, ...]]:
    for spoken in texts.partition_by("language", maintain_order=True):
        documents = [document_of(row) for row in spoken.drop("text").iter_rows(named=True)]
        read = read_texts(spoken["text"].to_list(), documents, names)
        for (source_id, text), mentions in zip(
            spoken.select("source_id", "text").iter_rows(), read, strict=True
        ):
            for mention in mentions:
                number = mention.number or (mention.start, mention.end)
                span = (mention.start, mention.end, text[mention.start : mention.end])
                yield (
                    source_id,
                    *span,
                    mention.kind,
                    *_cells(mention),
                    *number,
                    text[number[0] : number[1]],
                )


def _cells(mention: Mention) -> Iterator[str | None]:
    yield from _numbers(mention).values()
    yield " ".join(mention.relators)
    yield from (mention.unit, mention.per, mention.period, mention.label, mention.why, mention.key)


def _numbers(mention: Mention) -> dict[str, str | None]:
    return {
        name: None if (value := getattr(mention, name)) is None else f"{value:f}"
        for name in ("low", "high", "step")
    }


def as_published(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return mentions with the names and types of the published table; what a kind has not is
    null.
    """
    return mentions.rename({"start": "start_offset", "end": "end_offset"}).with_columns(
        *(pl.col(name).cast(AMOUNT, strict=False) for name in ("low", "high", "step")),
        *(
            pl.when(pl.col(name) != "").then(name)
            for name in ("relators", "unit", "per", "period", "label")
        ),
    )


def place_in(text: str, start: int) -> tuple[int, int]:
    """Return the line and the column of a place of a text, both from 1."""
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def as_json(mention: Mention, text: str) -> dict[str, Any]:
    """Return a mention as `facts read --format json` gives it: its span, its words, its kind and
    the keys of its kind.
    """
    common = {
        "start": mention.start,
        "end": mention.end,
        "words": text[mention.start : mention.end],
        "kind": mention.kind,
    }
    if mention.kind == "quantity":
        said = {
            "relators": list(mention.relators),
            "unit": mention.unit or None,
            "per": mention.per or None,
        }
        return common | _numbers(mention) | said
    key = {"period": "period", "label": "label", "unread": "why"}[mention.kind]
    return common | {key: getattr(mention, key)}
