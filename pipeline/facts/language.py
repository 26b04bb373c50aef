"""What the words of a language mean for numbers: small tables, one file a language, so that another language is data."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

FOLDER = files("pipeline.facts") / "languages"


@dataclass(frozen=True, eq=False)
class Language:
    """The tables of one language, as languages/*.toml has them."""

    tag: str
    decimal_mark: str
    thousands_marks: tuple[str, ...]
    magnitudes: dict[str, int]
    further_numerals: dict[str, Decimal]


def known_languages() -> list[str]:
    """Return the tags of the languages that have a table, sorted."""
    return sorted(entry.name.removesuffix(".toml") for entry in FOLDER.iterdir() if entry.name.endswith(".toml"))


@cache
def language(tag: str) -> Language:
    """Return the tables of a language, by its primary tag (en-GB reads as en); raises KeyError where there are none."""
    primary = tag.split("-", maxsplit=1)[0]
    if primary not in known_languages():
        raise KeyError(primary)
    table = tomllib.loads((FOLDER / f"{primary}.toml").read_text(encoding="utf-8"))
    return Language(
        tag=primary,
        decimal_mark=table["decimal_mark"],
        thousands_marks=tuple(table["thousands_marks"]),
        magnitudes=table["magnitudes"],
        further_numerals={word: Decimal(value) for word, value in table["further_numerals"].items()},
    )
