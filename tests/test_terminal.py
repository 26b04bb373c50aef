"""What a person sees at a terminal, and what a program that reads a command gets of it."""

import json
import os
import pty
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.answers import UNWELL, USAGE, WELL
from pipeline.cli import main
from pipeline.cli.arguments import make_parser
from tests.conftest import ROOT, SOURCE, Edit

FACTS = [sys.executable, "-m", "pipeline.cli"]
COMMANDS = {
    "--help": WELL,
    "chekc": USAGE,
    "check": WELL,
    "check --format json": WELL,
    "diff 2.0.0 3.0.0": UNWELL,
    "verify nowhere": USAGE,
    "read README.md --format json": WELL,
    "new a --text nowhere": USAGE,
    "ui --port 0": USAGE,
}
"""Commands, and the exit status of each."""

BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


@contextmanager
def unread() -> Iterator[int]:
    """The end of a pipe that nobody reads."""
    listener, end = os.pipe()
    os.close(listener)
    yield end
    os.close(end)


@pytest.mark.parametrize("command", COMMANDS)
def test_whether_anybody_reads_an_answer_changes_nothing_of_it(command: str) -> None:
    run = [*FACTS, *command.split()]
    with unread() as end:
        deaf = subprocess.run(
            run, stdout=end, stderr=subprocess.PIPE, env=BUFFERED, check=False, cwd=ROOT
        )
        mute = subprocess.run(
            run, stdout=subprocess.PIPE, stderr=end, env=BUFFERED, check=False, cwd=ROOT
        )
    assert [deaf.returncode, mute.returncode] == [COMMANDS[command]] * 2
    assert b"Traceback" not in deaf.stderr
    assert b"Broken pipe" not in deaf.stderr
    assert bool(mute.stdout) == (COMMANDS[command] != USAGE)


@pytest.mark.parametrize(("command", "status"), [("--help", WELL), ("check --no-cache", WELL)])
def test_streams_that_are_closed_from_the_start_change_nothing_either(
    command: str, status: int
) -> None:
    line = f"{shlex.join(FACTS)} {command} <&- >&- 2>&-"
    assert subprocess.run(["/bin/sh", "-c", line], check=False, cwd=ROOT).returncode == status


def test_watching_ends_when_nobody_reads_it_any_longer() -> None:
    with unread() as end:
        run = subprocess.run(
            [*FACTS, "check", "--watch"], stdout=end, env=BUFFERED, check=False, cwd=ROOT
        )
    assert run.returncode == WELL


def at_a_terminal(command: list[str], **environment: str) -> str:
    """What a command shows at a terminal."""
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    shown, end = pty.openpty()
    with subprocess.Popen(
        [*FACTS, *command],
        stdin=end,
        stdout=end,
        stderr=end,
        cwd=ROOT,
        env={**plain, "TERM": "xterm", **environment},
    ):
        os.close(end)
        seen = b""
        try:
            while read := os.read(shown, 65536):
                seen += read
        except OSError:  # how Linux tells that the other end is closed
            pass
    os.close(shown)
    return seen.decode().replace("\r\n", "\n")


def in_a_pipe(command: list[str]) -> str:
    return subprocess.run(
        [*FACTS, *command], capture_output=True, text=True, check=False, cwd=ROOT
    ).stdout


def without_colours(shown: str) -> str:
    """What stands there when the line that tells the step at work is gone, too."""
    return re.sub(r"\x1b\[\d*m", "", re.sub(r"\r\x1b\[K(?:[^\r\n]* \.\.\.)?", "", shown))


def test_a_terminal_shows_places_headings_and_outcomes_in_colour_and_a_pipe_the_same_words_plainly(
    raw: Path, tmp_path: Path, edit: Edit
) -> None:
    command = ["check", "--raw", str(raw), "--outputs", str(tmp_path / "outputs")]
    sound = at_a_terminal(command)
    assert "\x1b[1mWhat follows\x1b[m\n" in sound
    assert "\x1b[33m1 finding\x1b[m" in sound
    assert "\x1b[32m24 satisfied\x1b[m" in sound
    assert without_colours(sound) == in_a_pipe(command)
    edit(f"{SOURCE}/observations.csv", ",35000,", ",35001,")
    spoilt = at_a_terminal(command)
    place = re.escape(f"{raw}/{SOURCE}/observations.csv")
    assert re.search(rf"(?m)\x1b\[1m{place}:\d+:value\x1b\[m: '35001' stands here", spoilt)
    assert "\x1b[31m1 defect\x1b[m;" in spoilt
    assert without_colours(spoilt) == in_a_pipe(command)


def test_a_terminal_tells_the_step_at_work_and_takes_it_away(raw: Path, tmp_path: Path) -> None:
    shown = at_a_terminal(
        ["check", "--no-cache", "--raw", str(raw), "--outputs", str(tmp_path / "outputs")]
    )
    assert "\r\x1b[Kobservations ..." in shown
    assert shown.rindex("...\r\x1b[K") < shown.index("What follows")


@pytest.mark.parametrize(
    ("wish", "value", "left"), [("NO_COLOR", "1", {"K"}), ("TERM", "dumb", set())]
)
def test_whoever_wants_no_colour_gets_none(wish: str, value: str, left: set[str]) -> None:
    shown = at_a_terminal(["check"], **{wish: value})
    assert set(re.findall(r"\x1b\[\d*(\w)", shown)) == left
    assert without_colours(shown) == in_a_pipe(["check"])


def test_json_has_no_colour_at_a_terminal_either() -> None:
    shown = at_a_terminal(["check", "--format", "json"])
    assert json.loads(without_colours(shown))["defects"] == []
    assert set(re.findall(r"\x1b\[\d*(\w)", shown)) == {"K"}


def examples() -> Mapping[str, list[str]]:
    """The example of each command, as its --help has it, without `facts`."""
    (commands,) = (
        action.choices
        for action in make_parser()._actions  # noqa: SLF001 (argparse has no other way)
        if isinstance(action.choices, dict)
    )
    return {
        name: shlex.split(command.epilog.partition("\n")[2])[1:]
        for name, command in commands.items()
    }


@pytest.mark.parametrize("command", examples())
def test_help_of_every_command_says_what_it_does_and_has_an_example_that_can_be_typed(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make_parser().parse_args(examples()[command]).command == command
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    told = capsys.readouterr().out
    assert re.search(r"(?s)\n\n[A-Z].+?\.\n\n", told), "a description in whole sentences"
    assert "Example:\n  facts " in told


def completed(line: str, answer: Path) -> set[str]:
    """What Tab offers after a line, as argcomplete asks for it in every shell."""
    asking = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
    }
    subprocess.run(FACTS, env={**os.environ, **asking}, check=True, cwd=ROOT)
    return {word.strip() for word in answer.read_text(encoding="utf-8").split("\n")}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("facts ", {"check", "release", "verify", "--version"}),
        ("facts check --source ", {SOURCE}),
        ("facts new union-2020 --translation-of ", {SOURCE}),
        ("facts diff ", {"1.0.0", "2.0.0"}),
        ("facts diff 1.0.0 2", {"2.0.0"}),
        ("facts check --format ", {"text", "json"}),
        ("facts read READ", {"README.md"}),
    ],
)
def test_a_shell_completes_commands_options_sources_releases_and_files(
    line: str, words: set[str], tmp_path: Path
) -> None:
    assert words <= completed(line, tmp_path / "answer")
