"""How error sets are published; which they are, and how far each fact goes, is the oracle's."""

from tests.small_worlds import SAME_QUANTITY, follows, number, placed, take


def test_independent_parts_are_published_apart() -> None:
    facts = [number(f"{source}/whole", "bodies", "10") for source in ("gazette", "herald")]
    for category, share, count in (("government", "50", "6"), ("president", "20", "3")):
        exact = f"between {share}/{share}"
        facts.append(number(f"gazette/of-{category}", "level_share", exact, category=category))
        facts.append(number(f"gazette/{category}", "bodies", count, category=category))
    shares = placed("share_of", shares=take("level_share", over="category"))
    rows = follows(facts, shares, SAME_QUANTITY).error_sets
    found = {(row["component"], row["part"]): set[str]() for row in rows.to_dicts()}
    for row in rows.to_dicts():
        found[row["component"], row["part"]].add(row["quantity"])
    assert found == {
        ("gazette/government", part): {f"gazette/{category}", f"gazette/of-{category}"}
        for part, category in ((1, "government"), (2, "president"))
    }
