"""Whether the words of a fact say what was typed: hedge, unit, names, dates, and words that are typed as they are printed.

Belongs here: comparing typed cells with what stands in the text, for all facts at once. Does not belong here: finding
anything in a text (texts, numerals, anchor), or which numeral has which role (roles).

Each function takes anchored rows (source_id, raw_file, raw_line, the quote and its span, and what was typed) and returns a
defect for each cell that the words contradict.
"""

import re
from functools import partial
from typing import Literal

import polars as pl

from pipeline.defects import Defect, where
from pipeline.facts.language import Language, any_of, language
from pipeline.facts.numerals import find_dates
from pipeline.facts.periods import OPEN
from pipeline.facts.texts import Texts, sentences

A_YEAR = " a year"
"""How the unit of a yearly flow ends."""

_QUALIFIERS = r"[~?%]"


def quotes_are_whole_words(rows: pl.DataFrame) -> list[Defect]:
    """A quote begins and ends where a word does: one that does not was cut or dragged too far."""
    begins_inside = pl.col("quote_prefix").str.contains(r"\w$") & pl.col("quote").str.contains(r"^\w")
    ends_inside = pl.col("quote_suffix").str.contains(r"^\w") & pl.col("quote").str.contains(r"\w$")
    words = pl.format("whole words; around it stands {}", pl.concat_str("quote_prefix", "quote", "quote_suffix"))
    return where(rows, begins_inside | ends_inside, column="quote", code="quote_cuts_a_word", expected=words)


def hedges_agree(rows: pl.DataFrame) -> list[Defect]:
    """The relator is one that the hedge at the numeral allows; without a hedge it is eq, or between for a range.

    `rows` have relator (filled in), hedge and relators of the numeral, and original_value.
    """
    allowed = pl.col("relators").str.split(" ").list.contains(pl.col("relator"))
    is_range = pl.col("original_value").str.contains(r"[-–—]|\s(?:to|and)\s") & (pl.col("relator") == "between")
    hedged = pl.col("relators") != ""
    by_hedge = pl.format("{}, since the words say '{}'", pl.col("relators").str.replace_all(" ", " or "), pl.col("hedge"))
    found = partial(where, rows, column="relator", code="hedge_disagrees")
    return [
        *found(hedged & ~allowed, expected=by_hedge),
        *found(~hedged & (pl.col("relator") != "eq") & ~is_range, expected="eq or nothing, since no hedge touches the numeral"),
    ]


def units_agree(rows: pl.DataFrame, texts: Texts) -> list[Defect]:
    """The unit at the numeral (or in the label quote) is the indicator's; a yearly flow is called one.

    `rows` have unit (the indicator's), numeral_unit, quote, label_quote and numeral_end.
    """
    defects = []
    for tables, part in _by_language(rows, texts):
        printed = pl.col("numeral_unit")
        known = pl.col("unit").is_in(list(tables.units))
        units = any_of(word for words in tables.units.values() for word in words)
        in_label = pl.col("label_quote").str.contains(rf"(?i)(?:^|\W)(?:{units})(?:\W|$)").fill_null(value=False)
        after = pl.col("quote").str.slice((pl.col("numeral_end") - pl.col("quote_start")).cast(pl.Int64))
        yearly = after.str.contains(tables.yearly) | pl.col("label_quote").str.contains(tables.yearly).fill_null(value=False)
        is_flow = pl.col("unit").str.ends_with(A_YEAR)
        found = partial(where, part, column="indicator", code="unit_disagrees")
        defects += [
            *found(
                (printed != "") & (printed != pl.col("unit")), expected=pl.format("an indicator in {}, as the words say", printed)
            ),
            *found(
                known & (printed == "") & ~in_label,
                expected=pl.format("{} right after the numeral, or in label_quote", pl.col("unit")),
            ),
            *found(is_flow & ~yearly, expected="words such as 'a year' after the numeral, or in label_quote"),
            *found(~is_flow & after.str.contains(tables.yearly), expected="an indicator that counts a year, as the words say"),
        ]
    return defects


def precisions_agree(rows: pl.DataFrame, texts: Texts) -> list[Defect]:
    """A rounding step is in the words."""
    defects = []
    for tables, part in _by_language(rows, texts):
        said = pl.lit(value=False)
        words = pl.concat_str(pl.col("quote"), pl.col("label_quote").fill_null(""), separator=" ")
        for word, step in tables.rounding.items():
            is_step = pl.col("precision").cast(pl.Decimal(20, 6), strict=False) == step
            said |= is_step & words.str.contains(rf"(?i)(?:^|\W){any_of([word])}(?:\W|$)")
        expected = "nothing, or words such as 'to the nearest hundred' in the quote or label_quote"
        defects += where(
            part, pl.col("precision").is_not_null() & ~said, column="precision", code="precision_not_in_words", expected=expected
        )
    return defects


