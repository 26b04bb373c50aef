"""What is wrong with a file of a release, and how many files of one fault are told of.

Belongs here: the shape of a failure. Does not belong here: what is one; each check decides that.
"""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 20
"""Files with the same fault that are named, and the next with how many more there are."""


@dataclass(frozen=True, order=True)
class Failure:
    """One thing that is wrong: the file, relative to the release's folder, the kind for machines,
    and a sentence.
    """

    file: str
    code: str
    message: str


def of_each(names: Iterable[str], code: str, message: str) -> list[Failure]:
    """Return a failure for each of some files; of many, for the first of them."""
    found = sorted(names)
    told = [Failure(name, code, message) for name in found[: SHOWN + 1]]
    if more := len(found) - len(told):
        told[-1] = Failure(found[SHOWN], code, f"{message}; so it is with {more:,} more files")
    return told


class Unmade(Exception):  # noqa: N818 (it is no error of this program)
    """A release cannot be made again; why, as failures."""

    def __init__(self, *failures: Failure) -> None:
        """Keep what stands against it."""
        super().__init__(*failures)
        self.failures = [*failures]
