"""Tests: each name is a sentence that a user would care about."""

import os

# the workers of the tests share the processors: pools of threads of each would wait for each other
# (a fifth of a check)
os.environ.setdefault("POLARS_MAX_THREADS", "1")
