"""What the page says first: what this is, whose claims, how old, what was checked and what was not,
and what was found.

Every number is counted from the tables. Belongs here: that sentence and what it counts. Does not
belong here: the sections.
"""

from datetime import date

from pipeline.release.edition import Edition
from pipeline.release.page import words
from pipeline.report import explained_findings

NAMED = 2
"""Publishers and findings that the sentence names; of more it tells how many."""


def first_sentence(edition: Edition) -> str:
    """Return the first sentence of the page."""
    holds = f"This dataset holds {words.counted(edition.facts.height, 'fact')} about civil society"
    found = _found(edition)
    if not edition.sources:
        return f"{holds}, from no document yet."
    return (
        f"{holds}, {_claimed(edition)}; copying and contradictions were checked, truth was "
        f"not, and {found}."
    )


def _claimed(edition: Edition) -> str:
    sources = edition.sources
    publishers = sorted({source["publisher"] for source in sources})
    first, last = (
        min(source["published_earliest"] for source in sources),
        max(source["published_latest"] for source in sources),
    )
    old = words.age(first, date.fromisoformat(edition.date))
    if len(sources) == 1:
        return f"as one document claims them ({publishers[0]}, {words.days(first, last)}, {old})"
    who = (
        words.listed(publishers) if len(publishers) <= NAMED else f"{len(publishers):,} publishers"
    )
    when = (
        f"published {words.days(first, last)}"
        if first == last
        else f"published from {words.days(first, first)} to {words.day(last)}"
    )
    return f"as {len(sources):,} documents claim them ({who}, {when}, the oldest {old})"


def _found(edition: Edition) -> str:
    """Return the findings in words: contradictions by their number, what is left open by its own
    numbers.
    """
    findings = explained_findings(edition.tables)
    contradictions = findings.filter(type="contradiction").height
    # "122 of 300 dialogue bodies belong to no named group (40.7 %); the 3 named groups hold 178.
    # ...": what is open comes first
    open_parts = [
        str(explanation).partition("; ")[0]
        for explanation in findings.filter(type="incomplete")["explanation"]
    ]
    parts = (
        [f"{words.counted(contradictions, 'contradiction was', 'contradictions were')} found"]
        if contradictions
        else []
    )
    parts += open_parts[:NAMED]
    if (more := len(open_parts) - NAMED) > 0:
        parts.append(
            f"{words.counted(more, 'further whole is', 'further wholes are')} not filled by the "
            "parts named"
        )
    return words.listed(parts) or "no contradiction and no gap was found"
