"""A corpus as validated tables, written set-wise: for sizes at which the text is not the point.

`write_validated` writes Parquet files of the published tables that the rules are made of,
rules.toml, and the linear system that the rules make of them, so that what builds it and what
judges it can each be measured alone. Run: python -m tests.benchmarks.corpus.validated --facts
10000000 DIR

Facts come a million or so at a time, each part of it one query, so that memory does not grow with
their number. Belongs here: the order of the queries. Does not belong here: the numbers (sql/), or
what is stated of a place (templates).
"""

import argparse
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.built import Built
from pipeline.facts.reference_tables import build_code_list
from pipeline.read.raw_folder import Typed
from pipeline.rules.quantities import QUANTITY, Facts
from pipeline.rules.system import GROUP, stated_variables
from schemas.code_lists import CODE_LISTS
from schemas.tables import TABLES, empty
from tests.benchmarks.corpus import templates
from tests.benchmarks.corpus.classifications import Classifications, classifications
from tests.benchmarks.corpus.corpus import FIRST_DAY
from tests.benchmarks.corpus.rules import general_rules

SQL = {
    path.stem: path.read_text(encoding="utf-8")
    for path in (Path(__file__).parent / "sql").glob("*.sql")
}

BATCH = 1_000_000
"""Facts that are written at once, about."""

ORDER = {"quantities": ["quantity"], "rule_groups": GROUP, "rule_terms": [*GROUP, "quantity"]}
"""The order of the tables that are not written in theirs."""

DAYS = 13
"""Days from one source of a country to the next."""

MOST_RANK = 550
"""Sources of a country, at most: two and two speak of a year of their own, the first of 1700."""

FACTS = ("observations", "events", "statements")
SYSTEM = ("quantities", "rule_groups", "rule_terms")


@dataclass(frozen=True)
class Validated:
    """What was written: how many facts from how many sources, and the findings that the rules must
    give.

    `planted` has kind, rule_id, group_id, type.
    """

    facts: int
    sources: int
    planted: pl.DataFrame


class _Writer:
    """Parquet files that grow batch by batch, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, pq.ParquetWriter] = {}

    def add(self, name: str, rows: pl.DataFrame) -> None:
        """Add rows with the columns of the published table."""
        table = rows.select(
            pl.col(column).cast(described.dtype.type)
            for column, described in TABLES[name].columns.items()
        )
        arrow: pa.Table = table.to_arrow()
        if name not in self._files:
            self._files[name] = pq.ParquetWriter(
                self._folder / f"{name}.parquet", arrow.schema, compression="zstd"
            )
        self._files[name].write_table(arrow)

    def close(self) -> None:
        """Finish the files."""
        for file in self._files.values():
            file.close()


def write_validated(
    folder: Path, facts: int, *, seed: int = 1, every: int = 8, leave_out: Collection[str] = ()
) -> Validated:
    """Write at least `facts` facts into the new folder; one source of `every` tells something
    falsely.

    Families of rules can be left out: without "region_shares" no rules meet in circles. Each
    country has as many sources, an even number. Raises ValueError where that is more than years
    allow, or where there is no such family.
    """
    lists = classifications(facts)
    families = templates.FAMILIES.split()
    if not set(leave_out) <= set(families):
        raise ValueError(f"{', '.join(leave_out)}: families are {', '.join(families)}")
    folder.mkdir(parents=True)
    writer = _Writer(folder)
    used = {
        (family, theme) for theme in lists.themes for family in families if family not in leave_out
    }
    (folder / "rules.toml").write_bytes(general_rules(used).encode())
    published = _published(facts, lists)
    with duckdb.connect() as con:
        small = {
            name: _without(table, leave_out)
            for name, table in _small_tables(lists, published).items()
        }
        codes = _begin(con, lists, small, seed, every)
        for name, table in {**codes, "readings": empty("readings")}.items():
            writer.add(name, table)
        batch = max(1, BATCH // _facts_a_source(lists) // 2) * 2
        count = 0
        for first in range(0, published.height, batch):
            _set(con, first=first, after=first + batch)
            count += _write_batch(con, writer, codes)
        _set(con, first=0, after=published.height)
        planted = _query(con, SQL["planted"])
    writer.close()
    for name, by in ORDER.items():
        path = folder / f"{name}.parquet"
        pl.read_parquet(path).sort(by, nulls_last=True).write_parquet(path)
    return Validated(count, published.height, planted)


def _facts_a_source(lists: Classifications) -> int:
    rows = templates.template(lists)["is_national"]
    return int(rows.sum()) + 1 + len(lists.countries[0].regions) * (int((~rows).sum()) + 1)


def _published(facts: int, lists: Classifications) -> pl.DataFrame:
    """Return the sources in the order of their names: number, source_id, country, rank (within its
    country), day.
    """
    pairs = -(-facts // (_facts_a_source(lists) * len(lists.countries) * 2))
    if 2 * pairs > MOST_RANK:
        raise ValueError(f"{facts} facts are too many for {len(lists.countries)} countries")
    rows = [
        (f"{country.name.lower()}-{day.isoformat()}", country.number, rank, day)
        for country in lists.countries
        for rank in range(2 * pairs)
        for day in [FIRST_DAY + timedelta(days=DAYS * rank)]
    ]
    shape = {"source_id": pl.String, "country": pl.Int64, "rank": pl.Int64, "day": pl.Date}
    return (
        pl.DataFrame(rows, schema=shape, orient="row")
        .sort("source_id")
        .with_row_index("number")
        .cast({"number": pl.Int64})
    )


def _small_tables(lists: Classifications, published: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the tables that the queries join places and facts to."""
    places = [(c.number, -1, c.code) for c in lists.countries]
    places += [
        (c.number, place, region.code)
        for c in lists.countries
        for place, region in enumerate(c.regions)
    ]
    themes = [(theme.number, theme.plural, theme.singular) for theme in lists.themes]
    return {
        "published": published,
        "regions": pl.DataFrame(
            places, schema={"country": pl.Int64, "place": pl.Int64, "code": pl.String}, orient="row"
        ),
        "themes": pl.DataFrame(
            themes, schema={"theme": pl.Int64, "many": pl.String, "one": pl.String}, orient="row"
        ),
        "template": templates.template(lists),
        "terms": templates.terms(),
        "slack": templates.slack(),
        "names": templates.names(lists),
    }


