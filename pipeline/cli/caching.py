"""Where `facts check` and `facts release` keep what they have found: outputs/.cache/."""

from argparse import Namespace

from pipeline.kept import Kept


def kept_of(options: Namespace) -> Kept | None:
    """Return what is kept, or None where nothing is to be."""
    return None if options.no_cache else Kept(options.outputs / ".cache")
