"""Whether a word can be Vietnamese: what tells a right decoding of an old file from a wrong one."""

from __future__ import annotations

import re
import unicodedata

_TONES = "\u0300\u0309\u0303\u0301\u0323"
_ONSET = "(?:b|c|ch|d|đ|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu?|r|s|t|th|tr|v|x)?"
_OPEN = (
    "a|e|ê|i|o|ô|ơ|u|ư|y|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|iêu|oa|oai|oao|oay|oe|oeo|"
    "oi|ôi|ơi|ua|uây|ui|uê|uôi|uơ|uy|uya|uyu|ưa|ưi|ươi|ươu|ưu|yêu"
)
_CLOSED = "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y|oa|oă|oe|oo|iê|yê|uâ|uê|uô|uơ|uy|uyê|ươ"
_SYLLABLE = re.compile(f"^{_ONSET}(?:(?:{_OPEN})|(?:{_CLOSED})(?P<coda>ch|c|m|ng|nh|n|p|t))$")
_SHARP, _HEAVY = _TONES[3], _TONES[4]


def is_syllable(word: str) -> bool:
    """Whether a word has the shape of a Vietnamese syllable: one tone at most, and no ending it cannot have."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in decomposed if mark in _TONES]
    match = _SYLLABLE.match(unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in _TONES)))
    if match is None or len(tones) > 1:
        return False
    return match["coda"] not in ("c", "ch", "p", "t") or tones in ([_SHARP], [_HEAVY])
