"""Each refusal of a row names what would be accepted: its own advice is taken word for word, and no refusal is left."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from pipeline.check import check
from pipeline.defects import Defect
from tests.own_sources import CODE_LISTS, HEADINGS, write_code_lists, write_source

WORDS = {
    "FEN,Fenland,the shire,": "FEN,Fenland,the shire|Фенланд*,",
    "MOOR,Moorland,,": "MOOR,Moorland,Мурланд*,",
    "clubs,clubs,,": "clubs,clubs,клуб*,",
    "chess,kinds,chess,,": "chess,kinds,chess,шахмат*,",
    "rowing,kinds,rowing,,": "rowing,kinds,rowing,гребл*|ескек*,",
    "union,Union of Clubs,the union,": "union,Union of Clubs,the union|Союз клубов|Клубтар одағы,",
}
"""What the code lists are called in the other languages."""

MOST = 12
"""Offers of one refusal."""

HEADING = {**HEADINGS, "observations": f"{HEADINGS['observations']},same_as"}
TEXTS = {
    "en": (
        "Clubs of the shire\n3 March 2020\n\n"
        "In 2019 the shire had 1,240 clubs. At least 35 clubs in Fenland play chess. About 60 clubs in Fenland teach rowing.\n\n"
        "Members in the shire came to 4,500 in 2017. Chess is played by 12.5 percent of members in Fenland.\n\n"
        "The Union of Clubs opened a boat house in Fenland in May 2016. The house has room for the one and only boat.\n\n"
        "The Shire Council said: “We shall go on rowing in Fenland.” The shire is green.\n\n"
        "In Fenland 20 to 30 clubs closed in 2015. In Fenland 300 members left in 2014. In Moorland 310 members left.\n\n"
        "Moorland counted 77 members. "
        "Again it is said: Moorland counted 77 members. Each club has 3 keys. Some 40 members may come.\n"
    ),
    "ru": (
        "Клубы края\n3 марта 2020 года\n\n"
        "В 2019 году в Фенланде было 1\u00a0240 клубов. Не менее 35 клубов в Фенланде учат играть в шахматы.\n\n"
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
            "share,member_share,FEN,chess,,12.5,,,Chess is played by 12.5 percent of members in Fenland,,,,,",
            "closed,clubs,FEN,,2015,20/30,between,,In Fenland 20 to 30 clubs closed in 2015,,,,,",
            "fen-2014,members,FEN,,2014,300,,,In Fenland 300 members left in 2014,,,,,",
            "moor,members,MOOR,,,310,,,In Moorland 310 members left,,,,,",
            "counted,members,MOOR,,,77,,,Moorland counted 77 members,1,,,,",
        ],
        "events": [
            "opened,2016-05,union,opened a boat house,FEN,The Union of Clubs opened a boat house in Fenland in May 2016,,,"
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
            "chess,clubs,FEN,chess,,35,ge,,Не менее 35 клубов в Фенланде учат играть в шахматы,,,,,",
        ],
        "events": ["opened,2016-05,union,открыл в Фенланде дом,FEN,В мае 2016 года Союз клубов открыл в Фенланде дом,,,"],
        "statements": [],
        "waivers": [],
    },
    "kk": {
        "observations": [
            "clubs,clubs,FEN,,2019,1240,,,2019 жылы Фенландта 1 240 клуб болды,,,,,",
            "chess,clubs,FEN,chess,,35,ge,,Фенландта кемінде 35 клуб шахмат үйретеді,,,,,",
        ],
        "events": [
            "opened,2016-05,union,Клубтар одағы Фенландта үй ашты,FEN,2016 жылғы мамырда Клубтар одағы Фенландта үй ашты,,,"
        ],
        "statements": [],
        "waivers": [],
    },
}

Row = dict[str, str]


@dataclass(frozen=True)
class Entered:
    """A source as it is typed: its language, the rows of its files, and the keys of source.toml that are not the usual ones."""

    language: str
    rows: Mapping[str, list[Row]]
    keys: Mapping[str, str] = field(default_factory=dict)

    def with_rows(self, file: str, rows: list[Row]) -> "Entered":
        """Return the source with other rows in a file."""
        return replace(self, rows={**self.rows, file: rows})

    def with_cell(self, file: str, index: int, column: str, cell: str) -> "Entered":
        """Return the source with another cell."""
        rows = self.rows[file]
        return self.with_rows(file, [*rows[:index], {**rows[index], column: cell}, *rows[index + 1 :]])

    def write(self, raw: Path, source_id: str) -> None:
        """Write the source's folder."""
        lines = {file: [_line(row.values()) for row in rows] for file, rows in self.rows.items()}
        write_source(raw, source_id, TEXTS[self.language], lines, **self.keys)
        for file, rows in lines.items():
            (raw / source_id / f"{file}.csv").write_text("\n".join([HEADING[file], *rows, ""]), encoding="utf-8")


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def _rows(file: str, lines: Iterable[str]) -> list[Row]:
    return list(csv.DictReader(io.StringIO("\n".join([HEADING[file], *lines]))))


