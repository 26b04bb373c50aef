"""The contract: a pandera schema of every file in raw/ and of every published table.

A column's name, type, title, description and unit stand here and nowhere else; comments in DuckDB,
columns in the Dagster UI, messages to the curator and the metadata of a release are derived from
them. The schemas are for eager polars frames: on a LazyFrame pandera skips the checks of values in
silence.
"""
