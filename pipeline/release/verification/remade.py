"""A release made again from its own rows, and how its files differ from that.

Belongs here: the steps and the exporters that make any release, and the comparison, byte by byte. Does not belong here: what
was typed (retyped), or a release that this program does not make (listed_files).
"""

import re
import tempfile
from collections.abc import Collection, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path, PurePosixPath
from unicodedata import normalize

import polars as pl

from pipeline.defects import Defect, shortened, where
from pipeline.facts.dated import with_period_ends
from pipeline.read.raw_folder import RawFolder
from pipeline.release.edition import Edition
from pipeline.release.opened import HASHES, Damaged
from pipeline.release.release import write_release
from pipeline.release.verification.contents import Contents, attempt
from pipeline.release.verification.failure import MADE, Failure, differing_rows
from pipeline.release.verification.retyped import UNSEEN, retyped, weigh
from pipeline.steps import STEPS, findings_of
from schemas.columns import period_ends
from schemas.raw_files import ENTERED
from schemas.tables import FACTS, RELEASE_TABLES, empty

CHANGES = "metadata/CHANGES.md"
FACTS_FILE = "facts.csv"

_RELEASE = re.compile(r"^## (\S+) \((\S+)\)\n\n(.*)$", re.MULTILINE)
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
_HISTORY = dict.fromkeys(("version", "date", "reason"), pl.String)


def made_again(contents: Contents) -> list[Failure]:
    """Return how the files of a release differ from those that its rows give; where rows are defects, these and no more."""
    failures: list[Failure] = []
    texts = _texts(contents, failures)
    told = attempt(failures, contents.opened.read_text, CHANGES) if CHANGES in contents.opened.names else None
    history = _history(told or "")
    if history.is_empty():
        return [*failures, Failure(CHANGES, "missing_file", "does not say the version, the day and the reason of the release")]
    raw = retyped(contents.tables, texts, history)
    tables, defects = _tables(raw, contents.tables, texts)
    if defects:
        places = {defect: f"line {defect.line}, {defect.column}".rstrip(", ") for defect in sorted(set(defects))}
        return failures + [Failure(wrong.file, wrong.code, f"{place}: {wrong.message}") for wrong, place in places.items()]
    place = history.row(-1, named=True)
    called = contents.opened.path.name.removesuffix(".zip")
    if _VERSION.fullmatch(called) and called != place["version"]:
        failures.append(Failure(CHANGES, "wrong_version", f"is that of version {place['version']}, and not {called}"))
    tables["changes"] = contents.tables["changes"] if place["based_on"] else empty("changes")
    originals = {source_id: contents.originals[source_id] for source_id in texts}
    with tempfile.TemporaryDirectory() as folder:
        write_release(Edition(**place, tables=tables, originals=originals, history=history), Path(folder))
        return failures + list(_differing(contents, Path(folder)))


def _history(text: str) -> pl.DataFrame:
    """Return version, date, based_on and reason of all releases, the last one that of this release, as CHANGES.md has them."""
    rows = pl.DataFrame(_RELEASE.findall(text)[::-1], schema=_HISTORY, orient="row")
    return rows.select("version", "date", pl.col("version").shift(1).alias("based_on"), "reason")


def _texts(contents: Contents, failures: list[Failure]) -> dict[str, tuple[str, str]]:
    """Return the texts that the release should carry with their SHA-256; add a failure for each that it does not."""
    texts = {}
    for source_id in contents.tables["sources"].filter("republish_text")["source_id"]:
        file = f"sources/{source_id}.txt"
        text = attempt(failures, contents.opened.read_text, file) if file in contents.hashes else None
        if text is not None:
            texts[source_id] = (normalize("NFC", text.removeprefix("\ufeff")), contents.hashes[file])
        elif file not in contents.opened.names:
            failures.append(Failure(file, "missing_file", "is not there; the table of sources says that it may be"))
    return texts