def _without(table: pl.DataFrame, families: Collection[str]) -> pl.DataFrame:
    return (
        table.filter(~pl.col("family").is_in(list(families)))
        if "family" in table.columns
        else table
    )


def _begin(
    con: duckdb.DuckDBPyConnection,
    lists: Classifications,
    small: Mapping[str, pl.DataFrame],
    seed: int,
    every: int,
) -> dict[str, pl.DataFrame]:
    """Give the connection the small tables and the places that sources speak of; return the code
    lists as published.
    """
    codes = {name: _code_list(name, rows).table for name, rows in lists.rows().items()}
    for name, table in {**small, "indicators": codes["indicators"]}.items():
        con.register(name, table.to_arrow())
    spending = small["template"].filter(block="spending")["position"].item()
    _set(con, seed=seed, every=every, themes=small["themes"].height, spending=spending)
    con.execute(SQL["macros"])
    con.execute(f"CREATE TABLE all_slots AS {SQL['slots']}")
    con.execute(
        "CREATE VIEW slots AS FROM all_slots WHERE number >= getvariable('first') AND number < "
        "getvariable('after')"
    )
    return codes


def _set(con: duckdb.DuckDBPyConnection, **quantities: int) -> None:
    """Set quantities of the queries; the view `slots` holds the sources from number `first` up to
    `after`.
    """
    for name, value in quantities.items():
        con.execute(f"SET VARIABLE {name} = $value", {"value": value})


def _code_list(name: str, rows: list[dict[str, str]]) -> Built:
    columns = [
        column for column in CODE_LISTS[name].columns if column not in {"raw_file", "raw_line"}
    ]
    typed = pl.DataFrame(
        [{column: row.get(column) or None for column in columns} for row in rows],
        schema=dict.fromkeys(columns, pl.String),
    )
    place = {
        "raw_file": pl.lit(f"codelists/{name}.csv"),
        "raw_line": pl.int_range(2, pl.len() + 2, dtype=pl.Int64),
    }
    return build_code_list(name, Typed(typed.with_columns(**place), []))


def _write_batch(
    con: duckdb.DuckDBPyConnection, writer: _Writer, codes: Mapping[str, pl.DataFrame]
) -> int:
    """Write the facts of some sources and what the rules make of them; return how many facts there
    are.
    """
    tables = {name: _query(con, SQL[name]) for name in ("sources", *FACTS)}
    for name, table in tables.items():
        writer.add(name, table)
    lists = {name: codes[name] for name in ("indicators", "areas", "categories")}
    published = {
        name: tables[name].select(list(TABLES[name].columns)) for name in ("sources", *FACTS)
    }
    con.register("stated", tables["observations"].to_arrow())
    con.register("events", tables["events"].to_arrow())
    rest = _query(con, SQL["slack"])
    con.register("rest", rest.to_arrow())
    terms = _query(con, SQL["terms"])
    writer.add(
        "quantities",
        pl.concat([stated_variables(Facts(**lists, **published)), _remainders(rest)]).sort(
            "quantity"
        ),
    )
    writer.add("rule_terms", terms)
    writer.add(
        "rule_groups", terms.select(list(TABLES["rule_groups"].columns)).unique(maintain_order=True)
    )
    return sum(tables[name].height for name in FACTS)


def _remainders(rest: pl.DataFrame) -> pl.DataFrame:
    """Return the slack of rules as quantities."""
    zero = pl.lit(0).cast(pl.Decimal(20, 6))
    columns = {
        **dict.fromkeys((*QUANTITY, "fact_id"), pl.lit(None, pl.String)),
        "part": pl.lit("value"),
        "role": pl.lit("remainder"),
        "lower": zero,
        "lower_closed": pl.lit(value=True),
        "upper": "most",
        "upper_closed": pl.col("most").is_not_null(),
        "is_integer": "is_integer",
        "description": "description",
    }
    return rest.drop_nulls("quantity").select("quantity", "source_id", **columns)


def _query(con: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    return pl.DataFrame(con.sql(sql).to_arrow_table())


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.corpus.validated", description="Write validated tables."
    )
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="the folder to write, which must not exist"
    )
    parser.add_argument("--facts", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--every", type=int, default=8, help="one of so many sources tells something falsely"
    )
    parser.add_argument(
        "--leave-out", nargs="*", default=[], help="families of rules, such as region_shares"
    )
    chosen = parser.parse_args()
    options = {"seed": chosen.seed, "every": chosen.every, "leave_out": chosen.leave_out}
    written = write_validated(chosen.folder, chosen.facts, **options)
    written.planted.write_csv(chosen.folder.with_name(f"{chosen.folder.name}.planted.csv"))
    print(
        f"{written.facts:,} facts from {written.sources:,} sources in {chosen.folder}: "
        f"{written.planted.height} findings planted"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
