"""Spark Connect servers, each started once for a module: Sail always, Apache Spark where SPARK_HOME
says that there is one.

Sail is a wheel of 50 MB and up in a second; Apache Spark is 470 MB, needs a Java, takes a second
for each query, and adds some three minutes to these tests, installed and all. So every run of the
tests has the first, and only one who asks for it the second: SPARK_HOME=$(uv run --no-project
--with pyspark==4.2.0 python -c "import pyspark; print(*pyspark.__path__)") pytest tests/spark
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, free_port, isolated

PACKAGES = (f"{ROOT}[spark]", "pysail==0.7.2")
APACHE = "org.apache.spark.sql.connect.service.SparkConnectServer"
SECONDS = 120


@dataclass(frozen=True)
class Server:
    """The URL of a server, and the Python of an environment with the extra `spark`."""

    url: str
    python: str

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run Python on the machine of the person who asks the server to compute."""
        return subprocess.run(
            [self.python, *command], capture_output=True, text=True, check=False, cwd=ROOT
        )

    def facts(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line."""
        return self.run("-m", "pipeline.cli", *arguments)


@pytest.fixture(scope="module")
def sail() -> Iterator[Server]:
    """Sail, a server of Spark Connect."""
    command = isolated(PACKAGES, "--python", sys.executable, "python", "tests/spark/serve_sail.py")
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        port, python = (process.stdout.readline().strip() for _ in range(2))
        assert port, "no server"
        yield Server(f"spark://127.0.0.1:{port}", python)


@pytest.fixture(
    scope="module", params=["sail", pytest.param("apache", marks=pytest.mark.apache_spark)]
)
def server(
    request: pytest.FixtureRequest, sail: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Each server."""
    if request.param == "sail":
        yield sail
        return
    if "SPARK_HOME" not in os.environ:
        pytest.skip(
            "no SPARK_HOME: Apache Spark is 400 MB and needs a Java; it has the version of the "
            "extra's pyspark-client"
        )
    port, folder = free_port(), tmp_path_factory.mktemp("apache_spark")
    conf = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.sql.shuffle.partitions": 4,
        "spark.ui.enabled": "false",
    }
    options = [part for name, value in conf.items() for part in ("--conf", f"{name}={value}")]
    submit = Path(os.environ["SPARK_HOME"], "bin", "spark-submit")
    environment = {
        **os.environ,
        "PYSPARK_PYTHON": sail.python,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_NO_DAEMONIZE": "1",
    }
    with subprocess.Popen(
        [submit, "--class", APACHE, "--master", "local[2]", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
    ) as process:
        try:
            _wait_for(port)
            yield Server(f"spark://127.0.0.1:{port}", sail.python)
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(SECONDS):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(1)
        else:
            return
    pytest.fail(f"Apache Spark does not answer after {SECONDS} seconds")
