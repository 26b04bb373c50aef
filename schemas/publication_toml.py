"""The file publication.toml: what the dataset is called, under which licence and where it is
published, and where its errors are reported.

Its addresses get into pages, JSON, Turtle and YAML: only http and https, and no mark that ends an
address in any of these.
"""

from typing import NamedTuple

from schemas import columns as c


class Licence(NamedTuple):
    """A licence of data by its SPDX identifier."""

    name: str
    title: str
    url: str


_CREATIVE_COMMONS = "https://creativecommons.org"
_OPEN_DATA = "https://opendatacommons.org/licenses"
LICENCES = {
    one.name: one
    for one in (
        Licence(
            "CC-BY-4.0",
            "Creative Commons Attribution 4.0",
            f"{_CREATIVE_COMMONS}/licenses/by/4.0/",
        ),
        Licence(
            "CC-BY-SA-4.0",
            "Creative Commons Attribution-ShareAlike 4.0",
            f"{_CREATIVE_COMMONS}/licenses/by-sa/4.0/",
        ),
        Licence(
            "CC0-1.0", "Creative Commons Zero 1.0", f"{_CREATIVE_COMMONS}/publicdomain/zero/1.0/"
        ),
        Licence("ODbL-1.0", "Open Data Commons Open Database License 1.0", f"{_OPEN_DATA}/odbl/"),
        Licence(
            "PDDL-1.0",
            "Open Data Commons Public Domain Dedication and License 1.0",
            f"{_OPEN_DATA}/pddl/",
        ),
    )
}
"""Licences of the data; the texts of sources have their own rights. The first is meant where none
is named.
"""

_SAFE = r"[^\s\x00-\x20\x7f<>\"'{}|^`\\]"
_ADDRESS = rf"^https?://{_SAFE}+$"
_EXPECTED = "nothing, or an address that begins with http:// or https://"


def _with(*names: str) -> str:
    """Return the pattern of an address that has some names in braces, but not in its host."""
    to_fill_in = "|".join(names)
    host = r"^https?://[^\s\x00-\x20\x7f<>\"'{}|^`\\/?#]+"
    return rf"{host}[/?#](?:{_SAFE}|\{{(?:{to_fill_in})\}})*$"


_WEB_ADDRESS = c.like(_ADDRESS, f"{_EXPECTED}, without spaces")
_ONE_LINE = c.like(r"^[^\x00-\x1f\x7f]{1,300}$", "nothing, or one line of at most 300 characters")

PUBLICATION_TOML = c.schema(
    "publication.toml",
    "Publication",
    "What the dataset is called and where it is published",
    ["raw_file"],
    {
        "title": c.optional_text("Title", "What the dataset is called", _ONE_LINE),
        "description": c.optional_text(
            "Description", "What it is, in one sentence without a full stop", _ONE_LINE
        ),
        "licence": c.optional_text(
            "Licence", "Of the data, by its SPDX identifier", c.one_of(*LICENCES)
        ),
        "contact": c.optional_text(
            "Contact",
            "Who answers for it: an address of e-mail, or of a page",
            c.like(
                rf"^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$|{_ADDRESS}",
                f"{_EXPECTED}, or one of e-mail such as facts@example.org",
            ),
        ),
        "repository": c.optional_text(
            "Repository", "Where raw/ and the code are kept", _WEB_ADDRESS
        ),
        "homepage": c.optional_text("Homepage", "The dataset's own page", _WEB_ADDRESS),
        "archive": c.optional_text(
            "Archive",
            "Where the zip of a release is kept",
            c.like(
                _with("version"),
                f"{_EXPECTED}, with {{version}} where that is filled in, such as "
                "https://example.org/facts/{version}.zip",
            ),
        ),
        "report": c.optional_text(
            "Report",
            "Where an error of a fact is reported",
            c.like(
                _with("fact", "version", "words"),
                f"{_EXPECTED}, with {{fact}}, {{version}} or {{words}} where these are filled in, "
                "such as https://example.org/new?title={fact}",
            ),
        ),
        **c.RAW_PLACE,
    },
)
