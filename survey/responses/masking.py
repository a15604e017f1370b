"""Hides what could name a person in a comment: numbers, mail addresses, names. A help for readers, no guarantee."""

from __future__ import annotations

import re

from survey.foundation.text.vietnamese_text import normal
from survey.responses.personal_names import without_names

NUMBER, MAIL = "[số]", "[thư điện tử]"
# What may be long begins where its signs begin: looked for from each of them, a comment of one sign again and again
# would take a second.
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+ ?@ ?[\w-]+(?:\.[\w-]+)*")
_PLATE = re.compile(r"(?<![\w])\d{2}[A-ZĐ]\d?[ \-]?\d{3}[.\-]?\d{2}(?![\w])")
# Days, spans of years and amounts stay, however many stand side by side.
_DAY = r"\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d{2}|\d{1,2}/\d{1,2}(?!/)"
_KEPT = rf"(?<!\d)(?:{_DAY}|(?:19|20)\d{{2}} ?[–-] ?(?:19|20)\d{{2}}|\d(?:\.\d{{3}}){{1,2}}(?!\.\d))(?!\d)"
_BETWEEN = r"[ ()._/·–—\u20e3-]{0,3}"  # U+20E3: the key around a digit of a phone's keyboard
# Telephones (perhaps with an area code in brackets), identity cards, accounts; letters may touch them.
_NUMBER = re.compile(rf"({_KEPT})|\(\+?\d{{2,4}}\)[ .-]{{0,2}}\d(?:{_BETWEEN}\d){{5,}}|\+?\d(?:{_BETWEEN}\d){{7,}}")
# Telephones in groups by signs that stand between plain numbers too, or with letters that look like digits.
_GROUPED = re.compile(r"(?<!\d)(?=(?:\D{0,3}\d){9})0\d{2,3}(?: ?[,;|*\n] ?\d{2,4}){2,4}(?!\d)")
_LOOKALIKE = re.compile(r"(?<!\w)(?=(?:[oOlI]?[ .-]?\d){6})[0oO](?:[ .-]?[\doOlI]){8,10}(?!\w)")
_DIGIT = "không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín|khong|mot|bon|tu|nam|lam|sau|bay|tam|chin"
# In words such numbers begin with a nought; eight digits in a row are no other words.
_SPELLED = re.compile(rf"(?<!\w)(?:không|khong)(?:[ ,.-]+(?:{_DIGIT})){{7,}}(?!\w)", re.IGNORECASE)


def mask(comment: str) -> str:
    """The comment with telephone and identity numbers, also in words, licence plates, mail addresses and Vietnamese
    names replaced."""
    text = normal(comment)
    if "@" in text:
        text = _MAIL.sub(MAIL, text)
    text = _PLATE.sub(NUMBER, text)
    text = _NUMBER.sub(lambda match: match[1] or NUMBER, text)
    text = _LOOKALIKE.sub(NUMBER, _GROUPED.sub(NUMBER, text))
    return without_names(_SPELLED.sub(NUMBER, text))
