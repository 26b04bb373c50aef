"""Slips planted one at a time in copies of a raw folder, to measure how many of each kind the
checks catch.
"""

from pathlib import Path

SAMPLE = 15
"""Slips of a kind that are planted where not all are: what takes seconds and not minutes."""

TRANSLATED = Path("tests/translated/raw")
SOURCES = (
    (Path("raw"), "mfa-2011-12-23"),
    (TRANSLATED, "review-2023-ru"),
    (TRANSLATED, "review-2023-kk"),
)
"""The sources in which slips are planted, as (raw folder, source_id): one in each of three
languages.
"""