SOUND = {
    language: Entered(language, {file: _rows(file, lines) for file, lines in files.items()}, KEYS[language])
    for language, files in ROWS.items()
}


@dataclass(frozen=True)
class Slip:
    """A slip of a typist: the source with it, the refusal that is expected (column, code), and what a row to paste lacks."""

    source: Entered
    column: str
    code: str
    filled: Mapping[str, str] = field(default_factory=dict)


def cell(  # noqa: PLR0913, PLR0917 (a row of the table of slips)
    file: str, name: str, column: str, wrong: str, code: str, language: str = "en", at: str = ""
) -> Slip:
    """Return a slip in one cell of the row of a name; the refusal is at that cell, or at another column."""
    source = SOUND[language]
    index = next(index for index, row in enumerate(source.rows[file]) if name in (row.get("fact_id"), row["quote"]))
    return Slip(source.with_cell(file, index, column, wrong), at or column, code)


def key(name: str, wrong: str, code: str, language: str = "en") -> Slip:
    """Return a slip in a key of source.toml."""
    source = SOUND[language]
    return Slip(replace(source, keys={**source.keys, name: wrong}), name, code)


def without(file: str, name: str, code: str, **filled: str) -> Slip:
    """Return the source without a row, which is offered again to paste."""
    rows = [row for row in SOUND["en"].rows[file] if name not in (row.get("fact_id"), row["quote"])]
    return Slip(SOUND["en"].with_rows(file, rows), "", code, filled)


def added(file: str, line: str, column: str, code: str) -> Slip:
    """Return the source with one row more."""
    return Slip(SOUND["en"].with_rows(file, [*SOUND["en"].rows[file], *_rows(file, [line])]), column, code)


