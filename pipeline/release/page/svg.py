"""Draw on a width that is not known: positions across are percentages, heights and letters are pixels.

So a chart fits a phone and a desk without its letters shrinking or growing. Everything that goes in is escaped. Belongs here:
what all charts share. Does not belong here: what any chart shows.
"""

from collections.abc import Iterator
from itertools import count

from markupsafe import Markup

LINE = 19
"""Pixels from one line of text to the next."""

NARROW = 21.0
"""What the narrowest phone (288 px beside its margins) holds of a chart's 13 px letters across, in ems, with a margin."""

_WIDE_FROM = 0x1100  # Hangul, CJK and emoji: a whole em each
_WIDTHS = {"iIjltf.,:;'|![] /": 0.28, "r()-": 0.34, "mwMW%@": 0.86}
_LETTERS = {letter: width for letters, width in _WIDTHS.items() for letter in letters}


def element(tag: str, *children: str, **attributes: object) -> Markup:
    """Return an SVG element; `class_` is class, `text_anchor` is text-anchor, None is left out."""
    named = Markup("").join(
        Markup(' {}="{}"').format(name.rstrip("_").replace("_", "-"), _plain(value))
        for name, value in attributes.items()
        if value is not None
    )
    return Markup("<{0}{1}>{2}</{0}>").format(tag, named, Markup("").join(children))


def _plain(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def drawing(name: str, title: str, description: str, height: float, *content: str) -> Markup:
    """Return a chart as wide as its place, `height` pixels high, with a title and a description for who cannot see it."""
    return element(
        "svg",
        *_named(name, title, description),
        *content,
        **_as_image(name),
        width="100%",
        height=height,
    )


def scaled(name: str, title: str, description: str, size: tuple[float, float], *content: str) -> Markup:
    """Return a chart without letters that is scaled to its place: `size` is its width and height in units of its own."""
    return element(
        "svg",
        *_named(name, title, description),
        *content,
        **_as_image(name),
        viewBox=f"0 0 {size[0]:g} {size[1]:g}",
    )


def _named(name: str, title: str, description: str) -> tuple[Markup, Markup]:
    return element("title", title, id=f"{name}-title"), element("desc", description, id=f"{name}-desc")


def _as_image(name: str) -> dict[str, str]:
    return {
        "class_": "chart",
        "role": "img",
        "aria_labelledby": f"{name}-title",
        "aria_describedby": f"{name}-desc",
        "focusable": "false",
    }


def across(share: float) -> str:
    """Return a position across, from 0 (left) to 100 (right)."""
    return f"{share:.3f}".rstrip("0").rstrip(".") + "%"


def bar(start: float, end: float, top: float, height: float, class_: str) -> Markup:
    """Return a bar from one position across to another."""
    return element("rect", x=across(start), y=top, width=across(max(end - start, 0)), height=height, class_=class_)


def rule(start: float, end: float, y: float, class_: str) -> Markup:
    """Return a line across."""
    return element("line", x1=across(start), x2=across(end), y1=y, y2=y, class_=class_)


def upright(x: float, top: float, bottom: float, class_: str) -> Markup:
    """Return a line from top to bottom."""
    return element("line", x1=across(x), x2=across(x), y1=top, y2=bottom, class_=class_)


def at(x: float, *content: str) -> Markup:
    """Return shapes in pixels from a position across."""
    return element("svg", *content, x=across(x), overflow="visible")


def write(text: str, y: float, x: float = 0, anchor: str | None = None, class_: str | None = None) -> Markup:
    """Return a line of text that starts (or, by `anchor`, ends or has its middle) at a position across."""
    return element("text", text, x=across(x), y=y, text_anchor=anchor, class_=class_)


def arrow(x: float, y: float, direction: str, class_: str = "") -> Markup:
    """Return the head of an arrow whose tip points up, down, left or right."""
    points = {"up": "-5,8 0,0 5,8", "down": "-5,-8 0,0 5,-8", "right": "-8,-5 0,0 -8,5", "left": "8,-5 0,0 8,5"}[direction]
    return at(x, element("polygon", points=points, transform=f"translate(0 {y:g})", class_=f"arrow {class_}".strip()))


def scale(*marks: tuple[float, str], y: float) -> Markup:
    """Return the words of an axis across, none of which leaves the drawing."""
    return Markup("").join(
        write(text, y, x, "start" if x < 5 else "end" if x > 95 else "middle", "axis")  # noqa: PLR2004 (near an edge)
        for x, text in marks
    )


def ems(text: str) -> float:
    """Return about how wide a text is, in ems of Helvetica, Arial and their kin."""
    return sum(1.0 if ord(letter) >= _WIDE_FROM else _LETTERS.get(letter, 0.69 if letter.isupper() else 0.55) for letter in text)


def wrapped(text: str, width: float = NARROW) -> list[str]:
    """Return a text in lines of at most `width` ems; a word that is longer is cut."""
    lines = [""]
    for word in text.split():
        for piece in _cut(word, width):
            longer = f"{lines[-1]} {piece}" if lines[-1] else piece
            if lines[-1] and ems(longer) > width:
                lines.append(piece)
            else:
                lines[-1] = longer
    return lines


def _cut(word: str, width: float) -> Iterator[str]:
    while word:
        end = next(place for place in count(1) if place >= len(word) or ems(word[: place + 1]) > width)
        yield word[:end]
        word = word[end:]


def steps(low: float, high: float, most: int) -> list[int]:
    """Return round numbers from `low` to `high`, at most `most` of them."""
    size = next(size for power in count() for size in (10**power, 2 * 10**power, 5 * 10**power) if (high - low) / size < most)
    first = -int(-low // size) * size
    return list(range(first, int(high) + 1, size))
