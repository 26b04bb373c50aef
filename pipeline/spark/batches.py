"""What the workers do: check batches of rows against a pandera schema, and tell which rows fail.

Belongs here: what runs in the workers' Python, which gets this module with the work and so needs no copy of it: it needs
pandera and polars, just the versions that are here, since others may check otherwise. Does not belong here: what a failure
is called (the engine here says that of the few rows that fail), or a check that needs more than one row.
"""

import pickle
from collections.abc import Callable, Iterator
from importlib.metadata import version

import pandera.errors
import polars as pl
import pyarrow as pa

CHECKING = ("pandera", "polars")
ROW = "row"
FAILING = pa.schema([(ROW, pa.int64())])
"""What the workers tell: the number of each row that fails a check."""

Work = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def failing(pickled: bytes, columns: list[str], versions: dict[str, str]) -> Work:
    """Return the work: from batches of rows after their number, to those numbers whose rows fail the pickled schema.

    Raises RuntimeError in workers that have other versions of the packages that check.
    """

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        there = {name: version(name) for name in versions}
        if there != versions:
            raise RuntimeError(f"the workers check with {there}, here are {versions}: install the same there")
        schema = pickle.loads(pickled)  # noqa: S301 (our own, by way of the cluster that is trusted with the work)
        for batch in batches:
            rows = pl.DataFrame(pa.Table.from_batches([batch]).rename_columns([ROW, *columns]))
            try:
                schema.validate(rows.drop(ROW), lazy=True)
            except pandera.errors.SchemaErrors as errors:
                failed = rows[ROW].gather(errors.failure_cases["index"].unique())
                yield pa.RecordBatch.from_pydict({ROW: failed.to_list()}, schema=FAILING)

    return work