N, E, S, W = "observations", "events", "statements", "waivers"
KEYS_OF_CLUB = "Each club has 3 keys"
AGAIN = "Again it is said: Moorland counted 77 members"
SLIPS = {
    "a value with a comma between thousands": cell(N, "clubs", "value", "1,240", "wrong_value"),
    "a value with a point between thousands": cell(N, "clubs", "value", "1.240", "not_whole"),
    "a value with one wrong digit": cell(N, "clubs", "value", "1241", "value_not_in_quote"),
    "a value in words": cell(N, "clubs", "value", "twelve", "wrong_value"),
    "no value": cell(N, "clubs", "value", "", "empty_cell"),
    "a value with a decimal comma": cell(N, "share", "value", "12,5", "wrong_value"),
    "a value with its unit": cell(N, "share", "value", "12.5%", "wrong_value"),
    "a fraction that is not in the words": cell(N, "share", "value", "1:5", "value_not_in_quote"),
    "a fraction where a count is": cell(N, "clubs", "value", "2:3", "fraction_misfit"),
    "a negative count": cell(N, "clubs", "value", "-1240", "out_of_range"),
    "a share above a hundred": cell(N, "share", "value", "125", "out_of_range"),
    "a value that a spreadsheet rewrote": cell(N, "clubs", "value", "1.24E+3", "wrong_value"),
    "one end of a range": cell(N, "closed", "value", "20", "between_has_two_values"),
    "a range the wrong way round": cell(N, "closed", "value", "30/20", "out_of_order"),
    "a range with a hyphen": cell(N, "closed", "value", "20-30", "wrong_value"),
    "a relator left out": cell(N, "chess", "relator", "", "hedge_disagrees"),
    "a relator the wrong way round": cell(N, "chess", "relator", "le", "hedge_disagrees"),
    "a relator without a hedge": cell(N, "clubs", "relator", "gt", "hedge_disagrees"),
    "a relator that is none": cell(N, "chess", "relator", "atleast", "wrong_value"),
    "between for one number": cell(N, "clubs", "relator", "between", "hedge_disagrees"),
    "a range without between": cell(N, "closed", "relator", "", "hedge_disagrees"),
    "a rounding step that the words do not say": cell(N, "clubs", "precision", "10", "precision_not_in_words"),
    "a rounding step of which the number is no multiple": cell(N, "clubs", "precision", "100", "no_multiple"),
    "a rounding step of a bound": cell(N, "chess", "precision", "10", "precision_goes_with_one_printed_value"),
    "a rounding step in words": cell(N, "clubs", "precision", "ten", "wrong_value"),
    "a rounding step below nothing": cell(N, "clubs", "precision", "-1", "out_of_range"),
    "another year": cell(N, "clubs", "period", "2018", "date_disagrees"),
    "no year": cell(N, "clubs", "period", "", "date_disagrees"),
    "a month that is none": cell(N, "clubs", "period", "2019-13", "not_edtf"),
    "a period in words": cell(N, "clubs", "period", "in 2019", "not_edtf"),
    "a period about which the words are surer": cell(N, "clubs", "period", "2019~", "date_disagrees"),
    "a period that the words do not name": cell(N, "chess", "period", "2019", "date_disagrees"),
    "a period that is none, where the words name none": cell(N, "chess", "period", "20I9", "not_edtf"),
    "a month that a spreadsheet rewrote": cell(E, "opened", "period", "May-16", "not_edtf"),
    "the year of a month": cell(E, "opened", "period", "2016", "date_disagrees"),
    "an event without its day": cell(E, "opened", "period", "", "empty_cell"),
    "a statement with a day that is not said": cell(S, "green", "period", "2019", "date_disagrees"),
    "an indicator that is nearly one": cell(N, "clubs", "indicator", "club", "unknown_code"),
    "an indicator that is none": cell(N, "clubs", "indicator", "xyz", "unknown_code"),
    "another indicator": cell(N, "clubs", "indicator", "members", "not_named"),
    "an indicator of another unit": cell(N, "share", "indicator", "members", "not_named"),
    "no indicator": cell(N, "clubs", "indicator", "", "empty_cell"),
    "an area that is nearly one": cell(N, "clubs", "area", "FENN", "unknown_code"),
    "an area that is none": cell(N, "clubs", "area", "??", "unknown_code"),
    "another area": cell(N, "clubs", "area", "MOOR", "not_named"),
    "no area": cell(N, "clubs", "area", "", "empty_cell"),
    "another category": cell(N, "chess", "category", "rowing", "not_named"),
    "a category that is none": cell(N, "chess", "category", "zzz", "unknown_code"),
    "a category left out": cell(N, "chess", "category", "", "not_typed"),
    "a category where there are none": cell(N, "members", "category", "chess", "category_misfit"),
    "a category that the words do not name": cell(N, "clubs", "category", "chess", "not_named"),
    "a quote without its comma": cell(N, "clubs", "quote", "In 2019 the shire had 1240 clubs", "quote_not_found"),
    "a quote from memory": cell(N, "clubs", "quote", "In 2018 the shire has 1,240 clubs", "quote_not_found"),
    "a quote that ends inside a word": cell(N, "clubs", "quote", "In 2019 the shire had 1,240 club", "quote_cuts_a_word"),
    "a quote that begins inside a word": cell(N, "moor", "quote", "oorland 310 members left", "quote_cuts_a_word"),
    "a quote that stands twice": cell(N, "counted", "occurrence", "", "quote_ambiguous", at="quote"),
    "an occurrence after the last": cell(N, "clubs", "occurrence", "2", "no_such_occurrence"),
    "an occurrence that is no number": cell(N, "clubs", "occurrence", "x", "wrong_value"),
    "a label that the text does not have": cell(N, "clubs", "label_quote", "In the shires", "not_as_printed"),
    "a claim of nobody who speaks": cell(N, "clubs", "attributed_to", "union", "not_named"),
    "a claim of an agent that is none": cell(N, "clubs", "attributed_to", "unio", "unknown_code"),
    "a name of a fact with a space": cell(N, "clubs", "fact_id", "Clubs 2019", "wrong_value"),
    "a fact without a name": cell(N, "clubs", "fact_id", "", "empty_cell"),
    "a name of a fact that another has": cell(N, "rowing", "fact_id", "chess", "duplicate"),
    "another agent of an event": cell(E, "opened", "who", "council", "not_named"),
    "an agent that is none": cell(E, "opened", "who", "zz", "unknown_code"),
    "an event in other words": cell(E, "opened", "what", "opened a house", "not_as_printed"),
    "an event without words": cell(E, "opened", "what", "", "empty_cell"),
    "an event in another area": cell(E, "opened", "where", "MOOR", "not_named"),
    "another speaker": cell(S, "rowing-on", "who", "union", "not_named"),
    "no speaker": cell(S, "rowing-on", "who", "", "empty_cell"),
    "a narrative of another than the publisher": cell(S, "green", "who", "council", "not_named"),
    "direct speech called indirect": cell(S, "rowing-on", "speech", "indirect", "speech_disagrees"),
    "a narrative called direct": cell(S, "green", "speech", "direct", "speech_disagrees"),
    "a way of speaking that is none": cell(S, "rowing-on", "speech", "diret", "wrong_value"),
    "a sentence that is cut": cell(S, "green", "quote", "The shire is", "sentence_not_whole"),
    "direct speech that is cut": cell(S, "rowing-on", "quote", "We shall go on rowing", "speech_not_whole"),
    "an office that is not named": cell(S, "rowing-on", "office", "Chair", "not_as_printed"),
    "an occasion that is not named": cell(S, "rowing-on", "occasion", "Spring fair", "not_as_printed"),
    "a waiver of a kind that is none": cell(W, KEYS_OF_CLUB, "kind", "limits", "wrong_value"),
    "a waiver that calls a count an idiom": cell(W, "Some 40 members may come", "kind", "idiom", "waiver_hides_a_fact"),
    "a waiver that repeats no fact": cell(W, AGAIN, "fact_id", "countd", "unknown_fact"),
    "a waiver that repeats another fact": cell(W, AGAIN, "fact_id", "moor", "not_repeated", at="quote"),
    "a waiver that does not say which fact it repeats": cell(W, AGAIN, "fact_id", "", "unknown_fact"),
    "a fact of a waiver that repeats none": cell(W, KEYS_OF_CLUB, "fact_id", "clubs", "repeats_names_its_fact"),
    "a waiver in words of its own": cell(W, KEYS_OF_CLUB, "quote", "Each club has three keys", "quote_not_found"),
    "a waiver of words that stand twice": cell(W, AGAIN, "quote", "counted 77 members", "quote_ambiguous"),
    "a waiver of what has a role": added(W, "In Moorland 310 members,document,,It is of its make-up", "quote", "stale_waiver"),
    "a number for two facts of two indicators": added(
        N,
        "left,clubs,FEN,,2014,300,,,In Fenland 300 members left in 2014,,At least 35 clubs in Fenland,,,",
        "quote",
        "number_claimed_twice",
    ),
    "a number for two facts of one indicator": added(
        N, "left,members,FEN,,2014,300,,,In Fenland 300 members left in 2014,,,,,", "quote", "number_claimed_twice"
    ),
    "a later fact that names another than the first": added(
        N,
        "left,clubs,FEN,,2014,300,,,In Fenland 300 members left in 2014,,At least 35 clubs in Fenland,,,moor",
        "same_as",
        "not_the_same_number",
    ),
    "a first fact that names another": cell(N, "clubs", "same_as", "chess", "not_the_same_number"),
    "a same fact that is none": cell(N, "members", "same_as", "clbs", "not_the_same_number"),
    "a number without a row": without(N, "fen-2014", "mention_without_role", FACT_ID="fen-2014", INDICATOR="members", AREA="FEN"),
    "a date without a row": without(E, "opened", "mention_without_role", FACT_ID="opened", WHAT="opened a boat house"),
    "a number without a waiver": without(W, KEYS_OF_CLUB, "mention_without_role", KIND="limit", REASON="A club has three"),
    "direct speech without a row": without(S, "rowing-on", "speech_without_statement", FACT_ID="rowing-on", WHO="council"),
    "marks that are none": key("number_format.decimal", ";", "wrong_value"),
    "a group mark that is none": key("number_format.group", "_", "wrong_value"),
    "an order of days that is none": key("day_order", "DYM", "wrong_value"),
    "a country in small letters": key("country", "gb", "wrong_value"),
    "a country that is none": key("country", "QQ", "unknown_country"),
    "a fiscal year that starts on no day": key("fiscal_year_starts", "04-31", "wrong_value"),
    "a language that is none": key("language", "english", "wrong_value"),
    "a language that is not known": key("language", "eo", "unknown_language"),
    "a publisher that is none": key("publisher", "unoin", "unknown_code"),
    "another day of publication": key("published", "2020-03-04", "date_disagrees"),
    "an address that is none": key("url", "www.clubs.example", "wrong_value"),
    "a day that is none": key("retrieved", "2020-02-30", "no_such_day"),
    "read before it was published": key("retrieved", "2020-02-03", "before_publication"),
    "a copy of itself": key("derived_from", "nobody", "unknown_code"),
    "a Russian value with one wrong digit": cell(N, "clubs", "value", "1250", "value_not_in_quote", "ru"),
    "a Russian hedge left out": cell(N, "chess", "relator", "", "hedge_disagrees", "ru"),
    "another Russian year": cell(N, "clubs", "period", "2020", "date_disagrees", "ru"),
    "another Russian category": cell(N, "chess", "category", "rowing", "not_named", "ru"),
    "a Russian quote that is cut": cell(N, "clubs", "quote", "В 2019 году в Фенланде было 1 240 клуб", "quote_cuts_a_word", "ru"),
    "a Russian month in words": cell(E, "opened", "period", "май 2016", "not_edtf", "ru"),
    "a Kazakh value with one wrong digit": cell(N, "clubs", "value", "1230", "value_not_in_quote", "kk"),
    "a Kazakh hedge the wrong way round": cell(N, "chess", "relator", "le", "hedge_disagrees", "kk"),
    "another Kazakh area": cell(N, "clubs", "area", "MOOR", "not_named", "kk"),
    "a Kazakh quote from memory": cell(N, "clubs", "quote", "2019 жылы Фенландта 1 240 клубтар болды", "quote_not_found", "kk"),
    "the year of a Kazakh month": cell(E, "opened", "period", "2016", "date_disagrees", "kk"),
}

