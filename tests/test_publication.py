"""publication.toml: read as strictly as any file of raw/, its addresses are in all that describes a
release, and can do no harm there.
"""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.check import Checked, check
from pipeline.read.raw_folder import PUBLICATION_FILE, RawFolder
from pipeline.release.edition import Edition
from pipeline.release.metadata.filled import filled
from pipeline.release.opened import RAW
from pipeline.release.page.words import report
from pipeline.release.verify import verify
from pipeline.release.zipped import zip_of
from tests.conftest import ROOT, SOURCE
from tests.read_page import TEXT, Document, edition_of, pages
from tests.test_release import published
from tests.verify.spoil import hash_anew

HOMEPAGE = "https://example.org/facts?a=1&copy=2"
REPOSITORY = "https://git.example.org/facts"
REPORT = "https://git.example.org/new?title={fact}%20in%20{version}&body={words}"
SAID = f'repository = "{REPOSITORY}"\nhomepage = "{HOMEPAGE}"\nreport = "{REPORT}"\n'


def edition(article: Checked, said: str) -> Edition:
    made = edition_of(article.tables, {SOURCE: TEXT})
    return replace(made, originals={**made.originals, PUBLICATION_FILE: said.encode()})


def links(source: str) -> dict[str, list[str]]:
    """Where a page leads, by the words of the link."""
    found: dict[str, list[str]] = {}
    for attributes, words in Document(source).all("a"):
        found.setdefault(words, []).append(attributes["href"])
    return found


WRONG = {
    'homepage = "javascript:alert(1)"': ("homepage", "wrong_value"),
    'homepage = "ftp://example.org/"': ("homepage", "wrong_value"),
    'homepage = "https://example.org/a b"': ("homepage", "wrong_value"),
    'homepage = "https://example.org/>,<#x"': ("homepage", "wrong_value"),
    'homepage = "https://example.org/{fact}"': ("homepage", "wrong_value"),
    'repository = "https://example.org/\\u0000"': ("repository", "control_character"),
    "repository = 'https://example.org/\"x'": ("repository", "wrong_value"),
    'report = "mailto:{words}"': ("report", "wrong_value"),
    'report = "https://{words}/new"': ("report", "wrong_value"),
    'report = "https://example.org/{wrods}"': ("report", "wrong_value"),
    "homepage = 7": ("homepage", "wrong_type"),
    'homepgae = ""': ("homepgae", "extra_key"),
    "report = ": ("10", "not_toml"),
}


@pytest.mark.parametrize("line", WRONG)
def test_what_is_wrong_is_one_defect_at_its_line(line: str, raw: Path) -> None:
    (raw / PUBLICATION_FILE).write_text(f"# where\n{line}\n", encoding="utf-8")
    (defect,) = check(raw).defects
    assert (defect.file, defect.line) == (PUBLICATION_FILE, 2)
    assert (defect.column, defect.code) == WRONG[line]


def test_all_that_is_wrong_is_said_at_once_with_what_would_do(raw: Path) -> None:
    (raw / PUBLICATION_FILE).write_text('hompage = ""\nreport = "example.org"\n')
    extra, wrong = check(raw).defects
    assert "nearest: homepage" in extra.message
    assert "https://example.org/new?title={fact}" in wrong.message


def test_a_file_that_is_not_there_or_empty_says_nothing(raw: Path, article: Checked) -> None:
    shown = pages(edition(article, 'homepage = ""\n'))["index.html"]
    assert shown == pages(edition_of(article.tables, {SOURCE: TEXT}))["index.html"]
    assert links(shown).keys().isdisjoint({"Homepage", "Repository", "Report an error"})
    (raw / PUBLICATION_FILE).unlink()
    assert check(raw).defects == []


def test_the_footer_of_each_page_leads_to_all_three_places(article: Checked) -> None:
    for source in pages(edition(article, SAID)).values():
        found = links(source)
        assert found["Homepage"] == [HOMEPAGE]
        assert found["Repository"] == [REPOSITORY]
        assert found["Report an error"] == ["https://git.example.org/new?title=%20in%201.0.0&body="]
        assert HOMEPAGE not in source, "& is escaped"


def test_an_error_of_a_fact_is_reported_with_its_name_version_and_words(article: Checked) -> None:
    found = links(pages(edition(article, SAID))["index.html"])
    named = [found[name] for name in found if name.startswith("Report an error: ")]
    facts = edition(article, SAID).facts
    assert sum(map(len, named)) == facts.height
    (quote,) = facts.filter(fact_id=f"{SOURCE}/bodies-president")["quote"]
    (address,) = found["Report an error: dialogue bodies, under the president, Kazakhstan"]
    assert parse_qs(urlsplit(address).query) == {
        "title": [f"{SOURCE}/bodies-president in 1.0.0"],
        "body": [quote],
    }


def test_words_fill_in_nothing_and_end_nothing() -> None:
    words = "20 & 30? #{version} \"'<>\n"
    address = report(REPORT, "1.0.0", "a/b", words)
    assert re.fullmatch(r"[\w:/.?=&%-]+", address)
    assert parse_qs(urlsplit(address).query)["body"] == [words]
    assert len(report(REPORT, "1.0.0", "a/b", "x" * 9999)) < 1000


@pytest.fixture(scope="module")
def release(article: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published_with_addresses(article, tmp_path_factory.mktemp("release"))


def published_with_addresses(article: Checked, folder: Path) -> Path:
    """Publish the article with the addresses of SAID; `folder` is empty."""
    raw = Path(shutil.copytree(ROOT / "raw", folder / "raw"))
    (raw / PUBLICATION_FILE).write_text(SAID, encoding="utf-8")
    return published(article, folder / "outputs", raw)


def test_what_describes_a_release_has_the_addresses_where_it_has_a_place_for_them(
    release: Path, article: Checked
) -> None:
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    assert package["homepage"] == HOMEPAGE
    croissant = json.loads((release / "metadata" / "croissant.json").read_text(encoding="utf-8"))
    assert croissant["url"] == HOMEPAGE
    dcat = (release / "metadata" / "dcat.ttl").read_text(encoding="utf-8")
    assert f"dcat:landingPage <{HOMEPAGE}> ;" in dcat
    assert f"foaf:page <{REPOSITORY}> ;" in dcat
    cff = (release / "metadata" / "CITATION.cff").read_text(encoding="utf-8")
    assert f'\nurl: "{HOMEPAGE}"\nrepository-code: "{REPOSITORY}"\n' in cff
    assert "\nurl:" not in filled("CITATION.cff", edition_of(article.tables, {}), {})


def test_a_release_with_addresses_is_verified_and_one_with_a_script_as_address_is_refused(
    release: Path, tmp_path: Path
) -> None:
    assert verify(release).failures == []
    copy = Path(shutil.copytree(release, tmp_path / "1.0.0"))
    forged = {**RawFolder(ROOT / "raw").originals(), PUBLICATION_FILE: b'homepage = "data:x"\n'}
    (copy / RAW).write_bytes(zip_of(forged))
    hash_anew(copy)
    assert "publication.toml:1:homepage" in verify(copy).as_text()
