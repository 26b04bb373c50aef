"""The DuckDB file: tables, views and comments, whole at any moment."""

import errno
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.built import Tables
from pipeline.durable import one_build_at_a_time
from pipeline.release.database import VIEWS, build_database
from schemas.tables import DATABASE_TABLES, RELEASE_TABLES, schema_of
from tests.conftest import SOURCE, isolated


@pytest.fixture(scope="module")
def database(with_releases: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_database(with_releases, tmp_path_factory.mktemp("outputs"))


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as con:
        return con.execute(query).fetchall()


def test_every_table_is_there_with_all_its_rows(database: Path, with_releases: Tables) -> None:
    for name in DATABASE_TABLES:
        table = f"{schema_of(name)}.{name}"
        assert rows(database, f"SELECT count(*) FROM {table}") == [(with_releases[name].height,)]  # noqa: S608


def test_every_table_has_its_key_and_a_row_that_is_there_twice_is_refused(
    with_releases: Tables, tmp_path: Path
) -> None:
    path = build_database(with_releases, tmp_path)
    keys: dict[str, tuple[str, list[str]]] = {
        table: (kind, columns)
        for table, kind, columns in rows(
            path,
            "SELECT table_name, constraint_type, constraint_column_names FROM duckdb_constraints() "
            "WHERE constraint_type IN ('PRIMARY KEY', 'UNIQUE')",
        )
    }
    assert {name: columns for name, (_, columns) in keys.items()} == {
        name: schema.unique for name, schema in DATABASE_TABLES.items()
    }
    assert {name for name, (kind, _) in keys.items() if kind == "UNIQUE"} == {
        "changes",
        "error_sets",
        "rule_terms",
    }  # a change of a whole row, what was not found, the constant 1: a cell of the key is empty
    with duckdb.connect(str(path)) as con, pytest.raises(duckdb.ConstraintException):
        con.execute("INSERT INTO observations FROM observations")


def test_the_linear_system_lies_apart_from_what_people_ask(database: Path) -> None:
    apart = "SELECT table_name FROM duckdb_tables() WHERE schema_name <> 'main' ORDER BY 1"
    assert rows(database, apart) == [("quantities",), ("rule_groups",), ("rule_terms",)]


def test_no_name_of_a_table_view_or_column_needs_quotes(database: Path) -> None:
    """Whatever a name is, it can be written as it stands, and SQL means nothing else by it."""
    named = """
        SELECT name FROM (
            SELECT table_name AS name FROM duckdb_tables()
            UNION SELECT view_name FROM duckdb_views() WHERE NOT internal
            UNION SELECT column_name FROM duckdb_columns() WHERE NOT internal
        )
    """
    reserved = f"""
        SELECT name FROM ({named}) AS names WHERE NOT regexp_full_match(name, '[a-z][a-z0-9_]*')
        OR name IN (SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category IN
            ('reserved', 'type_function'))
    """  # noqa: S608 (of two texts that stand here)
    assert len(rows(database, named)) > 100
    assert rows(database, reserved) == []
    columns = """SELECT schema_name, table_name, string_agg(column_name, ', ')
        FROM duckdb_columns() WHERE NOT internal GROUP BY ALL"""
    for schema, table, listed in rows(database, columns):
        rows(database, f"SELECT {listed} FROM {schema}.{table} WHERE FALSE")  # noqa: S608


def test_every_table_view_and_column_has_a_comment(database: Path) -> None:
    bare = """SELECT table_name, column_name FROM duckdb_columns()
        WHERE comment IS NULL AND NOT internal"""
    assert rows(database, bare) == []
    assert rows(database, "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL") == []
    views = rows(
        database,
        (
            "SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NOT NULL ORDER "
            "BY view_name"
        ),
    )
    assert views == [(name,) for name in sorted(VIEWS)]


READ_ALL = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
print(duckdb.__version__, *(
    f"{name}:{len(con.execute(f'SELECT * FROM {name}').fetchall())}" for name in sys.argv[2:]
))
"""


@pytest.mark.parametrize("version", ["1.4.5", "1.5.6", "2.0.0"])
def test_other_versions_of_duckdb_open_the_file_and_read_every_table_and_view(
    version: str, database: Path
) -> None:
    names = [*(f"{schema_of(name)}.{name}" for name in DATABASE_TABLES), *VIEWS]
    python = ("python", "-c", READ_ALL, str(database), *names)
    command = isolated((f"duckdb=={version}",), *python)
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    counts = [rows(database, f"SELECT count(*) FROM {name}")[0][0] for name in names]  # noqa: S608
    expected = [f"{name}:{count}" for name, count in zip(names, counts, strict=True)]
    assert run.stdout.split() == [version, *expected], run.stderr


def test_what_has_changed_and_all_releases_are_there(database: Path) -> None:
    releases = rows(database, "SELECT version, based_on FROM releases ORDER BY date, version")
    assert releases[:2] == [("1.0.0", None), ("2.0.0", "1.0.0")]
    changed = rows(database, "SELECT DISTINCT table_name FROM changes")
    assert {*changed} & {(name,) for name in RELEASE_TABLES}
    assert not {("changes",), ("releases",)} & {*changed}


def test_a_unit_is_in_the_comment(database: Path) -> None:
    query = (
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'observations' AND "
        "column_name = 'quote_start'"
    )
    ((comment,),) = rows(database, query)
    assert "Unit: Unicode code points" in str(comment)


def test_the_unnamed_dialogue_bodies_are_a_flagged_row_of_their_own(database: Path) -> None:
    found = rows(database, "SELECT part, lower, upper, is_flagged FROM dialogue_bodies")
    assert found[0] == ("whole", Decimal(300), Decimal(300), False)
    assert [row[1] for row in found[1:4]] == [144, 20, 14]
    assert found[4] == ("unnamed remainder", Decimal(122), Decimal(122), True)
    assert len(found) == 5


def test_the_regions_that_are_not_named_are_a_row(database: Path) -> None:
    found = rows(
        database, "SELECT area_label, lower, upper FROM regional_shares WHERE is_remainder"
    )
    assert found == [("regions not named", Decimal("42.385"), Decimal("42.535"))]
    assert rows(database, "SELECT count(*) FROM regional_shares") == [(7,)]


def test_the_other_views_hold_what_they_say(database: Path) -> None:
    assert rows(database, "SELECT as_printed FROM organisation_counts ORDER BY as_printed") == [
        ("1,000",),
        ("more than 18,000",),
        ("more than 35,000",),
    ]
    assert rows(
        database,
        (
            "SELECT count(*), sum(CAST(caveat LIKE '%do not add them up%' AS INTEGER)) FROM "
            "activity_shares"
        ),
    ) == [(7, 7)]
    first = rows(database, "SELECT what FROM policy_timeline LIMIT 1")
    assert first == [("independence",)]


def test_a_bound_is_never_printed_as_a_count(database: Path) -> None:
    query = "SELECT as_printed, lower, upper, caveat FROM facts WHERE indicator = 'organisations'"
    assert rows(database, query) == [
        ("more than 35,000", 35001, None, "A lower bound, not a count.")
    ]


def test_another_reading_and_a_finding_are_caveats(database: Path) -> None:
    caveats: dict[object, object] = dict(rows(database, "SELECT fact_id, caveat FROM facts"))
    assert "Another reading" in str(caveats[f"{SOURCE}/share-almaty"])
    assert "122 of 300" in str(caveats[f"{SOURCE}/bodies"])
    assert "Claimed by Natalia Bourjaily" in str(caveats[f"{SOURCE}/presence-1997"])


def test_what_a_killed_build_left_does_not_stop_the_next(
    with_releases: Tables, tmp_path: Path
) -> None:
    (tmp_path / ".civil_society.duckdb.aside").write_bytes(b"half a file")
    (tmp_path / ".civil_society.duckdb.aside.wal").write_bytes(b"debris")
    (tmp_path / "civil_society.duckdb.wal").write_bytes(b"of another file")
    with one_build_at_a_time(tmp_path):
        path = build_database(with_releases, tmp_path)
    assert rows(path, "SELECT count(*) FROM events") == [(11,)]
    assert {entry.name for entry in tmp_path.iterdir()} == {
        path.readlink().name,
        ".build.lock",
        "civil_society.duckdb",
    }


def test_the_name_leads_to_one_build_at_a_time_and_the_one_before_stays_for_who_is_about_to_open_it(
    with_releases: Tables, tmp_path: Path
) -> None:
    tables = dict(with_releases)
    builds = [build_database(tables, tmp_path).resolve()]
    for name in ("events", "observations"):
        tables[name] = tables[name].clear()
        builds.append(build_database(tables, tmp_path).resolve())
    assert len(set(builds)) == 3
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted(
        ["civil_society.duckdb", *(one.name for one in builds[1:])]
    )


def test_where_there_are_no_links_the_build_has_the_name(
    with_releases: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path, target: str) -> None:
        raise OSError(errno.EPERM, "no links here", target)

    monkeypatch.setattr(Path, "symlink_to", refuse)
    for _ in range(2):
        path = build_database(with_releases, tmp_path)
        assert rows(path, "SELECT count(*) FROM events") == [(11,)]
        assert [entry.name for entry in tmp_path.iterdir()] == ["civil_society.duckdb"]