def _by_language(rows: pl.DataFrame, texts: Texts) -> list[tuple[Language, pl.DataFrame]]:
    tagged = rows.join(texts.table.select("source_id", "language"), on="source_id", maintain_order="left")
    return [(language(tag), tagged.filter(language=tag)) for tag in tagged["language"].unique().sort()]


def names_agree(  # noqa: PLR0913 (which names can be meant, each named at the call)
    rows: pl.DataFrame,
    texts: Texts,
    name: str,
    column: str,
    *,
    fits: pl.DataFrame | None = None,
    label: str | None = None,
    beyond_paragraph: bool = False,
    in_speech: bool = True,
    label_decides: bool = False,
    nearby: bool = True,
) -> list[Defect]:
    """The code typed in a column is the one that the words name: in the quote, or nearer to it than another.

    `name` is the code list; `fits` (row, code) narrows the codes that can be meant, `label` is the column with words that
    name the code where the quote does not. Within the quote the name nearest to the numeral counts, where `rows` have one
    (numeral_start, numeral_end). Names outside the paragraph count only with `beyond_paragraph`, where it has none; those in
    quotation marks, but for the quote itself, only with `in_speech`; with `label_decides`, the label goes before the quote;
    without `nearby`, only quote and label count. A name that several codes
    share tells none of them from the others.
    """
    typed = rows.filter(pl.col(column).is_in(texts.code_lists[name]["code"].implode()))  # else that is the defect
    if label is None:
        typed = typed.with_columns(_label=pl.lit(None, pl.String))
        label = "_label"
    if "numeral_start" not in typed.columns:
        typed = typed.with_columns(numeral_start="quote_start", numeral_end="quote_end")
    placed = texts.with_paragraph(typed)
    known = texts.names.filter(list=name).drop("list")
    near = _near(placed, known, fits, in_paragraph=True)
    near = near if nearby else near.filter(_inside())
    if beyond_paragraph:
        lost = placed.join(near, on="row", how="anti", maintain_order="left")
        near = pl.concat([near, _near(lost, known, fits, in_paragraph=False)])
    if not in_speech:
        spoken = near.join(texts.speech.rename({"start": "speech_start", "end": "speech_end"}), on="source_id")
        spoken = spoken.filter((pl.col("start") >= pl.col("speech_start")) & (pl.col("end") <= pl.col("speech_end")) & ~_inside())
        near = near.join(spoken, on=["row", "code", "start"], how="anti")
    near = near.with_columns(
        is_inside=_inside(), gap=_gap("quote_start", "quote_end"), from_numeral=_gap("numeral_start", "numeral_end")
    )
    near = near.with_columns(
        distance=pl.when("is_inside").then("from_numeral").when(pl.col("is_inside").any().over("row")).then(None).otherwise("gap")
    ).filter(pl.col("distance").is_not_null())
    nearest = near.group_by("row").agg(
        best=pl.col("distance").min(),
        own=pl.col("distance").filter(pl.col("code") == pl.col(column)).min(),
        own_inside=(pl.col("is_inside") & (pl.col("code") == pl.col(column))).any(),
        nearest=pl.col("code").filter(pl.col("distance") == pl.col("distance").min()).unique().sort().str.join(" or "),
    )
    codes = {words: texts.codes_in(name, words) for words in typed[label].drop_nulls().unique().sort()}
    pairs = [(row, code) for row, words in typed.select("row", label).iter_rows() for code in codes.get(words, ())]
    in_labels = pl.DataFrame(pairs, schema={"row": typed.schema["row"], "code": pl.String}, orient="row")
    in_labels = in_labels if fits is None else in_labels.join(fits, on=["row", "code"], how="semi")
    labelled = in_labels.sort("row", "code").group_by("row").agg(labelled="code")
    judged = placed.join(nearest, on="row", how="left", maintain_order="left").join(
        labelled, on="row", how="left", maintain_order="left"
    )
    in_label = pl.col("labelled").list.contains(pl.col(column)).fill_null(value=False)
    in_quote = pl.col("own_inside").fill_null(value=False) & (not label_decides)
    label_names_others = (pl.col("labelled").list.len() > 0).fill_null(value=False) & ~in_quote
    is_nearest = (pl.col("own") == pl.col("best")).fill_null(value=False)
    instead = pl.when(label_names_others).then(pl.col("labelled").list.join(" or ")).otherwise("nearest")
    expected = pl.format(
        "a code whose name is in the words{}",
        pl.when(instead.is_not_null()).then(pl.format(": {}", instead)).otherwise(pl.lit("")),
    )
    return where(judged, ~in_label & (label_names_others | ~is_nearest), column=column, code="not_named", expected=expected)


