"""What a file that is not UTF-8 looks like, so that whoever saved it knows what to change.

charset-normalizer tells the encodings of one byte apart; it is here anyway with what Dagster needs,
is well kept, and was right on the sentences tried where it was asked about few encodings. Nothing
is decoded with its guess: the file stays a defect.
"""

import codecs
import re

from pipeline.defects import Defect

AROUND = 4_000
"""Bytes on both sides of what is not UTF-8 that are looked at."""

WESTERN = {
    "cp1252": "cp1252 (Windows, Western European)",
    "cp850": "cp850 (DOS, Western European)",
    "mac_roman": "mac-roman",
}
CYRILLIC = {
    "cp1251": "cp1251 (Windows, Cyrillic)",
    "kz1048": "kz1048 (Windows, Kazakh)",
    "ptcp154": "ptcp154 (Kazakh)",
    "koi8_r": "koi8-r (Cyrillic)",
    "cp866": "cp866 (DOS, Cyrillic)",
    "iso8859_5": "iso8859-5 (Cyrillic)",
}

_WIDE = {
    codecs.BOM_UTF32_LE: "UTF-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_KAZAKH = re.compile("[Ққ]".encode("kz1048"))
"""Letters of kz1048 for which cp1251, its twin in all else, has letters of Macedonian."""

_IN_LATIN_WORDS = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")
_WORDS_OF_THEIR_OWN = re.compile(rb"(?<![A-Za-z\x80-\xff])[\x80-\xff]{2,}(?![A-Za-z])")


def from_wide(data: bytes) -> tuple[str, bytes] | None:
    """Return which encoding the mark at the beginning of a text names, and the text in UTF-8; None
    where it names none, or is wrong.

    Nothing is guessed, and nothing is lost.
    """
    for mark, name in _WIDE.items():
        if data.startswith(mark):
            try:
                return name, data.decode(name).encode()
            except UnicodeDecodeError:
                return None
    return None


def not_utf8(data: bytes, file: str, place: int) -> Defect:
    """Return the defect of a file that is not UTF-8 from a place on, with what it looks like."""
    encoding = looks_like(data, place)
    seems = (
        f"this looks like {encoding}"
        if encoding
        else f"byte {data[place]:02x} here is no part of a character"
    )
    how = " (in a spreadsheet: CSV UTF-8)" if file.endswith(".csv") else ""
    expected = f"UTF-8; {seems}. Save the file as UTF-8{how}"
    return Defect(file, data.count(b"\n", 0, place) + 1, "", "not_utf8", "", expected)


def looks_like(data: bytes, place: int) -> str | None:
    """Return the encoding of bytes that are not UTF-8 at a place, or None where that is UTF-8 with
    a wrong byte in it.
    """
    if wide := next((name for mark, name in _WIDE.items() if data.startswith(mark)), None):
        return wide
    around = data[
        max(place - AROUND, 0) // 4 * 4 : place + AROUND
    ]  # a character of UTF-32 has four bytes
    if b"\0" in around:
        return _wide(around)
    as_utf8 = around.decode("utf-8", "replace")
    if sum(character > "\x7f" for character in as_utf8) > 2 * as_utf8.count("\ufffd"):
        return None
    # a tenth of a second, which only a wrong file takes
    from charset_normalizer import from_bytes  # noqa: PLC0415

    is_western = len(_IN_LATIN_WORDS.findall(around)) > len(_WORDS_OF_THEIR_OWN.findall(around))
    candidates = WESTERN if is_western else CYRILLIC
    best = from_bytes(around, threshold=0.5, cp_isolation=list(candidates)).best()
    if best is None:
        return None
    is_kazakh = best.encoding == "cp1251" and _KAZAKH.search(around)
    return candidates["kz1048" if is_kazakh else best.encoding]


def _wide(around: bytes) -> str | None:
    """Return which encoding of more than one byte a character has so many zero bytes in so many of
    its places.
    """
    zeros = [around[place::4].count(0) for place in range(4)]
    if len(around) // 4 in {min(zeros[:2]), min(zeros[2:])}:
        return "UTF-32"
    first, second = zeros[0] + zeros[2], zeros[1] + zeros[3]
    return "UTF-16" if abs(first - second) > len(around) / 20 else None
