"""Run the command line several times in one process, and print each exit status.

Runs in an environment of its own, with the extra `spark`: python -m tests.spark.run_commands
COMMAND ...
"""

import sys

from pipeline.cli import main

if __name__ == "__main__":
    for command in sys.argv[1:]:
        print(main(command.split()))
