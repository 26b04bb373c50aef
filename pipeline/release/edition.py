"""What one release is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

TITLE = "Civil-society facts"
"""The dataset's name, in every file that names it."""

SUMMARY = (
    "Facts that published documents state about civil society, each with the words it was read from, its interval and its checks"
)


@dataclass(frozen=True)
class Edition:
    """A version of the dataset: its tables, the texts that they were read from, and its place among the releases.

    `tables` are all of schemas.tables.TABLES, `texts` the whole text of each source, of which only those may be republished
    that the table `sources` says; `history` has the rows of releases.csv up to this one: version, date, based_on, reason.
    """

    version: str
    date: str
    based_on: str | None
    reason: str
    tables: Mapping[str, pl.DataFrame]
    texts: Mapping[str, str]
    history: pl.DataFrame

    @property
    def republished(self) -> dict[str, str]:
        """The texts that the release carries whole, by source."""
        allowed = set(self.tables["sources"].filter("republish_text")["source_id"])
        return {source_id: text for source_id, text in sorted(self.texts.items()) if source_id in allowed}
