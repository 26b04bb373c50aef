"""Copies of the article, each with something else wrong in it, checked together: one by one they
take ten times as long.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from pipeline.check import check
from pipeline.defects import Defect
from tests.conftest import ROOT, SOURCE
from tests.slips.harness import read_once


def found_in_copies(
    raw: Path, changes: Mapping[str, Callable[[Path], None]]
) -> dict[str, list[Defect]]:
    """Return what is found after each change, by its name, as if it stood in the article's folder;
    `raw` is made for it.

    A change gets the folder of its copy. The copies have no rules, whose names may stand but once.
    """
    shutil.copytree(ROOT / "raw" / "codelists", raw / "codelists")
    shutil.copy(ROOT / "raw" / "rules.toml", raw)
    folders = {name: f"{SOURCE}-{number}" for number, name in enumerate(changes)}
    for name, change in changes.items():
        shutil.copytree(
            ROOT / "raw" / SOURCE, raw / folders[name], ignore=shutil.ignore_patterns("rules.toml")
        )
        change(raw / folders[name])
    by_folder: dict[str, list[Defect]] = {}
    with patch("pipeline.evidence.mentions.read_texts", read_once):
        checked = check(raw)
    for defect in (*checked.defects, *checked.unacknowledged):
        folder, _, file = defect.file.partition("/")
        by_folder.setdefault(folder, []).append(replace(defect, file=f"{SOURCE}/{file}"))
    return {name: by_folder.get(folder, []) for name, folder in folders.items()}
