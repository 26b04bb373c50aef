"""Groups that say of equal quantities what others say of theirs: two sources that tell the same are then no circle of rules.

Belongs here: which groups can be left out, since the rest says all that they say. Does not belong here: what follows from them.
"""

import polars as pl

from pipeline.reason.components import groups_of, only
from pipeline.rules.disjoint_sets import connected
from pipeline.rules.system import GROUP, System

_SIZE = ["coefficient_lower", "coefficient_upper"]
_TERM = ["variable", "coefficient_variable", *_SIZE]


def without_repeats(system: System) -> System:
    """Return a system without the groups that say of equal variables what an earlier one, in the order of names, says.

    Variables are equal that groups call so. Of a share that multiplies, how large it is said to be makes no difference: those
    that are equal are so whatever their facts say.
    """
    said: dict[tuple[str, str], list[object]] = {}
    for rule_id, group_id, *term in _terms_of_equals(system).iter_rows():
        said.setdefault((rule_id, group_id), []).append(tuple(term))
    first_said: dict[tuple[object, ...], tuple[str, str]] = {}
    repeats = groups_of(key for key, told in said.items() if first_said.setdefault(tuple(told), key) != key)
    return only(system, system.rule_groups.join(repeats, on=GROUP, how="anti"))


def _terms_of_equals(system: System) -> pl.DataFrame:
    """Return the terms of what speaks of equal variables, but for what calls them so, the first of these in place of each."""
    links = _links(system)
    names = sorted({*links["variable"], *links["other"]})
    place = {name: number for number, name in enumerate(names)}
    least = connected(((place[one], place[other]) for one, other in links.select("variable", "other").iter_rows()), len(names))
    speaking = system.edges.filter(pl.col("variable").is_in(names)).join(links, on=GROUP, how="anti").select(GROUP).unique()
    terms = system.rule_terms.join(speaking, on=GROUP, how="semi").join(system.rule_groups.select(*GROUP, "op"), on=GROUP)
    terms = terms.with_columns(
        pl.when(pl.col("coefficient_variable").is_null()).then(pl.col(_SIZE)),
        pl.col("variable", "coefficient_variable").replace(names, [names[first] for first in least]),
    )
    return terms.sort(*GROUP, *_TERM).select(*GROUP, "op", *_TERM)


def _links(system: System) -> pl.DataFrame:
    """Return the groups that say that one variable less another is 0: rule_id, group_id, variable, other."""
    pairs = system.rule_groups.filter(op="eq").join(system.rule_terms.group_by(GROUP).len().filter(len=2), on=GROUP)
    plain = system.rule_terms.filter(pl.col("variable").is_not_null(), pl.col("coefficient_variable").is_null())
    sides = (plain.filter(coefficient_lower=sign, coefficient_upper=sign).select(*GROUP, "variable") for sign in (1, -1))
    added, taken = (pairs.select(GROUP).join(side, on=GROUP) for side in sides)
    return added.join(taken.rename({"variable": "other"}), on=GROUP)
