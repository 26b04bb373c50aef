"""A downloaded release is checked with nothing but its folder: what was changed in it is found, however it was changed."""

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.check import Checked, check
from pipeline.cli import UNWELL, USAGE, WELL, main
from pipeline.facts.bounds import bounds
from pipeline.release.database import facts_table
from pipeline.release.files import guarded, write_csv, write_parquet
from pipeline.release.opened import open_release
from pipeline.release.verification.evidence import bounds_follow
from pipeline.release.verification.failure import Failure
from pipeline.release.verification.listed_files import hashes_hold, measured, zip_is_whole
from pipeline.release.verify import verify
from schemas.columns import AMOUNT, COEFFICIENT, RELATORS, RESULT
from schemas.tables import FACTS, RELEASE_TABLES, TABLES
from tests.conftest import SOURCE, Edit
from tests.test_command_line import imported_by
from tests.test_release import published

ORGANISATIONS = pl.col("fact_id") == f"{SOURCE}/organisations"


@pytest.fixture(scope="module")
def release(article: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(article, tmp_path_factory.mktemp("outputs"))


@pytest.fixture
def copy(release: Path, tmp_path: Path) -> Path:
    """A copy of the release that a test may spoil."""
    return Path(shutil.copytree(release, tmp_path / "copy"))


def files_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def flip(path: Path, offset: int, bit: int = 0) -> None:
    content = bytearray(path.read_bytes())
    content[offset] ^= 1 << bit
    path.write_bytes(content)


def hash_anew(folder: Path) -> None:
    """Write SHA256SUMS for the files as they are."""
    names = [name for name in files_of(folder) if name != "SHA256SUMS"]
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def forge(folder: Path, **changed: pl.DataFrame) -> None:
    """Replace tables, in both their forms, and make everything that says what they were fit again."""
    tables = {name: pl.read_parquet(folder / "tables" / f"{name}.parquet") for name in TABLES} | changed
    for name, rows in changed.items():
        write_parquet(rows, RELEASE_TABLES[name], folder / "tables" / f"{name}.parquet")
        write_csv(rows, RELEASE_TABLES[name], folder / "tables" / f"{name}.csv")
    write_csv(guarded(facts_table(tables)), FACTS, folder / "facts.csv")
    (folder / "datapackage.json").unlink(missing_ok=True)
    hash_anew(folder)


def codes(failures: list[Failure]) -> set[str]:
    return {failure.code for failure in failures}


class TestAWholeRelease:
    def test_is_well_and_the_paragraph_says_what_was_checked(self, release: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["verify", str(release)]) == WELL
        said = capsys.readouterr().out
        assert said.count("\n") == 1
        assert f"Files: {len(files_of(release)) - 1}," in said
        assert "Facts: 46, each word for word where it says, in 1 of 1 texts" in said
        assert "38 outcomes of sums and 5 of lists, and the findings: 1" in said

    def test_is_well_as_a_zip(self, release: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["verify", f"{release}.zip", "--format", "json"]) == WELL
        assert json.loads(capsys.readouterr().out) == []

    def test_is_well_wherever_it_lies(self, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert verify(Path(copy.name)).failures == []

    def test_without_texts_that_may_not_be_republished_is_well(self, article: Checked, tmp_path: Path) -> None:
        sources = article.tables["sources"].with_columns(republish_text=pl.lit(value=False))
        folder = published(Checked({**article.tables, "sources": sources}), tmp_path)
        assert not list((folder / "sources").glob("*.txt"))
        assert verify(folder).failures == []

    def test_with_rules_that_are_broken_only_together_is_well(self, raw: Path, edit: Edit, tmp_path: Path) -> None:
        checked = in_contradiction(raw, edit)
        joint = checked.tables["check_results"].filter(scope="joint")
        assert joint.height == 2
        findings = checked.tables["findings"].with_columns(reason=pl.lit("for this test"))
        sources = checked.tables["sources"].with_columns(republish_text=pl.lit(value=False))
        folder = published(Checked({**checked.tables, "sources": sources, "findings": findings}), tmp_path)
        assert verify(folder).failures == []

    def test_is_checked_without_dagster_and_without_the_solver(self, release: Path) -> None:
        imported = imported_by(f"from pipeline.cli import main\nmain(['verify', {str(release)!r}])")
        assert "polars" in imported
        assert not {"dagster", "z3", "pandas"} & imported


def in_contradiction(raw: Path, edit: Edit) -> Checked:
    """The article with other numbers, and a rule more: NGOs <= organisations <= dialogue bodies, which there are too few of."""
    text = raw / SOURCE / "text.txt"
    for old, new in (("now has more than 35,000", "now has at most 36,000"), ("has 300 venues", "has 9000 venues")):
        for path in (text, *(raw / SOURCE).glob("*.csv")):
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    edit(f"{SOURCE}/observations.csv", "35000,gt,,", "36000,le,,")
    edit(f"{SOURCE}/observations.csv", ",,300,,,", ",,9000,,,")
    toml = raw / SOURCE / "source.toml"
    digest = hashlib.sha256(text.read_bytes()).hexdigest()
    toml.write_text(re.sub(r"(?m)^sha256 = .*$", f'sha256 = "{digest}"', toml.read_text(encoding="utf-8")), encoding="utf-8")
    with (raw / "rules.toml").open("a", encoding="utf-8") as rules:
        rules.write(
            '\n[[rule]]\nid = "organisations_are_few"\nkind = "subset"\ntitle = "There are no more than bodies"\n'
            'severity = "error"\npart = { indicator = "organisations" }\nwhole = { indicator = "dialogue_bodies" }\n'
        )
    return check(raw)


class TestOneFlippedBit:
    def test_is_found_in_every_file_wherever_it_is(self, copy: Path) -> None:
        for name in files_of(copy):
            path = copy / name
            size = path.stat().st_size
            for offset in {0, size // 3, size // 2, size - 2, size - 1} if size else ():
                flip(path, offset, offset % 8)
                opened = open_release(copy)
                found, unreadable = measured(opened)
                wrong = hashes_hold(opened, found)
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
        hashed = {failure["file"] for failure in json.loads(said.out) if failure["code"] == "wrong_hash"}
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
        assert held.filename.removeprefix("1.0.0/") in {failure.file for failure in verify(path).failures}


class TestFiles:
    @pytest.mark.parametrize("name", ["SHA256SUMS", "facts.csv", "tables/observations.parquet", f"sources/{SOURCE}.txt"])
    def test_that_are_cut_short_or_missing_are_named(self, copy: Path, name: str) -> None:
        path = copy / name
        path.write_bytes(path.read_bytes()[:-7])
        assert name in {failure.file for failure in verify(copy).failures}
        path.unlink()
        assert (name, "missing_file") in {(failure.file, failure.code) for failure in verify(copy).failures}

    def test_that_nobody_listed_are_named(self, copy: Path) -> None:
        (copy / "tables" / "more").mkdir()
        (copy / "tables" / "more" / "x.csv").write_text("more")
        assert verify(copy).failures == [Failure("tables/more/x.csv", "unlisted_file", "is not in SHA256SUMS")]

    @pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "tables/../../outside", "C:/x", "..\\outside"])
    def test_are_not_looked_for_outside_of_the_folder(self, copy: Path, name: str) -> None:
        (copy.parent / "outside").write_text("secret")
        with (copy / "SHA256SUMS").open("a", encoding="utf-8") as hashes:
            hashes.write(f"{hashlib.sha256(b'secret').hexdigest()}  {name}\n")
        (failure,) = verify(copy).failures
        assert (failure.code, name in failure.message.replace("\\\\", "\\")) == ("unsafe_path", True)

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
        assert {failure.file for failure in failures} == {"1.0.0/../../evil", "/evil", "beside/evil"}

    def test_of_a_zip_that_are_encrypted_are_a_failure(self, release: Path, tmp_path: Path) -> None:
        path = Path(shutil.copy(f"{release}.zip", tmp_path / "downloaded.zip"))
        flip(path, path.read_bytes().index(b"PK\x01\x02") + 8)  # the flag of the first file
        assert "unreadable_file" in codes(verify(path).failures)

    def test_that_are_all_broken_are_all_reported(self, copy: Path, capfd: pytest.CaptureFixture[str]) -> None:
        for name in files_of(copy):
            (copy / name).write_bytes(b"\xff\x00PAR1" * 9)
        hash_anew(copy)
        assert main(["verify", str(copy)]) == UNWELL
        said = capfd.readouterr()
        assert said.out.count("cannot be read as Parquet") == len(RELEASE_TABLES)
        assert "datapackage.json: cannot be read as JSON" in said.out
        assert "Not checked, since the tables that it takes cannot be read: facts.csv, spans" in said.out
        assert said.err == ""

    @pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda _: b"PK\x03\x04", lambda _: b""])
    def test_of_a_broken_zip_are_a_failure(
        self, damage: Callable[[bytes], bytes], release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "1.0.0.zip"
        path.write_bytes(damage(Path(f"{release}.zip").read_bytes()))
        assert main(["verify", str(path)]) == UNWELL
        assert capsys.readouterr().out.startswith("1.0.0.zip: cannot be read as a zip")


@pytest.mark.parametrize("name", ["nowhere", "empty", "note.txt"])
def test_what_is_no_release_is_said_in_one_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "note.txt").write_text("no release")
    assert main(["verify", str(tmp_path / name)]) == USAGE
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)


