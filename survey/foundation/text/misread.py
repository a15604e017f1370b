"""UTF-8 that a program on the way took for another encoding ("Ã¡" for "á"), read again where every letter is right."""

from __future__ import annotations

import re
import unicodedata

MISTAKEN_FOR = ("cp1252", "cp1258", "mac_roman")
TWICE = 3  # some texts were misread more than once
_TRACES = re.compile(
    "[\u00c3\u00c4\u00c5\u00c6\u0102][\u0080-\u00bf\u2018-\u203a\u0152-\u0192\u02c6\u02dc\u20ac\u2122]|\u00e1[\u00ba\u00bb]|\u00f0\u0178|\u00e2\u20ac|[\u221a\u00b7\u2206\u0192]|\u00cc[\u0080-\u00bf\u20ac]"
)
SURELY_MISREAD = re.compile(
    "[ÃÂÄÅÆĂ][\u0080-\u009f\u00a1-\u00aa\u00ac-\u00b6\u00b9\u00ba\u00bc-\u00bf]"
    "|áº[\u00a0-\u00bf]|á»[^\\s.,;:!?)\\]»”’…\"'–—-]|ðŸ|â€"
)
_LETTERS = re.compile(r"[^\W\d_]")
_VIETNAMESE = re.compile(
    "[A-Za-z\u00c0-\u00fd\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]"
)


def reread(text: str) -> str:
    """The text as it was before it was misread; the same text if it was not, or if letters would come out wrong."""
    reread_text = text
    for _turn in range(TWICE):
        if not _TRACES.search(text):
            break
        again = [read for read in (_reread(text, codec) for codec in MISTAKEN_FOR) if read is not None]
        if not again:
            break
        text = next(filter(_is_vietnamese, again), again[0])
        reread_text = text if _is_vietnamese(text) else reread_text
    return reread_text


def _reread(text: str, codec: str) -> str | None:
    try:
        again = b"".join(_bytes(sign, codec) for sign in text).decode("utf-8")
    except UnicodeError:
        return None
    return None if again == text else again


def _is_vietnamese(text: str) -> bool:
    return all(map(_VIETNAMESE.match, _LETTERS.findall(unicodedata.normalize("NFC", text))))


def _bytes(sign: str, codec: str) -> bytes:
    """What stood for a sign: a byte that the encoding leaves open is read by browsers as the control of its number."""
    try:
        return sign.encode(codec)
    except UnicodeEncodeError:
        if sign <= "\u00ff" and codec != "mac_roman":
            return sign.encode("latin-1")
        parts = unicodedata.normalize("NFD", sign)
        if len(parts) > 1:
            return unicodedata.normalize("NFC", parts[:-1]).encode(codec) + parts[-1].encode(codec)
        raise
