"""The Dagster UI as an operator meets it: started by its one command, used by clicks in a real
browser.

Screenshots go to tests/output/ (not committed), for a person to look at.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import ROOT, SOURCE, Edit, free_port
from tests.test_dagster import bytes_below
from tests.test_one_server import PATIENCE, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOTS = ROOT / "tests" / "output"

RUNS = "{runsOrError {... on Runs {results {runId status}}}}"
STALE = "{assetNodes {assetKey {path} staleStatus}}"
CHECKS = (
    "{assetNodes {assetKey {path} assetChecksOrError {... on AssetChecks {checks {name "
    "executionForLatestMaterialization {status}}}}}}"
)
RELOAD = (
    'mutation {reloadRepositoryLocation(repositoryLocationName: "pipeline.definitions") '
    "{__typename}}"
)
LOG = '{logsForRun(runId: "%s") {... on EventConnection {events {... on MessageEvent {message}}}}}'


class Operator:
    """Someone with the UI open in a browser."""

    def __init__(self, page: Page, port: int) -> None:
        self.page = page
        self.address = f"http://127.0.0.1:{port}"

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def shoot(self, name: str) -> None:
        """Keep what is on screen, once it has come to rest, as wide screens and narrow ones show
        it.
        """
        SHOTS.mkdir(exist_ok=True)
        for width in (1280, 1600):
            self.page.set_viewport_size({"width": width, "height": 1000})
            self.page.wait_for_timeout(400)
            self.page.screenshot(path=SHOTS / f"{name}-{width}.png")

    def ask(self, query: str) -> dict[str, Any]:
        content = json.dumps({"query": query}).encode()
        request = urllib.request.Request(  # noqa: S310
            f"{self.address}/graphql", content, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 (our own)
            data: dict[str, Any] = json.load(answer)["data"]
        return data

    def runs(self) -> dict[str, str]:
        return {run["runId"]: run["status"] for run in self.ask(RUNS)["runsOrError"]["results"]}

    def log_of(self, run: str) -> str:
        return "\n".join(
            event.get("message", "") for event in self.ask(LOG % run)["logsForRun"]["events"]
        )

    def stale(self) -> set[str]:
        nodes = self.ask(STALE)["assetNodes"]
        return {
            "/".join(node["assetKey"]["path"]) for node in nodes if node["staleStatus"] == "STALE"
        }

    def failed_checks(self) -> set[str]:
        """The checks that the UI shows as failed, or as not ended."""
        return {
            f"{'/'.join(node['assetKey']['path'])}/{check['name']}"
            for node in self.ask(CHECKS)["assetNodes"]
            for check in node["assetChecksOrError"].get("checks", [])
            if check["executionForLatestMaterialization"]["status"] != "SUCCEEDED"
        }

    def reload_definitions(self) -> None:
        self.ask(RELOAD)

    def materialise_all(self) -> dict[str, str]:
        """Press the button, wait for the run to end, and return how it ended.

        While it is at work no page is open that asks for its state again and again: that takes as
        long as it does.
        """
        before = self.runs()
        self.open("/asset-groups")
        expect(self.page.get_by_role("button", name="Materialize all")).to_be_enabled()
        self.page.get_by_role("button", name="Materialize all").click()
        until(self.runs, lambda runs: len(runs) == len(before) + 1)
        self.page.goto("about:blank")
        ended = until(self.runs, lambda runs: set(runs.values()) <= {"SUCCESS", "FAILURE"})
        return {run: status for run, status in ended.items() if run not in before}

    def open_check(self, asset: str, name: str) -> None:
        self.open(f"/assets/{asset}?view=checks&checkDetail={name}")


@contextmanager
def ui(home: Path, raw: Path, outputs: Path, port: int) -> Iterator[None]:
    """Have the UI at hand, started by its one command and stopped as from a terminal."""
    command = [
        sys.executable,
        "-m",
        "pipeline.cli",
        "ui",
        f"--port={port}",
        f"--raw={raw}",
        f"--outputs={outputs}",
    ]
    with (home / "ui.log").open("a") as log:
        environment = {**os.environ, "DAGSTER_HOME": str(home)}
        started = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            until(lambda: _answers(port), bool)
            yield
        finally:
            os.killpg(started.pid, signal.SIGINT)
            started.wait(PATIENCE)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info"):
            return True
    except OSError:
        return False


@contextmanager
def operator(browser: Browser, port: int, hosts: set[str]) -> Iterator[Operator]:
    """Have a browser's window open; `hosts` gets every server that it talks to."""
    expect.set_options(timeout=PATIENCE * 1000)
    with browser.new_context(viewport={"width": 1600, "height": 1000}) as context:
        context.on(
            "request",
            lambda request: hosts.add(request.url.split("/")[2]) if "://" in request.url else None,
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        yield Operator(page, port)


def values_below(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {path.name: pl.read_parquet(path).rows() for path in folder.glob("*.parquet")}


def test_an_operator_runs_the_pipeline_reads_the_release_and_finds_a_slip(
    browser: Browser, raw: Path, tmp_path: Path, edit: Edit
) -> None:
    home, outputs, port = tmp_path / "home", tmp_path / "outputs", free_port()
    home.mkdir()
    shutil.copy(ROOT / ".dagster" / "dagster.yaml", home)
    hosts: set[str] = set()
    with operator(browser, port, hosts) as person:
        with ui(home, raw, outputs, port):
            sees_what_the_dataset_is_before_any_run(person)
            (first,) = runs_everything_by_a_click(person)
            sees_what_the_article_leaves_open(person)
            sees_what_the_pipeline_logged(person, first)
            opens_the_release_and_follows_a_number_to_its_words(person)
            before = {**bytes_below(outputs / "releases"), **values_below(outputs / "tables")}
            edit(f"{SOURCE}/observations.csv", ",11.25,", ",11.52,")
            sees_what_is_out_of_date(person)
            finds_what_has_to_be_mended_by_three_clicks(person, f"{raw}/{SOURCE}")
            assert {
                **bytes_below(outputs / "releases"),
                **values_below(outputs / "tables"),
            } == before
            known = person.runs()
        assert runs_that_the_next_start_finds(home) == known
    assert hosts == {f"127.0.0.1:{port}"}


def sees_what_the_dataset_is_before_any_run(person: Operator) -> None:
    person.open("/asset-groups")
    for group in ("sources", "facts", "consistency", "release"):
        expect(
            person.page.get_by_text(group, exact=True).locator("visible=true").first
        ).to_be_visible()
    assert person.page.get_by_role("dialog").count() == 0
    person.shoot("1-before-any-run")
    person.open("/assets/observations")
    expect(person.page.get_by_text("Every number that a source states").first).to_be_visible()
    expect(
        person.page.get_by_text("The country or region that the value is about (ISO 3166-2)").first
    ).to_be_visible()
    expect(person.page.get_by_text("Unit: day.").first).to_be_visible()


def runs_everything_by_a_click(person: Operator) -> dict[str, str]:
    ended = person.materialise_all()
    assert list(ended.values()) == ["SUCCESS"]
    assert person.stale() == set()
    person.open("/asset-groups")
    expect(
        person.page.get_by_text("11", exact=True).first
    ).to_be_visible()  # assets of the group sources that are up to date
    person.shoot("2-graph-after-a-run")
    return ended


def sees_what_the_article_leaves_open(person: Operator) -> None:
    person.open_check("check_results", "every_dialogue_body_is_named")
    expect(
        person.page.get_by_text(
            "122 of 300 dialogue bodies belong to no named group (40.7 %)"
        ).first
    ).to_be_visible()
    expect(person.page.get_by_text("Acknowledged: The article counts 300").first).to_be_visible()
    expect(person.page.get_by_text("Passed").first).to_be_visible()
    person.shoot("3-the-finding-of-122")
    person.reload_definitions()
    person.open("/assets/findings")
    image = person.page.get_by_role("img", name=re.compile("in no named group"))
    expect(image).to_be_visible()
    assert image.evaluate("image => image.naturalWidth") > 0
    person.shoot("4-dialogue-bodies")
    person.open("/assets/mentions")
    expect(
        person.page.get_by_text(re.compile("as it is read, with its one role")).first
    ).to_be_visible()


def sees_what_the_pipeline_logged(person: Operator, run: str) -> None:
    log = person.log_of(run)
    assert "Read observations.csv: 22 rows of 1 files, 0 defects." in log
    assert "components the exact solver was asked of 0." in log


def sees_what_is_out_of_date(person: Operator) -> None:
    until(person.stale, lambda stale: "observations" in stale)
    assert "agents" not in person.stale()
    person.open("/assets/observations")
    expect(person.page.get_by_text("Unsynced").first).to_be_visible()
    person.shoot("7-out-of-date")


def finds_what_has_to_be_mended_by_three_clicks(person: Operator, folder: str) -> None:
    ((run, status),) = person.materialise_all().items()
    assert status == "FAILURE"
    line = f"{folder}/observations.csv:7:value: '11.52' stands here"
    page = person.page
    person.open("/asset-groups")
    page.get_by_text("Runs", exact=True).first.click()
    person.shoot("8-runs")
    page.get_by_text(run[:8]).first.click()
    expect(page.get_by_text(line).first).to_be_visible()
    person.shoot("9-log-of-the-run")
    person.open("/assets/observations?view=checks")
    page.get_by_text("value_is_as_its_words_say").first.click()
    expect(page.get_by_text(line).first).to_be_visible()
    expect(page.get_by_role("cell", name="11.52", exact=True).first).to_be_visible()
    person.shoot("10-what-has-to-be-mended")
    assert person.failed_checks() == {"observations/value_is_as_its_words_say"}
    person.open_check("check_results", "ngos_are_part_of_organisations")
    expect(page.get_by_text("Not run; of what stands:").first).to_be_visible()
    person.shoot("11-what-did-not-run")


def opens_the_release_and_follows_a_number_to_its_words(person: Operator) -> None:
    person.open("/assets/release")
    link = person.page.get_by_role("link", name="/1.0.0/index.html").first
    expect(link).to_be_visible()
    with person.page.expect_popup() as opened:
        link.click()
    release = opened.value
    release.set_viewport_size({"width": 1100, "height": 900})
    release.wait_for_load_state()
    person.page.bring_to_front()
    release.screenshot(path=SHOTS / "5-release-page.png")
    release.get_by_role("link", name="300", exact=True).first.click()
    release.wait_for_url(re.compile(rf"/sources/{SOURCE}\.html#bodies"))
    words = release.locator("mark:target")
    expect(words).to_be_in_viewport()
    assert "300" in words.inner_text()
    plain = release.locator("mark:not(:target)").first
    colour = "mark => getComputedStyle(mark).backgroundColor"
    assert words.evaluate(colour) != plain.evaluate(colour)
    release.screenshot(path=SHOTS / "6-words-of-the-number.png")
    release.close()


def runs_that_the_next_start_finds(home: Path) -> dict[str, str]:
    """The runs that are kept in the folder that DAGSTER_HOME names, now that the server has
    ended.
    """
    with dg.DagsterInstance.from_config(str(home)) as instance:
        return {run.run_id: run.status.value for run in instance.get_runs()}
