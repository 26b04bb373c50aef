"""What changed between two releases: columns, rows, cells and outcomes, as text, JSON and a
page.
"""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.check import Checked
from pipeline.cli import UNWELL, USAGE, WELL, main
from pipeline.release.changes import changes, level
from pipeline.release.diff import diff as compare
from pipeline.release.zipped import write_zip
from tests.conftest import ROOT, SOURCE, Told
from tests.test_release import published
from tests.verify.spoil import forge, hash_anew

ORGANISATIONS = f"{SOURCE}/organisations"


@pytest.fixture(scope="module")
def outputs(article: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The article's release as 1.0.0, and 1.1.0 in which facts, a finding and an outcome are not
    what they were.
    """
    folder = tmp_path_factory.mktemp("outputs")
    old = published(article, folder)
    new = Path(shutil.copytree(old, old.with_name("1.1.0")))
    observations = article.tables["observations"]
    is_total = pl.col("fact_id") == ORGANISATIONS
    rows = observations.filter(pl.col("fact_id") != f"{SOURCE}/bodies").with_columns(
        value=pl.when(is_total)
        .then(pl.lit(Decimal(36_000), observations.schema["value"]))
        .otherwise("value"),
        note=pl.when(is_total).then(pl.lit("<script>alert(1)</script> \x1b[31m")).otherwise("note"),
    )
    is_subset = pl.col("rule_id") == "ngos_are_part_of_organisations"
    outcome = pl.when(is_subset).then(pl.lit("violated")).otherwise("outcome")
    forge(
        new,
        observations=rows,
        findings=article.tables["findings"].clear(),
        check_results=article.tables["check_results"].with_columns(outcome=outcome),
    )
    return folder


def diff(outputs: Path, old: str, new: str, form: str = "text") -> int:
    return main(["diff", old, new, "--outputs", str(outputs), "--format", form])


def test_a_release_does_not_differ_from_itself(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff(outputs, "1.0.0", "1.0.0") == WELL
    assert capsys.readouterr().out == "1.0.0 -> 1.0.0: nothing differs\n"


def test_every_changed_cell_row_and_outcome_is_told(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff(outputs, "1.0.0", "1.1.0") == UNWELL
    told = capsys.readouterr().out.splitlines()
    group = f"ngos_are_part_of_organisations {SOURCE} KZ 2011-12-23"
    assert told[0].startswith("1.0.0 -> 1.1.0: minor (")
    assert f"  ~ {ORGANISATIONS} value: 35000 -> 36000" in told
    assert f"  - {SOURCE}/bodies" in told
    assert f"  - every_dialogue_body_is_named {SOURCE} KZ 2011-12-23" in told
    assert f"  ~ {group} outcome: undetermined -> violated" in told


def test_no_note_can_command_a_terminal(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diff(outputs, "1.0.0", "1.1.0")
    assert r"nothing -> <script>alert(1)</script> \x1b[31m" in capsys.readouterr().out


def test_json_has_all_that_changed(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(outputs, "1.0.0", "1.1.0", "json") == UNWELL
    told = json.loads(capsys.readouterr().out)
    assert (told["old"], told["new"], told["level"]) == ("1.0.0", "1.1.0", "minor")
    nothing = {"column_name": None, "old": None, "new": None}
    assert {
        "table_name": "observations",
        "key": f"{SOURCE}/bodies",
        "change": "removed",
        **nothing,
    } in told["changes"]
    value = {
        "table_name": "observations",
        "key": ORGANISATIONS,
        "column_name": "value",
        "change": "value",
        "old": "35000",
        "new": "36000",
    }
    assert value in told["changes"]


def test_a_release_is_named_by_version_folder_or_zip(
    outputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = outputs / "releases" / "1.0.0"
    zipped = shutil.copy(outputs / "releases" / "1.0.0.zip", tmp_path / "downloaded.zip")
    for name in ("1.0.0", str(folder), str(zipped)):
        assert diff(outputs, name, "1.1.0", "json") == UNWELL
        told = json.loads(capsys.readouterr().out)
        assert [change["change"] for change in told["changes"]].count("value") == 3


def test_a_version_of_which_only_the_zip_is_left_is_found(outputs: Path, tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    shutil.copy(outputs / "releases" / "1.0.0.zip", tmp_path / "releases" / "1.0.0.zip")
    assert diff(tmp_path, "1.0.0", str(outputs / "releases" / "1.0.0")) == WELL


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("1.0.9", "neither a version"),
        ("nowhere/at/all", "neither a version"),
        ("tampered", "facts.csv has the SHA-256"),
        ("short", "tables/areas.parquet is not there"),
        ("longer", "tables/more.csv is not in SHA256SUMS"),
        ("undescribed", "does not describe the tables"),
        ("unpackaged", "datapackage.json is not there"),
        ("other", "has the columns"),
        ("broken.zip", "cannot be read as a zip"),
        ("empty", "is no release"),
        ("note.txt", "is neither a folder nor a zip"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(
    name: str, why: str, outputs: Path, tmp_path: Path, told: Told
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "note.txt").write_text("no release")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    if name in {"tampered", "short", "longer", "undescribed", "unpackaged", "other"}:
        folder = Path(shutil.copytree(outputs / "releases" / "1.0.0", tmp_path / name))
        with (folder / "facts.csv").open("a") as facts:
            facts.write("more\n" * (name == "tampered"))
        if name == "short":
            (folder / "tables" / "areas.parquet").unlink()
        if name == "longer":
            (folder / "tables" / "more.csv").write_text("more")
        if name == "undescribed":
            (folder / "datapackage.json").write_text("[" * 100_000)
            hash_anew(folder)
        if name == "unpackaged":
            (folder / "datapackage.json").unlink()
            hash_anew(folder)
        if name == "other":
            (folder / "tables" / "areas.csv").write_text("other\n")
            hash_anew(folder)
    assert diff(outputs, "1.0.0", str(tmp_path / name)) == USAGE
    out, err = told()
    assert (out, err.count("\n")) == ("", 1)
    assert name in err
    assert why in err


def test_an_unknown_version_leads_to_the_nearest(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff(outputs, "1.0.00", "1.1.0") == USAGE
    assert "nearest: 1.0.0" in capsys.readouterr().err


def test_text_stops_where_nobody_reads_on_and_json_does_not(
    outputs: Path, tmp_path: Path, article: Checked, capsys: pytest.CaptureFixture[str]
) -> None:
    release = Path(shutil.copytree(outputs / "releases" / "1.0.0", tmp_path / "release"))
    forge(release, mentions=article.tables["mentions"].with_columns(words=pl.lit("other")))
    diff(outputs, "1.0.0", str(release))
    assert "  ... and 16 more (--format json has all)" in capsys.readouterr().out.splitlines()
    diff(outputs, "1.0.0", str(release), "json")
    assert len(json.loads(capsys.readouterr().out)["changes"]) == 36


def test_a_table_that_this_program_does_not_know_is_compared_by_the_key_that_its_file_tells(
    outputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders: list[str] = []
    for side, number in (("old", 1), ("new", 2)):
        folder = Path(shutil.copytree(outputs / "releases" / "1.0.0", tmp_path / side))
        (folder / "tables" / "strange.csv").write_text(f"code,number\na,{number}\n")
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        fields = [{"name": "code", "type": "string"}, {"name": "number", "type": "integer"}]
        described = {"fields": fields, "primaryKey": ["code"]}
        package["resources"].append({"path": "tables/strange.csv", "schema": described})
        (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        hash_anew(folder)
        folders.append(str(folder))
    diff(outputs, folders[0], folders[1], "json")
    assert json.loads(capsys.readouterr().out)["changes"] == [
        {
            "table_name": "strange",
            "key": "a",
            "column_name": "number",
            "change": "value",
            "old": "1",
            "new": "2",
        }
    ]


PUBLISHED = ROOT / "outputs" / "releases" / "1.0.0"


@pytest.fixture(scope="module")
def compared(outputs: Path) -> list[dict[str, str | None]]:
    """What a release of the same sources says otherwise than that of version 1."""
    found = compare(str(PUBLISHED), str(outputs / "releases" / "1.0.0"), outputs)
    assert level(found.found) == "major"
    return found.found.to_dicts()


class TestAReleaseOfVersion1:
    """Its tables and columns are not those of today."""

    def test_has_tables_and_columns_that_came_or_went(
        self, compared: list[dict[str, str | None]]
    ) -> None:
        structure = {
            (one["table_name"], one["column_name"], one["change"])
            for one in compared
            if one["key"] is None
        }
        assert {
            ("numerals", None, "removed"),
            ("mentions", None, "added"),
            ("observations", "per", "added"),
        } <= structure

    def test_is_compared_in_the_columns_that_both_have(
        self, compared: list[dict[str, str | None]]
    ) -> None:
        cells = [
            one
            for one in compared
            if one["table_name"] == "events" and one["key"] == f"{SOURCE}/concept-2006-term"
        ]
        assert ("who", "kz_state", None) in {
            (one["column_name"], one["old"], one["new"]) for one in cells
        }
        columns = {
            one["column_name"]
            for one in compared
            if one["table_name"] == "observations" and one["key"] is not None
        }
        assert not {"per", "precision"} & columns

    @pytest.mark.parametrize("form", ["text", "json"])
    def test_is_compared_as_a_zip_in_every_form(
        self, form: str, outputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        zipped = write_zip(Path(shutil.copytree(PUBLISHED, tmp_path / "1.0.0")))
        assert diff(outputs, str(zipped), "1.0.0", form) == UNWELL
        said = capsys.readouterr()
        assert "numerals" in said.out
        assert said.err == ""


class TestChanges:
    OLD = pl.DataFrame(
        {
            "fact_id": ["s/a", "s/b"],
            "unit": ["one", None],
            "value": [Decimal("1.50"), Decimal("2.00")],
        }
    )

    @pytest.mark.parametrize(
        ("new", "grave"),
        [
            (OLD, None),
            (OLD.reverse(), None),
            (OLD.with_columns(unit=pl.lit("two")), "patch"),
            (OLD.head(1).with_columns(unit=pl.lit("two")), "minor"),
            (OLD.drop("unit"), "major"),
            (OLD.with_columns(more=pl.lit(1)), "major"),
            (OLD.with_columns(pl.col("value").cast(pl.Decimal(20, 6))), "major"),
        ],
    )
    def test_are_as_grave_as_their_gravest(self, new: pl.DataFrame, grave: str | None) -> None:
        found = changes({"observations": self.OLD}, {"observations": new})
        assert level(found) == grave
        assert found.is_empty() == (grave is None)

    def test_a_table_more_or_less_is_major(self) -> None:
        more = changes({}, {"observations": self.OLD})
        assert (level(more), more.rows()) == (
            "major",
            [("observations", None, None, "added", None, "rows: 2")],
        )
        less = changes({"observations": self.OLD}, {})
        assert (level(less), less.rows()) == (
            "major",
            [("observations", None, None, "removed", "rows: 2", None)],
        )

    def test_a_cell_whose_type_alone_has_changed_is_not_told(self) -> None:
        found = changes(
            {"observations": self.OLD},
            {"observations": self.OLD.with_columns(pl.col("value").cast(pl.String))},
        )
        assert found.select("column_name", "change").rows()[0] == ("value", "type")
        assert found.filter(change="value").select("old", "new").rows() == [
            ("1.5", "1.50"),
            ("2", "2.00"),
        ]

    def test_a_cell_that_is_emptied_or_filled_has_changed(self) -> None:
        new = self.OLD.with_columns(unit=pl.Series([None, ""], dtype=pl.String))
        found = changes({"observations": self.OLD}, {"observations": new})
        assert found.select("key", "old", "new").rows() == [("s/a", "one", None), ("s/b", None, "")]

    @pytest.mark.parametrize("number", ["35000", "0.5", "0.000001", "-7.25", "100.000001", "0"])
    def test_a_number_is_told_without_idle_zeros(self, number: str) -> None:
        old, new = (
            self.OLD.with_columns(value=pl.lit(Decimal(one), pl.Decimal(20, 6)))
            for one in ("3", number)
        )
        found = changes({"observations": old}, {"observations": new})
        assert found.select("old", "new").rows() == [("3", number)] * 2

    def test_a_key_with_an_empty_part_is_one_key(self, article: Checked) -> None:
        terms = article.tables["rule_terms"]
        assert terms["quantity"].null_count() == 3
        found = changes(
            {"rule_terms": terms},
            {"rule_terms": terms.with_columns(coefficient_lower=pl.lit(Decimal(7)))},
        )
        assert found.drop_nulls("key")["change"].unique().to_list() == ["value"]
        assert found.filter(column_name="coefficient_lower", change="value").height == terms.height

    def test_rows_that_stand_more_than_once_are_counted(self) -> None:
        old, new = (
            pl.DataFrame({"one": ["a"] * times, "other": [None] * times}) for times in (1, 3)
        )
        found = changes({"t": old}, {"t": new})
        assert found.rows() == [("t", "a ", None, "added", None, None)] * 2
        same_key = {"t": ["one"]}
        rows = [pl.DataFrame({"one": ["a", "a"], "value": values}) for values in ([1, 2], [1, 3])]
        assert changes({"t": rows[0]}, {"t": rows[1]}, same_key).rows() == [
            ("t", "a", "value", "value", "2", "3")
        ]

    @staticmethod
    @st.composite
    def rows(draw: st.DrawFn) -> dict[tuple[str | None, str], int | None]:
        keys = st.tuples(st.sampled_from([None, "a", "b", "c"]), st.sampled_from("xy"))
        return draw(st.dictionaries(keys, st.one_of(st.none(), st.integers(0, 2))))

    @settings(deadline=None)
    @given(rows(), rows())
    def test_what_has_changed_makes_the_new_rows_of_the_old(
        self,
        old: dict[tuple[str | None, str], int | None],
        new: dict[tuple[str | None, str], int | None],
    ) -> None:
        found = changes({"t": self.table(old)}, {"t": self.table(new)}, {"t": ["one", "other"]})
        made = {" ".join((one or "", other)): value for (one, other), value in old.items()}
        for change, key in (
            found.filter(pl.col("change") != "value").select("change", "key").iter_rows()
        ):
            if change == "removed":
                del made[key]
            else:
                made[key] = next(
                    value
                    for (one, other), value in new.items()
                    if " ".join((one or "", other)) == key
                )
        for key, before, after in (
            found.filter(change="value").select("key", "old", "new").iter_rows()
        ):
            assert made[key] == (None if before is None else int(before))
            made[key] = None if after is None else int(after)
        assert made == {" ".join((one or "", other)): value for (one, other), value in new.items()}

    @staticmethod
    def table(rows: dict[tuple[str | None, str], int | None]) -> pl.DataFrame:
        shape = {"one": pl.String, "other": pl.String, "value": pl.Int64}
        return pl.DataFrame(
            [(*key, value) for key, value in rows.items()], schema=shape, orient="row"
        )
