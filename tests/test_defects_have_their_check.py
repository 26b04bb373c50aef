"""Each defect that the code can tell belongs to the check that is about it, and to no other."""

import ast
import re
from collections.abc import Iterator

import pytest

from pipeline.defects import Defect
from pipeline.operate.checks import (
    ACKNOWLEDGED,
    HAS_ITS_ROW,
    OF_PUBLISHED,
    ONE_STATE,
    TYPED,
    WELL_FORMED,
    check_of,
    typed_checks,
)
from schemas.columns import typed_columns
from schemas.rules import AS_DESCRIBED, RULES_CAN_HOLD
from tests.test_house import modules

ELSEWHERE = {"to_fill_in", "unknown_source"}
"""Codes of commands that Dagster does not run: `facts new`, and one source alone."""

NO_CODES = {"based_on", "expected_tags", "extra_forbidden", "raw_line", "union_tag"}
"""What stands where codes do, and is none."""

Place = tuple[str, str, str, str]
"""Asset, file, column, and the check that a defect there belongs to."""

OF = {
    "O": ("observations", "a/observations.csv"),
    "E": ("events", "a/events.csv"),
    "S": ("statements", "a/statements.csv"),
    "R": ("readings", "a/readings.csv"),
    "W": ("mentions", "a/waivers.csv"),
    "T": ("sources", "a/source.toml"),
    "I": ("indicators", "codelists/indicators.csv"),
    "A": ("areas", "codelists/areas.csv"),
    "V": ("findings", "releases.csv"),
    "F": ("findings", "findings.csv"),
}
"""The asset and the file of each letter."""

AT_CELLS = {
    "area_misfit": "O area is_a_known_code",
    "before_publication": "T retrieved is_a_day",
    "category_misfit": "O category is_a_known_code",
    "circle": "A parent is_a_known_code, T derived_from is_a_source",
    "control_character": "O note is_plain_text, T title is_filled_in",
    "date_disagrees": "E period is_as_its_words_say, T published is_as_its_words_say",
    "duplicate": "O fact_id names_one_fact, I code names_one_entry, V version follows_the_last",
    "empty_cell": "O indicator is_a_known_code, F rule_id is_filled_in",
    "fraction_misfit": "O value is_as_its_words_say",
    "hedge_disagrees": "O relator is_as_its_words_say",
    "label_names_nothing": "O label_quote names_a_code",
    "line_break_in_cell": "S office is_as_its_words_say",
    "missing_key": "T title is_filled_in",
    "never_in_force": "A valid_to is_a_day",
    "no_basis": "T published_quote is_in_the_text",
    "no_multiple": "O precision is_as_its_words_say",
    "no_such_day": "V date is_a_day, A valid_from is_a_day",
    "no_such_occurrence": "O occurrence counts_equal_words",
    "not_as_printed": "E what is_as_its_words_say, O label_quote names_a_code",
    "not_attributed": "O attributed_to is_a_known_code",
    "not_edtf": "E period is_as_its_words_say, T published is_as_its_words_say",
    "not_named": "O area is_a_known_code, E who is_a_known_code, S who is_a_known_code",
    "not_repeated": "W quote stands_in_the_text",
    "not_typed": "O category is_a_known_code, E where is_a_known_code",
    "not_whole": "O value is_as_its_words_say",
    "other_language": "T language is_a_language_tag",
    "other_tree": "A parent is_a_known_code",
    "out_of_order": "V version follows_the_last, O value is_as_its_words_say",
    "out_of_range": "O value is_as_its_words_say, O precision is_as_its_words_say",
    "precision_not_in_words": "O precision is_as_its_words_say",
    "published_later": "T derived_from is_a_source",
    "quote_ambiguous": "O quote stands_in_the_text, W quote stands_in_the_text",
    "quote_cuts_a_word": "S quote stands_in_the_text",
    "quote_not_found": "E quote stands_in_the_text",
    "read_otherwise": "T day_order is_a_listed_word",
    "reading_differs": "R taken is_what_the_fact_has",
    "sentence_not_whole": "S quote stands_in_the_text",
    "speech_disagrees": "S speech is_as_its_words_say",
    "speech_not_whole": "S quote stands_in_the_text",
    "stale_waiver": "W quote stands_in_the_text",
    "surrounding_space": "W reason is_a_reason_in_words",
    "text_changed": "T sha256 is_that_of_the_text",
    "told_apart_by_nothing": "I label is_words_of_its_own",
    "too_fine": "O value is_as_its_words_say",
    "too_long": "S occasion is_as_its_words_say, T notes is_plain_text",
    "unexpected_count": "T expected.events counts_the_rows",
    "unknown_code": "O area is_a_known_code, I base is_a_known_code, R other could_stand_instead",
    "unknown_column": "R column is_one_of_the_fact",
    "unknown_country": "T country is_a_known_country",
    "unknown_fact": "R fact_id names_one_fact, W fact_id is_what_is_repeated",
    "unknown_language": "T language is_a_language_tag",
    "unknown_version": "V based_on is_the_row_before",
    "value_ambiguous": "O value is_as_its_words_say",
    "value_not_in_quote": "O value is_as_its_words_say",
    "waiver_hides_a_fact": "W kind is_a_listed_word",
    "wrong_base": "V based_on is_the_row_before",
    "wrong_type": "T republish_text is_a_listed_word",
    "wrong_value": "O value is_as_its_words_say, F lower is_a_number",
}
"""Of each code the cells at which it may stand: file, column, and what the name of the check says
of that column.
"""

