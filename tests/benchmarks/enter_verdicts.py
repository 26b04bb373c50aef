"""How long the curator's page takes to say what the checks say of a row that was accepted.

    python -m tests.benchmarks.enter_verdicts --pause 2 --others 1000

The article is entered again in a real browser, with a pause before each row in which a person would
read it. The table has the median of the milliseconds from the key to each part of the verdict, and
beside it the time of a check of the finished source in the same process, of which they are a share.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from pipeline.check import check
from tests.benchmarks.corpus.corpus import Size, write_corpus
from tests.conftest import CHROMIUM, ROOT, SOURCE
from tests.enter.conftest import EMPTIED, serving
from tests.enter.curator import Curator

PARTS = {"roles": "roles", "outcomes": "outcomes", "readings": "settled"}
WATCH = """() => {
    window.seen = [];
    const look = () => window.seen.push([document.body.dataset.part, performance.now()]);
    new MutationObserver(look).observe(
        document.body, {attributes: true, attributeFilter: ["data-part", "data-number"]});
    document.addEventListener("keydown", (event) => {
        if (event.key === "Enter") window.seen = [["key", performance.now()]];
    }, true);
}"""


def main() -> int:
    """Enter the article, and print the table."""
    parser = argparse.ArgumentParser(description="Time the verdicts of the curator's page.")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds before each row")
    parser.add_argument("--others", type=int, default=0, help="other sources beside the article")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        make_raw(raw, chosen.others)
        with serving(raw, Path(folder) / "outputs") as address, sync_playwright() as playwright:
            options = ["--no-sandbox", "--disable-gpu"]
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
            times = timed(browser.new_page(), address, chosen.pause)
            browser.close()
        check(raw, SOURCE)
        begun = time.perf_counter()
        check(raw, SOURCE)
        whole = (time.perf_counter() - begun) * 1000
    print(f"{len(times)} rows, {chosen.others} other sources; a check takes {whole:.0f} ms")
    print(f"{'part':10} {'median ms':>10} {'of a check':>10}")
    for part in PARTS:
        took = median(one[part] for one in times if part in one)
        print(f"{part:10} {took:10.0f} {took / whole:10.2f}")
    return 0


def make_raw(raw: Path, others: int) -> None:
    """Write a raw/ in which nothing of the article has been entered, beside other sources."""
    if others:
        write_corpus(raw, Size(others * 30, others, 1, 0.0, 0.0))
        (raw / "rules.toml").unlink()
    else:
        raw.mkdir()
    shutil.copytree(ROOT / "raw" / SOURCE, raw / SOURCE)
    shutil.copy(ROOT / "raw" / "rules.toml", raw)
    for name in EMPTIED:
        file = raw / SOURCE / f"{name}.csv"
        file.write_text(file.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
    (raw / SOURCE / "readings.csv").unlink()
    (raw / "codelists").mkdir(exist_ok=True)
    for file in (ROOT / "raw" / "codelists").iterdir():
        target = raw / "codelists" / file.name
        own = file.read_text("utf-8").splitlines(keepends=True)
        already = target.read_text("utf-8") if target.exists() else own[0]
        target.write_text(already + "".join(own[1:]), "utf-8")


def timed(page: Page, address: str, pause: float) -> list[dict[str, float]]:
    """Accept what is proposed, row after row; return of each the milliseconds to each part."""
    curator = Curator(page, f"{address}/{SOURCE}/", "")
    curator.settle()
    page.evaluate(WATCH)
    times = []
    while page.locator("#accept").count():
        time.sleep(pause)
        curator.press_and_see("Enter")
        page.wait_for_function(
            "() => window.seen.length > 1 && window.seen.at(-1)[0] === 'settled'", timeout=60_000
        )
        seen = page.evaluate("() => window.seen")
        first = dict(reversed(seen))
        times.append({part: first[of] - seen[0][1] for part, of in PARTS.items() if of in first})
    return times


if __name__ == "__main__":
    sys.exit(main())