class TestTwins:
    def test_a_cell_that_a_spreadsheet_changed_is_named(self, copy: Path) -> None:
        path = copy / "tables" / "observations.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(",18000.000000,", ",18001.000000,"), encoding="utf-8")
        told = {failure.code: failure.message for failure in verify(copy).failures if failure.file.endswith(".csv")}
        assert set(told) == {"wrong_hash", "rows_differ"}
        expected = f"{SOURCE}/ngos: value is '18001.000000'; by tables/observations.parquet it is '18000.000000'"
        assert told["rows_differ"] == expected

    def test_parquet_that_was_changed_alone_differs_from_its_csv_and_from_its_own_hash(self, copy: Path) -> None:
        path = copy / "tables" / "areas.parquet"
        rows = pl.read_parquet(path)
        rows.with_columns(label=pl.col("label") + " ").write_parquet(path)
        hash_anew(copy)
        failures = verify(copy).failures
        assert ("tables/areas.csv", "rows_differ") in {(failure.file, failure.code) for failure in failures}
        assert ("datapackage.json", "description_differs") in {(failure.file, failure.code) for failure in failures}

    def test_facts_csv_that_was_changed_differs_from_the_tables(self, copy: Path) -> None:
        path = copy / "facts.csv"
        path.write_text(path.read_text(encoding="utf-8").replace('"more than 35,000"', '"exactly 35,000"'), encoding="utf-8")
        hash_anew(copy)
        assert ("facts.csv", "rows_differ") in {(failure.file, failure.code) for failure in verify(copy).failures}

    def test_a_row_more_or_less_is_named(self, copy: Path) -> None:
        path = copy / "tables" / "agents.csv"
        header, first, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join([header, *rest, first.replace(first.split(",")[0], "nobody", 1)]), encoding="utf-8")
        hash_anew(copy)
        told = [failure.message for failure in verify(copy).failures if failure.file == "tables/agents.csv"]
        assert [message.partition(": ")[2] for message in told] == [
            "the row is not there; by tables/agents.parquet it is",
            "the row is there; by tables/agents.parquet it is not",
        ]


