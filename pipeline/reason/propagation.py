"""Spread bounds through the linear system, set-wise: what the groups, each for itself, force on their variables.

Belongs here: which groups force nothing on the rest and can be set aside, the rounds over those that do, and on what
components bounds so found are the tightest. Does not belong here: where rules meet in circles (solver), or what is published.

A group is *set aside* where, whatever its other variables are, slack of its own (a remainder, or a quantity nobody states
that no other group speaks of) can make it hold; it then says something of its slack and nothing of the rest. A rule that
the stated intervals satisfy is the case without slack. What is left, the core, spreads in rounds (hull consistency: Lhomme,
Consistency techniques for numeric CSPs, IJCAI 1993); on a tree of intervals the result is exact.
"""

from dataclasses import dataclass

import polars as pl

from pipeline.reason.components import components, is_fixed, only
from pipeline.reason.narrow import narrowed, tightened
from pipeline.rules.evaluate import judge
from pipeline.rules.system import GROUP, System
from schemas.columns import RESULT

ROUNDS = 100
"""Rounds after which bounds are published as they are: sound, and not known to be tight."""


@dataclass(frozen=True)
class Spread:
    """What propagation found.

    `because` names the group that forced a bound beyond a variable's own last (variable, side, bound, is_closed, rule_id,
    group_id). `core` is what was not set aside, `slack` the variables that the groups set aside determine (rule_id, group_id,
    variable), `components` the core's connected parts (rule_id, group_id, component). `proven` are the variables whose bounds
    are known to be the tightest, `impossible` the components in which a variable has no value left, and `open` those in which
    the groups may yet exclude each other.
    """

    because: pl.DataFrame
    core: System
    slack: pl.DataFrame
    components: pl.DataFrame
    proven: pl.Series
    impossible: pl.Series
    open: pl.Series

    def needed_for(self, system: System, groups: pl.DataFrame, most: int) -> pl.DataFrame:
        """Return the groups that bound the variables of each group set aside, itself among them, where these are not too many.

        `groups` have rule_id, group_id and problem, a name for each; so has the answer, with at most `most` groups a problem.
        """
        wanted = groups.select(*GROUP, "problem")
        sizes = self.components.group_by("component").agg(pl.len().alias("size"))
        moving = self.core.edges.join(self.components, on=GROUP).select("variable", "component").unique()
        while True:
            named = only(system, wanted).edges.join(wanted, on=GROUP).select("variable", "problem").unique()
            own = self.slack.join(named, on="variable").select(*GROUP, "problem")
            reached = moving.join(named, on="variable").select("component", "problem").unique().join(sizes, on="component")
            too_many = reached.group_by("problem").agg(pl.col("size").sum()).filter(pl.col("size") > most)
            reached = reached.join(too_many, on="problem", how="anti")
            more = pl.concat([wanted, own, self.components.join(reached, on="component").select(*GROUP, "problem")]).unique()
            more = more.filter(pl.len().over("problem") <= most).join(too_many, on="problem", how="anti")
            if more.height == wanted.height:
                return wanted
            wanted = more


def spread(system: System, judged: pl.DataFrame) -> Spread:
    """Return what a system whose groups are each possible forces on its variables; `judged` is what `judge` says of them."""
    core, aside = set_aside(system, judged)
    parts = components(core)
    variables, because, impossible, settled = _in_rounds(core, parts)
    shape = _shape(core, parts)
    sound = shape.filter(pl.col("is_tree") & settled).join(impossible, on="component", how="anti")
    loose = parts.join(sound, on="component", how="anti").join(impossible, on="component", how="anti")
    exact = core.edges.join(parts, on=GROUP).join(sound.filter("is_plain"), on="component")
    in_core = exact.select("variable").unique()
    proven, slack = in_core, [core.edges.clear()]
    for number in sorted(set(aside["round"]), reverse=True):
        own = _own_slack(aside.filter(round=number), system, aside.filter(pl.col("round") < number))
        if own.is_empty():
            continue
        slack.append(own)
        part = only(system, own)
        part = System(variables, part.rule_groups, part.rule_terms)
        forced = narrowed(part, own)
        proven = pl.concat([proven, _proven_slack(part, own, parts, core, in_core)]).unique()
        variables = tightened(variables, forced)
        because = pl.concat([because, forced])
    because = because.unique(["variable", "side"], keep="last", maintain_order=True)
    return Spread(
        because,
        core,
        pl.concat(slack),
        parts,
        proven["variable"],
        impossible["component"].sort(),
        loose["component"].unique().sort(),
    )


