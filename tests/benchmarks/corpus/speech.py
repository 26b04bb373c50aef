"""Paragraphs without a rule: statements, numerals that are no fact, numbers said again, spending.

Belongs here: what fills a text between the figures that rules compare. Does not belong here:
anything that can be false.
"""

from tests.benchmarks.corpus.author import Author
from tests.benchmarks.corpus.classifications import Theme
from tests.benchmarks.corpus.printed import hedged

NARRATIVES = (
    "{Many} are the pride of every town in the country.",
    "The care of {many} was of particular importance.",
    "Many {many} have become places where neighbours meet.",
    "Subsequently, the rules for {many} were made simpler.",
    "It is difficult to imagine public life without {many}.",
    "The upkeep of {many} has become a routine task.",
    "Towns and parishes look after their {many} together.",
    "The quality of {many} differs from region to region.",
)
DIRECT = (
    "“We keep our {many} open to all,”",
    "“Our {many} deserve better roofs,”",
    "“People come to our {many} from far away,”",
)
INDIRECT = (
    "{name} noted that the {many} are built to last.",
    "{name} added that the {many} need more light.",
    "{name} stated that the {many} are well kept.",
)
READINGS = 2
"""Second readings of a source, at most."""

OFFICES = ("Director of the Academy", "Head of the Council", "Chair of the Assembly")


def statements(author: Author, theme: Theme, wrong: str = "") -> None:
    """Assertions in the source's own voice, direct speech, and reported speech."""
    del wrong
    document, draw = author.document, author.draw
    words = {"many": theme.plural, "Many": theme.plural.capitalize()}
    for sentence in draw.sample(NARRATIVES, 2):
        document.state(sentence.format(**words), author.country.office[0], "narrative")
        document.say(" ")
    document.say("\n\n")
    who, name = draw.choice(author.country.people)
    office = draw.choice(OFFICES)
    document.state(draw.choice(DIRECT).format(**words), who, "direct", office=office)
    document.say(f" said {name}, {office}. ")
    document.state(draw.choice(INDIRECT).format(name=name, **words), who, "indirect")
    document.say("\n\n")


def asides(author: Author, theme: Theme, wrong: str = "") -> None:
    """Numerals that are no fact, each with its waiver, and the total said again."""
    del wrong
    document, draw = author.document, author.draw
    total = author.state_total(theme)
    page = 10 * (len(document.rows["waivers"]) + 1) + draw.randrange(10)
    document.say("More is said on ")
    document.waive(f"page {page} of the annex", "document", "A page of the annex")
    document.say(". ")
    document.waive(
        f"Road {draw.randrange(2, 90)} leads to the {theme.singular} office",
        "name",
        "The number of a road",
    )
    document.say(". One of the visitors said so. In short, ")
    document.waive(
        total.cells["quote"].replace(" ", " still ", 1), "repeats", "Said again", repeats=total
    )
    document.say(".\n\n")


def spending(author: Author, theme: Theme, wrong: str = "") -> None:
    """What some regions spend."""
    del wrong
    for place in author.draw.sample(range(len(author.country.regions)), 3):
        spend(author, theme, place)
    author.document.say("\n\n")


def spend(author: Author, theme: Theme, place: int, year: int | None = None) -> None:
    """Say what a region spends, or spent in an earlier year, which other sources may state too."""
    document = author.document
    region = author.country.regions[place]
    amount = hedged(
        author.draw, author.world.spending(theme, region.code, year or document.published.year)
    )
    spent = (
        f"{theme.singular} spending in {region.name} came to {amount.words} crowns{amount.after}"
    )
    quote = f"In {year}, {spent}" if year else spent[0].upper() + spent[1:]
    row = document.observe(
        quote, amount, f"{theme.singular}_spending", region.code, period=str(year) if year else ""
    )
    document.say(". ")
    if len(document.rows["readings"]) < READINGS and author.draw.randrange(5) == 0:
        other = author.country.regions[place - 1]
        document.also_read(
            row, "area", other.code, f"{region.name} is at times counted with {other.name}"
        )
