"""A release: complete, described, and the same bytes wherever and however it is built."""

import csv
import hashlib
import html
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from pipeline.built import Tables
from pipeline.check import Checked
from pipeline.durable import file_hash, one_build_at_a_time
from pipeline.operate.run import run_release
from pipeline.read.raw_folder import RawFolder, read_releases
from pipeline.release.files import guarded, logical_hash
from pipeline.release.opened import RAW
from pipeline.release.release import hashes_of, publish, with_history
from pipeline.release.zipped import write_zip
from schemas.tables import FACTS, RELEASE_TABLES, file_of
from tests.conftest import ROOT, SOURCE, UV, Edit

TEXT = f"{SOURCE}/text.txt"


@pytest.fixture(scope="module")
def release(article: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(article, tmp_path_factory.mktemp("outputs"))


def published(article: Checked, outputs: Path, folder: Path = ROOT / "raw") -> Path:
    raw = RawFolder(folder)
    first = b"".join((raw.path / "releases.csv").read_bytes().splitlines(keepends=True)[:2])
    originals = {**raw.originals(), "releases.csv": first}
    releases = read_releases(raw).rows.head(1)
    tables = with_history(article.tables, outputs, releases)
    made = publish(tables, originals, outputs, releases)
    assert made.defects == []
    return made.folder


def test_every_table_is_there_as_parquet_and_as_csv_with_the_same_rows(release: Path) -> None:
    for name in RELEASE_TABLES:
        parquet = duckdb.read_parquet(str(release / file_of(name, "parquet")))
        with (release / file_of(name, "csv")).open(encoding="utf-8", newline="") as file:
            header, *lines = list(csv.reader(file, strict=True))
        assert header == parquet.columns == list(RELEASE_TABLES[name].columns)
        as_text = [
            [
                "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)
                for cell in row
            ]
            for row in parquet.fetchall()
        ]
        assert lines == as_text


def test_a_release_carries_the_files_that_are_read_and_no_others(
    raw_with_readings: Path, release: Path
) -> None:
    with zipfile.ZipFile(release / RAW) as packed:
        carried = {name: packed.read(name) for name in packed.namelist()}
    typed = {
        path.relative_to(raw_with_readings).as_posix(): path.read_bytes()
        for path in raw_with_readings.rglob("*")
        if path.is_file()
    }
    assert carried == {name: content for name, content in typed.items() if name != "README.md"}
    (raw_with_readings / "note.txt").write_text("nobody's")
    (raw_with_readings / SOURCE / "note.txt").write_text("nobody's")
    assert RawFolder(raw_with_readings).originals() == carried


def test_parquet_is_zstd_sorted_by_key_and_described(release: Path) -> None:
    for name, schema in RELEASE_TABLES.items():
        file = pq.ParquetFile(release / file_of(name, "parquet"))
        if file.metadata.num_rows:
            assert file.metadata.row_group(0).column(0).compression == "ZSTD"
        keys = [
            tuple((cell is None, cell) for cell in row.values())
            for row in file.read(columns=schema.unique).to_pylist()
        ]
        assert keys == sorted(keys)
        assert file.schema_arrow.metadata[b"title"].decode() == schema.title
        for field in file.schema_arrow:
            assert field.metadata[b"description"].decode() == schema.columns[field.name].description


def test_every_file_has_its_hash(release: Path) -> None:
    lines = (release / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    hashes = {name: digest for digest, name in (line.split("  ") for line in lines)}
    names = {
        path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()
    } - {"SHA256SUMS"}
    assert set(hashes) == names
    for name, digest in hashes.items():
        assert hashlib.sha256((release / name).read_bytes()).hexdigest() == digest


def test_facts_csv_leads_from_every_fact_to_its_words(release: Path) -> None:
    with (release / "facts.csv").open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file))
    assert len(facts) == 50
    assert list(facts[0]) == list(FACTS.columns)
    for fact in facts:
        path, _, fragment = fact["link"].partition("#")
        assert f'id="{fragment}"' in (release / path).read_text(encoding="utf-8")