def _in_rounds(core: System, parts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, bool]:
    """Return variables and reasons after the rounds, the components that have no solution, and whether the rounds ended."""
    variables = core.variables
    because: list[pl.DataFrame] = []
    impossible = parts.select("component").clear()
    where = core.edges.join(parts, on=GROUP).select("variable", "component").unique()
    going = core
    for _ in range(ROUNDS):
        forced = narrowed(System(variables, going.rule_groups, going.rule_terms))
        because.append(forced)
        if forced.is_empty():
            return variables, pl.concat(because), impossible, True
        variables = tightened(variables, forced)
        empty = variables.filter(_is_empty()).join(where, on="variable")
        impossible = pl.concat([impossible, empty.select("component")]).unique()
        alive = parts.join(impossible, on="component", how="anti")
        changed = forced.join(where, on="variable").select("component").unique()
        going = only(core, alive.join(changed, on="component", how="semi"))
    return variables, pl.concat(because), impossible, False


def _is_empty() -> pl.Expr:
    low, high = pl.col("lower_bound"), pl.col("upper_bound")
    return (low > high) | ((low == high) & ~(pl.col("lower_closed") & pl.col("upper_closed")))


def _shape(core: System, parts: pl.DataFrame) -> pl.DataFrame:
    """Return what each component is: component, is_tree, is_plain (bounds found in rounds are then exact).

    Plain is a component of numbers that need not be whole, or one of whole numbers alone; all coefficients are 1 or -1.
    """
    terms = core.rule_terms.lazy().join(core.variables.lazy(), on="variable", how="left").join(parts.lazy(), on=GROUP)
    terms = terms.with_columns(**_arithmetic())
    counted = terms.group_by("component").agg(
        pl.struct(GROUP).n_unique().alias("groups"),
        pl.col("variable").filter("moves").n_unique().alias("variables"),
        pl.struct(*GROUP, "variable").filter("moves").n_unique().alias("edges"),
        (pl.col("coefficient_variable").is_not_null()).any().alias("multiplied"),
        (~pl.col("moves") | pl.col("is_unit")).all().alias("all_unit"),
        (~pl.col("moves") | ~pl.col("is_integer")).all().alias("continuous"),
        pl.col("is_whole").all().alias("integral"),
    )
    is_tree = (pl.col("edges") == pl.col("variables") + pl.col("groups") - 1) & ~pl.col("multiplied")
    return counted.select(
        "component",
        is_tree=is_tree.fill_null(value=False),
        is_plain=(pl.col("all_unit") & pl.col("continuous")) | pl.col("integral"),
    ).collect()


def _arithmetic() -> dict[str, pl.Expr]:
    constant = pl.col("variable").is_null()
    low, high = pl.col("coefficient_lower"), pl.col("coefficient_upper")
    is_unit = _is_unit()
    whole = pl.when(constant).then((low == high) & (low == low.floor())).otherwise(is_unit & pl.col("is_integer"))
    return {"moves": ~constant & ~is_fixed(), "is_unit": is_unit, "is_whole": whole}


def _is_unit() -> pl.Expr:
    """Return whether a coefficient is 1 or -1."""
    low = pl.col("coefficient_lower")
    return (low == pl.col("coefficient_upper")) & (low.abs() == 1)


def _own_slack(groups: pl.DataFrame, system: System, before: pl.DataFrame) -> pl.DataFrame:
    """Return the slack that only these groups speak of, once those set aside before are gone: rule_id, group_id, variable."""
    slack = system.variables.filter(pl.col("role") != "stated").select("variable")
    left = system.edges.join(slack, on="variable", how="semi").join(before, on=GROUP, how="anti")
    lone = left.filter(pl.len().over("variable") == 1)
    return lone.join(groups, on=GROUP, how="semi").select(*GROUP, "variable")


def _proven_slack(groups: System, own: pl.DataFrame, parts: pl.DataFrame, core: System, proven: pl.DataFrame) -> pl.DataFrame:
    """Return the slack whose bounds are exact: the group's other variables do not depend on each other, and have exact bounds.

    `proven` are those of the core: slack of another group may depend on the rest of this one, which is the solver's to see.
    A whole number is met exactly where all are whole with coefficients of 1, where nothing else in the group is whole, or
    where one term can still be anything within 1 while the rest stay at their ends.
    """
    terms = _terms_of_slack(groups, own, core.edges.join(parts, on=GROUP), proven)
    other = pl.col("moves") & ~pl.col("is_own")
    alone = pl.when(pl.col("component").is_null()).then("variable").alias("alone")
    tied = terms.filter(other).group_by(*GROUP, "component", alone).len().filter(pl.col("len") > 1)
    judged = terms.group_by(GROUP).agg(
        (~other | pl.col("is_exact")).all().alias("others_exact"),
        pl.col("is_entangled").any().alias("multiplied"),
        (pl.col("is_multiplied") | ~pl.col("is_unit")).any().alias("scaled"),
        pl.col("leeway").max(),
        pl.col("is_whole").all().alias("integral"),
        (pl.col("moves") & pl.col("is_integer")).sum().alias("whole_numbers"),
    )
    good = judged.filter("others_exact", ~pl.col("multiplied")).join(tied, on=GROUP, how="anti")
    rows = terms.filter("is_own", "is_unit").drop("leeway").join(good, on=GROUP)
    met = (
        ~pl.col("is_integer")
        | pl.col("integral")
        | ((pl.col("whole_numbers") <= 1) & ~pl.col("scaled"))
        | (pl.col("leeway") >= 1)
    )
    return rows.filter(met).select("variable")