IN_FILES = {
    "column_order": "O",
    "duplicate_column": "O",
    "empty_file": "E",
    "extra_column": "W",
    "extra_key": "T",
    "missing_column": "V",
    "no_header": "I",
    "not_plain": "A",
    "not_toml": "T",
    "not_utf8": "F",
    "open_quote": "S",
    "ragged_row": "R",
    "semicolons": "O",
    "too_deep": "T",
    "too_large": "O",
    "unreadable_file": "O",
    "missing_file": "T",
}
"""Of each code that is about a whole file, one such file."""

OTHERS: dict[str, tuple[Place, ...]] = {
    "changed_finding": (("release", "findings.csv", "lower", ACKNOWLEDGED),),
    "circle": (("rules", "rules.toml", "sequence", WELL_FORMED),),
    "extra_file": (("sources", "a/notes.txt", "", WELL_FORMED),),
    "idle_rule": (("rule_terms", "rules.toml", "id", "every_rule_applies_to_something"),),
    "impossible_rule": (("check_results", "rules.toml", "id", RULES_CAN_HOLD),),
    "misplaced_rule": (("rules", "rules.toml", "part", WELL_FORMED),),
    "misplaced_weights": (("rules", "rules.toml", "weights", WELL_FORMED),),
    "mention_without_role": (("mentions", "a/text.txt", "17", "every_mention_has_a_role"),),
    "missing_folder": (("sources", ".", "", WELL_FORMED),),
    "new_finding": (("release", "findings.csv", "", ACKNOWLEDGED),),
    "no_source": (("sources", ".", "", WELL_FORMED),),
    "not_as_described": (("findings", "tables/findings.parquet", "reason", AS_DESCRIBED),),
    "not_the_same_number": (
        ("mentions", "a/observations.csv", "same_as", "every_number_is_of_one_fact"),
    ),
    "number_claimed_twice": (
        ("mentions", "a/observations.csv", "quote", "every_number_is_of_one_fact"),
    ),
    "out_of_date": (
        ("civil_society_duckdb", "tables/events.parquet", "", ONE_STATE),
        ("release", "tables/events.parquet", "", ONE_STATE),
    ),
    "per_disagrees": (
        ("observations", "a/observations.csv", "indicator", "units_are_as_the_words_say"),
        ("observations", "codelists/indicators.csv", "per", "units_are_as_the_words_say"),
    ),
    "reason_is_missing": (("release", "releases.csv", "reason", HAS_ITS_ROW),),
    "release_is_due": (("release", "releases.csv", "version", HAS_ITS_ROW),),
    "retrieved_later": (("release", "a/source.toml", "retrieved", "sources_are_read_before_it"),),
    "span_is_not_the_quote": (
        ("events", "a/events.csv", "quote", "quotes_are_the_text_between_their_ends"),
    ),
    "speech_without_statement": (("mentions", "a/text.txt", "1", "direct_speech_is_a_statement"),),
    "stale_finding": (("release", "findings.csv", "rule_id", ACKNOWLEDGED),),
    "tampered_release": (("release", "releases.csv", "version", "releases_are_as_published"),),
    "too_long": (("rules", "rules.toml", "", WELL_FORMED),),
    "unit_disagrees": (
        ("observations", "a/observations.csv", "indicator", "units_are_as_the_words_say"),
    ),
    "unknown_version": (("release", "releases.csv", "based_on", HAS_ITS_ROW),),
    "unread": (("mentions", "a/text.txt", "4", "every_mention_is_read"),),
    "wrong_folder_name": (("sources", "A b", "", WELL_FORMED),),
    "wrong_value": (
        ("findings", "publication.toml", "licence", "publication_licence_is_a_listed_word"),
    ),
    "wrong_version": (("release", "releases.csv", "version", HAS_ITS_ROW),),
}


