"""A file of events of a made-up union, and rows of it, for tests of its editing."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.enter.csv_lines import as_line
from pipeline.enter.edits import Edited, Refused
from schemas.raw_files import SOURCE_FILES

EVENTS = "union-2020/events.csv"
HEADER = "fact_id,period,who,what,where,quote,occurrence,attributed_to,note"


def row(fact_id: str, quote: str = "", **cells: str) -> str:
    return as_line(SOURCE_FILES["events"], {"fact_id": fact_id, "quote": quote, **cells}, COLUMNS)


COLUMNS = HEADER.split(",")


@contextmanager
def raw_with(content: bytes | None, file: str = EVENTS) -> Iterator[Path]:
    """A raw folder with one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, file)
        path.parent.mkdir(exist_ok=True)
        if content is not None:
            path.write_bytes(content)
        yield Path(folder)


def done(result: Edited | Refused) -> Edited:
    assert isinstance(result, Edited), result
    return result


def refused(result: Edited | Refused) -> Refused:
    assert isinstance(result, Refused), result
    return result


def rows_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[1:]