def test_a_text_that_may_not_be_republished_is_not_in_the_release(
    raw: Path, edit: Edit, tmp_path: Path
) -> None:
    edit(f"{SOURCE}/source.toml", "republish_text = true", "republish_text = false")
    folder = run_release(raw, tmp_path / "outputs", lambda _: None).released
    assert folder is not None
    assert [path.name for path in (folder / "sources").iterdir()] == [f"{SOURCE}.html"]
    text = (raw / TEXT).read_text(encoding="utf-8")
    page = html.unescape((folder / "sources" / f"{SOURCE}.html").read_text(encoding="utf-8"))
    assert not any(text[start : start + 400] in page for start in range(0, len(text) - 400, 10))
    assert "has 300 venues for dialogue" in re.sub("<[^>]+>", "", page)


def test_two_builds_are_the_same_to_the_byte_whatever_the_machine(
    raw_with_readings: Path, release: Path, tmp_path: Path
) -> None:
    environment = {
        "PYTHONHASHSEED": "4711",
        "POLARS_MAX_THREADS": "2",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
    }
    command = [
        sys.executable,
        "-m",
        "pipeline.cli",
        "release",
        "--raw",
        str(raw_with_readings),
        "--outputs",
        str(tmp_path / "elsewhere"),
    ]
    everything = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    subprocess.run(
        command, env=everything, cwd=raw_with_readings.parent, capture_output=True, check=True
    )
    assert hashes_of(tmp_path / "elsewhere" / "releases" / "1.0.0") == hashes_of(release)


def test_the_committed_release_is_what_raw_builds(with_releases: Tables, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "outputs" / "releases", tmp_path / "releases")
    raw = RawFolder(ROOT / "raw")
    made = publish(with_releases, raw.originals(), tmp_path, read_releases(raw).rows)
    assert (made.is_new, made.defects) == (False, [])


