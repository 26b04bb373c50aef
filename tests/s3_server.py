"""An S3 server for the tests, in an environment of its own."""

import http.client
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import free_port, isolated

KEYS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "word",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""The environment of those who ask it."""


@dataclass(frozen=True)
class S3:
    """A server: where it listens, and what it writes down of each request."""

    port: int
    log: Path

    def url(self, bucket: str, who: str = "", allowing: str = "&allow_bucket_creation=true") -> str:
        return f"s3://{who}{bucket}/facts?scheme=http&endpoint_override=127.0.0.1:{self.port}{allowing}"

    def check_keys(self, after: int) -> None:
        """Have it check who asks, after so many requests more."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("POST", "/moto-api/reset-auth", str(after))
        assert connection.getresponse().status == 200
        connection.close()

    def writes(self) -> list[str]:
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [
            found[0]
            for line in lines
            if (found := re.search(r"(PUT|POST|DELETE) /(?!moto-api)\S+", line))
        ]


@contextmanager
def serving(log: Path) -> Iterator[S3]:
    """Serve, and write down each request."""
    server = S3(free_port(), log)
    command = isolated(
        ("moto[server]==5.2.5",), "moto_server", "-H", "127.0.0.1", "-p", str(server.port)
    )
    with (
        log.open("w") as written,
        subprocess.Popen(
            command, stdout=written, stderr=written, start_new_session=True
        ) as process,
    ):
        try:
            until = time.monotonic() + 120
            while "Running on" not in log.read_text(encoding="utf-8"):
                assert process.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() < until
                time.sleep(0.1)
            yield server
        finally:
            os.killpg(process.pid, signal.SIGKILL)
