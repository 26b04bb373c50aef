"""What datapackage.json says of the files of a release (Data Package 2.0, datapackage.org).

Belongs here: reading it, without trusting it. Does not belong here: whether it is so (verification), or writing it (metadata).
"""

from pathlib import PurePosixPath
from typing import Any

from pandera.polars import Column, DataFrameSchema
from pydantic import BaseModel, Field, ValidationError

from pipeline.release.metadata.datapackage import TYPES
from pipeline.release.opened import PACKAGE, Damaged, Opened

_TYPES = {word: dtype for dtype, word in TYPES.items()}


class ColumnField(BaseModel):
    """What is said of a column; a type that is none of those of a release is that of a decimal number."""

    name: str
    type: str = "string"
    constraints: dict[str, Any] = {}


class TableSchema(BaseModel):
    """What is said of the columns of a table, in their order, and of its key."""

    fields_: list[ColumnField] = Field(default=[], alias="fields")
    key: list[str] = Field(default=[], alias="primaryKey")


class Resource(BaseModel):
    """What is said of a file."""

    path: str
    hash: str | None = None
    bytes: int | None = None
    logical_sha256: str | None = None
    table: TableSchema = Field(default=TableSchema(), alias="schema")

    @property
    def name(self) -> str:
        """The name of its table."""
        return PurePosixPath(self.path).stem

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return [field.name for field in self.table.fields_]

    @property
    def key(self) -> list[str]:
        """The columns of its key."""
        return self.table.key

    def as_schema(self) -> DataFrameSchema:
        """Return what can be checked of a table; a column without a type is one of decimal numbers of any scale."""
        columns = {
            field.name: Column(_TYPES.get(field.type), nullable=not field.constraints.get("required"))
            for field in self.table.fields_
        }
        return DataFrameSchema(columns, strict=True, ordered=True, unique=self.key or None)


class Package(BaseModel):
    """What is said of a release."""

    resources: list[Resource]

    def schemas(self) -> dict[str, DataFrameSchema]:
        """Return the schema of each table by its name, from what is said of its CSV file, where all types have their names."""
        return {one.name: one.as_schema() for one in self.resources if one.path.endswith(".csv")}


def read_package(opened: Opened) -> Package:
    """Return what datapackage.json says; without that file, nothing. Raises Damaged."""
    content = opened.read(PACKAGE) if PACKAGE in opened.names else b'{"resources": []}'
    try:
        return Package.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise Damaged(f"cannot be read as JSON that describes a release ({place or 'the file'}: {first['msg']})") from error
