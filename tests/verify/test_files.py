"""Files that were cut, changed, added or led elsewhere are found, in a folder and in a zip."""

import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest

from pipeline.release.verification.failure import Failure
from pipeline.release.verification.listed_files import zip_is_whole
from pipeline.release.verify import verify
from tests.conftest import SOURCE
from tests.verify.spoil import codes, flip


class TestOneFlippedBit:
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
