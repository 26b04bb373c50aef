"""What a person types: the sub-commands of `facts`, their arguments, and what --help says of them.

Belongs here: names, forms and words of arguments; a function for each command. Does not belong
here: what a command does with them (the file of its name beside this one). argparse, since --help
and `facts check` start at once: it takes a third of the time of click to import.
"""

from argparse import (
    ArgumentParser,
    ArgumentTypeError,
    RawDescriptionHelpFormatter,
    _SubParsersAction,
)
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "_SubParsersAction[ArgumentParser]"

NAME = "civil-society-facts"
LAST_PORT = 65535

STATUSES = "Exit status: 0 all well; 1 defects, differences or findings; 2 wrong usage."
COMPLETION = """\
Completion of commands, sources and releases, in a shell with .venv/bin in its PATH:
  bash, zsh   eval "$(register-python-argcomplete facts)"
  fish        register-python-argcomplete --shell fish facts | source"""


def make_parser() -> ArgumentParser:
    """Return what reads the command line: `command`, and the arguments of that command."""
    parser = ArgumentParser(
        prog="facts",
        description="Check hand-entered facts and release them as a dataset.",
        epilog=f"{STATUSES}\n\n{COMPLETION}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"facts {version(NAME)}")
    commands = parser.add_subparsers(
        title="commands", dest="command", required=True, metavar="COMMAND"
    )
    for add in (
        _add_check,
        _add_new,
        _add_enter,
        _add_read,
        _add_release,
        _add_diff,
        _add_verify,
        _add_ui,
    ):
        add(commands)
    return parser


def _add_check(commands: Commands) -> None:
    check = _add(
        commands,
        "check",
        "check raw/ and run every rule; writes nothing",
        "Check every file of raw/ and run every rule. Each defect is told with file, line and\n"
        "column, what stands there and what was expected. Nothing is written.",
        "facts check --source mfa-2011-12-23",
    )
    check.add_argument("--source", metavar="ID", help="only this source, by the name of its folder")
    how = check.add_mutually_exclusive_group()
    how.add_argument(
        "--accept-text",
        action="store_true",
        help="take a changed text.txt for the source's, if no fact is lost",
    )
    how.add_argument(
        "--watch",
        action="store_true",
        help="check again after each change of a file, until it is stopped",
    )
    _add_computing(check)
    _add_raw(check)
    _add_outputs(check)
    _add_format(check)


def _add_new(commands: Commands) -> None:
    new = _add(
        commands,
        "new",
        "make the folder of a new source from its text",
        "Make the folder of a new source in raw/ from the text of a document: text.txt,\n"
        "source.toml, as far as the text and the options say what stands there, and CSV\n"
        "files with their headings.",
        "facts new union-2020-03-03 --text minutes.txt --publisher kz_mfa",
    )
    new.add_argument(
        "id", metavar="ID", help="the name of the folder: small letters, digits and hyphens"
    )
    new.add_argument(
        "--text", required=True, type=Path, metavar="FILE", help="the text of the document"
    )
    for option, name, words in (
        ("title", "TEXT", "the document's (default: the first line, if it looks like one)"),
        ("publisher", "CODE", "a code of codelists/agents.csv"),
        ("published", "DATE", "such as 2011-12-23 (default: the day at the head of the text)"),
        ("language", "TAG", "such as en, ru, kk (default: guessed, where it is clear)"),
        ("url", "URL", "where the document was read"),
        ("retrieved", "DAY", "on which it was read there, such as 2026-11-24"),
        ("rights", "TEXT", "who may do what with the text"),
        ("translation-of", "ID", "the source of which this one is a translation"),
    ):
        new.add_argument(f"--{option}", metavar=name, help=words)
    _add_raw(new)
    _add_format(new)


def _add_enter(commands: Commands) -> None:
    enter = _add(
        commands,
        "enter",
        "enter facts in the browser, each row proposed",
        "Serve the curator's page to browsers on this machine: a text with every number and\n"
        "date, a row proposed for each, and what the checks say of it. What is accepted is\n"
        "written at once to the CSV files of raw/, which may be edited at the same time.",
        "facts enter mfa-2011-12-23",
    )
    enter.add_argument(
        "id", metavar="ID", nargs="?", help="the source to enter (default: a list of all)"
    )
    _add_port(enter, 3001)
    _add_raw(enter)
    _add_outputs(enter)


def _add_read(commands: Commands) -> None:
    read = _add(
        commands,
        "read",
        "show how a text is read, number by number",
        "Show every number, period and label of a text, and how each is read. A text of raw/\n"
        "is read as its source.toml says.",
        "facts read minutes.txt --language ru --country KZ",
    )
    read.add_argument("file", metavar="FILE", help="a text in UTF-8; - is standard input")
    read.add_argument(
        "--language",
        metavar="TAG",
        help="of the text, such as en, ru, kk (default: en; for this and the options below: "
        "what source.toml says, if FILE is the text.txt of a source)",
    )
    read.add_argument(
        "--decimal", choices=(".", ","), help="its decimal mark, where it is not the language's"
    )
    read.add_argument(
        "--group", choices=(",", ".", " ", "'", ""), help="its mark between groups of three digits"
    )
    read.add_argument(
        "--negative",
        choices=("minus", "brackets"),
        help="how it prints numbers below 0 (default: minus)",
    )
    read.add_argument(
        "--days", choices=("DMY", "MDY", "YMD"), help="the order of day, month and year in digits"
    )
    read.add_argument(
        "--country", type=_country, metavar="KZ", help="whose dollars are meant (ISO 3166-1)"
    )
    read.add_argument(
        "--fiscal-year-starts", metavar="MM-DD", help="the day on which its fiscal years start"
    )
    _add_raw(read, "the folder of the code lists")
    _add_format(read)


def _add_release(commands: Commands) -> None:
    release = _add(
        commands,
        "release",
        "build the DuckDB file and the release",
        "Check raw/, build the DuckDB file and, if a release is due, the next one with its\n"
        "zip; say what was built and what to open. With defects, what is there stays.",
        "facts release --copy-to s3://bucket/facts",
    )
    release.add_argument(
        "--copy-to",
        metavar="URL",
        help="also put it there: a folder (file:///...), s3://, gs://, abfs://, hdfs://",
    )
    _add_computing(release)
    _add_raw(release)
    _add_outputs(release)
    _add_format(release)


def _add_diff(commands: Commands) -> None:
    diff = _add(
        commands,
        "diff",
        "what changed between two releases, fact by fact",
        "Show what changed between two releases, table by table and fact by fact.",
        "facts diff 2.0.0 3.0.0",
    )
    diff.add_argument(
        "old", metavar="OLD", help="a version that stands in the releases, a folder, or a zip"
    )
    diff.add_argument("new", metavar="NEW", help="likewise")
    _add_outputs(diff)
    _add_format(diff)


def _add_verify(commands: Commands) -> None:
    verify = _add(
        commands,
        "verify",
        "check a downloaded release with nothing but its folder",
        "Make a downloaded release again from its own raw/ and compare every byte; nothing but\n"
        "the release itself is read.",
        "facts verify outputs/releases/3.0.1",
    )
    verify.add_argument(
        "release", type=Path, metavar="DIR", help="the folder of a release, or its zip"
    )
    _add_format(verify)


def _add_ui(commands: Commands) -> None:
    ui = _add(
        commands,
        "ui",
        "serve the Dagster UI, the releases and the curator's page to browsers",
        "Serve the Dagster UI, where the tables are built and their checks are shown, and beside\n"
        "it the releases (/releases/) and the curator's page (/enter/), on 127.0.0.1 alone.",
        "facts ui --port 3100",
    )
    _add_port(ui, 3000)
    _add_raw(ui)
    _add_outputs(ui)


def _add(
    commands: Commands, name: str, in_short: str, description: str, example: str
) -> ArgumentParser:
    return commands.add_parser(
        name,
        help=in_short,
        description=description,
        epilog=f"Example:\n  {example}",
        formatter_class=RawDescriptionHelpFormatter,
    )


def _add_computing(command: ArgumentParser) -> None:
    where = command.add_mutually_exclusive_group()
    where.add_argument(
        "--engine", metavar="URL", help="a Spark cluster that reads the texts: spark://HOST:PORT"
    )
    where.add_argument(
        "--memory",
        metavar="AMOUNT",
        help="memory that DuckDB may take, such as 2GB; the rest spills to disk",
    )
    command.add_argument(
        "--no-cache",
        action="store_true",
        help="compute all anew; keep and use nothing in outputs/.cache/",
    )


def _add_port(command: ArgumentParser, default: int) -> None:
    command.add_argument(
        "--port",
        type=_port,
        default=default,
        metavar="N",
        help=f"on which 127.0.0.1 is listened to (default: {default})",
    )


def _add_raw(command: ArgumentParser, words: str = "the hand-entered files") -> None:
    command.add_argument(
        "--raw", type=_folder, default="raw", metavar="DIR", help=f"{words} (default: raw)"
    )


def _add_outputs(command: ArgumentParser) -> None:
    command.add_argument(
        "--outputs",
        type=_folder,
        default="outputs",
        metavar="DIR",
        help="the releases (default: outputs)",
    )


def _add_format(command: ArgumentParser) -> None:
    command.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="how to report (default: text)",
    )


def _folder(typed: str) -> Path:
    if "://" in typed:
        raise ArgumentTypeError(f"{typed!r} stands here; expected a folder of this machine")
    return Path(typed)


def _country(typed: str) -> str:
    # ISO 3166-1 alpha-2
    if len(typed) != 2 or not typed.isascii() or not typed.isupper():  # noqa: PLR2004
        raise ArgumentTypeError(f"{typed!r} stands here; expected two capital letters such as KZ")
    return typed


def _port(typed: str) -> int:
    if not typed.isdecimal() or not 0 < int(typed) <= LAST_PORT:
        raise ArgumentTypeError(f"{typed!r} stands here; expected a number from 1 to {LAST_PORT}")
    return int(typed)
