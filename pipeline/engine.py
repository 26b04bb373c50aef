"""The Spark cluster that a URL names: its packages are an extra, which most have no use for."""

from typing import TYPE_CHECKING

from pipeline.unusable import Unusable

if TYPE_CHECKING:
    from pipeline.spark import Cluster


def cluster_at(url: str) -> "Cluster":
    """Return a cluster by its URL, spark://HOST:PORT, not yet connected; raises Unusable where that
    cannot be.
    """
    try:
        from pipeline.spark import Cluster  # noqa: PLC0415 (see above)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith(("pipeline", "schemas")):
            raise
        expected = "install the extra `spark` (uv sync --extra spark)"
        raise Unusable(
            f"an engine needs the package {error.name}, which is not installed: {expected}"
        ) from error
    return Cluster(url)
