"""Files that were cut, changed, added or led elsewhere are found, in a folder and in a zip."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cli import UNWELL, main
from pipeline.release.opening import open_release
from pipeline.release.verification.failure import Failure
from pipeline.release.verification.listed_files import hashes_hold, measured, zip_is_whole
from pipeline.release.verify import verify
from tests.conftest import SOURCE
from tests.verify.spoil import codes, files_of, flip, hash_anew


class TestOneFlippedBit:
    def test_is_found_in_every_file_wherever_it_is(self, copy: Path) -> None:
        for name in files_of(copy):
            path = copy / name
            size = path.stat().st_size
            for offset in {0, size // 3, size // 2, size - 2, size - 1} if size else ():
                flip(path, offset, offset % 8)
                opened = open_release(copy)
                hashes, unreadable = measured(opened)
                wrong = hashes_hold(opened, hashes)
                assert wrong, f"a bit of byte {offset} of {name}"
                assert name in {failure.file for failure in wrong} or name == "SHA256SUMS"
                assert unreadable == []
                flip(path, offset, offset % 8)

    @pytest.mark.parametrize("place", [0.0, 0.3, 0.999])
    def test_in_all_files_at_once_is_told_of_each_and_none_ends_the_program(
        self, copy: Path, place: float, capfd: pytest.CaptureFixture[str]
    ) -> None:
        names = [name for name in files_of(copy) if name != "SHA256SUMS"]
        for name in names:
            flip(copy / name, int(place * (copy / name).stat().st_size), 7)
        assert main(["verify", str(copy), "--format", "json"]) == UNWELL
        said = capfd.readouterr()
        hashed = {
            failure["file"] for failure in json.loads(said.out) if failure["code"] == "wrong_hash"
        }
        assert set(names) <= hashed
        assert said.err == ""

    def test_in_a_zip_is_found_by_the_hash_beside_it(self, release: Path, tmp_path: Path) -> None:
        for ending in ("zip", "zip.sha256"):
            shutil.copy(f"{release}.{ending}", tmp_path / f"1.0.0.{ending}")
        path = tmp_path / "1.0.0.zip"
        size = path.stat().st_size
        for offset in range(0, size, size // 5):
            flip(path, offset)
            assert codes(zip_is_whole(path)) == {"wrong_hash"}, offset
            flip(path, offset)
        flip(tmp_path / "1.0.0.zip.sha256", -2)
        assert codes(verify(path).failures) == {"wrong_hash"}

    def test_in_a_zip_alone_is_found_where_files_are(self, release: Path, tmp_path: Path) -> None:
        path = Path(shutil.copy(f"{release}.zip", tmp_path / "downloaded.zip"))
        with zipfile.ZipFile(path) as zipped:
            held = max(zipped.infolist(), key=lambda entry: entry.compress_size)
        flip(path, held.header_offset + held.compress_size // 2)
        assert held.filename.removeprefix("1.0.0/") in {
            failure.file for failure in verify(path).failures
        }


class TestFiles:
    @pytest.mark.parametrize(
        "name", ["SHA256SUMS", "facts.csv", "tables/observations.parquet", f"sources/{SOURCE}.txt"]
    )
    def test_that_are_cut_short_or_missing_are_named(self, copy: Path, name: str) -> None:
        path = copy / name
        path.write_bytes(path.read_bytes()[:-7])
        assert name in {failure.file for failure in verify(copy).failures}
        path.unlink()
        assert (name, "missing_file") in {
            (failure.file, failure.code) for failure in verify(copy).failures
        }

    def test_that_nobody_listed_are_named(self, copy: Path) -> None:
        (copy / "tables" / "more").mkdir()
        (copy / "tables" / "more" / "x.csv").write_text("more")
        expected = {
            "unlisted_file": "is not in SHA256SUMS",
            "extra_file": "is not in the release made again from its raw.zip",
        }
        assert verify(copy).failures == [
            Failure("tables/more/x.csv", *told) for told in expected.items()
        ]

    @pytest.mark.parametrize(
        "name", ["../outside", "/etc/hostname", "tables/../../outside", "C:/x", "..\\outside"]
    )
    def test_are_not_looked_for_outside_of_the_folder(self, copy: Path, name: str) -> None:
        (copy.parent / "outside").write_text("secret")
        with (copy / "SHA256SUMS").open("a", encoding="utf-8") as hashes:
            hashes.write(f"{hashlib.sha256(b'secret').hexdigest()}  {name}\n")
        (failure,) = verify(copy).failures
        assert (failure.code, name in failure.message.replace("\\\\", "\\")) == (
            "unsafe_path",
            True,
        )

    def test_that_are_links_are_not_followed(self, copy: Path) -> None:
        path = copy / "README.md"
        shutil.move(path, copy.parent / "elsewhere")
        path.symlink_to(copy.parent / "elsewhere")
        (copy / "all").symlink_to(copy.parent)
        assert {(failure.file, failure.code) for failure in verify(copy).failures} == {
            ("README.md", "unsafe_path"),
            ("all", "unsafe_path"),
        }

    def test_of_a_zip_that_lead_out_of_it_are_refused(self, release: Path, tmp_path: Path) -> None:
        path = Path(shutil.copy(f"{release}.zip", tmp_path / "1.0.0.zip"))
        with zipfile.ZipFile(path, "a") as zipped:
            for name in ("1.0.0/../../evil", "/evil", "beside/evil"):
                zipped.writestr(name, "evil")
        failures = verify(path).failures
        assert codes(failures) == {"unsafe_path"}
        assert {failure.file for failure in failures} == {
            "1.0.0/../../evil",
            "/evil",
            "beside/evil",
        }

    def test_of_a_zip_that_are_encrypted_are_a_failure(self, release: Path, tmp_path: Path) -> None:
        path = Path(shutil.copy(f"{release}.zip", tmp_path / "downloaded.zip"))
        flip(path, path.read_bytes().index(b"PK\x01\x02") + 8)  # the flag of the first file
        assert "unreadable_file" in codes(verify(path).failures)

    def test_that_are_all_broken_are_all_reported(
        self, copy: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        for name in files_of(copy):
            (copy / name).write_bytes(b"\xff\x00PAR1" * 9)
        hash_anew(copy)
        assert main(["verify", str(copy)]) == UNWELL
        said = capfd.readouterr()
        assert said.out.startswith("metadata/raw.zip: cannot be read as a zip")
        assert said.err == ""

    @pytest.mark.parametrize(
        "damage", [lambda data: data[: len(data) // 2], lambda _: b"PK\x03\x04", lambda _: b""]
    )
    def test_of_a_broken_zip_are_a_failure(
        self,
        damage: Callable[[bytes], bytes],
        release: Path,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        path = tmp_path / "1.0.0.zip"
        path.write_bytes(damage(Path(f"{release}.zip").read_bytes()))
        assert main(["verify", str(path)]) == UNWELL
        assert capsys.readouterr().out.startswith("1.0.0.zip: cannot be read as a zip")