def test_building_again_without_a_change_makes_no_new_release(raw: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    assert run_release(raw, outputs, lambda _: None).summary.startswith("Published ")
    before = (outputs / "releases" / "1.0.0").stat().st_ino
    again = run_release(raw, outputs, lambda _: None)
    assert (again.is_unchanged, again.summary.partition(":")[0]) == (True, "Unchanged")
    assert (outputs / "releases" / "1.0.0").stat().st_ino == before
    assert sorted(entry.name for entry in (outputs / "releases").iterdir()) == [
        "1.0.0",
        "1.0.0.zip",
        "1.0.0.zip.sha256",
    ]


def test_what_a_killed_build_left_aside_is_gone_after_the_next(
    article: Checked, tmp_path: Path
) -> None:
    left = tmp_path / "releases" / ".1.0.0.aside"
    left.mkdir(parents=True)
    (left / "facts.csv").write_text("half of i")
    table = tmp_path / "tables" / ".areas.parquet.123"  # as they were called before 3.0.0
    table.parent.mkdir()
    table.write_bytes(b"PAR1")
    with one_build_at_a_time(tmp_path):
        folder = published(article, tmp_path)
    assert (folder / "SHA256SUMS").exists()
    assert not table.exists()
    assert sorted(entry.name for entry in folder.parent.iterdir()) == [
        "1.0.0",
        "1.0.0.zip",
        "1.0.0.zip.sha256",
    ]


def no_hash(zipped: Path, hashed: Path) -> None:
    assert zipped.exists()
    hashed.unlink()


def half_a_hash(_: Path, hashed: Path) -> None:
    hashed.write_bytes(hashed.read_bytes()[:30])


def half_a_zip(zipped: Path, _: Path) -> None:
    zipped.write_bytes(zipped.read_bytes()[: zipped.stat().st_size // 2])


def half_a_zip_with_its_hash(zipped: Path, hashed: Path) -> None:
    half_a_zip(zipped, hashed)
    hashed.write_text(f"{file_hash(zipped)}  {zipped.name}\n")


def the_zip_of_another(zipped: Path, hashed: Path) -> None:
    with zipfile.ZipFile(zipped, "a") as opened:
        opened.writestr("1.0.0/facts.csv.bak", "fact_id\n")
    hashed.write_text(f"{file_hash(zipped)}  {zipped.name}\n")


@pytest.mark.parametrize(
    "spoil", [no_hash, half_a_hash, half_a_zip, half_a_zip_with_its_hash, the_zip_of_another]
)
def test_a_zip_that_is_not_whole_or_not_that_of_the_folder_is_made_again(
    release: Path, tmp_path: Path, spoil: Callable[[Path, Path], None]
) -> None:
    folder = Path(shutil.copytree(release.parent, tmp_path / "releases")) / release.name
    files = [folder.with_name(f"{folder.name}{end}") for end in (".zip", ".zip.sha256")]
    whole = [file.read_bytes() for file in files]
    spoil(*files)
    assert [file.read_bytes() for file in files if file.exists()] != whole
    write_zip(folder)
    assert [file.read_bytes() for file in files] == whole
    assert len(list(folder.parent.iterdir())) == 3
    before = [file.stat().st_ino for file in files]
    write_zip(folder)
    assert [file.stat().st_ino for file in files] == before


def test_a_logical_hash_is_of_the_values_and_not_of_the_bytes(
    release: Path, article: Checked
) -> None:
    for name in ("observations", "implied_bounds"):
        schema = RELEASE_TABLES[name]
        with (release / file_of(name, "csv")).open(encoding="utf-8", newline="") as file:
            header, *lines = list(csv.reader(file, strict=True))
        quoted = [
            [cell and '"' + cell.replace('"', '""') + '"' for cell in line]
            for line in [header, *lines]
        ]
        told = "".join(",".join(line) + "\n" for line in quoted)
        expected = hashlib.sha256(told.encode()).hexdigest()
        assert logical_hash(article.tables[name].reverse(), schema) == expected
        assert (
            pq.ParquetFile(release / file_of(name, "parquet"))
            .schema_arrow.metadata[b"logical_sha256"]
            .decode()
            == expected
        )


def test_a_text_that_a_spreadsheet_takes_for_a_formula_is_guarded_in_facts_csv() -> None:
    cells = {
        "=1+1": "'=1+1",
        "+A1": "'+A1",
        "-A1": "'-A1",
        "@A1": "'@A1",
        "\t=1": "'\t=1",
        "＝1+1": "'＝1+1",
        "＋A1": "'＋A1",
        "－A1": "'－A1",
        "＠A1": "'＠A1",
        "x;=1+1": "x;'=1+1",
        "x; =1+1": "x; '=1+1",
        "x\n=1+1": "x\n'=1+1",
        "x;y;@A1;-5": "x;y;'@A1;'-5",
        "\u202e=1+1": "'=1+1",
        "a\u202eb\u2066c": "abc",
        "-5": "-5",
        "-0.5": "-0.5",
        "plain; text = text": "plain; text = text",
    }
    table = pl.DataFrame({"text": [*cells, None], "number": range(len(cells) + 1)})
    assert guarded(table)["text"].to_list() == [*cells.values(), None]
    assert guarded(table)["number"].to_list() == table["number"].to_list()


LINES = re.compile(r"<dt>(?:DuckDB|polars|pandas)</dt><dd><pre[^>]*><code>(.*?)</code>", re.DOTALL)


def test_the_lines_that_the_page_gives_for_reading_work(release: Path) -> None:
    lines = [
        html.unescape(line)
        for line in LINES.findall((release / "index.html").read_text(encoding="utf-8"))
    ]
    assert len(lines) == 3
    for line in lines:
        setup, _, last = (
            f"import duckdb\nduckdb.sql({line!r})".rpartition("\n")
            if "SELECT" in line
            else line.rpartition("\n")
        )
        program = f"{setup}\nprint({last}.shape[0])"
        packages = [
            "--with",
            "pandas==3.1.1",
            "--with",
            "polars==2.1.0",
            "--with",
            "pyarrow==26.0.1",
            "--with",
            "duckdb==2.0.0",
        ]
        command = [
            UV,
            "run",
            "--quiet",
            "--isolated",
            "--no-project",
            "--exclude-newer",
            "2026-11-20T00:00:00Z",
            *packages,
        ]
        run = subprocess.run(
            [*command, "python", "-c", program],
            capture_output=True,
            text=True,
            check=False,
            cwd=release,
        )
        assert run.stdout.strip() == "22", run.stderr
