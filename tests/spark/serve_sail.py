"""Serve Spark Connect with Sail until standard input ends; print the port, then which Python this
is.

Runs in an environment of its own, with the extra `spark` and pysail: python
tests/spark/serve_sail.py
"""

import os
import sys

from pysail.spark import SparkConnectServer


def main() -> None:
    """Serve."""
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    print(server.listening_address[1], sys.executable, sep="\n", flush=True)
    sys.stdin.read()
    os._exit(0)  # the server would first wait for sessions that nobody will use again


if __name__ == "__main__":
    main()