def _terms_of_slack(groups: System, own: pl.DataFrame, places: pl.DataFrame, proven: pl.DataFrame) -> pl.DataFrame:
    """Return the terms of groups set aside, with what each is for the bounds of their slack.

    `places` are the edges of the core with their component. A share is entangled where its fact is spoken of there, or has an
    open end: then what it multiplies does not come up to its ends by itself.
    """
    place = places.select("variable", "component").unique("variable")
    open_end = (pl.col("lower_bound").is_not_null() & ~pl.col("lower_closed")) | (
        pl.col("upper_bound").is_not_null() & ~pl.col("upper_closed")
    )
    multiplying = groups.rule_terms.select(variable="coefficient_variable").drop_nulls().unique()
    shares = groups.variables.join(multiplying, on="variable", how="semi").join(place, on="variable", how="left")
    shares = shares.select(coefficient_variable="variable", is_entangled=pl.col("component").is_not_null() | open_end)
    is_alone = pl.col("component").is_null() & (pl.col("role") == "stated")
    wide = groups.rule_terms.lazy().join(groups.variables.lazy(), on="variable", how="left")
    wide = wide.join(place.lazy(), on="variable", how="left").join(shares.lazy(), on="coefficient_variable", how="left")
    return (
        wide.with_columns(**_arithmetic())
        .select(
            *(*GROUP, "variable", "component", "moves", "is_unit", "is_whole", "is_integer", "is_entangled"),
            is_multiplied=pl.col("coefficient_variable").is_not_null(),
            is_own=pl.col("variable").is_in(own["variable"].implode()).fill_null(value=False),
            is_exact=pl.col("variable").is_in(proven["variable"].implode()) | is_alone,
            leeway=_leeway(),
        )
        .collect()
    )


def _leeway() -> pl.Expr:
    """Return within what a term can be anything while its variable is at an end: by its coefficient, or by not being whole."""
    spread = pl.col("coefficient_upper") - pl.col("coefficient_lower")
    of_coefficient = spread.cast(RESULT) * pl.max_horizontal(pl.col("lower_bound").cast(RESULT).fill_null(0), 0)
    width = (pl.col("upper_bound") - pl.col("lower_bound")).cast(RESULT)
    of_variable = pl.when(~pl.col("is_integer") & pl.col("is_unit")).then(width)
    return pl.max_horizontal(of_coefficient, of_variable).fill_null(0)


def set_aside(system: System, judged: pl.DataFrame) -> tuple[System, pl.DataFrame]:
    """Return the core of a system, and the groups set aside: rule_id, group_id, round (from 1, in the order of leaving).

    `judged` is what `judge` says of the groups. In each round only those are judged anew in which a quantity that nobody states
    has no other group left that speaks of it. Slack that goes in steps, a whole number of times something else than 1, does not
    meet every value of the rest, and sets nothing aside.
    """
    slack = system.variables.filter(pl.col("role") != "stated").select("variable", "role", "is_integer")
    terms = system.rule_terms.join(slack, on="variable").with_columns(_is_unit().alias("is_unit"))
    steps = terms.filter("is_integer", ~pl.col("is_unit")).select(*GROUP, "variable", "role")
    stepped = steps.filter(role="remainder")
    links = system.edges.join(slack.filter(role="unstated"), on="variable", how="semi")
    satisfied = judged.filter(outcome="satisfied").join(system.rule_groups, on=GROUP, how="semi")
    satisfied = satisfied.join(stepped, on=GROUP, how="anti").select(GROUP)
    aside = [satisfied.clear().with_columns(round=pl.lit(0, pl.Int64))]
    for number in range(1, ROUNDS):
        freed_here = links.filter(pl.len().over("variable") == 1).join(steps, on=[*GROUP, "variable"], how="anti")
        touched = only(system, freed_here.select(GROUP).unique())
        free = pl.col("variable").is_in(freed_here["variable"].implode())
        variables = system.variables.with_columns(role=pl.when(free).then(pl.lit("remainder")).otherwise("role"))
        leaving = satisfied
        if not touched.rule_groups.is_empty():
            again = judge(System(variables, touched.rule_groups, touched.rule_terms)).filter(outcome="satisfied")
            again = again.join(stepped, on=GROUP, how="anti").select(GROUP)
            leaving = pl.concat([satisfied, again]).unique(maintain_order=True)
        if leaving.is_empty():
            break
        aside.append(leaving.with_columns(round=pl.lit(number, pl.Int64)))
        links = links.join(leaving, on=GROUP, how="anti")
        satisfied = satisfied.clear()
    gone = pl.concat(aside)
    return only(system, system.rule_groups.join(gone, on=GROUP, how="anti")), gone
