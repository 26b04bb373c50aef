"""What `facts check` and `facts release` share: where they compute, and defects as JSON."""

import json
import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.cli import caching
from pipeline.engine import cluster_at
from pipeline.parts import Parts
from pipeline.query import within_memory

if TYPE_CHECKING:
    from pipeline.check import Checked
    from pipeline.operate.run import Released


@contextmanager
def parts_of(options: Namespace) -> Iterator[Parts]:
    """Give where parts are computed: on a cluster, within a limit of memory, or here, on all
    cores.
    """
    here = Parts(os.cpu_count() or 1, kept=caching.kept_of(options))
    if options.memory is not None:
        with within_memory(options.memory):
            yield here
    elif options.engine is not None:
        cluster = cluster_at(options.engine)
        cluster.connect()
        yield replace(here, workers=cluster)
        cluster.close()
    else:
        yield here


# what JSON holds
def as_json(raw: str, found: "Checked | Released", **more: Any) -> str:  # noqa: ANN401
    """Return defects, unacknowledged findings, and more, as JSON."""
    defects = {
        name: [defect.as_json(raw) for defect in getattr(found, name)]
        for name in ("defects", "unacknowledged")
    }
    return json.dumps({**defects, **more}, ensure_ascii=False, indent=2) + "\n"
