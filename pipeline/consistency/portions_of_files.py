"""Portions of a linear system in Parquet files that need not fit into memory: DuckDB sorts its rows apart, on disk if need be.

Belongs here: which rows of the files are in which portion. Does not belong here: what makes a portion (portions), or what it
says (solve).
"""

import tempfile
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import polars as pl

from pipeline.consistency.portions import GROUPS, numbers
from pipeline.consistency.system import System, domains_by
from pipeline.engine import Here
from pipeline.spill import spill_folder

_EDGES = (files("pipeline.consistency") / "edges.sql").read_text(encoding="utf-8")
_APART = {
    "variables": """
        SELECT
            variable, role, own.lower_bound, own.lower_closed, own.upper_bound, own.upper_closed, is_integer, indicator, portion
        FROM variables AS own
        JOIN of_nodes ON node = own.file_row_number
        LEFT JOIN observations ON observations.fact_id = own.variable
        ORDER BY portion, variable
    """,
    "rule_groups": """
        SELECT rule_groups.* EXCLUDE (file_row_number), portion
        FROM rule_groups
        JOIN of_places ON place = file_row_number
        ORDER BY portion, rule_id, group_id
    """,
    "rule_terms": """
        SELECT rule_terms.* EXCLUDE (file_row_number), portion
        FROM rule_terms
        JOIN rule_groups ON rule_groups.rule_id = rule_terms.rule_id AND rule_groups.group_id = rule_terms.group_id
        JOIN of_places ON place = rule_groups.file_row_number
        ORDER BY portion, rule_id, group_id, variable NULLS LAST
    """,
}
"""The rows of each table with their portion, those of each together."""


def portions_of_files(tables: Mapping[str, Path], memory: str, groups: int = GROUPS) -> Iterator[tuple[System, pl.DataFrame]]:
    """Yield the portions of a system with their domains, as `portions`, while DuckDB takes so much memory ("1GB").

    `tables` are the files of variables, rule_groups, rule_terms, observations and indicators, in the order in which they are
    published. Raises Unusable where the memory is too little.
    """
    here = Here(memory)
    height = {name: pl.scan_parquet(tables[name]).select(pl.len()).collect().item() for name in ("rule_groups", "variables")}
    of_places, of_nodes = numbers(here.query(_EDGES, tables), height["rule_groups"], height["variables"], groups)
    count = of_places.n_unique()
    places = {
        "of_places": of_places.to_frame("portion").with_row_index("place"),
        "of_nodes": of_nodes.to_frame("portion").with_row_index("node").drop_nulls(),
    }
    with tempfile.TemporaryDirectory(dir=spill_folder()) as apart:
        for name, sql in _APART.items():
            here.write(sql, {**tables, **places}, Path(apart) / name)
        del here, of_places, of_nodes, places
        indicators = pl.read_parquet(tables["indicators"])
        for number in range(count):
            variables, *rows = (_rows(Path(apart) / name, number) for name in _APART)
            named = variables.select("variable", "indicator").drop_nulls()
            yield System(variables.drop("indicator"), *rows), domains_by(variables, named, indicators)


def _rows(path: Path, number: int) -> pl.DataFrame:
    return pl.scan_parquet(path).filter(portion=number).drop("portion").collect()
