"""`facts release`: the DuckDB file and the release, or why there is none."""

from argparse import Namespace

from pipeline.answers import UNWELL, WELL, Answer
from pipeline.cli.computing import as_json, parts_of
from pipeline.cli.terminal import tell
from pipeline.operate.run import run_release
from pipeline.report import defect_lines


def answer(options: Namespace) -> Answer:
    """Build both; return what was built and what to open next."""
    with parts_of(options) as parts:
        outcome = run_release(options.raw, options.outputs, tell, options.copy_to, parts)
    raw = options.raw.as_posix()
    status = WELL if outcome.released is not None else UNWELL
    if options.format == "json":
        release = outcome.released and str(outcome.released)
        out = as_json(raw, outcome, release=release, built=outcome.built)
        return Answer(status, out, is_lasting=outcome.is_unchanged)
    found = (*outcome.defects, *outcome.unacknowledged)
    err = "".join(f"{line}\n" for line in defect_lines(found, raw))
    built = "".join(f"  {what}: {path}\n" for what, path in outcome.built.items())
    return Answer(status, f"{outcome.summary}\n{built}", err, is_lasting=outcome.is_unchanged)