_OTHER_COLUMN = re.compile(
    r"(?:^|[ :])(?P<cell>[\w-]+)(?:, [^:;]*)? in (?:the column )?(?P<column>fact_id|same_as|kind|speech)\b"
)
_OCCURRENCES = re.compile(r"in the column occurrence: (?P<first>\d+) to (?P<last>\d+)")
_QUOTED = re.compile(r"'([^']*)'")


def offers(refusal: Defect) -> Iterator[tuple[str, str]]:
    """Yield what the words of a refusal offer, (column, cell): from what they say last to what they say first."""
    for other in _OTHER_COLUMN.finditer(refusal.expected):
        yield other["column"], other["cell"]
    if found := _OCCURRENCES.search(refusal.expected):
        yield from (("occurrence", str(number)) for number in range(int(found["first"]), int(found["last"]) + 1))
    for clause in reversed(refusal.expected.split("; ")):
        yield from ((refusal.column, offered) for offered in _offered(clause))


def _offered(clause: str) -> Iterator[str]:
    if re.match(r"nothing\b", clause) or "or nothing" in clause or "leave it empty" in clause:
        yield ""
    yield from _QUOTED.findall(clause)
    begun, _, ended = clause.rpartition(": ")
    listed = clause.removeprefix("one of ") if clause.startswith("one of ") else ""
    for words in (ended if begun else "", listed, clause.partition("such as ")[2], clause.partition("would be ")[2]):
        if words:
            yield words
            yield from (word.strip('"') for word in re.split(r", | or ", words))
    yield from re.split(r" or |, ", clause.removeprefix("at most ").removeprefix("a day from "))[:2]
    yield clause.removeprefix("a day from ").split(" ")[0]


