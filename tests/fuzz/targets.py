"""What is handed over, by name."""

from collections.abc import Callable
from pathlib import Path

from tests.fuzz.case import Target
from tests.fuzz.raw import Raw
from tests.fuzz.releases import Releases
from tests.fuzz.requests import Requests
from tests.fuzz.texts import Texts

TARGETS: dict[str, Callable[[Path], Target]] = {
    "raw": Raw,
    "releases": Releases,
    "texts": Texts,
    "requests": Requests,
}
