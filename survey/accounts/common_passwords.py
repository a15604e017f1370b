"""The passwords that are guessed first: a list of 20,000 and a few of ours, also with digits and signs around them."""

from __future__ import annotations

import gzip
import string
from functools import cache
from pathlib import Path

from survey.foundation.vietnamese import fold

FILE = Path(__file__).with_name("common-passwords.txt.gz")  # whose it is: NOTICE
OURS = (
    *("matkhau", "matkhaumoi", "matkhaumacdinh", "hailong", "mucdohailong", "khaosat", "quantri", "quantrivien"),
    *("vietnam", "xinchao", "anhyeuem", "emyeuanh", "yeuemnhieu", "giadinh", "hanhphuc", "tinhyeu", "dongian", "canbo"),
    *("daklak", "sonla", "angiang", "hanoi", "saigon", "soyte", "sonoivu", "sogddt", "ubndtinh", "motcua"),
    *("administrator", "abcdefghij", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
)
SHORTEST_WORD = 3
ADDED = 8  # as many as a date has; more of them are a password by themselves
AROUND = string.digits + string.punctuation + string.whitespace


def is_common(password: str) -> bool:
    """Whether the password, or what is left of it without digits and signs at its ends, is one of the first guesses."""
    plain = "".join(fold(password).split())
    core = plain.strip(AROUND)
    return plain in _known() or (core in _known() and len(core) > SHORTEST_WORD and len(plain) - len(core) <= ADDED)


@cache
def _known() -> frozenset[str]:
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines) | frozenset(OURS)
