"""What a command cannot work with at all: not a defect of what was typed, but of how the command
was called.
"""


class Unusable(Exception):  # noqa: N818 (it says what is wrong, as NotARelease does)
    """An engine or a place that cannot be used, said in one line to the person who named it."""
