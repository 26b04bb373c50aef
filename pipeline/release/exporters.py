"""What is made of an edition beside its tables: descriptions for people and machines, the flat
table as a workbook, and the pages.

Belongs here: which there are. Does not belong here: what any of them writes (metadata, page).
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from pipeline.release.edition import Edition
from pipeline.release.files import Files
from pipeline.release.metadata.changes_prose import changes_prose
from pipeline.release.metadata.croissant import croissant
from pipeline.release.metadata.datapackage import datapackage
from pipeline.release.metadata.filled import filled
from pipeline.release.metadata.workbook import workbook
from pipeline.release.page import pages

Content = Callable[[Edition, Files], Iterable[tuple[str, bytes]]]
"""What makes files, each with its path in the release, of an edition and the files of tables."""


def _one(path: str, text: Callable[[Edition, Files], str]) -> Content:
    """Return what makes one file of a text."""
    return lambda edition, files: [(path, text(edition, files).encode())]


def _pages(edition: Edition, _: Files) -> Iterator[tuple[str, bytes]]:
    return ((path, text.encode()) for path, text in pages(edition))


EXPORTERS: tuple[Content, ...] = (
    _one("README.md", partial(filled, "README.md")),
    _one("datapackage.json", datapackage),
    _one("metadata/croissant.json", croissant),
    _one("metadata/dcat.ttl", partial(filled, "dcat.ttl")),
    _one("metadata/CITATION.cff", partial(filled, "CITATION.cff")),
    _one("metadata/CHANGES.md", changes_prose),
    workbook,
    _pages,
)
