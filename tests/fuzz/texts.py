"""Texts that a stranger hands over to `facts read` and `facts new`.

What must hold: a text is read twice in the same way, each run of digits is in a mention, no two
mentions share a character, and a new source has no defect but what is left to fill in.
"""

import json
import re
import shutil
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from pipeline.cli import USAGE
from pipeline.read.raw_folder import SOURCES, TEXT
from tests.club_sources import TEXTS as CLUBS
from tests.fuzz import strange
from tests.fuzz.case import Case, Target
from tests.fuzz.command import say
from tests.fuzz.world import write_lists

EVERY_NEW = 12
"""Of so many texts one becomes a new source."""

_DIGITS = re.compile(r"\d+")

LANGUAGES = ("en", "ru", "kk", "de", "fr")
EACH_CALLS, PER_BYTE, NEW_CALLS = 500_000, 800, 1_500_000
"""Calls of functions that reading a text may take, for each byte of it, and making it a source."""

OPTIONS: dict[str, tuple[str | None, ...]] = {
    "language": (None, *LANGUAGES, "en-GB", "xx", ""),
    "decimal": (None, None, ".", ","),
    "group": (None, None, ",", ".", " ", "'", ""),
    "negative": (None, "minus", "brackets"),
    "country": (None, "KZ", "US", "XX"),
    "days": (None, "DMY", "MDY", "YMD"),
    "fiscal_year_starts": (None, "04-01", "02-30", "13-01"),
}
GIVEN: dict[str, tuple[str | None, ...]] = {
    "title": (None, "A title", '"', "\n", "'''", "x" * 20_000, "\x1b[31m", "\u202e"),
    "publisher": (None, "union", "nobody", ""),
    "published": (None, "2020-03-03", "2020-02-30", "Y1E99999999", "1990s", ""),
    "language": (None, "en", "ru", "xx", ""),
    "url": (None, "https://clubs.example", "javascript:alert(1)"),
    "retrieved": (None, "2021-01-01", "1900-01-01", "yesterday"),
    "rights": (None, "Made up", "\\", '"""'),
    "translation_of": (None, "club-en", "new-one"),
}
PHRASES = (
    *("Not fewer than 500 clubs came.", "In 2010-11 the union had 1,240 members, up from 900."),
    *("About two-thirds of 3,000 members, or 66.7 per cent, left before 2002.", "(34 per cent)"),
    *(
        "£88bn",
        "between 20 and 30 clubs",
        "the third sector",
        "5 and 6 May 2019",
        "Q3 2022",
        "1990s",
    ),
    *("Более 18 тыс. клубов, из них 2,5 млн человек.", "В IV квартале 2019 года выросло вдвое."),
    *(
        "2019 жылғы 3 наурызда жүзден астам клуб болды.",
        "one in five",
        "3:1",
        "tel. +44 20 7946 0000",
    ),
    *(
        "20.03.2019 at 12:30",
        "1.5 million to 2 billion",
        "no fewer than three and a half dozen",
        "½",
    ),
    *("year to March 2023", "Article 19 of Law No. 52-III", "10 percent a year", "16th edition"),
)