def amount(number: str) -> pl.Expr:
    return pl.lit(Decimal(number), AMOUNT)


def only(column: str, value: pl.Expr, where: pl.Expr = ORGANISATIONS) -> pl.Expr:
    return pl.when(where).then(value).otherwise(column).alias(column)


FORGED: dict[str, tuple[str, list[pl.Expr], str]] = {
    "a value": ("observations", [only("value", amount("36000"))], "value_not_in_quote"),
    "a value and what is printed": (
        "observations",
        [only("value", amount("36000")), only("original_value", pl.lit("36,000"))],
        "value_not_in_quote",
    ),
    "a value, what is printed, its bound and its quote": (
        "observations",
        [
            only("value", amount("36000")),
            only("original_value", pl.lit("36,000")),
            only("lower_bound", amount("36001")),
            only("quote", pl.col("quote").str.replace("35,000", "36,000", literal=True)),
        ],
        "span_is_not_the_quote",
    ),
    "a bound": ("observations", [only("lower_bound", amount("30000"))], "bounds_differ"),
    "a bound, as the rules see it": ("observations", [only("lower_bound", amount("30000"))], "system_differs"),
    "a relator": ("observations", [only("relator", pl.lit("ge"))], "bounds_differ"),
    "a unit": ("observations", [only("unit", pl.lit("percent"))], "wrong_unit"),
    "an area": ("observations", [only("area", pl.lit("KZ-ALM"))], "system_differs"),
    "a place": ("statements", [pl.col("quote_start") + 1, pl.col("quote_end") + 1], "span_is_not_the_quote"),
    "a place beyond the text": (
        "events",
        [pl.col("quote_start") + 10**6, pl.col("quote_end") + 10**6],
        "span_beyond_text",
    ),
    "words before": ("events", [pl.lit("Nobody has ever said that").alias("quote_prefix")], "span_is_not_the_quote"),
    "a period": ("events", [only("period", pl.lit("1990"), pl.col("period") == "1991")], "period_differs"),
    "a numeral": ("numerals", [only("value", amount("7"), pl.col("words") == "Twenty")], "numeral_differs"),
    "an outcome": (
        "check_results",
        [pl.lit("satisfied").alias("outcome"), pl.lit(None, pl.String).alias("reason")],
        "outcome_differs",
    ),
    "an imbalance": ("check_results", [pl.col("imbalance_lower") - 1], "outcome_differs"),
    "a joint outcome of a rule that holds": (
        "check_results",
        [
            only(name, pl.lit(word), pl.col("outcome") == "satisfied")
            for name, word in (("scope", "joint"), ("outcome", "violated"))
        ],
        "outcome_differs",
    ),
    "a search cut off where a rule holds": (
        "check_results",
        [only("reason", pl.lit("solver_limit"), pl.col("outcome") == "satisfied")],
        "outcome_differs",
    ),
    "a coefficient": ("rule_terms", [pl.lit(Decimal(7), COEFFICIENT).alias("coefficient_upper")], "system_differs"),
    "a rule": ("rules", [pl.col("definition").str.replace("ngos", "organisations_growth")], "system_differs"),
    "a rule that is none": ("rules", [pl.lit("{").alias("definition")], "wrong_rule"),
    "a severity": ("rules", [pl.lit("information").alias("severity")], "outcome_differs"),
    "a finding": ("findings", [pl.col("lower") - 1], "finding_differs"),
    "a reason": ("findings", [pl.lit(None, pl.String).alias("reason")], "unacknowledged"),
    "an implied bound": ("implied_bounds", [pl.lit(None, RESULT).alias("lower")], "wider_bounds"),
    "a reference": ("events", [only("who", pl.lit("nobody"), pl.lit(value=True))], "lost_reference"),
    "a fact that is not there": ("readings", [pl.lit(f"{SOURCE}/nothing").alias("fact_id")], "lost_reference"),
    "a range": ("observations", [pl.col("decimals") - 1], "wrong_value"),
    "a key": ("areas", [pl.lit("KZ").alias("code")], "wrong_value"),
    "a type": ("areas", [pl.col("valid_from").cast(pl.String)], "wrong_column"),
    "the text's hash": ("sources", [pl.lit("0" * 64).alias("sha256")], "text_changed"),
    "the text's length": ("sources", [pl.col("characters") + 1], "text_changed"),
    "the right to the text": ("sources", [pl.lit(value=False).alias("republish_text")], "unlicensed_text"),
}


