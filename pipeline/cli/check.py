"""`facts check`: what is wrong in raw/, and what the rules say of it."""

from argparse import Namespace
from dataclasses import asdict

from pipeline.answers import UNWELL, WELL, Answer
from pipeline.check import check_tables
from pipeline.cli.computing import as_json, parts_of
from pipeline.cli.terminal import tell
from pipeline.facts.reanchor import TYPED, reanchor_changed
from pipeline.raw_tables import RawTables
from pipeline.read.raw_folder import RawFolder
from pipeline.report import findings, report


def answer(options: Namespace) -> Answer:
    """Return the report; 1 where there are defects, or findings that nobody has acknowledged."""
    with parts_of(options) as parts:
        read = RawTables(RawFolder(options.raw, options.source, parts))
        reanchored = reanchor_changed(
            read.given(TYPED), options.raw, options.outputs, accepting=options.accept_text
        )
        # source.toml may have another hash now
        checked = check_tables(RawTables(read.raw) if options.accept_text else read, tell)
    raw = options.raw.as_posix()
    if options.format == "json":
        out = as_json(
            raw,
            checked,
            findings=findings(checked),
            remarks=checked.remarks,
            reanchored=[asdict(fact) for fact in reanchored],
        )
    else:
        out = "".join(f"{line}\n" for line in (*reanchored, *report(checked, raw)))
    status = UNWELL if checked.defects or checked.unacknowledged else WELL
    return Answer(status, out, is_lasting=not options.accept_text)
