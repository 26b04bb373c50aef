"""Mutation testing: whether the tests notice when a line of the code says something else.

What mutmut changes is one expression of one function at a time; what mypy refuses is left out, and
so are annotations, docstrings, decorated functions, tables of a module and SQL, which it does not
change. Who survives the tests and may is listed with a reason (survivors.toml).
"""

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

SURVIVORS = Path(__file__).parent / "survivors.toml"


def files(names: str) -> list[str]:
    return [f"tests/test_{name}.py" for name in names.split()]


TESTS = {
    "intervals": files("interval bounds periods kinds code_lists"),
    "evidence": files(
        "anchor three_languages ways_of_writing leading_dates roles real_shapes waivers_and_pers "
        "reanchor no_dead_ends periods"
    ),
    "rules": files(
        "rules rules_across_sources rules_of_parts rules_of_shares rule_kinds_in_time kinds "
        "sentences listings inferred_days claims oracle"
    ),
    "reason": files("hull settled hitting_sets error_sets readings oracle"),
}
"""The files of tests that are run against the mutants of each folder of pipeline/: quick ones."""
