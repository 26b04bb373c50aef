"""The texts that describe a release are templates (*.txt in this folder), filled in.

Does not belong here: what they say of a release, or JSON, which has a library.
"""

import json

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.release.edition import SUMMARY, TITLE, Edition
from pipeline.release.files import LICENCE, LICENCE_URL, Files
from pipeline.release.metadata.datapackage import type_of
from schemas.columns import in_words, references
from schemas.tables import FACTS, RELEASE_TABLES


def filled(name: str, edition: Edition, files: Files | None = None) -> str:
    """Return the text of a template, given an edition, what is said of each, and all tables, the
    flat one first.
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
        title=TITLE,
        summary=SUMMARY,
        licence=LICENCE,
        licence_url=LICENCE_URL,
        tables={"facts": FACTS, **RELEASE_TABLES},
        files=files,
    )
