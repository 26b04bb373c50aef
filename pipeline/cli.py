"""The command `facts`: check, new, read, release, diff, verify, ui.

Belongs here: arguments, exit status, and what is printed. Does not belong here: any work.
`facts check` is what a curator runs after every change, so it starts fast: nothing here imports
Dagster before it is needed.
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.answers import Answer, answered
from pipeline.durable import has_no_room
from pipeline.kept import Kept
from pipeline.unusable import Unusable

if TYPE_CHECKING:
    from pipeline.check import Checked
    from pipeline.operate.run import Released
    from pipeline.parts import Parts

NAME = "civil-society-facts"
WELL, UNWELL, USAGE = 0, 1, 2
LAST_PORT = 65535
HARDLY = 200
"""Milliseconds after which --watch looks whether it is to stop."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 all well (diff: the same), 1 defects or unacknowledged
    findings, 2 wrong usage.
    """
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(
            stream, io.TextIOWrapper
        ):  # a terminal that lacks a character of a quote shows its number instead
            stream.reconfigure(errors="backslashreplace")
    commands = {
        "check": _check,
        "new": _new,
        "read": _read,
        "release": _release,
        "diff": _diff,
        "verify": _verify,
        "ui": _ui,
    }
    try:
        status = commands[options.command](options)
        if sys.stdout is not None:
            # whoever has stopped reading is noticed here, and not when Python ends
            sys.stdout.flush()
    except Unusable as error:
        tell()
        print(f"facts {options.command}: {error}", file=sys.stderr)
        return USAGE
    except OSError as error:
        if has_no_room(error):
            tell()
            print(f"facts {options.command}: {error}", file=sys.stderr)
        elif not isinstance(error, BrokenPipeError):  # whoever reads it has enough of it
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNWELL
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="facts",
        description="Check hand-entered facts and release them as a dataset.",
        epilog="Exit status: 0 all well; 1 defects, differences or findings; 2 wrong usage.",
    )
    parser.add_argument("--version", action="version", version=f"facts {version(NAME)}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check raw/ and run every rule; writes nothing")
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
    release = commands.add_parser("release", help="build the DuckDB file and the release")
    release.add_argument(
        "--copy-to",
        metavar="URL",
        help="also put it there: a folder (file:///...), s3://, gs://, abfs://, hdfs://",
    )
    new = _add_new(commands)
    _add_read(commands)
    diff = commands.add_parser("diff", help="what changed between two releases, fact by fact")
    diff.add_argument(
        "old", metavar="OLD", help="a version that stands in the releases, a folder, or a zip"
    )
    diff.add_argument("new", metavar="NEW", help="likewise")
    verify = commands.add_parser(
        "verify", help="check a downloaded release with nothing but its folder"
    )
    verify.add_argument(
        "release", type=Path, metavar="DIR", help="the folder of a release, or its zip"
    )
    ui = commands.add_parser(
        "ui", help="serve the Dagster UI and the releases to browsers on this machine"
    )
    ui.add_argument(
        "--port",
        type=_port,
        default=3000,
        metavar="N",
        help="on which 127.0.0.1 is listened to (default: 3000)",
    )
    for command in (check, release):
        where = command.add_mutually_exclusive_group()
        where.add_argument(
            "--engine",
            metavar="URL",
            help="a Spark cluster that reads the texts: spark://HOST:PORT",
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
    for command in (check, new, release, ui):
        command.add_argument(
            "--raw",
            type=_folder,
            default="raw",
            metavar="DIR",
            help="the hand-entered files (default: raw)",
        )
    for command in (check, release, diff, ui):
        command.add_argument(
            "--outputs",
            type=_folder,
            default="outputs",
            metavar="DIR",
            help="the releases (default: outputs)",
        )
    for command in (check, new, release, diff, verify):
        command.add_argument(
            "--format",
            choices=("text", "json"),
            default="text",
            help="how to report (default: text)",
        )
    return parser


def _add_new(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> argparse.ArgumentParser:
    new = commands.add_parser(
        "new",
        help="make the folder of a new source from its text",
        description="Make the folder of a new source in raw/ from the text of a document: "
        "text.txt, source.toml, as far as the text and the options say what stands there, and CSV "
        "files with their headings.",
        epilog="Example: facts new union-2020-03-03 --text minutes.txt --publisher kz_mfa "
        "--url https://example.org/minutes",
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
    return new


def _add_read(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    read = commands.add_parser(
        "read",
        help="show how a text is read, number by number",
        description="Show every number, period and label of a text.",
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
    read.add_argument(
        "--raw",
        type=_folder,
        default="raw",
        metavar="DIR",
        help="the folder of the code lists (default: raw)",
    )
    read.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to report (default: text)"
    )


def _folder(typed: str) -> Path:
    if "://" in typed:
        raise argparse.ArgumentTypeError(
            f"{typed!r} stands here; expected a folder of this machine"
        )
    return Path(typed)


def _country(typed: str) -> str:
    # ISO 3166-1 alpha-2
    if len(typed) != 2 or not typed.isascii() or not typed.isupper():  # noqa: PLR2004
        raise argparse.ArgumentTypeError(
            f"{typed!r} stands here; expected two capital letters such as KZ"
        )
    return typed


def _port(typed: str) -> int:
    if not typed.isdecimal() or not 0 < int(typed) <= LAST_PORT:
        raise argparse.ArgumentTypeError(
            f"{typed!r} stands here; expected a number from 1 to {LAST_PORT}"
        )
    return int(typed)


def tell(step: str = "") -> None:
    """Show on a terminal what is being built, in one line that the next replaces; without a step,
    take that line away.
    """
    if sys.stderr.isatty():
        print(f"\r\x1b[K{step} ..." if step else "\r\x1b[K", end="", file=sys.stderr, flush=True)


def _check(options: argparse.Namespace) -> int:
    asked = [options.source or "", str(options.accept_text)]
    if not options.watch or not options.raw.is_dir():
        return _say(options, _checked, asked)
    from watchfiles import watch  # noqa: PLC0415 (see _checked)

    try:
        for number, changes in enumerate(
            watch(options.raw, yield_on_timeout=True, rust_timeout=HARDLY)
        ):
            if changes or number == 0:
                print("" if number == 0 else "\n--- raw/ has changed\n", end="")
                _say(options, _checked, asked)
                sys.stdout.flush()
    except KeyboardInterrupt:
        pass
    return WELL


def _say(
    options: argparse.Namespace,
    answer: Callable[[argparse.Namespace], Answer],
    asked: Sequence[str],
) -> int:
    """Print the answer of a command, or what it was when all was as it is now; return its exit
    status.
    """
    looks_elsewhere = options.engine is not None or vars(options).get("copy_to") is not None
    asked = [options.command, options.format, options.raw.as_posix(), str(options.memory), *asked]
    kept = None if looks_elsewhere else _kept(options)
    said = answered(asked, options.raw, options.outputs, kept, lambda: answer(options))
    tell()
    print(said.err, end="", file=sys.stderr)
    print(said.out, end="")
    return said.status


def _kept(options: argparse.Namespace) -> Kept | None:
    return None if options.no_cache else Kept(options.outputs / ".cache")


def _checked(options: argparse.Namespace) -> Answer:
    # so that --help and wrong usage answer at once
    from pipeline.check import check_tables  # noqa: PLC0415
    from pipeline.facts.reanchor import TYPED, reanchor_changed  # noqa: PLC0415 (likewise)
    from pipeline.raw_tables import RawTables  # noqa: PLC0415 (likewise)
    from pipeline.read.raw_folder import RawFolder  # noqa: PLC0415 (likewise)
    from pipeline.report import findings, report  # noqa: PLC0415 (likewise)

    with _parts(options) as parts:
        read = RawTables(RawFolder(options.raw, options.source, parts))
        reanchored = reanchor_changed(
            read.given(TYPED), options.raw, options.outputs, accepting=options.accept_text
        )
        # source.toml may have another hash now
        checked = check_tables(RawTables(read.raw) if options.accept_text else read, tell)
    raw = options.raw.as_posix()
    if options.format == "json":
        more = {
            "findings": findings(checked),
            "remarks": checked.remarks,
            "reanchored": [asdict(fact) for fact in reanchored],
        }
        out = _as_json(raw, checked, **more)
    else:
        out = "".join(f"{line}\n" for line in (*reanchored, *report(checked, raw)))
    status = UNWELL if checked.defects or checked.unacknowledged else WELL
    return Answer(status, out, is_lasting=not options.accept_text)


def _new(options: argparse.Namespace) -> int:
    from pipeline.new_source import OPTIONS, make_source  # noqa: PLC0415 (see _checked)

    given = {key: value for key in OPTIONS if (value := getattr(options, key)) is not None}
    made = make_source(options.raw, options.id, options.text, given)
    print(made.as_json() if options.format == "json" else made.as_text())
    return WELL


def _read(options: argparse.Namespace) -> int:
    from pipeline.evidence.mentions import as_json  # noqa: PLC0415 (see _check)

    # likewise
    from pipeline.read_text import (  # noqa: PLC0415
        as_rows,
        document_for,
        keys_to_set,
        mentions_of_file,
        text_of,
    )

    keys = ("language", "decimal", "group", "negative", "country", "fiscal_year_starts")
    said = {key: getattr(options, key) for key in keys} | {"day_order": options.days}
    text = text_of(options.file)
    document = document_for(options.file, said)
    mentions = mentions_of_file(text, document, options.raw)
    if options.format == "json":
        print(
            json.dumps(
                [as_json(mention, text) for mention in mentions], ensure_ascii=False, indent=2
            )
        )
    else:
        print(*as_rows(text, mentions), sep="\n")
    for key in keys_to_set(mentions):
        print(
            f"facts read: source.toml should say {key}; without it some words are unread",
            file=sys.stderr,
        )
    return WELL


@contextmanager
def _parts(options: argparse.Namespace) -> Iterator["Parts"]:
    """Give where parts are computed: on a cluster, within a limit of memory, or here, on all
    cores.
    """
    from pipeline.parts import Parts  # noqa: PLC0415 (see _checked)

    here = Parts(os.cpu_count() or 1, kept=_kept(options))
    if options.memory is not None:
        from pipeline.query import within_memory  # noqa: PLC0415 (likewise)

        with within_memory(options.memory):
            yield here
    elif options.engine is not None:
        from pipeline.engine import cluster_at  # noqa: PLC0415 (likewise)

        cluster = cluster_at(options.engine)
        cluster.connect()
        yield replace(here, workers=cluster)
        cluster.close()
    else:
        yield here


# what JSON holds
def _as_json(raw: str, found: "Checked | Released", **more: Any) -> str:  # noqa: ANN401
    defects = {
        name: [defect.as_json(raw) for defect in getattr(found, name)]
        for name in ("defects", "unacknowledged")
    }
    return json.dumps({**defects, **more}, ensure_ascii=False, indent=2) + "\n"


def _release(options: argparse.Namespace) -> int:
    return _say(options, _released, [])


def _released(options: argparse.Namespace) -> Answer:
    from pipeline.operate.run import run_release  # noqa: PLC0415 (see _checked)
    from pipeline.report import defect_lines  # noqa: PLC0415 (likewise)

    with _parts(options) as parts:
        outcome = run_release(options.raw, options.outputs, tell, options.copy_to, parts)
    raw = options.raw.as_posix()
    status = WELL if outcome.released is not None else UNWELL
    if options.format == "json":
        return Answer(status, _as_json(raw, outcome), is_lasting=outcome.is_unchanged)
    err = "".join(
        f"{line}\n" for line in defect_lines((*outcome.defects, *outcome.unacknowledged), raw)
    )
    return Answer(status, f"{outcome.summary}\n", err, is_lasting=outcome.is_unchanged)


def _diff(options: argparse.Namespace) -> int:
    from pipeline.release.diff import as_json, as_text, diff  # noqa: PLC0415 (see _check)

    compared = diff(options.old, options.new, options.outputs)
    print(as_json(compared) if options.format == "json" else as_text(compared))
    return WELL if compared.found.is_empty() else UNWELL


def _verify(options: argparse.Namespace) -> int:
    from pipeline.release.verify import verify  # noqa: PLC0415 (see _check)

    verified = verify(options.release)
    print(verified.as_json() if options.format == "json" else verified.as_text())
    return UNWELL if verified.failures else WELL


def _ui(options: argparse.Namespace) -> int:
    from pipeline.operate.ui import run_ui  # noqa: PLC0415 (see _check)

    try:
        return run_ui(options.raw, options.outputs, options.port, tell)
    except OSError as error:
        print(f"facts ui: {error.filename or options.port}: {error.strerror}", file=sys.stderr)
        return USAGE


if __name__ == "__main__":
    sys.exit(main())
