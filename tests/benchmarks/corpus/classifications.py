"""The code lists of a corpus: countries with regions, themes with indicators and kinds, shared
trees of categories, agents.

They grow slowly with the number of facts, as those of a statistical office do. Belongs here: which
codes there are, and what they are called. Does not belong here: what is counted of them (world), or
any sentence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

Row = dict[str, str]
"""A row as typed; a cell that it does not name is empty."""

REFORM = "1990-01-01"
"""The day on which the first region of each country got its code."""

PEOPLE = 3
"""Persons of each country that speak."""

_FIRST = (
    "Bar",
    "Kel",
    "Dor",
    "Vel",
    "Mor",
    "Tas",
    "Lun",
    "Gar",
    "Fen",
    "Hul",
    "Jor",
    "Nad",
    "Pel",
    "Rav",
    "Sor",
    "Zim",
)
_MIDDLE = ("va", "ne", "lo", "ri", "mu", "ga", "te", "so", "di", "bu", "ke", "pa")
_COUNTRY, _REGION = (
    ("nia", "land", "stan", "donia"),
    ("burg", "feld", "shire", "grad", "mark", "dale", "wick", "holm"),
)
_GIVEN = (
    "Anna",
    "Boris",
    "Clara",
    "David",
    "Elena",
    "Felix",
    "Greta",
    "Hugo",
    "Irina",
    "Jonas",
    "Karin",
    "Leo",
    "Mira",
    "Nils",
)
_SURNAME = ("ova", "ides", "mann", "sen", "escu", "ski", "berg", "ini")

_THEMES = (
    ("schools", "school"),
    ("libraries", "library"),
    ("clinics", "clinic"),
    ("museums", "museum"),
    ("farms", "farm"),
    ("workshops", "workshop"),
    ("theatres", "theatre"),
    ("orchards", "orchard"),
    ("harbours", "harbour"),
    ("stadiums", "stadium"),
    ("bakeries", "bakery"),
    ("cinemas", "cinema"),
    ("gardens", "garden"),
    ("mills", "mill"),
    ("laboratories", "laboratory"),
    ("foundries", "foundry"),
)
_KINDS = (
    "rural",
    "urban",
    "coastal",
    "mountain",
    "suburban",
    "island",
    "lakeside",
    "valley",
    "frontier",
    "forest",
)
_FORMS = ("small", "large", "seasonal")

_SHARED_TREES = {
    "owners": (
        "state towns parishes guilds unions families cooperatives charities companies "
        "societies dioceses colleges"
    ),
    "donors": (
        "banks merchants foundations abbeys embassies lotteries brewers insurers "
        "publishers shipowners patrons alumni"
    ),
    "aims": (
        "health housing roads water energy forestry fishing safety drainage lighting "
        "heating storage"
    ),
    "services": (
        "music sport crafts languages cooking dance chess drama painting sewing astronomy poetry"
    ),
}
"""Trees of categories that the indicators of all themes share."""

FURTHER_SERVICES: dict[str, tuple[str, ...]] = {
    "music": ("choirs", "orchestras", "bands"),
    "sport": ("rowing", "fencing", "archery"),
}
"""Services within others."""


@dataclass(frozen=True)
class Region:
    """A region by its code and name."""

    code: str
    name: str


@dataclass(frozen=True)
class Country:
    """A country, its regions, and the agents that publish, act and speak there: (code, name)."""

    number: int
    code: str
    name: str
    regions: tuple[Region, ...]

    @property
    def office(self) -> tuple[str, str]:
        return f"{self.code.lower()}_office", f"Statistics Office of {self.name}"

    @property
    def ministry(self) -> tuple[str, str]:
        return f"{self.code.lower()}_ministry", f"Ministry of Works of {self.name}"

    @cached_property
    def people(self) -> tuple[tuple[str, str], ...]:
        numbers = range(self.number * PEOPLE, self.number * PEOPLE + PEOPLE)
        return tuple(
            (f"{self.code.lower()}_person_{number}", _person(number)) for number in numbers
        )


@dataclass(frozen=True)
class Theme:
    """What is counted: schools, of which each is a school, of some kinds; a kind has a code and a
    name.
    """

    number: int
    plural: str
    singular: str
    kinds: tuple[tuple[str, str], ...]

    @cached_property
    def forms(self) -> tuple[tuple[str, str], ...]:
        """The kinds within the first kind."""
        code, name = self.kinds[0]
        return tuple((f"{form}_{code}", f"{form} {name}") for form in _FORMS)


@dataclass(frozen=True)
class Classifications:
    """All code lists of a corpus; `trees` are those of categories that all themes share."""

    countries: tuple[Country, ...]
    themes: tuple[Theme, ...]
    trees: dict[str, tuple[str, ...]]

    def rows(self) -> dict[str, list[Row]]:
        """Return the rows of each code list as typed, by name."""
        return {
            "indicators": [row for theme in self.themes for row in _indicators(theme)],
            "areas": [row for country in self.countries for row in _areas(country)],
            "categories": [
                *_shared(self.trees),
                *(row for theme in self.themes for row in _kinds(theme)),
            ],
            "agents": [row for country in self.countries for row in _agents(country)],
        }


def classifications(facts: int) -> Classifications:
    """Return the code lists that suit a number of facts: some 12 indicators and 25 areas for 300,
    200 and 550 for a million.
    """
    regions = 4 + 2 * len(str(facts))
    themes = min(len(_THEMES), max(3, round(facts**0.2)))
    kinds = min(len(_KINDS), 2 + len(str(facts)) // 2)
    names = 5 + len(str(facts))
    return Classifications(
        tuple(_country(number, regions) for number in range(max(3, round(facts**0.25)))),
        tuple(_theme(number, kinds) for number in range(themes)),
        {tree: tuple(words.split()[:names]) for tree, words in _SHARED_TREES.items()},
    )


def _country(number: int, regions: int) -> Country:
    code = f"{chr(65 + number // 26)}{chr(65 + number % 26)}"
    named = (
        Region(f"{code}-{place + 1:02}", _place(number * regions + place, _REGION))
        for place in range(regions)
    )
    return Country(number, code, _place(number, _COUNTRY), tuple(named))


def _place(number: int, endings: tuple[str, ...]) -> str:
    """Return the name of a place, another for each number: a name of few syllables before those of
    many.
    """
    ending = endings[number % len(endings)]
    first = _FIRST[number // len(endings) % len(_FIRST)]
    rest = number // (len(endings) * len(_FIRST))
    middle = ""
    while rest or not middle:
        middle += _MIDDLE[rest % len(_MIDDLE)]
        rest //= len(_MIDDLE)
    return f"{first}{middle}{ending}"


def _person(number: int) -> str:
    stem = (
        _FIRST[number // len(_GIVEN) % len(_FIRST)]
        + _MIDDLE[number // (len(_GIVEN) * len(_FIRST)) % len(_MIDDLE)]
    )
    return f"{_GIVEN[number % len(_GIVEN)]} {stem}{_SURNAME[number % len(_SURNAME)]}"


def _theme(number: int, kinds: int) -> Theme:
    plural, singular = _THEMES[number]
    return Theme(
        number,
        plural,
        singular,
        tuple((f"{kind}_{plural}", f"{kind} {plural}") for kind in _KINDS[:kinds]),
    )


def _indicators(theme: Theme) -> Iterator[Row]:
    many, one = theme.plural, theme.singular
    counts = {"unit": many, "whole": "true", "kind": "stock"}
    flow = {"unit": f"{many} a year", "whole": "true", "kind": "flow", "base": many}
    share = {"unit": "percent", "whole": "false", "kind": "share", "base": many}
    columns: tuple[tuple[str, str, str, Row], ...] = (
        (many, many, "", {**counts, "category_tree": f"{many}_kinds"}),
        (f"{one}_workers", f"{one} workers", f"{one} staff", {**counts, "unit": "persons"}),
        (f"inspected_{many}", f"inspected {many}", "", counts),
        (
            f"{one}_projects",
            f"{one} projects",
            "",
            {**counts, "unit": "projects", "category_tree": "aims"},
        ),
        (
            f"{one}_grants",
            f"{one} grants",
            "",
            {**counts, "unit": "grants", "category_tree": "donors"},
        ),
        (
            f"{many}_region_share",
            f"share of all {many}",
            f"all {many}",
            {**share, "area_level": "region"},
        ),
        (
            f"{many}_owner_share",
            f"share of {many} by owner",
            f"owners of the {many}",
            {**share, "category_tree": "owners"},
        ),
        (
            f"{many}_service_share",
            f"share of {many} by service",
            f"{many} offer|the {many} offer",
            {**share, "kind": "multi_share", "category_tree": "services"},
        ),
        (f"{many}_growth", f"new {many} a year", f"new {many}", flow),
        (f"{many}_opened", f"{many} opened a year", f"{many} opened", flow),
        (f"{one}_spending", f"{one} spending", "", {**counts, "unit": "crowns", "whole": "false"}),
        (
            f"{one}_reform_years",
            f"years of {one} reform",
            f"{one} reform",
            {**counts, "unit": "years", "kind": "duration"},
        ),
        (
            f"{one}_fair_number",
            f"number of the {one} fair",
            f"{one} fair",
            {**counts, "unit": "number", "kind": "ordinal"},
        ),
    )
    for code, label, aliases, more in columns:
        definition = f"{label[0].upper()}{label[1:]}, as counted"
        yield {"code": code, "label": label, "aliases": aliases, "definition": definition, **more}


def _areas(country: Country) -> Iterator[Row]:
    yield {"code": country.code, "label": country.name, "level": "country"}
    first, within = country.regions[0], {"parent": country.code, "level": "region"}
    yield {
        "code": f"{country.code}-00",
        "label": first.name,
        **within,
        "valid_to": REFORM,
        "successor": first.code,
    }
    for region in country.regions:
        since = {"valid_from": REFORM} if region is first else {}
        yield {"code": region.code, "label": region.name, **within, **since}


def _shared(trees: dict[str, tuple[str, ...]]) -> Iterator[Row]:
    for tree, names in trees.items():
        for name in names:
            yield _category(name, tree, name, "")
            if tree == "services":
                yield from (
                    _category(further, tree, further, name)
                    for further in FURTHER_SERVICES.get(name, ())
                )


def _kinds(theme: Theme) -> Iterator[Row]:
    tree = f"{theme.plural}_kinds"
    yield from (_category(code, tree, name, "") for code, name in theme.kinds)
    yield from (_category(code, tree, name, theme.kinds[0][0]) for code, name in theme.forms)


def _category(code: str, tree: str, label: str, parent: str) -> Row:
    return {"code": code, "tree": tree, "label": label, "parent": parent}


def _agents(country: Country) -> Iterator[Row]:
    for code, name in (country.office, country.ministry):
        yield {"code": code, "label": name, "kind": "organisation"}
    for code, name in country.people:
        yield {
            "code": code,
            "label": name,
            "kind": "person",
            "definition": f"Speaks in {country.name}",
        }
