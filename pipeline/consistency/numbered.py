"""A linear system with numbers for names, for what joins and counts by the million: texts take most of such work.

Belongs here: the way from names to numbers, and back. Does not belong here: what is done with a system (solve).

Numbers follow the order of the names, so that whatever is sorted, or the least of something, is the same by either.
"""

from dataclasses import dataclass

import polars as pl

from pipeline.consistency.system import GROUP, System

_LIMITS = ["lower_bound", "lower_closed", "upper_bound", "upper_closed"]


@dataclass(frozen=True)
class Names:
    """The names of a system: `variables` (variable, number) and `groups` (rule_id, group_id, the rule's number, number).

    Both stand in the order of their numbers, which begin at 0.
    """

    variables: pl.DataFrame
    groups: pl.DataFrame

    def told(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return a table with the names of the variables and groups whose numbers it has."""
        rules = self.groups.unique("rule", maintain_order=True)["rule_id"]
        variables = self.variables["variable"]
        names = {
            "variable": variables,
            "coefficient_variable": variables,
            "rule_id": rules,
            "group_id": self.groups["group_id"],
        }
        return table.with_columns(names[column][table[column]].alias(column) for column in names if column in table.columns)

    def counted(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return a table with the numbers of the variables, or of the groups, whose names it has."""
        for column in ("variable", "coefficient_variable"):
            if column in table.columns:
                numbers = _places(table.select(variable=column), self.variables)["number"]
                table = table.with_columns(numbers.alias(column))
        if "group_id" in table.columns:
            places = _places(table.select(GROUP), self.groups)
            table = table.with_columns(places["rule"].alias("rule_id"), places["number"].alias("group_id"))
        return table


def _places(named: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the row of `known` for each row of names: what is not there, or null, has none.

    Names in the order of `known`, each of them once or more, are not looked up.
    """
    is_next = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in named.columns)
    place = named.select(is_next.cum_sum().cast(pl.UInt32) - 1).to_series()
    runs = named.filter(is_next)
    if runs.equals(known.select(named.columns)):
        return known[place]
    return named.join(known, on=named.columns, how="left", maintain_order="left")


def numbered(system: System) -> tuple[System, Names]:
    """Return a system with numbers for the names of variables, rules and groups, without what says where its facts stand.

    The number of a group is its own among those of all rules.
    """
    variables = system.variables.select("variable")
    if not variables["variable"].is_sorted():
        variables = variables.sort("variable")
    variables = variables.with_row_index("number")
    groups = system.rule_groups.select(GROUP).sort(GROUP).with_row_index("number")
    names = Names(variables, groups.with_columns(rule=pl.col("rule_id").rle_id()))
    bounded = system.variables.select("variable", "role", "is_integer", *_LIMITS)
    return System(names.counted(bounded), names.counted(system.rule_groups), names.counted(system.rule_terms)), names