def left_out(rows: pl.DataFrame, texts: Texts, name: str, column: str, *, fits: pl.DataFrame) -> list[Defect]:
    """Return a defect for each empty cell where the quote names a code that fits."""
    bare = rows.filter(pl.col(column).is_null())
    named = _near(
        bare.with_columns(paragraph_start=-1, paragraph_end=-1),
        texts.names.filter(list=name).drop("list"),
        fits,
        in_paragraph=True,
    )
    codes = named.filter(_inside()).group_by("row").agg(named=pl.col("code").unique().sort().str.join(" or "))
    expected = pl.format("{}, which the quote names", pl.col("named"))
    return where(bare.join(codes, on="row"), pl.lit(value=True), column=column, code="not_typed", expected=expected)


def _near(placed: pl.DataFrame, known: pl.DataFrame, fits: pl.DataFrame | None, *, in_paragraph: bool) -> pl.DataFrame:
    """Return the rows joined to the names in their paragraph or quote, or anywhere in their text."""
    pairs = placed.join(known, on="source_id")
    if in_paragraph:
        there = (pl.col("start") >= pl.col("paragraph_start")) & (pl.col("end") <= pl.col("paragraph_end"))
        pairs = pairs.filter(there | _inside())
    return pairs if fits is None else pairs.join(fits, on=["row", "code"], how="semi")


def _inside() -> pl.Expr:
    return (pl.col("start") >= pl.col("quote_start")) & (pl.col("end") <= pl.col("quote_end"))


def _gap(start: str, end: str) -> pl.Expr:
    return pl.max_horizontal(pl.lit(0), pl.col(start) - pl.col("end"), pl.col("start") - pl.col(end))


def speakers_agree(rows: pl.DataFrame, texts: Texts, column: str) -> list[Defect]:
    """Who is said to have spoken is the agent named nearest to a word of saying, in the paragraph of the quote."""
    placed = texts.with_paragraph(rows.filter(pl.col(column).is_in(texts.code_lists["agents"]["code"].implode())))
    agents = texts.names.filter(list="agents").drop("list")
    said = texts.speech_words.rename({"start": "said_start", "end": "said_end"})
    in_paragraph = (pl.col("start") >= pl.col("paragraph_start")) & (pl.col("end") <= pl.col("paragraph_end"))
    said_there = (pl.col("said_start") >= pl.col("paragraph_start")) & (pl.col("said_end") <= pl.col("paragraph_end"))
    near = placed.join(agents, on="source_id").filter(in_paragraph).join(said, on="source_id").filter(said_there)
    near = near.with_columns(gap=_gap("said_start", "said_end"))
    nearest = near.group_by("row").agg(
        own=pl.col("gap").filter(pl.col("code") == pl.col(column)).min(),
        best=pl.col("gap").min(),
        nearest=pl.col("code").filter(pl.col("gap") == pl.col("gap").min()).unique().sort().str.join(" or "),
    )
    judged = placed.join(nearest, on="row", how="left", maintain_order="left")
    expected = pl.format(
        "the agent named with a word of saying in this paragraph: {}", pl.col("nearest").fill_null("there is none")
    )
    return where(
        judged, (pl.col("own") != pl.col("best")).fill_null(value=True), column=column, code="not_named", expected=expected
    )


