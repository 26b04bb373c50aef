"""Ages and counts in words, and where the page's links lead: in English, whatever the
machine's language.

Belongs here: what several parts of the page say alike. Does not belong here: markup, or anything of
a single section.
"""

import re
from datetime import date
from typing import Any
from urllib.parse import quote

Rows = list[dict[str, Any]]
"""Rows as a template takes them, each with its cells by name."""

MOST_WORDS = 500
"""Characters of a fact's words that are put into an address: longer ones are cut off on the way."""


def age(published: date, released: date) -> str:
    """Return how old a document was when the release was made, in years that have been
    completed.
    """
    years = (
        released.year
        - published.year
        - ((released.month, released.day) < (published.month, published.day))
    )
    return (
        f"{counted(years, 'year')} before this release"
        if years > 0
        else "less than a year before this release"
    )


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: 1 document, 1,200 documents."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def sentence(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def listed(parts: list[str]) -> str:
    """Return parts joined as a sentence lists them."""
    return (
        parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
    )


def local(fact_id: str) -> str:
    """Return a fact's name within its source."""
    return fact_id.partition("/")[2] or fact_id


def words_link(fact_id: str) -> str:
    """Return where index.html shows the words of a fact: its source page, at the marked passage."""
    source_id, _, name = fact_id.partition("/")
    return f"sources/{quote(source_id)}.html#{quote(name)}"


def fact_anchor(fact_id: str) -> str:
    """Return the id of a fact's row in index.html."""
    return f"fact-{fact_id}"


def report(address: str, version: str, fact_id: str = "", words: str = "") -> str:
    """Return where an error is reported, with the version, the fact and the beginning of its words
    filled in.
    """
    given = {"version": version, "fact": fact_id, "words": words[:MOST_WORDS]}
    return re.sub(
        r"\{(fact|version|words)\}", lambda found: quote(given[found[1]], safe=""), address
    )


def web(address: str | None) -> str | None:
    """Return an address that may be linked: http and https only, so that no page links to a
    script.
    """
    return address if address and re.match(r"^https?://[^\s<>\"']+$", address) else None
