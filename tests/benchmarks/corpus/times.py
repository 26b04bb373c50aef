"""Paragraphs of what went before: growth, earlier numbers, reforms that have lasted, programmes in
their order.

Each says what is true, or with `wrong` something that the others exclude, and says so to the
author.
"""

from datetime import timedelta

from tests.benchmarks.corpus.author import Author
from tests.benchmarks.corpus.classifications import Theme
from tests.benchmarks.corpus.document import Row
from tests.benchmarks.corpus.printed import MONTHS, Printed, exact, hedged, ordinal
from tests.benchmarks.corpus.rules import PUBLISHED_LAST, own_rule_id, rule, rule_id

_PROGRAMMES = (
    "Lantern Beacon Harvest Compass Anchor Bridge Meadow Orbit Pioneer Harmony Summit Horizon "
    "Cedar Falcon Amber Willow Granite Comet Saffron Ember"
)
PROGRAMMES = _PROGRAMMES.split()
YEAR = timedelta(days=365.2425)


def growth(author: Author, theme: Theme, wrong: str = "") -> None:
    """The number now, what it grew by a year since an earlier one, and at times that one too."""
    number = exact(author.world.course(author.country, theme).growth)
    is_whole = bool(wrong) or author.draw.randrange(2) == 1
    since = (
        f"Since {author.first_year}, {author.country.name} has gained {number.words} new "
        f"{theme.plural} a year"
    )
    _flow(author, theme, "growth", wrong, (since, number, is_whole))


def opened(author: Author, theme: Theme, wrong: str = "") -> None:
    """The number now, an earlier one, and those that opened a year since, of which some have
    closed.
    """
    number = exact(author.world.course(author.country, theme).opened)
    since = (
        f"Since {author.first_year}, {number.words} {theme.plural} opened a year in "
        f"{author.country.name}"
    )
    _flow(author, theme, "opened", wrong, (since, number, True))


def _flow(
    author: Author, theme: Theme, family: str, wrong: str, said: tuple[str, Printed, bool]
) -> None:
    """Say the number now, the earlier one if wanted, and the flow (quote, number, whether the
    earlier one is wanted).
    """
    quote, number, is_whole = said
    if wrong:
        author.exaggerated[theme.plural] = 40 * author.world.course(author.country, theme).growth
    later = author.state_total(theme)
    earlier = [author.state_before(theme)] if is_whole else []
    place = {"period": f"{author.first_year}/.."}
    flow = author.document.observe(
        quote, number, f"{theme.plural}_{family}", author.country.code, **place
    )
    author.document.say(".\n\n")
    author.uses(theme, family)
    if wrong:
        names = [f"{author.document.source_id}/{row.cells['fact_id']}" for row in (flow, later)]
        author.contradict_group(
            wrong, rule_id(family, theme), " ".join(names), [flow, later, *earlier]
        )


def history(author: Author, theme: Theme, wrong: str = "") -> None:
    """Numbers of earlier years, which other sources state too."""
    del wrong
    country, document = author.country, author.document
    years = author.draw.sample(range(1990, document.published.year), author.draw.randrange(2, 5))
    for year in sorted(set(years) - {author.first_year}):
        number = hedged(author.draw, author.world.stock(country, theme, year))
        quote = f"In {year}, {country.name} had {number.words} {theme.plural}{number.after}"
        document.observe(quote, number, theme.plural, country.code, period=str(year))
        document.say(". ")
    document.say("\n\n")


def reform(author: Author, theme: Theme, wrong: str = "") -> None:
    """A reform that has lasted for so many years, and the day on which it began."""
    country, document = author.country, author.document
    years = author.draw.randrange(3, 30)
    begun = document.published - timedelta(
        days=int(years * YEAR.days + years * 0.2425) + author.draw.randrange(20, 300)
    )
    printed = f"{begun.day} {MONTHS[begun.month - 1]} {begun.year}"
    name = f"reform-{len(document.rows['events']) + 1}"
    quote = f"on {printed} the {theme.singular} reform of {country.name} began"
    document.say("It was ")
    start = document.event(quote, begun.isoformat(), f"the {theme.singular} reform", name)
    document.say(". ")
    number = exact(years + 4 if wrong else years)
    lasted = f"The {theme.singular} reform of {country.name} has lasted {number.words} years"
    duration = document.observe(lasted, number, f"{theme.singular}_reform_years", country.code)
    document.say(".\n\n")
    if not wrong and not author.has_own_rules:
        return
    start.is_named = duration.is_named = True
    own = own_rule_id(f"{theme.singular}_reform_has_lasted_as_stated", document.source_id)
    names = {
        "from": start.cells["fact_id"],
        "to": "published",
        "duration": duration.cells["fact_id"],
    }
    operands = [f'{key} = "{value}"' for key, value in names.items()]
    document.rules.append(
        rule(own, "elapsed", "error", "The reform has lasted as long as is stated", operands)
    )
    if wrong:
        document_id = document.source_id
        group = f"{document_id}/{start.cells['fact_id']} {document_id}/published"
        author.contradict_group(wrong, own, group, [start, duration])


