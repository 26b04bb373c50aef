"""What a forger or a bad disk does to the files of a release, and to a zip of them.

Belongs here: edits of published files. Does not belong here: what verify says (releases).
"""

import hashlib
import io
import json
import re
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.release.files import write_csv, write_parquet
from pipeline.release.opened import HASHES, RAW
from pipeline.release.zipped import zip_of
from schemas.tables import RELEASE_TABLES, file_of
from tests.fuzz import strange
from tests.fuzz.raw_files import Folder, as_csv, cell, column, in_bytes, instead, row, rows_of
from tests.fuzz.raw_files import edit as edit_raw

DESCRIPTIONS = ("datapackage.json", "metadata/croissant.json", "metadata/dcat.ttl")
_DIGEST = re.compile("[0-9a-f]{64}")


def edit(folder: Folder, chance: Random) -> str:
    """Make one edit somewhere."""
    name = chance.choice(sorted(folder.files) or [""])
    kind = chance.random()
    if not name or kind < 0.05:
        return instead(folder, name, chance) if name else "nothing is left"
    if kind < 0.1:
        other = chance.choice(sorted(folder.files))
        files = folder.files
        files[name], files[other] = files[other], files[name]
        return f"{name} and {other} swapped"
    if kind < 0.3 and name.startswith("tables/"):
        return in_both_forms(folder, name, chance)
    if kind < 0.33 and RAW in folder.files:
        return in_packed(folder, chance)
    if kind < 0.45:
        return in_bytes(folder, name, chance)
    before = folder.files[name]
    done = _in_kind(folder, name, chance)
    return f"{name}: {done}{' (the same)' if folder.files[name] == before else ''}"


def _in_kind(folder: Folder, name: str, chance: Random) -> str:
    """Change a file as one of its kind."""
    content, ending = folder.files[name], name.rpartition(".")[2]
    if ending == "csv" and (rows := rows_of(content)):
        done = chance.choice((cell, cell, cell, row, column))(rows, chance)
        folder.files[name] = as_csv(rows)
    elif ending == "json":
        folder.files[name], done = in_json(content, chance)
    elif ending == "parquet":
        folder.files[name], done = in_parquet(content, chance)
    elif ending in {"zip", "xlsx"}:
        folder.files[name], done = in_zip(content, chance)
    else:
        text = strange.changed(content.decode("utf-8", errors="replace"), chance)
        folder.files[name], done = text.encode(errors="surrogatepass"), "words changed"
    return done


