"""Slips of a typist in the sources about clubs, each with the refusal that is expected of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.club_sources import SOUND, Entered, rows_of


@dataclass(frozen=True)
class Slip:
    """A slip of a typist: the source with it, the refusal that is expected (column, code), and what
    a row to paste lacks.
    """

    source: Entered
    column: str
    code: str
    filled: Mapping[str, str] = field(default_factory=dict)


def cell(  # noqa: PLR0913, PLR0917 (a row of the table of slips)
    file: str, name: str, column: str, wrong: str, code: str, language: str = "en", at: str = ""
) -> Slip:
    """Return a slip in one cell of the row of a name; the refusal is at that cell, or at another
    column.
    """
    source = SOUND[language]
    index = next(
        index
        for index, row in enumerate(source.rows[file])
        if name in (row.get("fact_id"), row["quote"])
    )
    return Slip(source.with_cell(file, index, column, wrong), at or column, code)


def key(name: str, wrong: str, code: str, language: str = "en") -> Slip:
    """Return a slip in a key of source.toml."""
    source = SOUND[language]
    return Slip(replace(source, keys={**source.keys, name: wrong}), name, code)


def without(file: str, name: str, code: str, **filled: str) -> Slip:
    """Return the source without a row, which is offered again to paste."""
    rows = [row for row in SOUND["en"].rows[file] if name not in (row.get("fact_id"), row["quote"])]
    return Slip(SOUND["en"].withrows_of(file, rows), "", code, filled)


def added(file: str, line: str, column: str, code: str) -> Slip:
    """Return the source with one row more."""
    return Slip(
        SOUND["en"].withrows_of(file, [*SOUND["en"].rows[file], *rows_of(file, [line])]),
        column,
        code,
    )


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
    "a rounding step that the words do not say": cell(
        N, "clubs", "precision", "10", "precision_not_in_words"
    ),
    "a rounding step of which the number is no multiple": cell(
        N, "clubs", "precision", "100", "no_multiple"
    ),
    "a rounding step of a bound": cell(
        N, "chess", "precision", "10", "precision_goes_with_one_printed_value"
    ),
    "a rounding step in words": cell(N, "clubs", "precision", "ten", "wrong_value"),
    "a rounding step below nothing": cell(N, "clubs", "precision", "-1", "out_of_range"),
    "another year": cell(N, "clubs", "period", "2018", "date_disagrees"),
    "no year": cell(N, "clubs", "period", "", "date_disagrees"),
    "a month that is none": cell(N, "clubs", "period", "2019-13", "not_edtf"),
    "a period in words": cell(N, "clubs", "period", "in 2019", "not_edtf"),
    "a period about which the words are surer": cell(
        N, "clubs", "period", "2019~", "date_disagrees"
    ),
    "a period that the words do not name": cell(N, "chess", "period", "2019", "date_disagrees"),
    "a period that is none, where the words name none": cell(
        N, "chess", "period", "20I9", "not_edtf"
    ),
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
    "a quote without its comma": cell(
        N, "clubs", "quote", "In 2019 the shire had 1240 clubs", "quote_not_found"
    ),
    "a quote from memory": cell(
        N, "clubs", "quote", "In 2018 the shire has 1,240 clubs", "quote_not_found"
    ),
    "a quote that ends inside a word": cell(
        N, "clubs", "quote", "In 2019 the shire had 1,240 club", "quote_cuts_a_word"
    ),
    "a quote that begins inside a word": cell(
        N, "moor", "quote", "oorland 310 members left", "quote_cuts_a_word"
    ),
    "a quote that stands twice": cell(
        N, "counted", "occurrence", "", "quote_ambiguous", at="quote"
    ),
    "an occurrence after the last": cell(N, "clubs", "occurrence", "2", "no_such_occurrence"),
    "an occurrence that is no number": cell(N, "clubs", "occurrence", "x", "wrong_value"),
    "a label that the text does not have": cell(
        N, "clubs", "label_quote", "In the shires", "not_as_printed"
    ),
    "a label that names nothing of the row": cell(
        N, "clubs", "label_quote", "the one and only boat", "label_names_nothing"
    ),
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
    "direct speech that is cut": cell(
        S, "rowing-on", "quote", "We shall go on rowing", "speech_not_whole"
    ),
    "an office that is not named": cell(S, "rowing-on", "office", "Chair", "not_as_printed"),
    "an occasion that is not named": cell(
        S, "rowing-on", "occasion", "Spring fair", "not_as_printed"
    ),
    "a waiver of a kind that is none": cell(W, KEYS_OF_CLUB, "kind", "limits", "wrong_value"),
    "a waiver that calls a count an idiom": cell(
        W, "Some 40 members may come", "kind", "idiom", "waiver_hides_a_fact"
    ),
    "a waiver that repeats no fact": cell(W, AGAIN, "fact_id", "countd", "unknown_fact"),
    "a waiver that repeats another fact": cell(
        W, AGAIN, "fact_id", "moor", "not_repeated", at="quote"
    ),
    "a waiver that does not say which fact it repeats": cell(
        W, AGAIN, "fact_id", "", "unknown_fact"
    ),
    "a fact of a waiver that repeats none": cell(
        W, KEYS_OF_CLUB, "fact_id", "clubs", "repeats_names_its_fact"
    ),
    "a waiver in words of its own": cell(
        W, KEYS_OF_CLUB, "quote", "Each club has three keys", "quote_not_found"
    ),
    "a waiver of words that stand twice": cell(
        W, AGAIN, "quote", "counted 77 members", "quote_ambiguous"
    ),
    "a waiver of what has a role": added(
        W, "In Moorland 310 members,document,,It is of its make-up", "quote", "stale_waiver"
    ),
    "a number for two facts of two indicators": added(
        N,
        (
            "left,clubs,FEN,,2014,300,,,In Fenland 300 members left in 2014,,At least 35 clubs in "
            "Fenland,,,"
        ),
        "quote",
        "number_claimed_twice",
    ),
    "a number for two facts of one indicator": added(
        N,
        "left,members,FEN,,2014,300,,,In Fenland 300 members left in 2014,,,,,",
        "quote",
        "number_claimed_twice",
    ),
    "a later fact that names another than the first": added(
        N,
        (
            "left,clubs,FEN,,2014,300,,,In Fenland 300 members left in 2014,,At least 35 clubs in "
            "Fenland,,,moor"
        ),
        "same_as",
        "not_the_same_number",
    ),
    "a first fact that names another": cell(N, "clubs", "same_as", "chess", "not_the_same_number"),
    "a same fact that is none": cell(N, "members", "same_as", "clbs", "not_the_same_number"),
    "a number without a row": without(
        N, "fen-2014", "mention_without_role", FACT_ID="fen-2014", INDICATOR="members", AREA="FEN"
    ),
    "a date without a row": without(
        E, "opened", "mention_without_role", FACT_ID="opened", WHAT="opened a boat house"
    ),
    "a number without a waiver": without(
        W, KEYS_OF_CLUB, "mention_without_role", KIND="limit", REASON="A club has three"
    ),
    "direct speech without a row": without(
        S, "rowing-on", "speech_without_statement", FACT_ID="rowing-on", WHO="council"
    ),
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
    "a Russian value with one wrong digit": cell(
        N, "clubs", "value", "1250", "value_not_in_quote", "ru"
    ),
    "a Russian hedge left out": cell(N, "chess", "relator", "", "hedge_disagrees", "ru"),
    "another Russian year": cell(N, "clubs", "period", "2020", "date_disagrees", "ru"),
    "another Russian category": cell(N, "chess", "category", "rowing", "not_named", "ru"),
    "a Russian quote that is cut": cell(
        N, "clubs", "quote", "В 2019 году в Фенланде было 1 240 клуб", "quote_cuts_a_word", "ru"
    ),
    "a Russian month in words": cell(E, "opened", "period", "май 2016", "not_edtf", "ru"),
    "a Kazakh value with one wrong digit": cell(
        N, "clubs", "value", "1230", "value_not_in_quote", "kk"
    ),
    "a Kazakh hedge the wrong way round": cell(
        N, "chess", "relator", "le", "hedge_disagrees", "kk"
    ),
    "another Kazakh area": cell(N, "clubs", "area", "MOOR", "not_named", "kk"),
    "a Kazakh quote from memory": cell(
        N, "clubs", "quote", "2019 жылы Фенландта 1 240 клубтар болды", "quote_not_found", "kk"
    ),
    "the year of a Kazakh month": cell(E, "opened", "period", "2016", "date_disagrees", "kk"),
}
