"""The rules of a corpus: for each theme those that hold for any source, and those that name the
facts of one.

Belongs here: rules.toml in words. Does not belong here: which facts they apply to (paragraphs).
"""

from collections.abc import Iterable
from string import Template
from typing import NamedTuple

from tests.benchmarks.corpus.classifications import Theme


class Family(NamedTuple):
    """A rule that each theme has: its name, kind, severity, title and operands; $many and $one
    stand for the theme.
    """

    name: str
    kind: str
    severity: str
    title: str
    operands: tuple[str, ...]


_REGION_SHARES = '{ indicator = "${many}_region_share", over = "area" }'
_OWNER_SHARES = '{ indicator = "${many}_owner_share", over = "category" }'
_SERVICE_SHARES = '{ indicator = "${many}_service_share", over = "category" }'

FAMILIES: dict[str, Family] = {
    "kinds": Family(
        "${many}_are_the_sum_of_their_kinds",
        "adds_up",
        "error",
        "Each of the $many is of one kind",
        ('whole = { indicator = "$many" }', 'parts = { indicator = "$many", over = "category" }'),
    ),
    "workers": Family(
        "${one}_workers_are_the_sum_of_those_in_regions",
        "adds_up",
        "error",
        "Each $one worker works in one region",
        (
            'whole = { indicator = "${one}_workers" }',
            'parts = { indicator = "${one}_workers", over = "area" }',
        ),
    ),
    "projects": Family(
        "${one}_projects_have_one_aim_at_most",
        "parts_of",
        "error",
        "No $one project has two aims",
        (
            'whole = { indicator = "${one}_projects" }',
            'parts = { indicator = "${one}_projects", over = "category" }',
        ),
    ),
    "grants": Family(
        "every_donor_of_${one}_grants_is_named",
        "parts_of",
        "warning",
        "Each $one grant comes from one of the donors that are named",
        (
            'whole = { indicator = "${one}_grants" }',
            'parts = { indicator = "${one}_grants", over = "category" }',
            'remainder = "flag"',
        ),
    ),
    "inspected": Family(
        "inspected_${many}_are_$many",
        "subset",
        "error",
        "There are no more inspected $many than $many",
        ('part = { indicator = "inspected_$many" }', 'whole = { indicator = "$many" }'),
    ),
    "region_shares": Family(
        "regional_shares_of_${many}_sum_to_at_most_100_percent",
        "shares_partial",
        "error",
        "Each of the $many is in one region",
        (f"shares = {_REGION_SHARES}",),
    ),
    "region_counts": Family(
        "regional_shares_are_of_all_$many",
        "share_of",
        "error",
        "The share of a region is that of the $many in it",
        (f"shares = {_REGION_SHARES}",),
    ),
    "regions_ranked": Family(
        "regions_are_listed_from_the_largest_share_of_$many",
        "ranked",
        "warning",
        "Regions are listed from the one with most $many",
        (f"values = {_REGION_SHARES}",),
    ),
    "regions_printed": Family(
        "regional_shares_of_${many}_are_printed_alike",
        "same_precision",
        "warning",
        "Regional shares of the $many are printed with the same number of decimals",
        (f"values = {_REGION_SHARES}",),
    ),
    "owners": Family(
        "every_owner_of_${many}_is_named",
        "shares_complete",
        "error",
        "Each of the $many has one owner, of a kind that is named",
        (f"shares = {_OWNER_SHARES}",),
    ),
    "services": Family(
        "services_of_${many}_overlap",
        "multi_response",
        "error",
        (
            "The $many may offer several services, and none more often than the service that it "
            "belongs to"
        ),
        (f"shares = {_SERVICE_SHARES}",),
    ),
    "services_differ": Family(
        "shares_of_services_of_${many}_differ",
        "distinct",
        "warning",
        "Each service of the $many has a share of its own",
        (f"values = {_SERVICE_SHARES}",),
    ),
    "growth": Family(
        "growth_fits_the_number_of_$many",
        "growth",
        "error",
        "The number of $many is what growth has added to an earlier number",
        ('stock = { indicator = "$many" }', 'flow = { indicator = "${many}_growth" }'),
    ),
    "opened": Family(
        "openings_allow_the_number_of_$many",
        "growth",
        "error",
        "The number of $many is at most an earlier number and those that opened since",
        (
            'stock = { indicator = "$many" }',
            'flow = { indicator = "${many}_opened" }',
            "gross = true",
        ),
    ),
}
"""The rules of a theme, by what they are about."""

SAME_QUANTITY = "statements_of_one_quantity_agree"
PUBLISHED_LAST = "nothing_begins_after_publication"
START_FIRST = "everything_starts_before_it_ends"
_ANY_THEME: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (SAME_QUANTITY, "same_quantity", "What is stated twice of one quantity is one number", ()),
    (
        PUBLISHED_LAST,
        "order",
        "What a source reports has begun",
        ('each = ["start", "published"]',),
    ),
    (
        START_FIRST,
        "order",
        "What a source reports starts before it ends",
        ('each = ["start", "end"]',),
    ),
)


def rule_id(family: str, theme: Theme) -> str:
    """Return the name of a theme's rule."""
    return _worded(FAMILIES[family].name, theme)


def own_rule_id(about: str, source_id: str) -> str:
    """Return the name of a rule of one source."""
    return f"{about}_in_{source_id.replace('-', '_')}"


def rule(name: str, kind: str, severity: str, title: str, operands: Iterable[str]) -> str:
    """Return a rule as TOML."""
    lines = [
        f'id = "{name}"',
        f'kind = "{kind}"',
        f'title = "{title}"',
        f'severity = "{severity}"',
        *operands,
    ]
    return "\n".join(["[[rule]]", *lines, ""])


def general_rules(used: Iterable[tuple[str, Theme]]) -> str:
    """Return raw/rules.toml: the rules that some source has facts for, since a rule that applies to
    nothing is a defect.
    """
    rules = [
        rule(name, kind, "error", title, operands) for name, kind, title, operands in _ANY_THEME
    ]
    for about, theme in sorted(used, key=lambda use: (use[1].number, use[0])):
        family = FAMILIES[about]
        operands = [_worded(line, theme) for line in family.operands]
        rules.append(
            rule(
                rule_id(about, theme),
                family.kind,
                family.severity,
                _worded(family.title, theme),
                operands,
            )
        )
    return "\n".join(rules)


def _worded(text: str, theme: Theme) -> str:
    return Template(text).substitute(many=theme.plural, one=theme.singular)
