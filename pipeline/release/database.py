"""Build the DuckDB file: every table and view with its comments, built aside and swapped in by
rename. Its names need no quotes.

DuckDB opens a file that it reads three times, by its name, so that a reader who comes in between
would get the head of one build and the rows of another. But it follows a link just once: the name
is a link to a build, whose name is its own. Readers keep the build that they have open. Belongs
here: the file and its views. Does not belong here: what the tables hold.
"""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import duckdb
import polars as pl
from pandera.polars import DataFrameSchema

from pipeline.built import Tables
from pipeline.durable import aside, swap_in, sync
from pipeline.query import query
from schemas.columns import in_words
from schemas.tables import DATABASE_TABLES, FACTS, TABLES, schema_of

FILE = "civil_society.duckdb"
STORAGE_VERSION = "v1.4.0"
"""So that DuckDB 1.4, which is supported for long, and later ones open the file."""

# facts comes first: the others refer to it
VIEWS = (
    "facts",
    "organisation_counts",
    "regional_shares",
    "activity_shares",
    "dialogue_bodies",
    "policy_timeline",
    "implied_values",
)


_OF_VIEWS = {
    "part": "Part. The whole, a named group of it, or its unnamed remainder, which nobody states",
    "is_remainder": "Is a remainder. Whether it follows from a rule, and no source states it",
    "is_flagged": "Is flagged. Whether it is a finding",
    "is_stated": "Is stated. Whether a source states it, less exactly than follows",
    "percent_of_whole": "Percent of the whole. Where both are exact",
    "who_label": "Who, label. Who acted, in words",
    "place_label": "Place, label. Where, in words",
}
"""What the columns are that only views have."""


def view_sql(name: str) -> tuple[str, str]:
    """Return the description of a view, from the first line of its file, and its query."""
    text = (files("pipeline.release") / "views" / f"{name}.sql").read_text(encoding="utf-8")
    comment, _, query = text.partition("\n")
    return comment.removeprefix("-- "), query


def build_database(tables: Tables, outputs: Path) -> Path:
    """Write the DuckDB file into `outputs` and return its path; whatever stops this, the file that
    was there stays whole.

    `tables` are all of schemas.tables.DATABASE_TABLES (release.with_history).
    """
    target = outputs / FILE
    build = outputs / f".{uuid4().hex}.{FILE}"
    before = target.readlink().name if target.is_symlink() else build.name
    try:
        with aside(build) as built:
            # what does not fit into memory lies beside, and goes as what is built there does
            with duckdb.connect(config={"temp_directory": f"{built}.spill"}) as con:
                version = _literal(STORAGE_VERSION)
                con.execute(f"ATTACH {_literal(str(built))} AS built (STORAGE_VERSION {version})")
                con.execute("USE built")
                fill(con, tables)
                con.execute("CHECKPOINT built")
                con.execute("USE memory")
                con.execute("DETACH built")
            swap_in(build)
        link(target, build)
        sync(outputs)
    finally:
        # who has just followed the link may not have opened the build before
        kept = (before, target.resolve().name)
        for older in outputs.glob(f".*.{FILE}*"):
            if not older.name.startswith(kept):
                older.unlink()
    return target


def link(target: Path, build: Path) -> None:
    """Let a name lead to a build from now on, without a moment in which it leads nowhere; without
    links, give it to the build.
    """
    with aside(target) as built:
        try:
            built.symlink_to(build.name)
        except OSError:  # a file system or a user that has none
            build.rename(built)
        _wal(target).unlink(missing_ok=True)
        built.replace(target)


def fill(con: duckdb.DuckDBPyConnection, tables: Tables) -> None:
    """Create every table and view, with comments, in the connection's current database: a flush to
    disk for each table, and not for each comment.
    """
    for name, schema in DATABASE_TABLES.items():
        con.begin()
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema_of(name)}")
        con.register("incoming", tables[name].to_arrow())
        _create(con, f"{schema_of(name)}.{name}", schema)
        con.unregister("incoming")
        con.commit()
    con.begin()
    columns = _view_columns()
    for name in VIEWS:
        description, query = view_sql(name)
        con.execute(f"CREATE VIEW {name} AS {query}")
        con.execute(f"COMMENT ON VIEW {name} IS {_literal(description)}")
        _describe(con, name, {one: columns[one] for one in con.table(name).columns})
    con.commit()


def _create(con: duckdb.DuckDBPyConnection, table: str, schema: DataFrameSchema) -> None:
    """Create a table with its key, and the rows and types of what is registered as `incoming`.

    SQL lets no cell of a primary key be empty: a key with a column that may be is UNIQUE instead.
    """
    incoming = con.table("incoming")
    columns = [
        f"{name} {dtype}{'' if schema.columns[name].nullable else ' NOT NULL'}"
        for name, dtype in zip(incoming.columns, incoming.types, strict=True)
    ]
    key = list(schema.unique or [])
    kind = "UNIQUE" if any(schema.columns[name].nullable for name in key) else "PRIMARY KEY"
    con.execute(f"CREATE TABLE {table} ({', '.join(columns)}, {kind} ({', '.join(key)}))")
    incoming.insert_into(table)
    con.execute(f"COMMENT ON TABLE {table} IS {_literal(in_words(schema))}")
    _describe(con, table, {name: in_words(of) for name, of in schema.columns.items()})


def _view_columns() -> dict[str, str]:
    """Return what the columns of views are: those of the flat table, of others, and their own."""
    schemas = (*(TABLES[name] for name in ("check_results", "implied_bounds", "events")), FACTS)
    return {
        name: in_words(column) for schema in schemas for name, column in schema.columns.items()
    } | _OF_VIEWS


def _describe(con: duckdb.DuckDBPyConnection, table: str, comments: Mapping[str, str]) -> None:
    """Give every column of a table or view its comment."""
    for name, comment in comments.items():
        con.execute(f"COMMENT ON COLUMN {table}.{name} IS {_literal(comment)}")


def view_rows(view: str, tables: Tables, **others: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a view of the published tables, and of other views where it refers to
    these.
    """
    return query(view_sql(view)[1], **{name: tables[name] for name in TABLES}, **others)


def facts_table(tables: Tables) -> pl.DataFrame:
    """Return the flat table of facts, as the view `facts` gives it."""
    return view_rows("facts", tables)


def _wal(file: Path) -> Path:
    """Return where DuckDB keeps what somebody changed in a file and has not yet written there."""
    return file.with_name(f"{file.name}.wal")


def _literal(text: str) -> str:
    """Quote a text for the few statements of DuckDB that take no parameters (ATTACH, COMMENT
    ON).
    """
    return "'" + text.replace("'", "''") + "'"