def mended(source: Entered, refusal: Defect, filled: Mapping[str, str]) -> list[Entered]:
    """Return the source with each offer of a refusal taken in turn."""
    if "paste a row" in refusal.expected:
        return [_with_pasted(source, line, filled) for line in refusal.expected.splitlines() if line.startswith("    ")]
    file = Path(refusal.file).stem
    if file == "source":
        return [replace(source, keys={**source.keys, name: cell}) for name, cell in dict.fromkeys(offers(refusal))][:MOST]
    index = refusal.line - 2
    taken = [source.with_cell(file, index, *offer) for offer in dict.fromkeys(offers(refusal))][:MOST]
    rows = source.rows[file]
    is_left_over = "remove the row" in refusal.expected
    return [*taken, *([source.with_rows(file, [*rows[:index], *rows[index + 1 :]])] if is_left_over else [])]


def _with_pasted(source: Entered, line: str, filled: Mapping[str, str]) -> Entered:
    file, _, row = line.strip().partition(".csv: ")
    for name, words in filled.items():
        row = row.replace(name, words)
    return source.with_rows(file, [*source.rows[file], *_rows(file, [row])])


def refusals(raw: Path, sources: Mapping[str, Entered]) -> dict[str, list[Defect]]:
    """Return the defects of each of some sources, which are checked together."""
    write_code_lists(raw)
    for name in CODE_LISTS:
        path = raw / "codelists" / f"{name}.csv"
        content = path.read_text(encoding="utf-8")
        for old, new in WORDS.items():
            content = content.replace(old, new)
        path.write_text(content, encoding="utf-8")
    for source_id, source in sources.items():
        source.write(raw, source_id)
    found: dict[str, list[Defect]] = {source_id: [] for source_id in sources}
    for defect in check(raw).defects:
        found[defect.file.partition("/")[0]].append(defect)
    return found


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Defect]]:
    """The defects of each slip."""
    sources = {f"slip-{number}": slip.source for number, slip in enumerate(SLIPS.values())}
    found = refusals(tmp_path_factory.mktemp("slips") / "raw", sources | {f"sound-{tag}": SOUND[tag] for tag in SOUND})
    assert [found[f"sound-{tag}"] for tag in SOUND] == [[] for _ in SOUND]
    return {name: found[f"slip-{number}"] for number, name in enumerate(SLIPS)}