def dates_agree(rows: pl.DataFrame, texts: Texts, *, besides: str | None = None, instead: str | None = None) -> list[Defect]:
    """The typed period has just the dates of the words, as exact as they are, and goes on where the words say so.

    The words are the quote, without the numeral that is the value; dates of the column `besides` may be used too, and
    where the column `instead` has dates, they count and not those of the quote. An empty period (`typed_period`) admits none.
    """
    is_period = pl.any_horizontal(pl.col("start_earliest", "end_earliest").is_not_null())  # else that is the defect
    rows = rows.filter(is_period).with_columns(besides=_column(besides), instead=_column(instead))
    if "numeral_start" not in rows.columns:
        rows = rows.with_columns(numeral_start=pl.lit(-1), numeral_end=pl.lit(-1))
    dates = rows.select("row", "source_id", "quote_start", "quote_end", "numeral_start", "numeral_end").join(
        texts.dates, on="source_id"
    )
    is_value = (pl.col("start") < pl.col("numeral_end")) & (pl.col("end") > pl.col("numeral_start"))
    printed = (
        dates.filter(_inside() & ~is_value)
        .group_by("row")
        .agg(
            in_quote=pl.col("date").unique().sort(),
            since=pl.col("date").filter(pl.col("leads") == "since").unique().sort(),
            until=pl.col("date").filter(pl.col("leads") == "until").unique().sort(),
        )
    )
    tagged = rows.join(texts.table.select("source_id", "language"), on="source_id", maintain_order="left")
    others = (
        pl.concat([tagged.select("language", words=name) for name in ("besides", "instead")])
        .drop_nulls()
        .unique()
        .sort("language", "words")
    )
    found = [(tag, words, sorted({mention.date for mention in find_dates(words, tag)})) for tag, words in others.iter_rows()]
    shape: dict[str, pl.DataType] = {"language": pl.String(), "words": pl.String(), "dates": pl.List(pl.String)}
    in_words = pl.DataFrame(found, schema=shape, orient="row")
    judged = tagged.join(printed, on="row", how="left", maintain_order="left")
    for name in ("besides", "instead"):
        named = in_words.rename({"words": name, "dates": f"{name}_dates"})
        judged = judged.join(named, on=["language", name], how="left", maintain_order="left")
    nothing = pl.lit([], dtype=pl.List(pl.String))
    judged = judged.with_columns(
        pl.col(name).fill_null(nothing) for name in ("in_quote", "since", "until", "besides_dates", "instead_dates")
    )
    ends = pl.col("typed_period").fill_null("").str.replace_all(_QUALIFIERS, "").str.split("/")
    judged = judged.with_columns(
        typed=ends.list.set_difference(list(OPEN)),
        first=ends.list.first(),
        last=ends.list.last(),
        said=pl.when(pl.col("instead_dates").list.len() > 0).then("instead_dates").otherwise("in_quote"),
    )
    judged = judged.with_columns(
        # a date printed without its year stands for a typed one that ends alike
        pl.struct("said", "besides_dates", "typed").map_elements(_completed, return_dtype=pl.List(pl.String)).alias("said")
    )
    spoken = pl.col("said").list.set_union("besides_dates")
    unsaid = pl.col("typed").list.set_difference(spoken)
    untyped = pl.col("said").list.set_difference(pl.col("typed"))
    spoken_dates = pl.col("said").list.sort().list.join(", ")
    shown = (
        pl.when(spoken_dates == "")
        .then(pl.lit("no date: leave it empty for the day of publication"))
        .otherwise(pl.format("just {}", spoken_dates))
    )
    disagree = (unsaid.list.len() > 0) | (untyped.list.len() > 0)
    found_period = pl.col("typed_period").fill_null("")
    check = partial(where, judged, column="period", code="date_disagrees", found=found_period)
    return [
        *check(disagree, expected=pl.format("the dates that the words name, as exact as they are: {}", shown)),
        *check(~disagree & _lone("since"), expected="a period that goes on from there (2006/..), as 'since' says"),
        *check(~disagree & _lone("until"), expected="a period that ends there (2003/2005), as 'until' says"),
        *_open_ends(judged.filter(~disagree)),
    ]


def _column(name: str | None) -> pl.Expr:
    return pl.lit(None, pl.String) if name is None else pl.col(name)


def _completed(row: dict[str, list[str]]) -> list[str]:
    complete = []
    for date in row["said"]:
        same = [typed for typed in row["typed"] if date.startswith("XXXX") and typed.endswith(date.removeprefix("XXXX"))]
        complete.append(same[0] if same else date)
    return complete


def _lone(leads: str) -> pl.Expr:
    """Whether a date that since or until leads to is not the beginning, or the end, of a typed interval."""
    side = pl.col("first") if leads == "since" else pl.col("last")
    is_interval = pl.col("typed_period").str.contains("/", literal=True)
    marked = (pl.col(leads).list.len() > 0) & (pl.col("instead_dates").list.len() == 0)
    return marked & (~is_interval | ~pl.col(leads).list.contains(side)).fill_null(value=True)


def _open_ends(judged: pl.DataFrame) -> list[Defect]:
    """An open end needs a word such as since in the words of the fact; an open beginning one such as until."""
    defects = []
    for tag in judged["language"].unique().sort():
        part = judged.filter(language=tag)
        for side, words in (("last", language(tag).since), ("first", language(tag).until)):
            said = pl.col("quote").str.contains(rf"(?i)(?:^|\W)(?:{any_of(words)})(?:\W|$)")
            expected = f"an end, unless the words say {' or '.join(words)}"
            is_open = pl.col(side).is_in(list(OPEN)) & pl.col("typed_period").is_not_null()
            defects += where(
                part, is_open & ~said, column="period", code="date_disagrees", expected=expected, found=pl.col("typed_period")
            )
    return defects