def in_json(content: bytes, chance: Random) -> tuple[bytes, str]:
    """Change, drop or add something anywhere in JSON."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return content + b"x", "something is added"
    at: Any = said
    path: list[object] = []
    while isinstance(at, dict | list) and at:
        key = chance.choice([*at] if isinstance(at, dict) else range(len(at)))
        inner: Any = at[key]
        path.append(key)
        if not isinstance(inner, dict | list) or not inner or chance.random() < 0.25:
            _change(at, key, chance)
            break
        at = inner
    text = json.dumps(said, ensure_ascii=False, indent=2) + "\n"
    return text.encode(errors="surrogatepass"), f"JSON at {path}"


def _change(at: Any, key: Any, chance: Random) -> None:  # noqa: ANN401 (of JSON)
    """Change what stands at a key of an object or a list."""
    kind = chance.randrange(4)
    if kind == 0:
        del at[key]
    elif kind == 1 and isinstance(at[key], str):
        at[key] = strange.changed(at[key], chance)
    elif kind == 2 and isinstance(at, list):
        at.insert(chance.randrange(len(at) + 1), at[key])
    else:
        at[key] = chance.choice((None, 0, -1, 1e300, [], {}, [[]], strange.word(chance), 10**30))


def in_parquet(content: bytes, chance: Random) -> tuple[bytes, str]:
    """Change the rows of a Parquet file, its types, or what it says of itself."""
    try:
        table = pq.ParquetFile(io.BytesIO(content)).read()
    except (pa.ArrowException, OSError):
        return content[:-1], "cut"
    kind = chance.choice(("fewer", "twice", "column", "metadata", "large", "name", "codec", "cell"))
    at = chance.randrange(table.num_columns)
    named = table.column_names[at]
    if kind == "fewer":
        table = table.slice(0, max(table.num_rows - 1, 0))
    elif kind == "twice":
        table = pa.concat_tables([table, table])
    elif kind == "column":
        table = table.drop_columns([named])
    elif kind == "metadata":
        table = table.replace_schema_metadata({b"title": strange.word(chance).encode()})
    elif kind == "name":
        table = table.rename_columns([*table.column_names[:at], "x", *table.column_names[at + 1 :]])
    elif kind == "large" and pa.types.is_string(table.schema.field(at).type):
        field = table.schema.field(at).with_type(pa.large_string())
        table = table.set_column(at, field, table[at].cast(pa.large_string()))
    elif kind == "cell" and table.num_rows:
        values = table[at].to_pylist()
        values[chance.randrange(len(values))] = None
        field = table.schema.field(at).with_nullable(nullable=True)
        table = table.set_column(at, field, pa.array(values, field.type))
    out = io.BytesIO()
    pq.write_table(table, out, compression="snappy" if kind == "codec" else "zstd")
    return out.getvalue(), f"{kind} {named}"


def in_both_forms(folder: Folder, name: str, chance: Random) -> str:
    """Forge a table as CSV and as Parquet, as those are written that nobody has forged."""
    table = name.rpartition("/")[2].partition(".")[0]
    files = {form: file_of(table, form) for form in ("csv", "parquet")}
    try:
        rows = pl.read_parquet(io.BytesIO(folder.files[files["parquet"]]))
    except (pl.exceptions.PolarsError, KeyError, OSError):
        return in_bytes(folder, name, chance)
    column = chance.choice(rows.columns)
    if rows.is_empty():
        rows = pl.DataFrame(
            {one: [other(None, of)] for one, of in rows.schema.items()}, rows.schema
        )
    elif chance.random() < 0.5:
        values, at = rows[column].to_list(), chance.randrange(rows.height)
        values[at] = chance.choice((None, other(values[at], rows.schema[column])))
        rows = rows.with_columns(pl.Series(column, values, rows.schema[column]))
    else:
        gone = chance.randrange(rows.height)
        rows = pl.concat(
            [rows[:gone], rows[gone + 1 :], *chance.choice(([], [rows[gone], rows[gone]]))]
        )
    with tempfile.TemporaryDirectory() as within:
        path = Path(within, "table")
        write_csv(rows, RELEASE_TABLES[table], path)
        folder.files[files["csv"]] = path.read_bytes()
        write_parquet(rows, RELEASE_TABLES[table], path, "CC-BY-4.0")
        folder.files[files["parquet"]] = path.read_bytes()
    return f"{table}: {column} forged in both forms, {rows.height} rows"


def other(value: Any, dtype: pl.DataType) -> Any:  # noqa: ANN401 (what a cell holds)
    """Return another value of the same type."""
    if dtype == pl.String:
        return f"{value or ''}0"
    if dtype == pl.Boolean:
        return not value
    if dtype == pl.Date:
        return (value or date(2011, 12, 23)) + timedelta(days=1)
    return (value or 0) + (1 if dtype == pl.Int64 else Decimal(1))


def in_packed(folder: Folder, chance: Random) -> str:
    """Change the raw/ that a release carries."""
    try:
        with zipfile.ZipFile(io.BytesIO(folder.files[RAW])) as held:
            inner = Folder({name: held.read(name) for name in held.namelist()})
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return in_bytes(folder, RAW, chance)
    done = edit_raw(inner, chance)
    folder.files[RAW] = zip_of(
        {name.encode("utf-8", "replace").decode(): one for name, one in inner.files.items()}
    )
    return f"{RAW}: {done}"


# --- zips -----------------------------------------------------------------------------------------

_NAMES = (
    *("../evil", "/evil", "C:evil", "a\\b", "x/../../evil", "1/2/3/4/5/6/7/8/9/10", ".", "..", ""),
    *(
        "README.MD",
        "é",
        "e\u0301",
        "a:b",
        "tables/",
        "facts.csv",
        "metadata/raw.zip",
        "\u202ex",
        "a\n",
    ),
)


def in_zip(content: bytes, chance: Random) -> tuple[bytes, str]:
    """Change a zip: its members, what is said of them, or its bytes."""
    entries = _members(content)
    if not entries or chance.random() < 0.4:
        return chance.choice(_OF_BYTES)(content, chance)
    done = chance.choice(_OF_MEMBERS)(entries, chance)
    return zip_with(entries), done


Members = list[tuple[zipfile.ZipInfo, bytes]]


def _members(content: bytes) -> Members:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            return [(one, held.read(one)) for one in held.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error):
        return []


def _of_a_header(content: bytes, chance: Random) -> tuple[bytes, str]:
    at = [found.start() for found in re.finditer(rb"PK\x01\x02|PK\x03\x04|PK\x05\x06", content)]
    place = chance.choice(at or [0]) + chance.randrange(4, 46)
    data = bytearray(content)
    if place < len(data):
        data[place] = chance.choice((0, 1, 8, 14, 99, 0xFF, data[place] ^ 1))
    return bytes(data), f"byte {place}, of a header"


_OF_BYTES: tuple[Callable[[bytes, Random], tuple[bytes, str]], ...] = (
    _of_a_header,
    lambda content, _: (b"#!/bin/sh\n" + content, "a script in front"),
    lambda content, chance: (content + strange.word(chance).encode(), "something behind"),
    lambda content, chance: (strange.damaged(content, chance, content[::-1]), "bytes damaged"),
)


def _added(entries: Members, chance: Random) -> str:
    root = entries[0][0].filename.partition("/")[0]
    new = zipfile.ZipInfo(chance.choice((f"{root}/", "")) + chance.choice(_NAMES))
    new.external_attr = chance.choice((0o100644, 0o120777, 0o20666, 0o40755, 0)) << 16
    entries.append((new, chance.choice((b"evil", b"", entries[0][1]))))
    return f"{new.filename!r} added, mode {new.external_attr >> 16:o}"


def _doubled(entries: Members, chance: Random) -> str:
    one, data = chance.choice(entries)
    entries.append((one, strange.damaged(data, chance, data)))
    return f"{one.filename} twice"


def _left_out(entries: Members, chance: Random) -> str:
    return f"{entries.pop(chance.randrange(len(entries)))[0].filename} left out"


def _compressed(entries: Members, chance: Random) -> str:
    one, _ = chance.choice(entries)
    methods = (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED)
    one.compress_type = chance.choice(methods)
    return f"{one.filename} compressed by {one.compress_type}"


def _bomb(entries: Members, chance: Random) -> str:
    big = zipfile.ZipInfo(f"{entries[0][0].filename.partition('/')[0]}/zeros")
    big.compress_type = zipfile.ZIP_DEFLATED
    entries.append((big, bytes(chance.choice((10**6, 3 * 10**7)))))
    return "zeros added"


_OF_MEMBERS: tuple[Callable[[Members, Random], str], ...] = (
    *(_added, _added, _doubled, _left_out, _compressed, _bomb),
)


def zip_with(entries: Members) -> bytes:
    """Return a zip of some members, whatever their names."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as made:
        warnings.simplefilter("ignore")  # of a name that stands twice
        for one, data in entries:
            made.writestr(one, data, one.compress_type, 1)
    return out.getvalue()


# --- hashes ---------------------------------------------------------------------------------------


def make_fit(folder: Folder, sound: Mapping[str, bytes], *, deep: bool) -> None:
    """Write the hashes of files as they are in place of those before: in SHA256SUMS and, where it
    is `deep`, wherever else they stand.
    """
    digests = {name: hashlib.sha256(one).hexdigest() for name, one in folder.files.items()}
    if deep:
        new = {
            hashlib.sha256(sound[name]).hexdigest(): digests[name]
            for name in digests.keys() & sound
        }
        for name in DESCRIPTIONS:
            if name in folder.files:
                text = folder.files[name].decode("utf-8", errors="surrogateescape")
                fit = _DIGEST.sub(lambda found: new.get(found[0], found[0]), text)
                folder.files[name] = fit.encode("utf-8", errors="surrogateescape")
                digests[name] = hashlib.sha256(folder.files[name]).hexdigest()
    lines = (f"{digests[name]}  {name}\n" for name in sorted(digests) if name != HASHES)
    folder.files[HASHES] = "".join(lines).encode(errors="surrogateescape")