def steps(author: Author, theme: Theme, wrong: str = "") -> None:
    """Three programmes that followed each other: two by the order of years, or all by that of
    months of one year.
    """
    del theme
    document = author.document
    first = author.draw.randrange(1990, document.published.year - 6)
    periods = [
        str(first),
        f"{first + 2}-{author.draw.randrange(1, 13):02}",
        f"{first + 3}/{first + 5}",
    ]
    if wrong == "sequence":
        periods[1] = f"{first - 2}-{author.draw.randrange(1, 13):02}"
    if wrong == "sequence_together":
        periods = [f"{first}-09", str(first), f"{first}-03"]
    rows = [_programme(author, period) for period in periods]
    document.say("\n\n")
    if not wrong and not author.has_own_rules:
        return
    names = [row.cells["fact_id"] for row in rows]
    own = own_rule_id(f"programmes_follow_from_{names[0].replace('-', '_')}", document.source_id)
    listed = ", ".join(f'"{name}"' for name in names)
    document.rules.append(
        rule(own, "order", "error", "The programmes follow each other", [f"sequence = [{listed}]"])
    )
    for row in rows:
        row.is_named = True
    document.weights[names[0]] = 2
    pairs = {"": (), "sequence": ((0, 1),), "sequence_together": ((0, 1), (1, 2))}[wrong]
    for before, after in pairs:
        group = f"{document.source_id}/{names[before]} {document.source_id}/{names[after]}"
        author.contradict_group(wrong, own, group, [rows[before], rows[after]])


def _programme(author: Author, period: str) -> Row:
    """Say of a programme when it was opened, or from when to when it ran."""
    country, document = author.country, author.document
    taken = len(document.rows["events"])
    title = f"{PROGRAMMES[taken % len(PROGRAMMES)]} Programme"
    name = f"programme-{taken + 1}"
    who, office = country.ministry
    year, _, month = period.partition("-")
    start, _, end = period.partition("/")
    if end:
        quote = f"The {title} in {country.name} ran from {start} until {end}"
        row = document.event(quote, period, f"The {title}", name, where=country.code)
    else:
        when = f"In {MONTHS[int(month) - 1]} {year}" if month else f"In {year}"
        quote = f"{when}, the {office} opened the {title}"
        row = document.event(quote, period, f"opened the {title}", name, who=who)
    document.say(". ")
    return row


def fair(author: Author, theme: Theme, wrong: str = "") -> None:
    """A fair with its running number, which is an event as well; with `wrong` one after
    publication.
    """
    country, document, course = (
        author.country,
        author.document,
        author.world.course(author.country, theme),
    )
    year = document.published.year + (2 if wrong else -author.draw.randrange(1, 4))
    number = ordinal(year - course.before_fairs)
    period = f"{year}-{course.month + 1:02}"
    document.say("Guests came to ")
    title = f"{number.words} {theme.singular.capitalize()} Fair"
    quote = f"the {title} in {country.name} in {MONTHS[course.month]} {year}"
    event = document.event(
        quote, period, title, f"fair-{len(document.rows['events']) + 1}", where=country.code
    )
    document.say(".\n\n")
    if not wrong and author.draw.randrange(3) == 0:
        return  # the number is part of a name, and nobody has typed it
    counted = document.observe_in(
        event, number, f"{theme.singular}_fair_number", country.code, period
    )
    if wrong:
        for row in (event, counted):
            author.contradict_group(
                wrong, PUBLISHED_LAST, f"{document.source_id}/{row.cells['fact_id']}", [row]
            )