class Texts(Target):
    """The target: one text a case."""

    name = "texts"

    def __init__(self, folder: Path) -> None:
        """Make a raw/ with code lists alone."""
        self.folder = folder
        self.raw = write_lists(folder / "raw")
        for language in LANGUAGES:  # each is learnt once
            (folder / "text.txt").write_text("1")
            say("read", str(folder / "text.txt"), "--language", language)

    def most_calls(self, cases: Sequence[Case]) -> int:
        """Return calls for reading a text thrice, and for checking what is new."""
        alone = sum(EACH_CALLS + PER_BYTE * len(self.made(case)[0]) for case in cases)
        return alone + sum(NEW_CALLS for case in cases if case.number % EVERY_NEW == 0)

    def judge(self, cases: Sequence[Case]) -> Iterator[tuple[Case, str]]:
        """Yield what is wrong with how a text is read, or made a source of."""
        for case in cases:
            data, _ = self.made(case)
            file = self.folder / "text.txt"
            file.write_bytes(data)
            yield from ((case, what) for what in self._read(case, file, data))
            if case.number % EVERY_NEW == 0:
                yield from ((case, what) for what in self._new(case, file, data))

    def made(self, case: Case) -> tuple[bytes, list[str]]:
        """Return what a case is made of, and what was done to it."""
        chance = case.chance("base")
        text = CLUBS[chance.choice((*CLUBS,))]
        some = [*chance.sample(PHRASES, chance.randrange(4)), *re.split(r"(?<=[.:\n]) ?", text)]
        chance.shuffle(some)
        made = {"text": " ".join(some[: chance.randrange(1, 12)]), "data": ""}
        done = case.edits(made, (_words, _words, _words, _bytes), most=6)
        return made["text"].encode(errors="surrogatepass") if made["data"] == "" else bytes.fromhex(
            made["data"]
        ), done

    def _read(self, case: Case, file: Path, data: bytes) -> Iterator[str]:
        chance = case.chance("options")
        has_lists, is_plain = chance.random() < 0.3, chance.random() < 0.6
        raw = self.raw if has_lists else self.folder / "nothing"
        options = [] if is_plain else _typed(OPTIONS, chance)
        typed = ["read", str(file), f"--raw={raw}", *options]
        said = [say(*typed, "--format", how) for how in ("json", "text", "json")[: 2 + is_plain]]
        for one in said:
            yield from one.wrong()
        if len({one.status for one in said}) > 1 or (is_plain and said[0] != said[2]):
            yield "is read in two ways"
        if said[0].status == USAGE:
            return
        mentions = json.loads(said[0].out)
        if said[1].out.count("\n") != len(mentions) + 1:
            yield "the text and the JSON differ in their lines"
        text = unicodedata.normalize("NFC", data.decode("utf-8-sig"))
        yield from _wrong_mentions(text, mentions)

    def _new(self, case: Case, file: Path, data: bytes) -> Iterator[str]:
        chance = case.chance("given")
        name = chance.choice((*["new-one"] * 4, "codelists", "A", "a/b", "", "é", "..", "a\x1b"))
        before = sorted(path.name for path in self.raw.iterdir())
        typed = [name, "--text", str(file), f"--raw={self.raw}", *_typed(GIVEN, chance)]
        said = say("new", *typed)
        yield from said.wrong()
        if said.status == USAGE:
            if sorted(path.name for path in self.raw.iterdir()) != before:
                yield "something is made although it is refused"
            return
        folder = self.raw / name
        try:
            text, toml = (folder / TEXT).read_bytes(), (folder / SOURCES).read_bytes()
            if text != data and text.decode() not in data.decode("utf-16"):
                yield "the text is not the one that was given"
            tomllib.loads(toml.decode())
            checked = say("check", "--source", name, f"--raw={self.raw}", "--no-cache")
            yield from checked.wrong()
            if re.search(
                f"/{SOURCES}:.*(?:not_toml|wrong_type|extra_key|missing_key)", checked.out
            ):
                yield f"makes a source.toml with a defect: {checked.out[:500]}"
        finally:
            shutil.rmtree(folder)


def _typed(options: Mapping[str, Sequence[str | None]], chance: Random) -> list[str]:
    """Return options as they are typed, each with one of its values, or left out."""
    chosen = {key: chance.choice((None, *of)) for key, of in options.items()}
    return [
        f"--{key.replace('_', '-')}={value}" for key, value in chosen.items() if value is not None
    ]


def _words(made: dict[str, str], chance: Random) -> str:
    if chance.random() < 0.3:
        place = chance.randrange(len(made["text"]) + 1)
        phrase = chance.choice(PHRASES)
        made["text"] = made["text"][:place] + phrase + made["text"][place:]
        return f"{phrase!r} at {place}"
    made["text"] = strange.changed(made["text"], chance)
    return f"words changed: {made['text'][:300]!r}"


def _bytes(made: dict[str, str], chance: Random) -> str:
    if chance.random() < 0.7:
        return _words(made, chance)
    data = made["text"].encode(errors="surrogatepass")
    made["data"] = strange.damaged(data, chance, CLUBS["ru"].encode()).hex()
    return "bytes damaged"


def _wrong_mentions(text: str, mentions: list[dict[str, object]]) -> Iterator[str]:
    """Yield what is wrong with the mentions of a text."""
    end = 0
    covered = bytearray(len(text))
    for one in mentions:
        start, stop = int(str(one["start"])), int(str(one["end"]))
        if not end <= start < stop <= len(text):
            yield f"{one} shares characters with another, or is not in the text"
        if text[start:stop] != one["words"]:
            yield f"{one} has other words than stand there: {text[start:stop]!r}"
        covered[start:stop] = b"\1" * (stop - start)
        end = stop
    for run in _DIGITS.finditer(text):
        if not all(covered[run.start() : run.end()]):
            yield f"{run.group()[:40]!r} at {run.start()} is in no mention"