@pytest.mark.parametrize("what", FORGED)
def test_who_forges_is_found_though_every_hash_and_both_forms_are_made_anew(what: str, copy: Path) -> None:
    name, changed, code = FORGED[what]
    rows = pl.read_parquet(copy / "tables" / f"{name}.parquet")
    forge(copy, **{name: rows.with_columns(changed)})
    failures = verify(copy).failures
    assert code in codes(failures), failures
    assert not {"wrong_hash", "rows_differ", "uncheckable"} & codes(failures), failures


@st.composite
def stated(draw: st.DrawFn) -> dict[str, object]:
    """A number as a person may type it, with its indicator's kind."""
    kind = draw(st.sampled_from(["stock", "flow", "share", "multi_share", "duration", "ordinal"]))
    whole = draw(st.booleans()) and kind not in {"share", "multi_share"}
    decimals = 0 if whole else draw(st.integers(0, 5))
    numbers = st.integers(1, 100 * 10**decimals).map(lambda digits: f"{Decimal(digits).scaleb(-decimals):f}")
    relator = draw(st.sampled_from(RELATORS))
    value = "/".join(sorted((draw(numbers), draw(numbers)), key=Decimal)) if relator == "between" else draw(numbers)
    rounded = draw(st.booleans()) and relator in {"eq", "approx"}
    precision = draw(st.sampled_from(["0.1", "0.5", "1", "10", "1000"])) if rounded else None
    return {"value": value, "relator": relator, "precision": precision, "kind": kind, "whole": whole}


