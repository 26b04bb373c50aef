"""Groups that say of equal quantities what others say of theirs: two sources that say the same are
then no circle of rules.

Belongs here: which groups can be left out, since the rest says all that they say. Does not belong
here: what follows from them.
"""

from collections import Counter

from pipeline.intervals.interval import point
from pipeline.reason.problem import Key, Problem, Relation
from pipeline.rules.disjoint_sets import connected


def without_repeats(problem: Problem) -> Problem:
    """Return a problem without the groups that say of equal quantities what an earlier one, in the
    order of names, says.

    Quantities are equal that groups call so, and those known to be one number.
    """
    links = {key for key, relation in problem.relations.items() if _is_link(relation)}
    equal = connected({name: links.intersection(keys) for name, keys in problem.groups.items()})
    same: dict[str | None, object] = {name: names[0] for names in equal for name in names}
    same |= {
        name: one.believed.least for name, one in problem.quantities.items() if one.is_point
    } | {None: None}
    first_said: dict[object, Key] = {}
    for key, relation in problem.relations.items():
        said = Counter(
            (same[term.quantity], term.coefficient, same[term.multiplier])
            for term in relation.terms
        )
        first_said.setdefault(key if key in links else (relation.op, frozenset(said.items())), key)
    return problem.within(first_said.values())


def _is_link(relation: Relation) -> bool:
    """Whether a group says that one quantity less another is 0."""
    return (
        relation.op == "eq"
        and len(relation.names) == len(relation.terms) == 2  # noqa: PLR2004 (one, and another)
        and sorted(term.coefficient for term in relation.terms) == [point(-1), point(1)]
    )
