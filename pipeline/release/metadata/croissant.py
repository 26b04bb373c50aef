"""metadata/croissant.json: the tables for machine learning tools and dataset search (MLCommons
Croissant 1.0, schema.org).
"""

import json
from typing import Any

from pandera.polars import DataFrameSchema

from pipeline.release.edition import Edition
from pipeline.release.files import Files
from pipeline.release.metadata.datapackage import type_of
from schemas.columns import in_words
from schemas.tables import RELEASE_TABLES, file_of

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "number": "sc:Float",
}


def croissant(edition: Edition, files: Files) -> str:
    """Return croissant.json for the Parquet files of a release; their paths are relative to
    metadata/.
    """
    tables = {
        name: schema for name, schema in RELEASE_TABLES.items() if edition.tables[name].height
    }
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": edition.title,
        "description": edition.summary,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "license": edition.licence.url,
        "version": edition.version,
        "datePublished": edition.date,
        "creator": {"@type": "sc:Organization", "name": f"{edition.title} contributors"},
        "url": edition.publication["homepage"] or "https://schema.org/Dataset",
        "citeAs": f"{edition.title}, version {edition.version}, {edition.date}",
        "distribution": [_file(name, schema, files) for name, schema in RELEASE_TABLES.items()],
        "recordSet": [_records(name, schema) for name, schema in tables.items()],
    }
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def _file(name: str, schema: DataFrameSchema, files: Files) -> dict[str, Any]:
    path = file_of(name, "parquet")
    return {
        "@type": "cr:FileObject",
        "@id": f"{name}.parquet",
        "name": f"{name}.parquet",
        "description": in_words(schema),
        "contentUrl": f"../{path}",
        "encodingFormat": "application/x-parquet",
        "sha256": files[path].sha256,
    }


def _records(name: str, schema: DataFrameSchema) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": str(schema.description),
        "key": [{"@id": f"{name}/{column}"} for column in schema.unique or []],
        "field": [_field(name, schema, column) for column in schema.columns],
    }


def _field(name: str, schema: DataFrameSchema, column: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{name}/{column}",
        "name": column,
        "description": str(schema.columns[column].description),
        "dataType": _TYPES[type_of(schema.columns[column], in_parquet=True)],
        "source": {"fileObject": {"@id": f"{name}.parquet"}, "extract": {"column": column}},
    }