def prefix_of(file: str) -> str:
    return "releases_" if file == "releases.csv" else ""


def places() -> Iterator[tuple[str, Place]]:
    for code, cells in AT_CELLS.items():
        for cell in cells.split(", "):
            letter, column, words = cell.split()
            asset, file = OF[letter]
            check = f"{prefix_of(file)}{column}_{words}".replace(".", "_")
            yield code, (asset, file, column, check)
    for code, letter in IN_FILES.items():
        asset, file = OF[letter]
        yield code, (asset, file, "", prefix_of(file) + WELL_FORMED)
    for code, others in OTHERS.items():
        yield from ((code, other) for other in others)


@pytest.mark.parametrize(("code", "place"), list(places()))
def test_a_defect_belongs_to_the_check_that_is_about_it(code: str, place: Place) -> None:
    asset, file, column, expected = place
    assert check_of(asset, Defect(file, 3, column, code, "", "")) == expected
    assert expected in (OF_PUBLISHED.get(asset) or typed_checks(asset))


@pytest.mark.parametrize("schema_check", ["between_has_two_values", "bounds_are_in_order"])
def test_a_rule_across_columns_is_a_check_of_its_own(schema_check: str) -> None:
    asset = "findings" if schema_check == "bounds_are_in_order" else "observations"
    defect = Defect(f"{asset}.csv", 3, "upper", schema_check, "", "")
    assert check_of(asset, defect) == schema_check


def codes() -> set[str]:
    """The codes that defects are made with: what is called code, and words in calls and functions
    that make defects.
    """
    found: set[str] = set()
    for tree in modules().values():
        for node in ast.walk(tree):
            parts: list[ast.AST] = []
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                parts = list(node.args) if name in {"Defect", "defect"} else []
                parts += [one.value for one in node.keywords if one.arg == "code"]
            elif isinstance(node, ast.FunctionDef) and "wrong" in node.name:
                parts = list(ast.walk(node))
            found |= {
                part.value
                for part in parts
                if isinstance(part, ast.Constant)
                and isinstance(part.value, str)
                and re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+|circle|duplicate|unread", part.value)
            }
    return found


def test_no_code_of_a_defect_is_without_its_check() -> None:
    known = {code for code, _ in places()} - {"semicolons"}
    told = codes()
    assert told - known == ELSEWHERE | NO_CODES
    # made by another way: of a mention without a role, the code is chosen
    assert known - told <= {"mention_without_role"}


@pytest.mark.parametrize("asset", ["findings", "sources", "observations", "mentions", "areas"])
def test_each_column_that_is_typed_has_a_check_of_its_own(asset: str) -> None:
    columns = [
        (str(schema.name), column) for schema in TYPED[asset] for column in typed_columns(schema)
    ]
    names = [check_of(asset, Defect(file, 3, column, "any", "", "")) for file, column in columns]
    assert len(columns) == len({*names} & {*typed_checks(asset)})
