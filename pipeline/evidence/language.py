"""What the words of a language mean for numbers and periods: a small file a language, and what
libraries know of it.

Belongs here: the tables of one language, ready to be looked up. Does not belong here: how mentions
are made up of them. Marks, months, currencies and short magnitudes are CLDR's, by babel; number
words are its spell-out rules, turned round.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from importlib.resources import files
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from pipeline.evidence.number_words import (
    NumberWord,
    compound,
    hyphens_join,
    number_phrases,
    number_words,
    teens_are_sums,
)
from pipeline.evidence.phrases import PhraseTables, Table
from pipeline.evidence.tokens import fold, tokenize

FOLDER = files("pipeline.evidence") / "languages"
UNKNOWN = "unknown"
"""In place of a unit that no indicator has."""
ASK = "ask"
"""In place of a value that writers of the language do not agree on, or of a currency that needs a
country.
"""

SHORTEST_STEM = 2
"""Letters of a number word that an ending may be taken from."""


@dataclass(frozen=True, eq=False)
class Language:
    """The tables of one language: `tables` as its file has them, and what CLDR says of its
    locale.
    """

    tag: str
    tables: Mapping[str, Any]
    locale: Locale

    @cache  # noqa: B019 (a language lives as long as the process)
    def words(self, *path: str) -> tuple[str, ...]:
        """Return the words at a place of the file; none where it has none."""
        return tuple(self._at(path))

    def _at(self, path: Table) -> Any:  # noqa: ANN401 (a table, or a list)
        """Return what stands at a place of the file; nothing where it has no such place."""
        return reduce(lambda table, name: table.get(name, {}), path, self.tables)

    @cached_property
    def marks(self) -> tuple[str, str]:
        """The decimal mark and the group mark of CLDR."""
        symbols = self.locale.number_symbols["latn"]
        return symbols["decimal"], symbols["group"]

    @cached_property
    def day_order(self) -> str:
        """The order of day, month and year in dates of digits (DMY, MDY, YMD), or "ask"."""
        if self.tables.get("day_order") and "-" not in self.tag:
            return str(self.tables["day_order"])
        return "".join(
            dict.fromkeys(re.findall("[dMy]", self.locale.date_formats["short"].pattern))
        ).upper()

    @cached_property
    def day_mark(self) -> str:
        """The mark between day, month and year in dates of digits: the order of days is known for
        dates with this mark.
        """
        return next(iter(re.findall("[./-]", self.locale.date_formats["short"].pattern)), ".")

    @cached_property
    def number_words(self) -> Mapping[str, NumberWord]:
        """What each number word stands for: those of CLDR, and those of the file."""
        own = {
            fold(word): NumberWord(int(value), kind == "ordinals")
            for kind in ("cardinals", "ordinals")
            for value, words in self.tables.get(kind, {}).items()
            for word in words
        }
        return {**number_words(self.tag.split("-")[0]), **own}

    @cached_property
    def number_phrases(self) -> PhraseTables:
        """What names of several words stand for that are not the sum of their words."""
        return PhraseTables(((), name, name) for name in self.named_numbers)

    @cached_property
    def named_numbers(self) -> Mapping[str, NumberWord]:
        """What these names stand for."""
        return dict(reversed([*number_phrases(self.tag.split("-")[0])]))

    @cached_property
    def number_joints(self) -> frozenset[str]:
        """The words and marks that may stand inside a number in words."""
        hyphen = "-" if hyphens_join(self.tag.split("-")[0]) else ""
        return frozenset([*self.words("and_in_numbers"), *hyphen])

    @cached_property
    def teens_are_sums(self) -> bool:
        """Whether eleven is spelled as ten and one."""
        return teens_are_sums(self.number_words)

    @cache  # noqa: B019 (likewise)
    def number(self, word: str) -> NumberWord | None:
        """Return what a word stands for if it is a number word, with or without an ending."""
        if word in self.words("not_numbers"):
            return None
        if word in self.number_words:
            return self.number_words[word]
        endings = sorted(filter(word.endswith, self.words("number_endings")), key=len, reverse=True)
        stems = (word.removesuffix(ending) for ending in endings)
        found = (self.number_words.get(stem) for stem in stems if len(stem) >= SHORTEST_STEM)
        known = next(filter(None, found), None)
        return known._replace(is_last=True) if known else compound(word, self.number_words)

    @cached_property
    def months(self) -> dict[str, int]:
        """The number of a month by each of its names, in small letters."""
        names = {
            fold(str(name)).rstrip("."): number
            for form in ("format", "stand-alone")
            for width in ("wide", "abbreviated")
            for number, name in self.locale.months[form][width].items()
        }
        return names | {
            fold(name): int(number)
            for number, own in self.tables.get("months", {}).items()
            for name in own
        }

    @cached_property
    def compounds(self) -> list[tuple[str, str]]:
        """What follows a number within one word, and its unit: fold, летн."""
        return self.table("compounds")

    @cached_property
    def currency_codes(self) -> frozenset[str]:
        """The codes of ISO 4217."""
        return frozenset(self.locale.currencies)

    @cached_property
    def phrases(self) -> PhraseTables:
        """The phrases of all tables, each for its key (or nothing).

        The tables are those of the file, by their path, and units (currencies with them), currency
        and magnitudes, to which CLDR adds what it knows.
        """
        return PhraseTables((path, *pair) for path in self._paths() for pair in self.table(*path))

    def said(self, words: str, *path: str) -> list[str]:
        """Return what each phrase of a table that stands in some words stands for."""
        after = self.phrases.match(tokenize(words)).after.values()
        return [found[path].value for found in after if path in found]

    def _paths(self) -> Iterator[Table]:
        """Yield the path of each table of the file, of each part of a table, and of what CLDR alone
        has a table of.
        """
        yield ("currency",)
        for name, table in self.tables.items():
            if isinstance(table, list | Mapping):
                yield (name,)
            if isinstance(table, Mapping):
                yield from ((name, part) for part in table)

    def table(self, *path: str) -> list[tuple[str, str]]:
        """Return the phrases of a table, each with its key (or nothing); none where the file has no
        such table.

        A ~ in a phrase stands for each ending that a number may take: млн - ~ is млн - ға, млн -
        дан and so on.
        """
        found = self._at(path)
        by_key = found.items() if isinstance(found, Mapping) else [("", found)]
        endings = self.words("number_endings")
        own = [
            (phrase.replace("~", ending), key)
            for key, phrases in by_key
            for phrase in phrases
            for ending in (endings if " ~" in phrase else "~")
        ]
        more = {
            ("units",): self._currencies,
            ("currency",): self._currencies,
            ("magnitudes",): self._magnitudes,
        }
        return list(dict.fromkeys([*own, *(more[path]() if path in more else ())]))

    def _magnitudes(self) -> Iterator[tuple[str, str]]:
        """Yield the magnitudes of CLDR: млн, thousand."""
        for width in ("short", "long"):
            for powers in self.locale.compact_decimal_formats[width].values():
                for power, format_ in powers.items():
                    word = re.sub(r"[0\s\u00a0']", "", format_.pattern)
                    if word and format_.pattern.count("0") == 1:
                        yield word, str(power)

    def _currencies(self) -> Iterator[tuple[str, str]]:
        """Yield everyday names, and the names and marks of CLDR but for bare codes, which count in
        capitals only.
        """
        own = [(word, code) for code, words in self.tables["currencies"].items() for word in words]
        yield from own
        taken = {fold(word) for word, _ in own} | {
            fold(str(code)) for code in self.locale.currencies
        }
        plurals = self.locale._data["currency_names_plural"]  # noqa: SLF001 (no public way)
        for code, name in self.locale.currencies.items():
            for word in map(
                str,
                (
                    name,
                    *(plurals.get(code) or {}).values(),
                    self.locale.currency_symbols.get(code, ""),
                ),
            ):
                if word and fold(word) not in taken:
                    yield word, code


def known_languages() -> list[str]:
    """Return the tags of the languages that have a file, sorted."""
    return sorted(
        entry.name.removesuffix(".toml")
        for entry in FOLDER.iterdir()
        if entry.name.endswith(".toml")
    )


def letters() -> dict[str, str]:
    """Return the pattern of the letters that each language is written in, as CLDR has it."""
    scripts = {
        tag: get_global("likely_subtags").get(tag, "").split("_") for tag in known_languages()
    }
    return {
        tag: r"\p{Cyrillic}" if "Cyrl" in parts else r"\p{Latin}" for tag, parts in scripts.items()
    }


def countries() -> frozenset[str]:
    """Return the codes of countries (ISO 3166-1, two letters) that CLDR knows."""
    return frozenset(
        code
        for code in map(str, Locale("en").territories)
        if len(code) == len("KZ") and code.isalpha() and code != "ZZ"
    )


@cache
def language(tag: str) -> Language:
    """Return the tables of a language; en-GB has the words of en and the marks of en-GB. KeyError
    where there is no file.
    """
    primary = tag.split("-", maxsplit=1)[0]
    if primary not in known_languages():
        raise KeyError(primary)
    tables = tomllib.loads((FOLDER / f"{primary}.toml").read_text(encoding="utf-8"))
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(primary)
    return Language(tag, tables, locale)
