"""metadata/dcat.ttl: the dataset for open-data portals (DCAT-AP 3), its distributions, and the
documents it was read from.
"""

import json
from pathlib import PurePosixPath

from pipeline.release.edition import SUMMARY, TITLE, Edition
from pipeline.release.files import LICENCE_URL, Files
from schemas.columns import in_words
from schemas.tables import RELEASE_TABLES, file_of

_PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type"
_LANGUAGES = "http://publications.europa.eu/resource/authority/language/ENG"


def dcat(edition: Edition, files: Files) -> str:
    """Return dcat.ttl for the files of a release; its addresses are relative to metadata/."""
    paths = [
        "facts.csv",
        *(file_of(name, ending) for name in RELEASE_TABLES for ending in ("csv", "parquet")),
    ]
    listed = ", ".join(f"<#{path}>" for path in paths)
    sources = [_literal(row["title"]) for row in edition.sources]
    read_from = (
        (
            "    dct:provenance [ a dct:ProvenanceStatement ; dct:description "
            f"{', '.join(sources)} ] ;\n"
        )
        if sources
        else ""
    )
    places = {
        "dcat:landingPage": edition.publication["homepage"],
        "foaf:page": edition.publication["repository"],
    }
    published = "".join(f"    {key} <{place}> ;\n" for key, place in places.items() if place)
    documents = [f"<{place}> a foaf:Document .\n" for place in places.values() if place]
    dataset = f"""
<#dataset> a dcat:Dataset ;
    dct:title {_literal(TITLE)}@en ;
    dct:description {_literal(SUMMARY)}@en ;
    dct:issued "{edition.date}"^^xsd:date ;
    dct:language <{_LANGUAGES}> ;
    dcat:version {_literal(edition.version)} ;
    dct:publisher <#publisher> ;
{published}{read_from}    dcat:distribution {listed} .

<#publisher> a foaf:Agent ;
    foaf:name {_literal(f"{TITLE} contributors")}@en .

<{_LANGUAGES}> a dct:LinguisticSystem .
<{LICENCE_URL}> a dct:LicenseDocument .
spdx:checksumAlgorithm_sha256 a spdx:ChecksumAlgorithm .
<{_FILE_TYPES}/CSV> a dct:MediaTypeOrExtent .
<{_FILE_TYPES}/PARQUET> a dct:MediaTypeOrExtent .
"""
    media = [
        f"<https://www.iana.org/assignments/media-types/{kind}> a dct:MediaType .\n"
        for kind in _MEDIA.values()
    ]
    distributions = [_distribution(path, *files[path]) for path in paths]
    return "".join([_PREFIXES, dataset, *documents, *media, *distributions])


def _distribution(path: str, digest: str, size: int) -> str:
    ending = path.rpartition(".")[2]
    name = PurePosixPath(path).stem
    schema = RELEASE_TABLES.get(name)
    words = in_words(schema) if schema else "Every fact in one flat table, for readers."
    return f"""
<#{path}> a dcat:Distribution ;
    dct:title {_literal(path)}@en ;
    dct:description {_literal(words)}@en ;
    dcat:accessURL <../{path}> ;
    dcat:downloadURL <../{path}> ;
    dct:license <{LICENCE_URL}> ;
    dct:format <{_FILE_TYPES}/{ending.upper()}> ;
    dcat:mediaType <https://www.iana.org/assignments/media-types/{_MEDIA[ending]}> ;
    dcat:byteSize "{size}"^^xsd:nonNegativeInteger ;
    spdx:checksum [ a spdx:Checksum ;
        spdx:algorithm spdx:checksumAlgorithm_sha256 ;
        spdx:checksumValue "{digest}"^^xsd:hexBinary ] .

<../{path}> a <http://www.w3.org/2000/01/rdf-schema#Resource> .
"""


def _literal(text: str) -> str:
    """Return a Turtle string; its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
