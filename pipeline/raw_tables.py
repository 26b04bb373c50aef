"""What is read of raw/: a table for each kind of file, read once a run, and handed to a step only
as the step names it.

Belongs here: which of these tables there are, and from which parts of raw/ each is read. Does not
belong here: how a file is read (read, facts, consistency), or who needs a table (steps).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pipeline.fact_steps import TEXTS, read_all_texts
from pipeline.facts.reference_tables import read_lists
from pipeline.read.raw_folder import (
    BESIDE,
    CODE_LIST_FOLDER,
    DOCUMENTS,
    FINDINGS_FILE,
    PUBLICATION_FILE,
    RELEASES_FILE,
    RULES_FILE,
    SOURCES,
    TEXT,
    RawFolder,
    read_facts,
    read_findings,
    read_releases,
    read_texts,
)
from pipeline.read.source_toml import read_publication, read_sources
from pipeline.rules.rules_file import read_rules
from schemas.raw_files import ENTERED, SOURCE_FILES

Reader = tuple[Callable[..., Any], tuple[str, ...]]
"""How a table is read: by what, from raw/ and which other tables that are read of raw/."""

READERS: dict[str, Reader] = {
    CODE_LIST_FOLDER: (read_lists, ()),
    SOURCES: (read_sources, ()),
    TEXT: (read_texts, ()),
    **{f"{name}.csv": (partial(read_facts, name=name), ()) for name in SOURCE_FILES},
    TEXTS: (
        read_all_texts,
        (SOURCES, TEXT, CODE_LIST_FOLDER, *(f"{name}.csv" for name in ENTERED)),
    ),
    RULES_FILE: (read_rules, (SOURCES,)),
    FINDINGS_FILE: (read_findings, ()),
    RELEASES_FILE: (read_releases, ()),
    PUBLICATION_FILE: (read_publication, ()),
}


def parts_of(names: Iterable[str]) -> list[str]:
    """Return the parts of raw/ that some tables are read from."""
    found: dict[str, None] = {}
    for name in names:
        if name in READERS:
            others = parts_of(READERS[name][1])
            found |= dict.fromkeys([name if name in BESIDE else DOCUMENTS, *others])
    return list(found)


@dataclass(frozen=True)
class RawTables:
    """The tables of one raw folder, in one run; `known` are those that were read."""

    raw: RawFolder
    known: dict[str, Any] = field(default_factory=dict)

    def given(self, names: Iterable[str]) -> dict[str, Any]:
        """Return those of some tables that are read of raw/."""
        found = {}
        for name in names:
            if name in READERS:
                read, needs = READERS[name]
                if name not in self.known:
                    self.known[name] = read(self.raw, *self.given(needs).values())
                found[name] = self.known[name]
        return found

    def drop_texts_after(self, tables: tuple[str, ...]) -> None:
        """Let go of all texts once the last tables are built that come from them: they are much of
        the memory.
        """
        if "mentions" in tables:
            for name in (TEXT, TEXTS):
                self.known.pop(name, None)