def _tables(
    raw: RawFolder, published: Mapping[str, pl.DataFrame], texts: Collection[str]
) -> tuple[dict[str, pl.DataFrame], list[Defect]]:
    """Return the tables that the steps make of the rows, and the defects of these; `texts` are the sources that can be read."""
    tables: dict[str, pl.DataFrame] = {}
    defects: list[Defect] = []
    for step in STEPS:
        if "rules" in step.needs and defects:
            return tables, defects
        for name, built in step.build(raw, tables).items():
            tables[name] = built.table
            defects += [defect for defect in built.defects if defect.code not in UNSEEN]
            if name in (*ENTERED, "sources", "mentions"):
                others = published[name].filter(~pl.col("source_id").is_in(list(texts)))
                tables[name] = pl.concat([built.table, _unread(name, others, tables)]).sort(RELEASE_TABLES[name].unique or [])
    if not tables["error_sets"].equals(published["error_sets"]):
        weigh(raw, published)
        step = next(step for step in STEPS if "error_sets" in step.tables)
        tables |= {name: built.table for name, built in step.build(raw, tables).items()}
    defects += _values_differ(tables, list(texts))
    return tables, defects + findings_of(raw, tables).unacknowledged


def _unread(name: str, rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return rows whose text is not there, as published but for what does not come from it: days, unit and per."""
    if name in ENTERED:
        rows = with_period_ends(rows.drop(list(period_ends())), tables["sources"])[0]
    if name == "observations":
        fixed = tables["indicators"].select("unit", "per", indicator="code")
        rows = rows.drop("unit", "per").join(fixed, on="indicator", how="left", maintain_order="left")
    return rows.select(list(RELEASE_TABLES[name].columns))


def _values_differ(tables: Mapping[str, pl.DataFrame], texts: list[str]) -> list[Defect]:
    """Return a defect for each mention of a text that is not there which is the value of an observation, and has another."""
    mentions = tables["mentions"].filter(pl.col("role") == "value", ~pl.col("source_id").is_in(texts))
    numbers = tables["observations"].select("fact_id", "original_value", "value")
    rows = mentions.join(numbers, on="fact_id", how="left").with_columns(
        raw_file=pl.lit("tables/mentions.parquet"), raw_line="start_offset"
    )
    is_there = pl.col("words").str.contains(pl.col("original_value"), literal=True).fill_null(value=False)
    expected = pl.format("a fact whose value is in the words {}", "words")
    differs = ~is_there | (pl.col("low") != pl.col("value")).fill_null(value=False)
    return where(rows, differs, column="fact_id", code="value_not_in_quote", expected=expected)


def _differing(contents: Contents, folder: Path) -> Iterator[Failure]:
    """Yield how each file is not as it is made again in a folder, is not there, or is beyond those."""
    opened = contents.opened
    made = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {HASHES}
    there = opened.names | opened.refused.keys()
    yield from (Failure(name, "missing_file", f"is not there; {MADE} has it") for name in sorted(made - there))
    yield from (Failure(name, "extra_file", f"is not in {MADE}") for name in sorted(opened.names - made - {HASHES}))
    for name in sorted(made & contents.hashes.keys()):
        found, expected = opened.read(name), (folder / name).read_bytes()
        if found != expected:
            yield from _rows_differ(name, contents, folder) or [_bytes_differ(name, found, expected)]


def _rows_differ(name: str, contents: Contents, folder: Path) -> list[Failure]:
    """Return how the rows of a table's file differ from those made again; none where it has no rows, or the right ones."""
    path = PurePosixPath(name)
    schema = FACTS if name == FACTS_FILE else RELEASE_TABLES.get(path.stem)
    if schema is None or path.suffix not in {".csv", ".parquet"}:
        return []
    try:
        found = contents.opened.read_csv(name) if path.suffix == ".csv" else contents.tables[path.stem]
    except Damaged as error:
        return [Failure(name, "unreadable_file", str(error))]
    made = pl.read_csv(folder / name, infer_schema=False) if path.suffix == ".csv" else pl.read_parquet(folder / name)
    return differing_rows(name, found, made, schema.unique or ())


def _bytes_differ(name: str, found: bytes, expected: bytes) -> Failure:
    """Return where a file first differs: its line, and what stands there."""
    if name.endswith(".parquet"):
        return Failure(name, "file_differs", f"has the rows of {MADE}, but not its bytes")
    lines = zip_longest(*(data.decode("utf-8", "replace").split("\n") for data in (found, expected)), fillvalue="")
    line, (held, made) = next((number, pair) for number, pair in enumerate(lines, 1) if pair[0] != pair[1])
    same = next((place for place, (one, other) in enumerate(zip(held, made, strict=False)) if one != other), 0)
    return Failure(name, "file_differs", f"line {line} has {shortened(held[same:])!r}; in {MADE} {shortened(made[same:])!r}")
