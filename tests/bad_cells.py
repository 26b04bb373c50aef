"""What can be wrong in one cell or line of raw/, each with the defect that says so."""

from tests.conftest import SOURCE

OBSERVATIONS = f"{SOURCE}/observations.csv"
EVENTS = f"{SOURCE}/events.csv"
STATEMENTS = f"{SOURCE}/statements.csv"
TOML = f"{SOURCE}/source.toml"
RULES = f"{SOURCE}/rules.toml"

Expected = tuple[str, int, str, str, str]
"""File, line, column, code, and words of the message."""


CELLS: dict[str, tuple[str, str, str, Expected]] = {
    # what is wrong: file, what stands there, what is typed instead, the defect
    "wrong type": (
        OBSERVATIONS,
        ",,300,,,",
        ",,many,,,",
        (OBSERVATIONS, 20, "value", "wrong_value", "digits as printed"),
    ),
    "unknown indicator": (
        OBSERVATIONS,
        "bodies,dialogue_bodies,KZ,,,300",
        "bodies,dialog_bodies,KZ,,,300",
        (OBSERVATIONS, 20, "indicator", "unknown_code", "nearest: dialogue_bodies"),
    ),
    "unknown area": (
        OBSERVATIONS,
        "share-karaganda,organisations_share,KZ-KAR",
        "share-karaganda,organisations_share,KZ-KRA",
        (OBSERVATIONS, 8, "area", "unknown_code", "nearest: KZ-KAR"),
    ),
    "unknown category": (
        OBSERVATIONS,
        "KZ,youth,,43.9",
        "KZ,yuth,,43.9",
        (OBSERVATIONS, 12, "category", "unknown_code", "youth"),
    ),
    "unknown agent": (
        EVENTS,
        "1991,kz_state",
        "1991,kz_stat",
        (EVENTS, 2, "who", "unknown_code", "nearest: kz_state"),
    ),
    "duplicate id": (
        OBSERVATIONS,
        "share-zhambyl,org",
        "share-almaty,org",
        (OBSERVATIONS, 9, "fact_id", "duplicate", "it stands already in line 6"),
    ),
    "malformed id": (
        OBSERVATIONS,
        "\nngos,ngos",
        "\nNGO s,ngos",
        (OBSERVATIONS, 4, "fact_id", "wrong_value", "small letters"),
    ),
    "unknown relator": (
        OBSERVATIONS,
        "35000,gt",
        "35000,more",
        (OBSERVATIONS, 3, "relator", "wrong_value", "one of eq, gt"),
    ),
    "bad period": (
        EVENTS,
        "concept-2002,2002,",
        "concept-2002,2002-13,",
        (EVENTS, 5, "period", "not_edtf", "a period in EDTF"),
    ),
    "period that ends before it starts": (
        EVENTS,
        "2003/2005",
        "2005/2003",
        (EVENTS, 7, "period", "not_edtf", "a period in EDTF"),
    ),
    "date rewritten by a spreadsheet": (
        EVENTS,
        "forum-2011,2011-10",
        "forum-2011,Oct-11",
        (EVENTS, 4, "period", "not_edtf", "a spreadsheet rewrote the date"),
    ),
    "day before month": (
        EVENTS,
        "independence,1991",
        "independence,16.12.1991",
        (EVENTS, 2, "period", "not_edtf", "year-month-day"),
    ),
    "no date where the words have one": (
        EVENTS,
        "concept-2002,2002,",
        "concept-2002,XXXX,",
        (EVENTS, 5, "period", "date_disagrees", "2002"),
    ),
    "a date where the words have none": (
        EVENTS,
        "forums-held,XXXX",
        "forums-held,2007",
        (EVENTS, 11, "period", "date_disagrees", "no date"),
    ),
    "a point between thousands": (
        OBSERVATIONS,
        "35000,gt",
        "35.000,gt",
        (OBSERVATIONS, 3, "value", "not_whole", "typed 35000"),
    ),
    "a space between thousands": (
        OBSERVATIONS,
        "35000,gt",
        "35 000,gt",
        (OBSERVATIONS, 3, "value", "wrong_value", "separator"),
    ),
    "a comma between thousands": (
        OBSERVATIONS,
        "35000,gt",
        '"35,000",gt',
        (OBSERVATIONS, 3, "value", "wrong_value", "separator"),
    ),
    "a decimal comma": (
        OBSERVATIONS,
        ",17.9,",
        ',"17,9",',
        (OBSERVATIONS, 6, "value", "wrong_value", "decimal point"),
    ),
    "a percent sign": (
        OBSERVATIONS,
        ",17.9,",
        ",17.9%,",
        (OBSERVATIONS, 6, "value", "wrong_value", "the number alone"),
    ),
    "an exponent": (
        OBSERVATIONS,
        "35000,gt",
        "3.5E+04,gt",
        (OBSERVATIONS, 3, "value", "wrong_value", "all its digits"),
    ),
    "a digit too many": (
        OBSERVATIONS,
        ",11.25,",
        ",112.5,",
        (OBSERVATIONS, 7, "value", "out_of_range", "from 0 to 100, as of any"),
    ),
    "a wrong digit": (
        OBSERVATIONS,
        ",11.25,",
        ",11.52,",
        (OBSERVATIONS, 7, "value", "value_not_in_quote", "the quote prints: 11.25"),
    ),
    "an empty cell": (
        OBSERVATIONS,
        ",,300,,,",
        ",,,,,",
        (OBSERVATIONS, 20, "value", "empty_cell", "the cell is empty"),
    ),
    "two numbers without between": (
        OBSERVATIONS,
        ",,300,,,",
        ",,300/310,,,",
        (OBSERVATIONS, 20, "value", "between_has_two_values", ""),
    ),
    "a rounding step of which the value is no multiple": (
        OBSERVATIONS,
        "KZ-ALM,,,17.9,,,Almaty",
        "KZ-ALM,,,17.9,,100,Almaty",
        (OBSERVATIONS, 6, "precision", "no_multiple", "a step of which 17.9 is a multiple"),
    ),
    "precision of a bound": (
        OBSERVATIONS,
        "35000,gt,,",
        "35000,gt,100,",
        (OBSERVATIONS, 3, "precision", "precision_goes_with_one_printed_value", ""),
    ),
    "a category without a tree": (
        OBSERVATIONS,
        "KZ,,,35000",
        "KZ,youth,,35000",
        (OBSERVATIONS, 3, "category", "category_misfit", "nothing"),
    ),
    "a category of another tree": (
        OBSERVATIONS,
        "KZ,youth,,43.9",
        "KZ,president,,43.9",
        (OBSERVATIONS, 12, "category", "category_misfit", "activities"),
    ),
    "an area of another level": (
        OBSERVATIONS,
        "_share,KZ-ZHA",
        "_share,KZ",
        (OBSERVATIONS, 9, "area", "area_misfit", "level region"),
    ),
    "an area not yet in force": (
        OBSERVATIONS,
        "_share,KZ-ZHA",
        "_share,KZ-31",
        (OBSERVATIONS, 9, "area", "area_misfit", "in force in 2011-12-23"),
    ),
    "a quote that is not there": (
        OBSERVATIONS,
        "Zhambyl (6.73 percent)",
        "Zhambyl (6.73 per cent)",
        (OBSERVATIONS, 9, "quote", "quote_not_found", "Zhambyl (6.73 percent)"),
    ),
    "a space around a cell": (
        EVENTS,
        "independence,1991,",
        "independence,1991 ,",
        (EVENTS, 2, "period", "surrounding_space", "'1991'"),
    ),
    "a row cut short": (
        OBSERVATIONS,
        ",KZ,,,300,,,",
        ",KZ,300,,,",
        (OBSERVATIONS, 20, "", "ragged_row", "13 cells"),
    ),
    "an unknown kind of speech": (
        STATEMENTS,
        ",indirect,",
        ",reported,",
        (STATEMENTS, 9, "speech", "wrong_value", "one of direct"),
    ),
    "a column too many": (
        OBSERVATIONS,
        "attributed_to,note\n",
        "attributed_to,note,remark\n",
        (OBSERVATIONS, 1, "remark", "extra_column", ""),
    ),
    "a column misspelt": (
        EVENTS,
        "period,who",
        "periode,who",
        (EVENTS, 1, "periode", "extra_column", "nearest: period"),
    ),
    "a column missing": (
        EVENTS,
        "fact_id,period,who",
        "fact_id,who",
        (EVENTS, 1, "period", "missing_column", "a column period"),
    ),
    "columns in another order": (
        EVENTS,
        "fact_id,period,who",
        "period,fact_id,who",
        (EVENTS, 1, "", "column_order", "the order"),
    ),
    "a number of rows that is not the one expected": (
        TOML,
        "events = 11",
        "events = 8",
        (TOML, 21, "expected.events", "unexpected_count", "11"),
    ),
    "a key of the wrong type": (
        TOML,
        "republish_text = true",
        'republish_text = "yes"',
        (TOML, 12, "republish_text", "wrong_type", "true or false"),
    ),
    "an unknown key": (
        TOML,
        "language =",
        "langauge =",
        (TOML, 7, "langauge", "extra_key", "nearest: language"),
    ),
    "a broken TOML": (
        TOML,
        'language = "en"',
        "language = en",
        (TOML, 7, "12", "not_toml", "TOML"),
    ),
    "an unknown publisher": (
        TOML,
        '"kz_mfa"',
        '"kz_mfaa"',
        (TOML, 2, "publisher", "unknown_code", "nearest: kz_mfa"),
    ),
    "an unknown language": (
        TOML,
        '"en"',
        '"xx"',
        (TOML, 7, "language", "unknown_language", "one of de, en, fr, kk, ru"),
    ),
    "a script for an address": (
        TOML,
        '\nurl = ""',
        '\nurl = "javascript:alert(1)"',
        (TOML, 8, "url", "wrong_value", "http"),
    ),
    "a rule of an unknown kind": (
        RULES,
        '"parts_of"',
        '"partsof"',
        (RULES, 5, "kind", "wrong_value", "nearest: parts_of"),
    ),
    "a rule that names no fact": (
        RULES,
        'from = "independence"',
        'from = "independance"',
        (RULES, 17, "from", "unknown_fact", "nearest: independence"),
    ),
    "a rule without a key": (
        RULES,
        'whole = { indicator = "dialogue_bodies" }\n',
        "",
        (RULES, 3, "whole", "missing_key", "a key whole"),
    ),
    "a rule with an unknown key": (
        RULES,
        'remainder = "flag"',
        'remander = "flag"',
        (RULES, 10, "remander", "extra_key", ""),
    ),
    "a rule of an unknown indicator": (
        "rules.toml",
        'flow = { indicator = "organisations_growth" }',
        'flow = { indicator = "growth" }',
        ("rules.toml", 36, "flow", "unknown_code", ""),
    ),
    "a code that refers to nothing": (
        "codelists/areas.csv",
        "KZ-AKM,Akmola oblast,Akmola,KZ,",
        "KZ-AKM,Akmola oblast,Akmola,KX,",
        ("codelists/areas.csv", 3, "parent", "unknown_code", "nearest: KZ"),
    ),
    "a day that is none": (
        "codelists/areas.csv",
        "KZ-AKT,Aktobe oblast,Aktobe,KZ,region,1998-12-15",
        "KZ-AKT,Aktobe oblast,Aktobe,KZ,region,1998-02-30",
        ("codelists/areas.csv", 4, "valid_from", "no_such_day", ""),
    ),
    "a share without a base": (
        "codelists/indicators.csv",
        "percent,false,share,organisations,",
        "percent,false,share,,",
        ("codelists/indicators.csv", 7, "base", "shares_have_a_base", ""),
    ),
    "overlapping shares without categories": (
        "codelists/indicators.csv",
        "multi_share,ngos,,activities,",
        "multi_share,ngos,,,",
        (
            "codelists/indicators.csv",
            8,
            "category_tree",
            "overlapping_shares_have_categories",
            "the tree of the categories",
        ),
    ),
    "a reading of no fact": (
        f"{SOURCE}/readings.csv",
        "share-almaty,area",
        "share-almati,area",
        (f"{SOURCE}/readings.csv", 2, "fact_id", "unknown_fact", "nearest: share-almaty"),
    ),
    "a reading that was not taken": (
        f"{SOURCE}/readings.csv",
        "area,KZ-ALM,",
        "area,KZ-ALA,",
        (f"{SOURCE}/readings.csv", 2, "taken", "reading_differs", "KZ-ALM"),
    ),
    "an unknown kind of waiver": (
        f"{SOURCE}/waivers.csv",
        "sector,name,",
        "sector,nam,",
        (f"{SOURCE}/waivers.csv", 4, "kind", "wrong_value", "nearest: name"),
    ),
}