def printed_as_typed(rows: pl.DataFrame, texts: Texts, column: str, place: Literal["quote", "paragraph", "text"]) -> list[Defect]:
    """What is typed in the source's words stands so in the quote, in its paragraph, or anywhere in the text."""
    typed = rows.filter(pl.col(column).is_not_null())
    placed = texts.with_paragraph(typed).join(texts.table.select("source_id", "text"), on="source_id", maintain_order="left")
    there = pl.col("text")
    if place != "text":
        there = there.str.slice(pl.col(f"{place}_start"), pl.col(f"{place}_end") - pl.col(f"{place}_start"))
    as_words = pl.format(r"(?:^|\W){}(?:\W|$)", pl.col(column).str.escape_regex())
    stands = there.str.replace_all(r"\s+", " ").str.contains(as_words)
    expected = pl.format(f"words as they stand in the {place}{{}}", pl.format(": {}", there) if place == "quote" else pl.lit(""))
    return where(placed, ~stands, column=column, code="not_as_printed", expected=expected)


def statements_are_whole(rows: pl.DataFrame, texts: Texts) -> list[Defect]:
    """A direct statement is what stands in quotation marks, marks included; any other is one or more whole sentences.

    A statement has nothing but its words, so that only this keeps them from being cut or from drifting.
    """
    begins, ends = set(), set()
    for source_id, text in texts.table.select("source_id", "text").iter_rows():
        for start, end in sentences(text):
            begins.add((source_id, start))
            ends.add((source_id, end))
    shape = {"source_id": pl.String, "at": pl.Int64}
    starts, stops = (pl.DataFrame(sorted(places), schema=shape, orient="row") for places in (begins, ends))
    marked = rows.join(
        starts.with_columns(begins=True), left_on=["source_id", "quote_start"], right_on=["source_id", "at"], how="left"
    )
    marked = marked.join(
        stops.with_columns(ends=True), left_on=["source_id", "quote_end"], right_on=["source_id", "at"], how="left"
    )
    speech = texts.speech.rename({"start": "quote_start", "end": "quote_end"}).with_columns(spoken=True)
    marked = marked.join(speech, on=["source_id", "quote_start", "quote_end"], how="left").sort("row")
    is_direct = pl.col("speech") == "direct"
    is_whole = pl.col("begins").is_not_null() & pl.col("ends").is_not_null()
    whole = "one or more whole sentences, with their full stop"
    return [
        *where(
            marked,
            is_direct & pl.col("spoken").is_null(),
            column="quote",
            code="speech_not_whole",
            expected="all that stands in the quotation marks, with the marks",
        ),
        *where(marked, ~is_direct & ~is_whole, column="quote", code="sentence_not_whole", expected=whole),
    ]


def publications_agree(sources: pl.DataFrame, texts: Texts) -> list[tuple[str, str, str, str]]:
    """Return (source_id, key, found, expected) where the day of publication is not what the words and their reason say.

    `sources` have source_id, published, published_quote and published_basis. What is printed must be just what is typed;
    a year that is not printed must be named in the reason, and stand somewhere in the text.
    """
    wrong = []
    rows = sources.join(texts.table, on="source_id").select(
        "source_id", "language", "text", "published", "published_quote", "published_basis"
    )
    for source_id, tag, text, published, quoted, basis in rows.iter_rows():
        printed = [mention.date for mention in find_dates(quoted, tag)] if quoted else []
        if quoted and len(printed) != 1:
            wrong.append((source_id, "published_quote", quoted, "the words of one date"))
        elif printed and not (published == printed[0] or (printed[0].startswith("XXXX") and published[4:] == printed[0][4:])):
            wrong.append(
                (source_id, "published", published, f"the date that the words name: {printed[0].replace('XXXX', 'year')}")
            )
        year = published[:4]
        if not printed or printed[0].startswith("XXXX"):
            if year not in re.findall(r"\d{4}", basis or ""):
                wrong.append((source_id, "published_basis", basis or "", f"from what the year {year} is inferred, naming it"))
            if year not in re.findall(r"(?<!\d)\d{4}(?!\d)", text):
                wrong.append(
                    (source_id, "published", published, "a year that the text names somewhere, since its own words do not say it")
                )
    return wrong
