"""The texts that describe a release are templates (*.txt in this folder), filled in.

Does not belong here: what they say of a release, or JSON, which has a library.
"""

import json

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.release.edition import Edition
from pipeline.release.files import Files
from pipeline.release.metadata.datapackage import type_of
from schemas.columns import in_words, references
from schemas.tables import FACTS, RELEASE_TABLES


def filled(name: str, edition: Edition, files: Files) -> str:
    """Return the text of a template, given an edition, all tables, the flat one first, and their
    files.
    """
    # no HTML: in YAML and Turtle, `quoted` makes strings of texts, since both know those of JSON
    environment = Environment(  # noqa: S701
        loader=PackageLoader("pipeline.release", "metadata"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        quoted=lambda text: json.dumps(text, ensure_ascii=False),
        in_words=in_words,
        references=references,
        type_of=type_of,
    )
    return environment.get_template(f"{name}.txt").render(
        edition=edition,
        title=edition.title,
        summary=edition.summary,
        licence=edition.licence,
        tables={"facts": FACTS, **RELEASE_TABLES},
        files=files,
    )
