"""What the page says first: of which places and years its data are, whose claims they are, and what
was checked and what was not.

Every number is counted from the tables. Belongs here: title and first sentence. Does not belong
here: the sections.
"""

import polars as pl

from pipeline.release.edition import Edition
from pipeline.release.page import words

NAMED = 3
"""Places that the title names; of more it tells how many."""


def subject(edition: Edition) -> str:
    """Return the places and years that the facts are about: Kazakhstan, 1991 to 2011; nothing of no
    facts.
    """
    return ", ".join(filter(None, (words.listed(places(edition)), years(edition))))


def places(edition: Edition) -> list[str]:
    """Return the countries that the facts are about, or whatever their areas lie in at last; of
    many how many there are.
    """
    parents = dict(edition.tables["areas"].select("code", "parent").iter_rows())
    found = set(edition.facts["area"].drop_nulls())
    while inner := {code for code in found if parents.get(code)}:
        found = (found - inner) | {parents[code] for code in inner}
    labels = edition.tables["areas"].filter(pl.col("code").is_in(sorted(found)))["label"]
    return sorted(labels) if len(labels) <= NAMED else [f"{len(labels):,} places"]


def years(edition: Edition) -> str:
    """Return the first and the last year of the days of facts; nothing where none has any."""
    days = edition.facts.select("first_day", "last_day").unpivot()["value"].drop_nulls()
    if days.is_empty():
        return ""
    first, last = (day.year for day in (days.sort()[0], days.sort()[-1]))
    return str(first) if first == last else f"{first} to {last}"


def first_sentence(edition: Edition) -> str:
    """Return the first sentence of the page, of at most 25 words."""
    facts = words.counted(edition.facts.height, "fact")
    published = [source["published_earliest"].year for source in edition.sources]
    if not published:
        return f"{facts} about civil society, from no document yet."
    documents = words.counted(len(published), "document")
    claim = "claims" if len(published) == 1 else "claim"
    when = (
        f"of {min(published)}"
        if min(published) == max(published)
        else f"of {min(published)} to {max(published)}"
    )
    return (
        f"{facts} about civil society, as {documents} {when} {claim} them: copying and "
        "contradictions were checked, truth was not."
    )
