"""A name for a new fact, as earlier rows were named: share-almaty after share-zhambyl.

Belongs here: what fact_id is proposed, and what it may be completed to. Does not belong here: any
other cell.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.built import Row
from pipeline.enter.text_view import TextView

MOST_COMPLETIONS = 200
LONG_WORD = 4
"""Letters of a word that a name may begin with; it ends with a longer one."""

Cells = Mapping[str, str | None]


def slug(words: str) -> str:
    """Return words as a name is written: small Latin letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")


def fact_name(
    file: str, cells: Cells, view: TextView, earlier: Sequence[Cells], taken: set[str]
) -> str:
    """Return a name for a row of a file that none of its source has; `earlier` are rows of that
    file, those that count most first.
    """
    proposed = next(_names(file, cells, view, earlier), "") or file.removesuffix("s")
    dated = f"{proposed}-{year}" if (year := _year(cells)) and year not in proposed else proposed
    numbered = (f"{proposed}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (proposed, dated, *numbered) if name not in taken)


def _names(file: str, cells: Cells, view: TextView, earlier: Sequence[Cells]) -> Iterator[str]:
    if file == "observations":
        endings = _endings(cells, view)
        for row in earlier:
            if row["indicator"] == cells["indicator"]:
                yield from _like(str(row["fact_id"]), _endings(row, view), endings)
        base = _base(view.codes["indicators"].get(cells["indicator"] or "", {}))
        yield "-".join([base, *list(endings.values())[:1]])
    elif file == "events":
        words = (cells["what"] or "").split()
        names = [word for word in words if word[0].isupper()] or words
        named = next((name for name in map(slug, names) if name), "event")
        yield "-".join(filter(None, (named, _year(cells))))
    else:
        yield _of_speaker(cells, view) or next(iter(completions(cells)), "")


def _of_speaker(cells: Cells, view: TextView) -> str:
    """Return the name of what somebody says: bourjaily-direct."""
    who = view.codes["agents"].get(cells.get("who") or "")
    if not who or cells.get("speech") not in {"direct", "indirect"}:
        return ""
    return f"{slug(str(who['label']).split()[-1]) or slug(who['code'])}-{cells['speech']}"


def _endings(cells: Cells, view: TextView) -> dict[str, str]:
    """Return what tells a row from others of its indicator, by column: its category, and its area
    where that is part of another.
    """
    area = view.codes["areas"].get(cells["area"] or "")
    found = {"category": slug(cells.get("category") or "")}
    if area and area["parent"]:
        found["area"] = slug(min((str(area["aliases"] or area["label"])).split("|"), key=len))
    return {column: ending for column, ending in found.items() if ending}


def _like(name: str, endings: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[str]:
    """Yield a name that is made as another is, of which the endings are known."""
    name = re.sub(r"(?:-\d{1,2})+$", "", name)  # the second of its name
    for column, ending in endings.items():
        if column in wanted and name.endswith(f"-{ending}"):
            yield name.removesuffix(ending) + wanted[column]
    if not endings:
        yield "-".join([name, *wanted.values()])


def _year(cells: Cells) -> str:
    match = re.match(r"\d{4}", cells.get("period") or "")
    return match.group() if match else ""


def _base(indicator: Row) -> str:
    """Return the name of an indicator without that of its base: growth (of organisations)."""
    words, base = slug(indicator.get("code") or ""), slug(indicator.get("base") or "")
    rest = words.removeprefix(f"{base}-") if base else words
    return rest or words


def completions(cells: Cells) -> list[str]:
    """Return names that the words of a row make, as a person would begin to type them: those of its
    indicator, with its category; of its quote two words, one, three.
    """
    words = [slug(word) for word in (cells.get("quote") or "").split()]
    category = slug(cells.get("category") or "")
    of_indicator = slug(cells.get("indicator") or "").split("-")
    found = dict.fromkeys(f"{word}-{category}" for word in of_indicator if word and category)
    found |= dict.fromkeys(word for word in of_indicator if word)
    for size in (2, 1, 3):
        for start in range(len(words) - size + 1):
            ends = words[start], words[start + size - 1]
            is_told = len(ends[0]) >= LONG_WORD and len(ends[1]) > LONG_WORD
            if is_told and all(words[start : start + size]):
                found["-".join(words[start : start + size])] = None
    return list(found)[:MOST_COMPLETIONS]


def rows_before(rows: Iterable[Row], publisher: str | None, others: Mapping[str, str]) -> list[Row]:
    """Return rows of other sources in the order in which they count: those of a publisher first, of
    each the last first; `others` are the publishers by source.
    """
    last_first = list(rows)[::-1]
    return sorted(last_first, key=lambda row: others.get(row["source_id"]) != publisher)
