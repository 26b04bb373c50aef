"""Made-up sources about clubs in English, Russian and Kazakh, as they are typed without a slip."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.own_sources import HEADINGS, write_source

WORDS = {
    "FEN,Fenland,the shire,": "FEN,Fenland,the shire|Фенланд*,",
    "MOOR,Moorland,,": "MOOR,Moorland,Мурланд*,",
    "clubs,clubs,,": "clubs,clubs,клуб*,",
    "chess,kinds,chess,,": "chess,kinds,chess,шахмат*,",
    "rowing,kinds,rowing,,": "rowing,kinds,rowing,гребл*|ескек*,",
    "union,Union of Clubs,the union,": "union,Union of Clubs,the union|Союз клубов|Клубтар одағы,",
}
"""What the code lists are called in the other languages."""

HEADING = {**HEADINGS, "observations": f"{HEADINGS['observations']},same_as"}
TEXTS = {
    "en": (
        "Clubs of the shire\n3 March 2020\n\n"
        "In 2019 the shire had 1,240 clubs. At least 35 clubs in Fenland play chess. About 60 "
        "clubs in Fenland teach rowing.\n\n"
        "Members in the shire came to 4,500 in 2017. Chess is played by 12.5 percent of members "
        "in Fenland.\n\n"
        "The Union of Clubs opened a boat house in Fenland in May 2016. The house has room for "
        "the one and only boat.\n\n"
        "The Shire Council said: “We shall go on rowing in Fenland.” The shire is green.\n\n"
        "In Fenland 20 to 30 clubs closed in 2015. In Fenland 300 members left in 2014. In "
        "Moorland 310 members left.\n\n"
        "Moorland counted 77 members. "
        "Again it is said: Moorland counted 77 members. Each club has 3 keys. Some 40 members "
        "may come.\n"
    ),
    "ru": (
        "Клубы края\n3 марта 2020 года\n\n"
        "В 2019 году в Фенланде было 1\u00a0240 клубов. Не менее 35 клубов в Фенланде учат "
        "играть в шахматы.\n\n"
        "В мае 2016 года Союз клубов открыл в Фенланде дом.\n"
    ),
    "kk": (
        "Өлке клубтары\n2020 жылғы 3 наурыз\n\n"
        "2019 жылы Фенландта 1\u00a0240 клуб болды. Фенландта кемінде 35 клуб шахмат үйретеді.\n\n"
        "2016 жылғы мамырда Клубтар одағы Фенландта үй ашты.\n"
    ),
}
KEYS = {
    "en": {},
    "ru": {"language": "ru", "published_quote": "3 марта 2020 года"},
    "kk": {"language": "kk", "published_quote": "2020 жылғы 3 наурыз"},
}
ROWS = {
    "en": {
        "observations": [
            'clubs,clubs,FEN,,2019,1240,,,"In 2019 the shire had 1,240 clubs",,,,,',
            "chess,clubs,FEN,chess,,35,ge,,At least 35 clubs in Fenland play chess,,,,,",
            "rowing,clubs,FEN,rowing,,60,approx,,About 60 clubs in Fenland teach rowing,,,,,",
            'members,members,FEN,,2017,4500,,,"Members in the shire came to 4,500 in 2017",,,,,',
            (
                "share,member_share,FEN,chess,,12.5,,,Chess is played by 12.5 percent of "
                "members in Fenland,,,,,"
            ),
            "closed,clubs,FEN,,2015,20/30,between,,In Fenland 20 to 30 clubs closed in 2015,,,,,",
            "fen-2014,members,FEN,,2014,300,,,In Fenland 300 members left in 2014,,,,,",
            "moor,members,MOOR,,,310,,,In Moorland 310 members left,,,,,",
            "counted,members,MOOR,,,77,,,Moorland counted 77 members,1,,,,",
        ],
        "events": [
            (
                "opened,2016-05,union,opened a boat house,FEN,The Union of Clubs opened a boat "
                "house in Fenland in May 2016,,,"
            )
        ],
        "statements": [
            "rowing-on,,council,,,direct,FEN,“We shall go on rowing in Fenland.”,,",
            "green,,union,,,narrative,FEN,The shire is green.,,",
        ],
        "waivers": [
            "Again it is said: Moorland counted 77 members,repeats,counted,The same sentence again",
            "Each club has 3 keys,limit,,A club without three keys is none",
            "Some 40 members may come,plan,,The union hopes for them",
        ],
    },
    "ru": {
        "observations": [
            "clubs,clubs,FEN,,2019,1240,,,В 2019 году в Фенланде было 1 240 клубов,,,,,",
            (
                "chess,clubs,FEN,chess,,35,ge,,Не менее 35 клубов в Фенланде учат играть в "
                "шахматы,,,,,"
            ),
        ],
        "events": [
            (
                "opened,2016-05,union,открыл в Фенланде дом,FEN,В мае 2016 года Союз клубов открыл "
                "в Фенланде дом,,,"
            )
        ],
        "statements": [],
        "waivers": [],
    },
    "kk": {
        "observations": [
            "clubs,clubs,FEN,,2019,1240,,,2019 жылы Фенландта 1 240 клуб болды,,,,,",
            "chess,clubs,FEN,chess,,35,ge,,Фенландта кемінде 35 клуб шахмат үйретеді,,,,,",
        ],
        "events": [
            (
                "opened,2016-05,union,Клубтар одағы Фенландта үй ашты,FEN,2016 жылғы мамырда "
                "Клубтар одағы Фенландта үй ашты,,,"
            )
        ],
        "statements": [],
        "waivers": [],
    },
}

Row = dict[str, str]


@dataclass(frozen=True)
class Entered:
    """A source as it is typed: its language, the rows of its files, and the keys of source.toml
    that are not the usual ones.
    """

    language: str
    rows: Mapping[str, list[Row]]
    keys: Mapping[str, str] = field(default_factory=dict)

    def withrows_of(self, file: str, rows: list[Row]) -> "Entered":
        """Return the source with other rows in a file."""
        return replace(self, rows={**self.rows, file: rows})

    def with_cell(self, file: str, index: int, column: str, cell: str) -> "Entered":
        """Return the source with another cell."""
        rows = self.rows[file]
        return self.withrows_of(
            file, [*rows[:index], {**rows[index], column: cell}, *rows[index + 1 :]]
        )

    def write(self, raw: Path, source_id: str) -> None:
        """Write the source's folder."""
        lines = {file: [line_of(row.values()) for row in rows] for file, rows in self.rows.items()}
        write_source(raw, source_id, TEXTS[self.language], lines, **self.keys)
        for file, rows in lines.items():
            (raw / source_id / f"{file}.csv").write_text(
                "\n".join([HEADING[file], *rows, ""]), encoding="utf-8"
            )


def line_of(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def rows_of(file: str, lines: Iterable[str]) -> list[Row]:
    return list(csv.DictReader(io.StringIO("\n".join([HEADING[file], *lines]))))


SOUND = {
    language: Entered(
        language, {file: rows_of(file, lines) for file, lines in files.items()}, KEYS[language]
    )
    for language, files in ROWS.items()
}
