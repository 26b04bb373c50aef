"""From checked tables to what users take away: the DuckDB file, Parquet and CSV."""
