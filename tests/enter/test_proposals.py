"""What is proposed for each passage of a text nobody tuned it for, and why."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.enter.candidates import candidates
from pipeline.enter.fact_names import completions, fact_name, slug
from pipeline.enter.proposals import Judge, Proposal, best, judged
from pipeline.enter.text_view import Span, TextView, view_of
from pipeline.fact_steps import TEXTS, ReadTexts
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import CODE_LIST_FOLDER, RawFolder
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.club_sources import ROWS, SOUND, WORDS, rows_of
from tests.own_sources import write_code_lists, write_source

Offers = Mapping[str, list[Proposal]]


def clubs(tmp_path: Path) -> Path:
    """A raw/ with code lists that name clubs in three languages."""
    raw = tmp_path / "raw"
    write_code_lists(raw)
    for file in (raw / "codelists").iterdir():
        words = file.read_text("utf-8")
        for own, others in WORDS.items():
            words = words.replace(own, others)
        file.write_text(words, "utf-8")
    return raw


def read(raw: Path, source_id: str) -> tuple[TextView, Judge]:
    given = RawTables(RawFolder(raw, source_id)).given([TEXTS, CODE_LIST_FOLDER])
    texts: ReadTexts = given[TEXTS]
    lists, found = given[CODE_LIST_FOLDER], texts.parts[0]
    view = view_of(source_id, found, lists)
    return view, Judge(source_id, texts.sources.table, found, lists)


def offers_of(view: TextView, judge: Judge) -> Offers:
    """What is offered for each mention, by its words."""
    rows = {one["words"]: candidates(view, one, "union") for one in view.mentions}
    return {words: best(all_of, ()) for words, all_of in judged(judge, rows).items()}


def offers_in(tmp_path: Path, text: str, **keys: str) -> Offers:
    raw = clubs(tmp_path)
    write_source(raw, "clubs", f"Clubs\n3 March 2020\n\n{text}\n", {}, **keys)
    return offers_of(*read(raw, "clubs"))


@pytest.mark.parametrize("language", SOUND)
def test_a_source_nobody_tuned_for_is_proposed_as_it_was_typed(
    tmp_path: Path, language: str
) -> None:
    raw = clubs(tmp_path)
    SOUND[language].write(raw, "clubs")
    view, judge = read(raw, "clubs")
    typed = rows_of("observations", ROWS[language]["observations"])
    items = {one["number_words"]: one for one in view.mentions if one["kind"] == "quantity"}
    proposed = offers_of(view, judge)
    cells = total = 0
    for row in typed:
        place = view.span_of(row["quote"], row["occurrence"])
        assert place is not None
        mention = next(
            one for one in view.mentions if one["low"] and place.has(Span(one["start"], one["end"]))
        )
        first = proposed[mention["words"]][0]
        assert not first.defects, first
        wanted = {name: cell for name, cell in row.items() if cell and name != "fact_id"}
        cells += sum(first.row.cells.get(name) == cell for name, cell in wanted.items())
        total += len(wanted)
    assert items
    assert cells >= total * 0.9, (cells, total)


def test_a_made_up_corpus_is_proposed_as_it_was_typed(tmp_path: Path) -> None:
    raw = tmp_path / "corpus"
    write_corpus(raw, Size(60, 2, 7, 0.0, 0.0))
    cells = total = 0
    for folder in sorted(raw.glob("*/text.txt")):
        view, judge = read(raw, folder.parent.name)
        proposed = offers_of(view, judge)
        rows = csv.DictReader((folder.parent / "observations.csv").read_text("utf-8").splitlines())
        for row in rows:
            place = view.span_of(row["quote"], row["occurrence"])
            assert place is not None
            inside = view.mentions_in(place, "quantity")
            offered = [one.row.cells for item in inside for one in proposed[item["words"]][:1]]
            wanted = {name: cell for name, cell in row.items() if cell and name != "fact_id"}
            cells += max(
                (sum(one.get(name) == cell for name, cell in wanted.items()) for one in offered),
                default=0,
            )
            total += len(wanted)
    assert cells >= total / 2, (cells, total)


def test_each_cell_says_why(tmp_path: Path) -> None:
    first = offers_in(tmp_path, "In 2019 the shire had at least 1,240 clubs.")["at least 1,240"][
        0
    ].row
    assert first.cells["relator"] == "ge"
    assert first.why["relator"] == "the words at the number: at least 1,240"
    assert first.why["indicator"] == "named in the quote: clubs"
    assert first.why["area"] == "named in the quote: the shire"
    assert first.why["period"] == "the date in the quote: 2019"
    assert first.why["value"] == "as printed: 1,240"


def test_a_date_that_begins_the_sentence_is_not_left_out(tmp_path: Path) -> None:
    first = offers_in(tmp_path, "In 2019, after the flood, the shire had 1,240 clubs.")["1,240"][0]
    assert first.row.cells["period"] == "2019"
    assert not first.defects


def test_what_the_checks_refuse_comes_after_what_they_accept(tmp_path: Path) -> None:
    offers = offers_in(tmp_path, "The shire had 1,240 clubs and 4,500 members.")["4,500"]
    assert not offers[0].defects
    assert offers[0].row.cells["indicator"] == "members"
    kinds = [bool(one.defects) for one in offers]
    assert kinds == sorted(kinds)


def test_words_elsewhere_that_name_the_indicator_are_the_label_quote(tmp_path: Path) -> None:
    text = "Chess is played by 12.5 percent of members in Fenland, rowing by 20 percent."
    first = offers_in(tmp_path, text)["20 percent"][0]
    assert first.row.cells["indicator"] == "member_share"
    assert first.row.cells["category"] == "rowing"
    assert not first.defects


def test_a_heading_gives_its_date_to_what_stands_below_it(tmp_path: Path) -> None:
    offers = offers_in(tmp_path, "Clubs of Fenland in 2019\n\nchess: 40\n\nrowing: 7")
    first = offers["40"][0].row
    assert (first.cells["period"], first.cells["category"]) == ("2019", "chess")
    assert first.cells["label_quote"] == "Clubs of Fenland in 2019"


def test_the_date_of_a_heading_is_of_no_row_that_does_not_name_it(tmp_path: Path) -> None:
    raw = clubs(tmp_path)
    text = "Clubs\n3 March 2020\n\nClubs of Fenland in 2019\n\nchess: 40\n"
    write_source(raw, "clubs", text, {})
    view, _ = read(raw, "clubs")
    number = next(one for one in view.mentions if one["words"] == "40")
    rows = [one.cells for one in candidates(view, number, "union")]
    dated = {cells["label_quote"] for cells in rows if cells["period"] == "2019"}
    assert dated == {"Clubs of Fenland in 2019"}
    assert any(not cells["period"] for cells in rows)


def test_a_code_that_nothing_names_where_the_number_stands_is_in_doubt(tmp_path: Path) -> None:
    text = "Fenland had 40 clubs. Moorland was quiet.\n\nThe speaker, 43, went home."
    offers = offers_in(tmp_path, text)
    assert not offers["40"][0].row.doubts
    assert set(offers["43"][0].row.doubts) == {"indicator", "area"}


def test_two_thirds_are_typed_as_a_fraction(tmp_path: Path) -> None:
    first = offers_in(tmp_path, "Chess is played by two-thirds of members in Fenland.")
    assert first["two-thirds"][0].row.cells["value"] == "2:3"
    assert not first["two-thirds"][0].defects


def test_an_event_is_proposed_of_what_its_clause_says(tmp_path: Path) -> None:
    first = offers_in(tmp_path, "In 2016, the council opened a boat house.")["2016"][0]
    assert first.row.cells | {"quote": ""} == {
        "period": "2016",
        "who": "council",
        "what": "opened a boat house",
        "where": "",
        "quote": "",
        "occurrence": "",
        "attributed_to": "",
    }


def test_a_new_fact_is_named_as_earlier_ones_were(tmp_path: Path) -> None:
    raw = clubs(tmp_path)
    SOUND["en"].write(raw, "clubs")
    view, _ = read(raw, "clubs")
    chess = {"fact_id": "players-chess", "indicator": "clubs", "area": "FEN", "category": "chess"}
    rowing = chess | {"fact_id": "", "category": "rowing"}
    assert fact_name("observations", rowing, view, [chess], set()) == "players-rowing"
    assert fact_name("observations", rowing, view, [], set()) == "clubs-rowing"
    assert fact_name("observations", rowing, view, [], {"clubs-rowing"}) == "clubs-rowing-2"
    dated = rowing | {"period": "2016-05"}
    assert fact_name("observations", dated, view, [], {"clubs-rowing"}) == "clubs-rowing-2016"


def test_names_are_completed_from_the_words_of_the_row() -> None:
    cells = {"quote": "Favourable conditions were made", "indicator": None, "category": None}
    assert "favourable-conditions" in completions(cells)
    assert slug("Қазақстан – Étude 5") == "etude-5"
