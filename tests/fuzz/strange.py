"""Strange words, and strange ways to damage text and bytes."""

import unicodedata
from collections.abc import Callable
from random import Random

WORDS = (
    *("", " ", "\t", "0", "-1", "-0", "1.0", "1e9", "NaN", "inf", "null", "None", "true", "0x1f"),
    *("9" * 18, "9" * 19, "7" * 1000, "1" * 5000, "0.0000001", "1/0", "0:0", "2:3", "1_000", "+5"),
    *(
        "Y1E99999999",
        "Y-17E9999",
        "9999-12-31",
        "0000",
        "-0001",
        "2011-02-30",
        "XXXX",
        "../..",
        ".",
    ),
    *("2011-10~", "Oct-11", "24.12.2011", "1997/..", "[2003..2004]", "{2001,2002}", "2011-W01"),
    *("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "＝1+1", "-2+3", "x;=1"),
    *("<script>alert(1)</script>", "&amp;", "</td>", "javascript:alert(1)", "'; DROP TABLE a;--"),
    *('"', '""', "'", "'''", '"""', ",", ";", "|", "*", "a*", "#", "\\", "\\u0000", "{{ 7*7 }}"),
    *("{0}", "%s", "$1", "../../etc/passwd", "C:\\x", "file:///etc/passwd", "http://x", "https://"),
    *("\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\x9b", "\r", "\n", "\r\n", "\u2028", "\u2029"),
    *("\ufeff", "\u200b", "\u200d", "\u00ad", "\u061c", "\u202e", "\u2066", "\u2069", "\ufffe"),
    *("\u00a0", "\u2009", "\u202f", "\u3000", "\u1680", "e\u0301", "\u0301", "a" + "\u0301" * 300),
    *(
        "٣٥",
        "३५",
        "３５",
        "²",
        "½",
        "Ⅻ",
        "①",
        "𝟛𝟝",
        "一二",
        "〇",
        "१,०००",
        "𝟙𝟘",
        "٪",
        "−5",
        "–5",
        "‑5",
    ),
    *("ß", "ﬁ", "ŉ", "İ", "K", "Å", "Ω", "аrea", "🏳️‍🌈", "\U0010ffff", "\U000e0001", "ⷠ", "ᄀ" * 50),
    *("clubs", "FEN", "club-en", "sources", "codelists", "con", "nul", "-", "_", "..", "a/b", "é"),
    *(
        "[" * 200,
        "(" * 5000,
        "{" * 50,
        "“" * 100,
        "“",
        "”",
        "«",
        "a.b.c",
        "x" * 10_001,
        "ы" * 9_999,
    ),
    *(
        "about at least nearly 5 to 6 to 7",
        "one of two of three",
        "12/05/2023",
        "1,23,456",
        "1.234",
    ),
    *(
        "two-thirds of half a million",
        "35 000,5",
        "minus minus 3",
        "§ 5",
        "£5bn",
        "$ 7m",
        "5%%",
        "~~5",
    ),
)
"""What may be typed, pasted, or planted anywhere."""

_ENCODINGS = ("cp1251", "koi8-r", "utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7", "utf-8-sig")
_DIGITS = ("٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "₀₁₂₃₄₅₆₇₈₉")
_ALIKE = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")


def word(chance: Random) -> str:
    """Return a strange word, or characters drawn from all of Unicode."""
    if chance.random() < 0.8:
        return chance.choice(WORDS)
    drawn = (chr(chance.randrange(0x110000)) for _ in range(chance.randrange(1, 6)))
    return "".join(one for one in drawn if not "\ud800" <= one <= "\udfff")


def _piece(text: str, chance: Random) -> tuple[str, str, str]:
    """Return a text in three parts, the middle one short."""
    start, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    end = min(end, start + 40)
    return text[:start], text[start:end], text[end:]


def _in_another_form(text: str, chance: Random) -> str:
    kind = chance.randrange(3)
    if kind == 0:
        return text.translate(str.maketrans("0123456789", chance.choice(_DIGITS)))
    return unicodedata.normalize("NFD" if kind == 1 else "NFKD", text)


_IN_TEXT: tuple[Callable[[str, str, str, Random], str], ...] = (
    lambda a, b, c, chance: a + word(chance) + b + c,
    lambda a, b, c, chance: a + b + word(chance) + c,
    lambda a, b, c, chance: word(chance) + a + b + c,
    lambda a, _, c, chance: a + word(chance) + c,
    lambda a, _, c, __: a + c,
    lambda a, b, c, chance: a + b * chance.choice((2, 3, 30)) + c,
    lambda a, b, c, _: b + a + c,
    lambda a, b, c, chance: _in_another_form(a + b + c, chance),
    lambda a, b, c, _: a + b.translate(_ALIKE) + c,
    lambda a, b, c, _: a + b.swapcase() + c,
    lambda a, b, c, _: a + b.strip() + c,
)


def changed(text: str, chance: Random) -> str:
    """Return a text with one thing changed."""
    return chance.choice(_IN_TEXT)(*_piece(text, chance), chance)


def _flipped(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data) or 1)
    return (
        data[:place]
        + bytes(one ^ 1 << chance.randrange(8) for one in data[place : place + 1])
        + data[place + 1 :]
    )


def _in_another_encoding(data: bytes, chance: Random) -> bytes:
    text = data.decode("utf-8", errors="replace")
    return text.encode(chance.choice(_ENCODINGS), errors="replace")


_IN_BYTES: tuple[Callable[[bytes, bytes, Random], bytes], ...] = (
    lambda data, _, chance: _flipped(data, chance),
    lambda data, _, chance: data[: chance.randrange(len(data) + 1)],
    lambda data, _, chance: data[chance.randrange(len(data) + 1) :],
    lambda data, _, chance: data + chance.randbytes(chance.choice((1, 4, 200))),
    lambda data, other, chance: data[: chance.randrange(len(data) + 1)] + other,
    lambda _, other, chance: chance.choice((b"", b"\0", b"\n", b"\xff\xfe", b"PK\x03\x04", other)),
    lambda data, _, chance: (
        chance.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"\n\n", b" ")) + data
    ),
    lambda data, _, chance: _in_another_encoding(data, chance),
    lambda data, _, chance: data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"\x0b"))),
    lambda data, _, chance: data[:50_000] * chance.choice((2, 5)),
    lambda data, _, __: data.rstrip(b"\n"),
)


def damaged(data: bytes, chance: Random, other: bytes) -> bytes:
    """Return bytes with one thing changed; `other` are those of another file."""
    return chance.choice(_IN_BYTES)(data, other, chance)