def the_refusal(name: str, refused: Mapping[str, list[Defect]]) -> Defect:
    slip = SLIPS[name]
    is_in_text = slip.column == ""
    fitting = [of for of in refused[name] if of.code == slip.code and (is_in_text or of.column == slip.column)]
    assert fitting, "\n".join(defect.at("raw") for defect in refused[name]) or "nothing is refused"
    return fitting[0]


@pytest.fixture(scope="module")
def taken(refused: dict[str, list[Defect]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[Defect]]]:
    """What is refused of each slip after each of the offers is taken."""
    offered: dict[str, Entered] = {}
    for number, (name, slip) in enumerate(SLIPS.items()):
        for defect in refused[name]:
            if defect.code == slip.code and slip.column in ("", defect.column):
                sources = mended(slip.source, defect, slip.filled)
                offered |= {f"slip-{number}-{place}": source for place, source in enumerate(sources)}
                break
    found = refusals(tmp_path_factory.mktemp("taken") / "raw", offered)
    return {
        name: {source_id: of for source_id, of in found.items() if source_id.startswith(f"slip-{number}-")}
        for number, name in enumerate(SLIPS)
    }


@pytest.mark.parametrize("name", SLIPS)
def test_what_a_refusal_offers_is_accepted(
    name: str, refused: dict[str, list[Defect]], taken: dict[str, dict[str, list[Defect]]]
) -> None:
    refusal = the_refusal(name, refused)
    left = [[defect.at("raw") for defect in defects] for defects in taken[name].values()]
    assert [] in left, f"{refusal.at('raw')}\nafter each offer:\n" + "\n".join(map(str, left))


TWICE = {
    "value and period": (N, "clubs", {"value": "1241", "period": "2018"}),
    "a value in words and a period in words": (N, "clubs", {"value": "twelve", "period": "in 2018"}),
    "category and relator": (N, "chess", {"category": "rowing", "relator": "le"}),
    "an indicator that is none and value": (N, "clubs", {"indicator": "xyz", "value": "1241"}),
    "an area that is none and value": (N, "clubs", {"area": "??", "value": "1241"}),
    "relator and precision": (N, "clubs", {"relator": "more", "precision": "100"}),
    "a name that is none and period": (N, "clubs", {"fact_id": "Clubs 2019", "period": "2018"}),
    "a claim and an area": (N, "moor", {"attributed_to": "unio", "area": "FEN"}),
    "day and agent of an event": (E, "opened", {"period": "May-16", "who": "council"}),
    "what happened and where": (E, "opened", {"what": "opened a house", "where": "nowhere"}),
    "speaker and day of a statement": (S, "rowing-on", {"who": "nobody", "period": "20I9"}),
    "speech and place of a statement": (S, "rowing-on", {"speech": "indirect", "where": "MOOR"}),
}


def test_two_wrong_cells_of_a_row_are_told_at_once_and_nothing_else_is(tmp_path: Path) -> None:
    sources = {}
    for number, (file, name, wrong) in enumerate(TWICE.values()):
        source = SOUND["en"]
        index = [row["fact_id"] for row in source.rows[file]].index(name)
        for column, typed in wrong.items():
            source = source.with_cell(file, index, column, typed)
        sources[f"twice-{number}"] = source
    found = refusals(tmp_path / "raw", sources)
    told = {what: {defect.column for defect in found[f"twice-{number}"]} for number, what in enumerate(TWICE)}
    assert told == {what: set(wrong) for what, (_, _, wrong) in TWICE.items()}
