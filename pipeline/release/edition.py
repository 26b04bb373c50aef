"""What one release is made of."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from pipeline.built import Tables
from pipeline.fingerprint import program_versions
from pipeline.parts import HERE, Parts
from pipeline.read.raw_folder import PUBLICATION_FILE, TEXT
from pipeline.release.database import facts_table
from schemas.columns import typed_columns
from schemas.publication_toml import LICENCES, PUBLICATION_TOML, Licence


@dataclass(frozen=True)
class Edition:
    """A version of the dataset: its tables, the texts that they were read from, and its place among
    the releases.

    `tables` are all of schemas.tables.TABLES, `originals` the files of raw/ by their paths, of
    which those texts may not be republished that the table `sources` does not say; `history` has
    the rows of releases.csv up to this one: version, date, based_on, reason.
    """

    version: str
    date: str
    based_on: str | None
    reason: str
    tables: Tables
    originals: Mapping[str, bytes]
    history: pl.DataFrame
    parts: Parts = HERE
    """Where drawings are kept."""

    made_with: Mapping[str, str] = field(default_factory=program_versions)
    """The versions of the program and of the libraries that made it, by their names."""

    @cached_property
    def facts(self) -> pl.DataFrame:
        """The flat table of facts."""
        return facts_table(self.tables)

    @cached_property
    def publication(self) -> dict[str, str]:
        """What publication.toml says, which was checked: each of its keys may be empty."""
        said = tomllib.loads(self.originals.get(PUBLICATION_FILE, b"").decode("utf-8-sig"))
        return {key: said.get(key, "") for key in typed_columns(PUBLICATION_TOML)}

    @property
    def title(self) -> str:
        """What the dataset is called."""
        return self.publication["title"] or "Facts"

    @property
    def summary(self) -> str:
        """What the dataset is, in a sentence without its full stop."""
        return self.publication["description"] or "Facts that published documents state"

    @property
    def licence(self) -> Licence:
        """The licence of the data."""
        return LICENCES[self.publication["licence"] or next(iter(LICENCES))]

    @property
    def archive(self) -> str:
        """The address of the release's zip; may be empty."""
        return self.publication["archive"].replace("{version}", self.version)

    @cached_property
    def sources(self) -> list[dict[str, Any]]:
        """The rows of the table `sources`, in their order, each with the label of its publisher."""
        labels = self.tables["agents"].select(publisher="code", label="label")
        rows = (
            self.tables["sources"]
            .sort("source_id")
            .join(labels, on="publisher", how="left", maintain_order="left")
        )
        return (
            rows.with_columns(publisher=pl.coalesce("label", "publisher")).drop("label").to_dicts()
        )

    @property
    def files(self) -> dict[str, bytes]:
        """The text.txt, byte for byte, of the sources whose text the release carries whole."""
        allowed = sorted(self.tables["sources"].filter("republish_text")["source_id"])
        return {
            source_id: self.originals[file]
            for source_id in allowed
            if (file := f"{source_id}/{TEXT}") in self.originals
        }

    @property
    def raw(self) -> dict[str, bytes]:
        """The files of raw/, byte for byte, by their paths, but for the texts that may not be
        republished.
        """
        kept_back = (
            self.tables["sources"].filter(~pl.col("republish_text"))["source_id"] + f"/{TEXT}"
        )
        return {
            file: original for file, original in self.originals.items() if file not in kept_back
        }