@settings(max_examples=20, deadline=None)
@given(st.lists(stated(), min_size=1, max_size=20))
def test_bounds_that_the_build_gives_numbers_follow_from_them(rows: list[dict[str, object]]) -> None:
    assert bounds_follow(observed(rows)) == []


@settings(max_examples=20, deadline=None)
@given(st.lists(stated(), min_size=1, max_size=20))
def test_bounds_that_were_moved_do_not_follow(rows: list[dict[str, object]]) -> None:
    tables = observed(rows)
    bounded = tables["observations"].filter(~pl.all_horizontal(pl.col("lower_bound", "upper_bound").is_null()))
    tables["observations"] = bounded.with_columns((pl.col("lower_bound", "upper_bound") + amount("0.000001")).cast(AMOUNT))
    assert len(bounds_follow(tables)) == bounded.height


def observed(rows: list[dict[str, object]]) -> dict[str, pl.DataFrame]:
    shape = {"value": pl.String, "relator": pl.String, "precision": pl.String, "kind": pl.String, "whole": pl.Boolean}
    typed = pl.DataFrame(rows, schema=shape).with_row_index().with_columns(indicator=pl.format("i{}", "index"))
    named = typed.select("relator", "indicator", fact_id="indicator", unit=pl.lit("u"), original_value=pl.lit("as printed"))
    return {
        "observations": pl.concat([bounds(typed), named], how="horizontal"),
        "indicators": typed.select("kind", "whole", code="indicator", unit=pl.lit("u")),
    }


def test_a_row_left_out_of_the_findings_is_missed(copy: Path) -> None:
    forge(copy, findings=pl.read_parquet(copy / "tables" / "findings.parquet").clear())
    (failure,) = verify(copy).failures
    assert (failure.file, failure.code) == ("tables/findings.parquet", "finding_differs")


def test_a_changed_text_is_found_though_it_was_hashed_anew(copy: Path) -> None:
    path = copy / "sources" / f"{SOURCE}.txt"
    path.write_bytes(path.read_bytes().replace(b"35,000", b"36,000"))
    hash_anew(copy)
    assert {"text_changed", "span_is_not_the_quote", "numeral_differs"} <= codes(verify(copy).failures)


def test_many_failures_of_a_kind_are_told_of_some_and_counted(copy: Path) -> None:
    forge(copy, numerals=pl.read_parquet(copy / "tables" / "numerals.parquet").with_columns(words=pl.lit("other")))
    failures = [failure for failure in verify(copy).failures if failure.code == "numeral_differs"]
    assert len(failures) == 21
    assert failures[-1].message == "and 17 more like these"
