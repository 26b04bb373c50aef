"""The file source.toml: what a source document is, who published it and when, and how many rows its files must have."""

from pandera.polars import Check, Column

from schemas import columns as c
from schemas.raw_files import ENTERED


def source_columns(republish: Column) -> dict[str, Column]:
    """Return the columns that describe a source; `republish` is typed as a word and published as a flag."""
    return {
        "title": c.text("Title", "Title of the document"),
        "publisher": c.agent("Publisher", "Who published it", nullable=False),
        "published": c.text("Published", "When it was published, in EDTF (ISO 8601-2)", unit="EDTF"),
        "published_quote": c.text("Published quote", "The words of the text that say when", nullable=True),
        "published_basis": c.text(
            "Published basis", "What the part of the date that is not in those words is inferred from", nullable=True
        ),
        "language": c.text(
            "Language",
            "Language of the text (BCP 47)",
            c.like(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "a language tag such as en"),
        ),
        "url": c.text("Address", "Where the document was read", web_address(), nullable=True),
        "archived_url": c.text("Archived address", "Where a copy is archived", web_address(), nullable=True),
        "retrieved": c.text(
            "Retrieved",
            "The day on which it was read there",
            c.like(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "a day such as 2026-11-24"),
            nullable=True,
        ),
        "rights": c.text("Rights", "Who may do what with the text"),
        "republish_text": republish,
        "derived_from": c.text("Derived from", "The source that it copies", nullable=True, references="sources.source_id"),
        "translation_of": c.text(
            "Translation of", "The source that it translates", nullable=True, references="sources.source_id"
        ),
        "sha256": c.text(
            "SHA-256",
            "Hash of text.txt, byte for byte",
            c.like(r"^[0-9a-f]{64}$", "64 hexadecimal digits"),
            unit="hexadecimal",
        ),
        "notes": c.text("Notes", "The curator's remarks on the document", nullable=True),
    }


def web_address() -> Check:
    """Return the check of an address: http and https only, so that no page links to a script."""
    return c.like(r"^https?://[^\s<>\"']+$", "an address that begins with http:// or https://")


_COUNT = c.like(r"^[0-9]+$", "a whole number")

SOURCE_TOML = c.schema(
    "source.toml",
    "Source",
    "What a source document is",
    ["source_id"],
    {
        **source_columns(
            c.text("Text may be republished", "Whether the release may carry the whole text", c.one_of("true", "false"))
        ),
        **{f"expected.{name}": c.text(f"Expected {name}", f"Rows that {name}.csv must have", _COUNT) for name in ENTERED},
        **c.line_columns(),
    },
)
