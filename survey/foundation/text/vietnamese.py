"""Vietnamese letters: the order of the alphabet, and text without its marks for searching."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

from survey.foundation.text.vietnamese_text import normal

T = TypeVar("T")

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of dictionaries
_PLACES = {letter: place for place, letter in enumerate(_ALPHABET, start=1)}


def fold(text: str) -> str:
    """Lower case without any mark: "Đắk Lắk" and "dak lak" become the same."""
    decomposed = unicodedata.normalize("NFD", normal(text).casefold()).replace("đ", "d")
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def sort_key(text: str) -> tuple[tuple[tuple[int, int | str], ...], tuple[int, ...], str]:
    """Orders names as a Vietnamese dictionary does: letters first, tones only between equal letters.

    Digits count as whole numbers, so that "Quầy 2" stands before "Quầy 10".
    """
    letters: list[tuple[int, int | str]] = []
    tones: list[int] = []
    for letter, tone in _letters(text.casefold()):
        if letter.isdecimal() and letters and letters[-1][0] == 1 and tones[-1] == 0:
            letters[-1] = (1, int(letters[-1][1]) * 10 + int(letter))
            continue
        letters.append(_place(letter))
        tones.append(tone)
    return tuple(letters), tuple(tones), text


def in_order(rows: Iterable[T], names: Callable[[T], tuple[str, ...]]) -> list[T]:
    """Rows in the order of their names, the first name first: databases have orders of their own."""
    return sorted(rows, key=lambda row: [sort_key(name) for name in names(row)])


def _place(letter: str) -> tuple[int, int | str]:
    if letter.isdecimal():
        return 1, int(letter)
    place = _PLACES.get(letter)
    return (0, letter) if place is None else (2, place)


def _letters(text: str) -> list[tuple[str, int]]:
    """Each letter in its own right (ă, ơ, đ) with the place of its tone, 0 for none."""
    letters: list[tuple[str, int]] = []
    for mark in unicodedata.normalize("NFD", text):
        if mark in _TONES and letters:
            letters[-1] = (letters[-1][0], _TONES.index(mark) + 1)
        elif unicodedata.combining(mark) and letters:
            letters[-1] = (unicodedata.normalize("NFC", letters[-1][0] + mark), letters[-1][1])
        else:
            letters.append((mark, 0))
    return letters
