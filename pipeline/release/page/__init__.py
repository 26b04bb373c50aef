"""The release's web page: index.html, and a page for each source with its words marked.

Pure: the same edition gives the same bytes. Belongs here: which page is made of what. Does not
belong here: the sections (lead, charts, checks, facts), the source pages (source_page), or their
markup (templates/).
"""

from collections.abc import Iterator
from datetime import date
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.defects import TURNS
from pipeline.intervals.period_words import day_in_words, period_in_words
from pipeline.release.edition import Edition
from pipeline.release.metadata.workbook import MOST
from pipeline.release.page import words
from pipeline.release.page.charts import figures
from pipeline.release.page.checks import checks
from pipeline.release.page.facts import facts_section
from pipeline.release.page.headlines import headlines
from pipeline.release.page.lead import first_sentence, subject
from pipeline.release.page.source_page import source_contexts
from pipeline.release.page.structured_data import structured_data
from pipeline.release.page.words import Rows
from schemas.tables import RELEASE_TABLES, file_of

_UNTURNED = dict.fromkeys(map(ord, TURNS))
"""Words of a source may hold them; no reader is to see other words than stand there."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.release.page"),
        autoescape=True,
        finalize=lambda value: value.translate(_UNTURNED) if isinstance(value, str) else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        anchor=words.fact_anchor,
        counted=words.counted,
        local=words.local,
        period=period_in_words,
        report=words.report,
        sentence=words.sentence,
        words_link=words.words_link,
    )
    return environment


def pages(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the pages of a release with their paths in its folder, one at a time: index.html, and
    sources/<source_id>.html.
    """
    facts = facts_section(edition)
    shared = {
        "title": edition.title,
        "subject": subject(edition),
        "version": edition.version,
        "released": day_in_words(date.fromisoformat(edition.date)),
        "date": edition.date,
        "licence": edition.licence,
        "archive": edition.archive,
        "publication": edition.publication,
    }
    index = (
        _environment()
        .get_template("index.html")
        .render(
            **shared,
            sentence=first_sentence(edition),
            described=structured_data(edition),
            figures=figures(edition.tables, edition.facts, edition.parts),
            headlines=headlines(edition),
            checks=checks(edition.tables, edition.facts),
            facts=facts,
            files=_files(edition),
            has_workbook=edition.facts.height <= MOST,
            history=edition.history.reverse().to_dicts(),
        )
    )
    yield "index.html", index
    template = _environment().get_template("source.html")
    for context in source_contexts(edition, are_listed=facts["is_listed"]):
        yield f"sources/{context['source']['source_id']}.html", template.render(**shared, **context)


def _files(edition: Edition) -> Rows:
    return [
        {
            "name": name,
            "parquet": file_of(name, "parquet"),
            "csv": file_of(name, "csv"),
            "description": schema.description,
            "rows": edition.tables[name].height,
        }
        for name, schema in RELEASE_TABLES.items()
    ]
