"""What a shell offers when a person presses Tab: commands, options, sources and releases.

Belongs here: which words complete an argument. Does not belong here: how a shell asks for them;
that is argcomplete's.
"""

from argparse import Action, ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path

from argcomplete import autocomplete
from argcomplete.completers import BaseCompleter, FilesCompleter


class Words(BaseCompleter):
    """Completes an ID by the sources, OLD and NEW by the releases, all else by files."""

    def __call__(  # noqa: D102 (as the library has it)
        self, *, prefix: str, action: Action, parser: ArgumentParser, parsed_args: Namespace
    ) -> Iterable[str]:
        del parser
        typed = vars(parsed_args)
        if action.metavar == "ID":
            return _folders(typed.get("raw", "raw"), "*/source.toml")
        releases = _folders(typed.get("outputs", "outputs"), "releases/*/SHA256SUMS")
        return [
            *(releases if action.metavar in {"OLD", "NEW"} else ()),
            *FilesCompleter()(prefix),
        ]


def complete(parser: ArgumentParser) -> None:
    """Answer the shell that asks, and end."""
    autocomplete(parser, default_completer=Words())


def _folders(where: str | Path, files: str) -> list[str]:
    return [file.parent.name for file in Path(where).glob(files)]
