"""Paragraphs of counts: wholes and their parts, parts and their wholes.

Each says what is true, or with `wrong` something that the others exclude, and says so to the
author.
"""

from itertools import pairwise

from tests.benchmarks.corpus.author import Author
from tests.benchmarks.corpus.classifications import Theme
from tests.benchmarks.corpus.document import Row
from tests.benchmarks.corpus.printed import Printed, exact, hedged, spelled

LEAST = 30
"""How many there are of a kind, at least."""


def kinds(author: Author, theme: Theme, wrong: str = "") -> None:
    """All kinds of a theme, and all forms of the first kind: they add up."""
    country, say = author.country, author.document.say
    author.state_total(theme)
    numbers = _split(author, author.total(theme), len(theme.kinds))
    forms = _split(author, numbers[0], len(theme.forms))
    if wrong:
        forms[1] += author.draw.randrange(10, 90)
    say(f"In {country.name} there are ")
    rows = _listed(author, theme.plural, theme.kinds, [exact(number) for number in numbers])
    say(f". There, the {theme.kinds[0][1]} are ")
    below = _listed(author, theme.plural, theme.forms, [exact(number) for number in forms])
    say(".\n\n")
    author.uses(theme, "kinds")
    if wrong:
        author.contradict(
            wrong, "kinds", theme, [country.code, theme.kinds[0][0]], [*below, rows[0]]
        )


def _split(author: Author, whole: int, count: int) -> list[int]:
    """Return a number as the sum of some others, each at least `LEAST` where it is large enough."""
    least = min(LEAST, whole // (2 * count))
    cuts = [
        0,
        *sorted(author.draw.randrange(whole - least * count) for _ in range(count - 1)),
        whole - least * count,
    ]
    return [least + after - before for before, after in pairwise(cuts)]


def _listed(
    author: Author, indicator: str, parts: tuple[tuple[str, str], ...], numbers: list[Printed]
) -> list[Row]:
    """Say how many there are of each category (code, name), in one list."""
    rows = []
    for place, ((code, name), number) in enumerate(zip(parts, numbers, strict=True)):
        if place:
            author.document.say(", and " if place == len(parts) - 1 else ", ")
        quote = f"{number.words} {name}"
        rows.append(
            author.document.observe(quote, number, indicator, author.country.code, category=code)
        )
    return rows


def workers(author: Author, theme: Theme, wrong: str = "") -> None:
    """The workers of each region, in a table, and those of the country: they add up."""
    country, document, indicator = author.country, author.document, f"{theme.singular}_workers"
    numbers = [author.draw.randrange(200, 9000) for _ in country.regions]
    whole = exact(sum(numbers))
    said = f"{country.name} has {whole.words} {theme.singular} workers"
    person, name = country.people[author.draw.randrange(len(country.people))]
    if author.draw.randrange(2):
        rows = [document.observe(said, whole, indicator, country.code)]
    else:
        document.say(f"{name} noted that ")
        rows = [document.observe(said, whole, indicator, country.code, attributed_to=person)]
    if wrong:
        numbers[author.draw.randrange(len(numbers))] += author.draw.randrange(10, 90)
    label = f"{theme.singular.capitalize()} workers by region"
    document.say(f".\n\n{label}\n")
    for region, number in zip(country.regions, numbers, strict=True):
        printed = exact(number)
        rows.append(
            document.observe(
                f"{region.name} {printed.words}", printed, indicator, region.code, label=label
            )
        )
        document.say("\n")
    document.say("\n")
    author.uses(theme, "workers")
    if wrong:
        author.contradict(wrong, "workers", theme, [country.code], rows)


def projects(author: Author, theme: Theme, wrong: str = "") -> None:
    """Projects and some of their aims: the aims are parts, and leave a rest."""
    country, document, indicator = author.country, author.document, f"{theme.singular}_projects"
    aims = author.draw.sample(author.lists.trees["aims"], author.draw.randrange(3, 5))
    numbers = [author.draw.randrange(8, 60) for _ in aims]
    true = sum(numbers) + author.draw.randrange(120, 300)
    whole = exact(sum(numbers) - 3) if wrong else hedged(author.draw, true)
    quote = f"{country.name} runs {whole.words} {indicator.replace('_', ' ')}{whole.after}"
    rows = [document.observe(quote, whole, indicator, country.code)]
    document.say(". ")
    for aim, number in zip(aims, numbers, strict=True):
        printed = spelled(number)
        quote = f"{printed.words.capitalize()} {theme.singular} projects serve {aim}"
        rows.append(
            document.observe(quote, _capital(printed), indicator, country.code, category=aim)
        )
        document.say(". ")
    document.say("\n\n")
    author.uses(theme, "projects")
    if wrong:
        author.contradict(wrong, "projects", theme, [country.code], rows)


def grants(author: Author, theme: Theme, wrong: str = "") -> None:
    """Grants and all of their donors: the donors are parts, and no rest is left."""
    country, document, indicator = author.country, author.document, f"{theme.singular}_grants"
    donors = author.lists.trees["donors"][: author.draw.randrange(4, 9)]
    numbers = [author.draw.randrange(5, 400) for _ in donors]
    whole = exact(sum(numbers) + (author.draw.randrange(5, 90) if wrong else 0))
    rows = [
        document.observe(
            f"{country.name} gave {whole.words} {theme.singular} grants",
            whole,
            indicator,
            country.code,
        )
    ]
    document.say(". ")
    for donor, number in zip(donors, numbers, strict=True):
        printed = spelled(number)
        quote = f"{printed.words.capitalize()} {theme.singular} grants came from {donor}"
        rows.append(
            document.observe(quote, _capital(printed), indicator, country.code, category=donor)
        )
        document.say(". ")
    document.say("\n\n")
    author.uses(theme, "grants")
    if wrong:
        author.contradict(wrong, "grants", theme, [country.code], rows)


def _capital(printed: Printed) -> Printed:
    return printed._replace(words=printed.words.capitalize())


def inspected(author: Author, theme: Theme, wrong: str = "") -> None:
    """Those that were inspected are some of all."""
    country, document = author.country, author.document
    whole = author.state_total(theme)
    total = author.total(theme)
    number = (
        exact(total + author.draw.randrange(10, 90))
        if wrong
        else hedged(author.draw, author.draw.randrange(100, total // 2))
    )
    quote = f"{number.words} inspected {theme.plural}{number.after} are in {country.name}"
    part = document.observe(quote, number, f"inspected_{theme.plural}", country.code)
    document.say(".\n\n")
    author.uses(theme, "inspected")
    if wrong:
        author.contradict(wrong, "inspected", theme, [country.code], [part, whole])
