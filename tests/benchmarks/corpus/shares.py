"""Paragraphs of shares: of regions, of owners, of services that overlap.

Each says what is true, or with `wrong` something that the others exclude, and says so to the
author.
"""

from itertools import pairwise

from tests.benchmarks.corpus.author import Author
from tests.benchmarks.corpus.classifications import FURTHER_SERVICES, Theme
from tests.benchmarks.corpus.document import Row
from tests.benchmarks.corpus.printed import Printed, exact, hundredths, tenths

PERCENT = 1000
"""Tenths of a percent of a whole."""


def regions(author: Author, theme: Theme, wrong: str = "") -> None:
    """The largest shares of regions, and the number in the first: shares of all, listed from the
    largest.
    """
    country, document = author.country, author.document
    whole = author.state_total(theme)
    count = min(len(country.regions), author.draw.randrange(3, 7))
    chosen = author.draw.sample(country.regions, count)
    shares = sorted(author.draw.sample(range(20, 150), count), reverse=True)
    number = exact(round(author.total(theme) * shares[0] / PERCENT))
    printed = _false_shares(shares, wrong)
    rows: list[Row] = []
    document.say(f"The largest parts of all {theme.plural} are in ")
    for region, share in zip(chosen, printed, strict=True):
        if rows:
            document.say(", then ")
        quote = (
            f"{region.name} ({share.words} percent)"
            if rows
            else f"{region.name} ({share.words} percent of all {theme.plural})"
        )
        label = f"percent of all {theme.plural}" if rows else ""
        rows.append(
            document.observe(quote, share, f"{theme.plural}_region_share", region.code, label=label)
        )
    document.say(".\n\n")
    author.uses(theme, "region_shares", "region_counts", "regions_ranked", "regions_printed")
    if wrong in {"", "share_of"}:
        quote = f"{chosen[0].name} alone has {number.words} {theme.plural}"
        counted = document.observe(quote, number, theme.plural, chosen[0].code)
        document.say(".\n\n")
    if wrong == "share_of":
        author.contradict(
            wrong, "region_counts", theme, [chosen[0].code], [rows[0], whole, counted]
        )
    elif wrong:
        family = {
            "shares_partial": "region_shares",
            "ranked": "regions_ranked",
            "same_precision": "regions_printed",
        }[wrong]
        author.contradict(wrong, family, theme, [country.code], rows)


def _false_shares(shares: list[int], wrong: str) -> list[Printed]:
    """Return shares as printed; with `wrong` some are not as they are."""
    if wrong == "share_of":
        return [tenths(shares[0] + 30), *map(tenths, shares[1:])]
    if wrong == "shares_partial":
        return [tenths(shares[0] + 600), tenths(shares[1] + 500), *map(tenths, shares[2:])]
    if wrong == "ranked":
        return [tenths(shares[1]), tenths(shares[0]), *map(tenths, shares[2:])]
    if wrong == "same_precision":
        return [*map(tenths, shares[:-1]), hundredths(shares[-1] * 10 + 1)]
    return list(map(tenths, shares))


def owners(author: Author, theme: Theme, wrong: str = "") -> None:
    """The shares of all owners, in a table: together they are 100 percent."""
    country, document = author.country, author.document
    names = author.lists.trees["owners"]
    cuts = [0, *sorted(author.draw.sample(range(20, PERCENT - 20), len(names) - 1)), PERCENT]
    shares = [after - before for before, after in pairwise(cuts)]
    if wrong:
        shares[shares.index(min(shares))] += 30
    label = f"Owners of the {theme.plural} in {country.name} (percent)"
    document.say(f"{label}\n")
    rows = []
    for name, share in zip(names, shares, strict=True):
        printed = tenths(share)
        quote = f"{name} {printed.words}"
        where = {"category": name, "label": label}
        rows.append(
            document.observe(quote, printed, f"{theme.plural}_owner_share", country.code, **where)
        )
        document.say("\n")
    document.say("\n")
    author.uses(theme, "owners")
    if wrong:
        author.contradict(wrong, "owners", theme, [country.code], rows)


def services(author: Author, theme: Theme, wrong: str = "") -> None:
    """The shares of services, which overlap, and of those within one of them."""
    country, document = author.country, author.document
    above = author.draw.choice(sorted(FURTHER_SERVICES))
    others = [name for name in author.lists.trees["services"] if name != above]
    names = [above, *author.draw.sample(others, author.draw.randrange(2, 5))]
    below = FURTHER_SERVICES[above]
    shares = author.draw.sample(range(300, 700), len(names))
    further = author.draw.sample(range(50, 250), len(below))
    if wrong == "multi_response":
        further[-1] = shares[0] + author.draw.randrange(20, 90)
    if wrong == "distinct":
        shares[-1] = shares[-2]
    document.say(f"In {country.name}, ")
    rows = _offered(author, theme, names, shares)
    document.say(". There, ")
    inner = _offered(author, theme, below, further)
    document.say(".\n\n")
    author.uses(theme, "services", "services_differ")
    if wrong == "multi_response":
        rest = " in its whole"
        author.contradict(
            wrong, "services", theme, [country.code, below[-1]], [rows[0], inner[-1]], rest=rest
        )
    if wrong == "distinct":
        author.contradict(wrong, "services_differ", theme, [country.code], rows)


def _offered(
    author: Author, theme: Theme, names: list[str] | tuple[str, ...], shares: list[int]
) -> list[Row]:
    rows: list[Row] = []
    label = f"percent of the {theme.plural} offer"
    for name, share in zip(names, shares, strict=True):
        if rows:
            author.document.say(", ")
        printed = tenths(share)
        quote = (
            f"{printed.words} percent offer {name}" if rows else f"{printed.words} {label} {name}"
        )
        where = {"category": name, "label": label if rows else ""}
        rows.append(
            author.document.observe(
                quote, printed, f"{theme.plural}_service_share", author.country.code, **where
            )
        )
    return rows
