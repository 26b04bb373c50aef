"""The kinds of slips that a person makes when entering facts by hand, one generator each.

`all_slips` plants every kind in a source wherever it can be. An excuse says why nothing in the text
contradicts a slip; it is given by a rule and never case by case, and a miss without one fails the
test.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.slips.harness import Slip
from tests.slips.in_cells import cells, periods_of
from tests.slips.in_quotes import cut_hedge, moved, resized
from tests.slips.in_rows import deleted, deleted_and_uncounted, exchanged, swallowed, waived
from tests.slips.other_cells import (
    added_digits,
    changed,
    codes_of,
    cut_interval,
    doubled,
    dropped,
    misspelt,
    month_off,
    moved_point,
    only_filled,
    over_precise,
    precisions,
    relators,
    transposed,
    without_relator,
    year_off,
)
from tests.slips.source_copy import FACT_FILES, SourceCopy


def republished(*, everywhere: bool) -> Callable[[SourceCopy], Iterator[Slip]]:
    kind = (
        "publication date changed everywhere at once" if everywhere else "publication date changed"
    )

    def plant(source: SourceCopy) -> Iterator[Slip]:
        match = re.search(r'(?m)^published = "(\d{4})-(\d\d)-(\d\d)"', source.texts["source.toml"])
        assert match is not None
        year, month, day = match.groups()
        for new in (
            *(f"{int(year) + step}-{month}-{day}" for step in (-10, -2, -1, 1, 2, 10)),
            *(
                f"{year}-{int(month) % 12 + step:02}-{day}"
                for step in (1, 6, 11)
                if int(month) % 12 + step <= 12
            ),
            *(f"{year}-{month}-{int(day) + step:02}" for step in (-10, -1, 1, 5)),
            *(() if everywhere else (f"{year}-{month}", year)),
        ):
            copy = source.with_text(
                "source.toml", r'(?m)^published = ".*"$', f'published = "{new}"'
            )
            if everywhere:
                copy = copy.with_text("source.toml", rf"\b{year}\b(?!-)", new[:4])
                copy = copy.with_text("source.toml", rf"(?<=[A-Za-z] ){day}(?=\")", new[8:])
            yield Slip(kind, f"{match.group(1)}-{month}-{day} -> {new}", copy)

    return plant


def all_slips(raw: Path, source: SourceCopy) -> Iterator[Slip]:
    """Plant every kind of slip, wherever it can be."""
    observations, events, statements = FACT_FILES
    areas = codes_of(raw, "areas")
    agents = codes_of(raw, "agents")
    planters = (
        cells("digit changed", "value", changed, observations),
        cells("digit dropped", "value", dropped, observations),
        cells("digit doubled", "value", doubled, observations),
        cells("digits transposed", "value", transposed, observations),
        cells("decimal point moved", "value", moved_point, observations),
        cells("digits added", "value", added_digits, observations),
        cells("relator exchanged", "relator", relators, observations),
        cells("relator left out", "relator", without_relator, observations),
        cells("precision exchanged", "precision", precisions, observations),
        cells("area exchanged", "area", areas, observations),
        cells(
            "category exchanged", "category", codes_of(raw, "categories", empty=True), observations
        ),
        cells("indicator exchanged", "indicator", codes_of(raw, "indicators"), observations),
        cells("period exchanged", "period", periods_of(source)),
        cells("date off by a year", "period", year_off),
        cells("date off by a month", "period", month_off),
        cells("date made over-precise", "period", over_precise),
        cells("interval cut to one end", "period", cut_interval),
        exchanged("values of two rows exchanged", "value"),
        exchanged(
            "codes of two rows exchanged", "indicator", "area", "category", "who", "where", "period"
        ),
        exchanged("quotes of two rows exchanged", "quote"),
        deleted,
        deleted_and_uncounted,
        swallowed,
        waived,
        cut_hedge,
        resized("quote shortened", longer=False),
        resized("quote lengthened", longer=True),
        moved,
        cells("who exchanged", "who", only_filled("who", agents), events, statements),
        cells("where exchanged", "where", only_filled("where", areas), events, statements),
        cells(
            "attributed_to exchanged",
            "attributed_to",
            only_filled("attributed_to", agents),
            observations,
            events,
        ),
        cells(
            "attribution left out",
            "attributed_to",
            only_filled("attributed_to", lambda _: iter([""])),
            observations,
            events,
        ),
        cells("what misspelt", "what", misspelt("what"), events),
        cells("office misspelt", "office", misspelt("office"), statements),
        cells("occasion misspelt", "occasion", misspelt("occasion"), statements),
        cells("quote misspelt", "quote", misspelt("quote"), statements),
        republished(everywhere=False),
        republished(everywhere=True),
    )
    for planter in planters:
        yield from planter(source)
