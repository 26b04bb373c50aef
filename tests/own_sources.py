"""Whole raw/ folders of made-up sources, written file by file, for tests of what sources say
together.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

HEADINGS = {
    "observations": "fact_id,indicator,area,category,period,value,relator,precision,"
    "quote,occurrence,label_quote,attributed_to,note",
    "events": "fact_id,period,who,what,where,quote,occurrence,attributed_to,note",
    "statements": "fact_id,period,who,office,occasion,speech,where,quote,occurrence,note",
    "waivers": "quote,kind,fact_id,reason",
    "readings": "fact_id,column,taken,other,why",
}
INDICATORS = "code,label,aliases,definition,unit,whole,kind,base,category_tree,area_level"
CODE_LISTS = {
    "indicators": (
        INDICATORS,
        "clubs,clubs,,Clubs that exist,clubs,true,stock,,kinds,",
        "members,members,,Members of clubs,members,true,stock,,,",
        (
            "member_share,share of members,of members,Share of a kind in the "
            "members,percent,false,share,members,kinds,"
        ),
        (
            "club_years,years of the union,years,Whole years since the union was "
            "founded,years,true,duration,,,"
        ),
    ),
    "areas": (
        "code,label,aliases,parent,level,valid_from,valid_to,successor",
        "FEN,Fenland,the shire,,country,,,",
        "MOOR,Moorland,,,country,,,",
    ),
    "categories": (
        "code,tree,label,aliases,parent,definition",
        "chess,kinds,chess,,,",
        "rowing,kinds,rowing,,,",
    ),
    "agents": (
        "code,label,aliases,kind,definition",
        "union,Union of Clubs,the union,organisation,",
        "council,Shire Council,the council,organisation,",
    ),
}
SOURCE_TOML = {
    "title": "Clubs of the shire",
    "publisher": "union",
    "published": "2020-03-03",
    "published_quote": "3 March 2020",
    "published_basis": "",
    "language": "en",
    "url": "",
    "archived_url": "",
    "retrieved": "",
    "rights": "Made up",
    "derived_from": "",
    "translation_of": "",
    "notes": "",
}


def write_code_lists(raw: Path) -> None:
    """Write the code lists that the sources of this module name."""
    (raw / "codelists").mkdir(parents=True)
    for name, lines in CODE_LISTS.items():
        (raw / "codelists" / f"{name}.csv").write_text(
            "".join(f"{line}\n" for line in lines), encoding="utf-8"
        )


def write_source(
    raw: Path, source_id: str, text: str, rows: Mapping[str, list[str]], **toml: str
) -> None:
    """Write a source; `rows` are lines of its CSV files by name, `toml` the keys of source.toml
    that are not as above.
    """
    folder = raw / source_id
    folder.mkdir(parents=True)
    (folder / "text.txt").write_text(text, encoding="utf-8", newline="")
    for name, heading in HEADINGS.items():
        lines = "".join(f"{line}\n" for line in (heading, *rows.get(name, [])))
        (folder / f"{name}.csv").write_text(lines, encoding="utf-8")
    keys = {**SOURCE_TOML, **toml, "sha256": hashlib.sha256(text.encode()).hexdigest()}
    typed = "".join(f"{key} = '''{value}'''\n" for key, value in keys.items())
    counts = "".join(
        f"{name} = {len(rows.get(name, []))}\n" for name in ("observations", "events", "statements")
    )
    (folder / "source.toml").write_text(
        f"{typed}republish_text = true\n\n[expected]\n{counts}", encoding="utf-8"
    )
