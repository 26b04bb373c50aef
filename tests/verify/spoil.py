"""Ways to spoil a downloaded release: one bit, hashes made anew, tables forged in every form."""

import hashlib
import json
import zipfile
from pathlib import Path

import polars as pl

from pipeline.release.database import facts_table
from pipeline.release.files import guarded, write_csv, write_parquet
from pipeline.release.opened import RAW
from pipeline.release.verification.failure import Failure
from pipeline.release.zipped import zip_of
from schemas.tables import FACTS, RELEASE_TABLES, TABLES, file_of


def files_of(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def flip(path: Path, offset: int, bit: int = 0) -> None:
    content = bytearray(path.read_bytes())
    content[offset] ^= 1 << bit
    path.write_bytes(content)


def hash_anew(folder: Path) -> None:
    """Write SHA256SUMS for the files as they are."""
    names = [name for name in files_of(folder) if name != "SHA256SUMS"]
    lines = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def describe_anew(folder: Path) -> None:
    """Write into datapackage.json the hashes and sizes of the files as they are."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if "bytes" in resource:
            resource["bytes"] = len(content)
        if "logical_sha256" in resource:
            parquet = (folder / resource["path"]).with_suffix(".parquet")
            resource["logical_sha256"] = pl.read_parquet_metadata(parquet)["logical_sha256"]
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def forge(folder: Path, **changed: pl.DataFrame) -> None:
    """Replace tables, in both their forms, and make everything that says what they were fit
    again.
    """
    tables = {name: pl.read_parquet(folder / file_of(name, "parquet")) for name in TABLES} | changed
    for name, rows in changed.items():
        write_parquet(rows, RELEASE_TABLES[name], folder / file_of(name, "parquet"), "CC-BY-4.0")
        write_csv(rows, RELEASE_TABLES[name], folder / file_of(name, "csv"))
    write_csv(guarded(facts_table(tables)), FACTS, folder / "facts.csv")
    describe_anew(folder)
    hash_anew(folder)


def pack_anew(folder: Path, **changed: bytes | None) -> None:
    """Replace files of the raw/ that a release carries, by the ends of their names (None: leave
    out); make the hashes anew.
    """
    path = folder / RAW
    with zipfile.ZipFile(path) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    for end, content in changed.items():
        name = next((name for name in files if name.endswith(end)), end)
        files[name] = content or b""
        if content is None:
            del files[name]
    path.write_bytes(zip_of(files))
    hash_anew(folder)


def packed(folder: Path, end: str) -> str:
    """What stands in a file of the raw/ that a release carries."""
    with zipfile.ZipFile(folder / RAW) as held:
        return next(held.read(name).decode() for name in held.namelist() if name.endswith(end))


def codes(failures: list[Failure]) -> set[str]:
    return {failure.code for failure in failures}
