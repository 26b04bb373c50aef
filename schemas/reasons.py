"""What counts as a reason, wherever one is typed: words that say something, and no placeholder for
them.

Belongs here: the words that stand for a reason still to come, in the languages that are typed here.
Does not belong here: whether a reason is a good one.
"""

import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.polars import Check

FEWEST_WORDS = 2
FEWEST_SIGNS = 4
"""Letters that do in a script that sets no spaces between words."""

_WORDS = """
reason kind date why todo to do tbd tba tbc fixme fill in later here insert add your the a an x
xx xxx yyy zzz abc asdf qwerty foo bar lorem ipsum test testing placeholder example none no
nothing null nil na n ditto idem ok yes
причина почему зачем вид дата потом позже заполнить дописать уточнить указать вставить
сделать нет не надо тест пример да
себеп себебі неге түрі күні кейін толтыру толтырыңыз жазу нақтылау жоқ ештеңе сынақ мысал иә
grund warum datum später folgt offen ausfüllen keine keiner nichts ja nein raison motif pourquoi
plus tard compléter à faire aucun aucune rien oui non
"""
PLACEHOLDERS = frozenset(_WORDS.split())
"""What the tools offer to fill in, and what a person types to come back to it: in English, Russian,
Kazakh, German and French.
"""

_SPACELESS = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"


def gives_reason(cell: pl.Expr) -> pl.Expr:
    """Return whether a cell gives a reason: two different words or more, not all of them
    placeholders.
    """
    words = cell.str.normalize("NFC").str.to_lowercase().str.extract_all(r"\p{L}+").list.unique()
    left_open = words.list.eval(pl.element().is_in(sorted(PLACEHOLDERS))).list.all()
    says_it = (words.list.len() >= FEWEST_WORDS) & ~left_open
    return says_it | (cell.str.count_matches(_SPACELESS) >= FEWEST_SIGNS)


def reason_check() -> Check:
    """Return the check that a cell gives a reason."""

    def holds(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(gives_reason(pl.col(data.key)))

    return Check(
        holds, error="a reason in words, two or more, and not what stands for one still to come"
    )
