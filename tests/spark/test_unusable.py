"""A cluster that cannot be used is one line and exit status 2."""

import socket

from tests.conftest import free_port
from tests.spark.conftest import Server

EXPECTED = (
    "stands here; expected the URL of a Spark Connect server, spark://HOST:PORT, after "
    "which /;NAME=VALUE;... may follow"
)


def test_a_url_that_leads_to_no_server_is_one_line(sail: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        silent = f"spark://127.0.0.1:{other.getsockname()[1]}"
        gone = f"spark://127.0.0.1:{free_port()}"
        cases = {
            "check --engine 127.0.0.1:15002": f"'127.0.0.1:15002' {EXPECTED}",
            "check --engine http://127.0.0.1:15002": f"'http://127.0.0.1:15002' {EXPECTED}",
            "check --engine spark://127.0.0.1:port": f"'spark://127.0.0.1:port' {EXPECTED}",
            "check --engine spark://": f"'spark://' {EXPECTED}",
            (
                "check --engine spark://127.0.0.1:15002/;secret"
            ): f"'spark://127.0.0.1:15002/' {EXPECTED}",
            "check --engine sc://no.invalid:15002": (
                "sc://no.invalid:15002 cannot be reached: Name or service not known"
            ),
            (f"check --engine {silent}/;token=secret"): (
                f"{silent} is no Spark Connect server: it does not answer as one"
            ),
            f"check --engine {gone}": f"{gone} cannot be reached: Connection refused",
            f"release --engine {gone}": f"{gone} cannot be reached: Connection refused",
        }
        run = sail.run("-m", "tests.spark.run_commands", *cases)
    assert run.stderr.splitlines() == [
        f"facts {command.split()[0]}: {why}" for command, why in cases.items()
    ]
    assert run.stdout.split() == ["2"] * len(cases)
