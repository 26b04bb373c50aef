"""What is made of an edition beside its tables: descriptions for people and machines, the flat
table as a workbook, and the pages.

An exporter is one shape, whatever it writes. Belongs here: which there are. Does not belong here:
what any of them writes (metadata, page).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Exporter:
    """One kind of file of a release: what it is called, its media type, and what makes it."""

    title: str
    media_type: str
    files: Content


def _one(path: str, text: Callable[[Edition, Files], str]) -> Content:
    """Return what makes one file of a text."""
    return lambda edition, files: [(path, text(edition, files).encode())]


def _pages(edition: Edition, _: Files) -> Iterator[tuple[str, bytes]]:
    return ((path, text.encode()) for path, text in pages(edition))


EXPORTERS = (
    Exporter(
        "How to read the tables",
        "text/markdown",
        _one("README.md", partial(filled, "README.md")),
    ),
    Exporter(
        "Every column of every file (Data Package)",
        "application/json",
        _one("datapackage.json", datapackage),
    ),
    Exporter(
        "For machine learning and dataset search (Croissant)",
        "application/ld+json",
        _one("metadata/croissant.json", croissant),
    ),
    Exporter(
        "For catalogues of data (DCAT-AP)",
        "text/turtle",
        _one("metadata/dcat.ttl", partial(filled, "dcat.ttl")),
    ),
    Exporter(
        "How to cite it",
        "application/yaml",
        _one("metadata/CITATION.cff", partial(filled, "CITATION.cff")),
    ),
    Exporter(
        "What changed",
        "text/markdown",
        _one("metadata/CHANGES.md", changes_prose),
    ),
    Exporter(
        "Every fact as a workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        workbook,
    ),
    Exporter("The pages for people", "text/html", _pages),
)
