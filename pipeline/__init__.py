"""From hand-entered facts to a released dataset, in the order that the data flows.

sources (read what was typed) -> facts (validate, anchor, bound) -> rules (judge) -> reason
(conclude) -> release (DuckDB file, Parquet, CSV). `cli` and `definitions` are the two ways to run
it; nothing imports them.
"""
