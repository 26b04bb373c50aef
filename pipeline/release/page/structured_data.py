"""What search engines for datasets read of the page (schema.org, as JSON-LD)."""

from typing import Any

from pipeline.release.edition import Edition
from pipeline.release.page.lead import first_sentence, places, subject
from pipeline.release.page.words import web

SOURCES = 100
"""Documents that are named."""


def structured_data(edition: Edition) -> dict[str, Any]:
    """Return the dataset as schema.org's Dataset; what is not known is left out."""
    days = edition.facts.select("first_day", "last_day").unpivot()["value"].drop_nulls().sort()
    addresses = edition.publication
    publisher = {"@type": "Organization", "name": f"{edition.title} contributors"}
    described = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": ": ".join(filter(None, (edition.title, subject(edition)))),
        "description": f"{edition.summary}. {first_sentence(edition)}",
        "version": edition.version,
        "datePublished": edition.date,
        "license": edition.licence.url,
        "creator": publisher,
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "url": addresses["homepage"],
        "sameAs": addresses["repository"],
        "spatialCoverage": places(edition),
        "temporalCoverage": f"{days[0]}/{days[-1]}" if len(days) else "",
        "variableMeasured": edition.tables["indicators"]["label"].sort().to_list(),
        "isBasedOn": [
            {"@type": "CreativeWork", "name": source["title"], "publisher": source["publisher"]}
            | ({"url": url} if (url := web(source["url"])) else {})
            for source in edition.sources[:SOURCES]
        ],
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": path}
            for path, kind in (("facts.csv", "text/csv"), (edition.archive, "application/zip"))
            if path
        ],
    }
    return {name: value for name, value in described.items() if value not in ("", [])}
