"""The passwords that are guessed first: a list of 20,000 and a few of ours.

Also with digits and signs around them, signs between their letters, or twice over.
"""

from __future__ import annotations

import gzip
import string
from functools import cache
from pathlib import Path

from survey.foundation.text.vietnamese import fold

FILE = Path(__file__).with_name("common-passwords.txt.gz")  # whose it is: NOTICE
OURS = (
    *("matkhau", "matkhaumoi", "matkhaumacdinh", "hailong", "mucdohailong", "khaosat", "quantri", "quantrivien"),
    *("vietnam", "xinchao", "anhyeuem", "emyeuanh", "yeuemnhieu", "giadinh", "hanhphuc", "tinhyeu", "dongian", "canbo"),
    *("daklak", "sonla", "angiang", "hanoi", "saigon", "soyte", "sonoivu", "sogddt", "ubndtinh", "motcua"),
    *("administrator", "hailongdemo", "abcdefghij", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
)
SHORTEST_WORD = 3
ADDED = 8  # as many as a date has; more of them are a password by themselves
AROUND = string.digits + string.punctuation + string.whitespace


def is_common(password: str) -> bool:
    """Whether the password, or what is left of it without digits and signs, is one of the first guesses."""
    plain = "".join(fold(password).split())
    return _is_first_guess(plain) or _is_first_guess("".join(sign for sign in plain if sign not in string.punctuation))


def _is_first_guess(plain: str) -> bool:
    core = plain.strip(AROUND)
    half = core[: len(core) // 2]
    word = half if half * 2 == core else core
    added = plain.replace(core, "", 1)
    is_short = len(added) <= ADDED or added.strip(string.punctuation) in _known()
    return plain in _known() or (word in _known() and len(word) > SHORTEST_WORD and is_short)


@cache
def _known() -> frozenset[str]:
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines) | frozenset(OURS)
