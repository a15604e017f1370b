"""What a Vietnamese keyboard makes of a code's letters, and the keys again: nobody switches Telex off for a code."""

from __future__ import annotations

import unicodedata

_SHAPES = {"Đ": "DD", "Â": "AA", "Ă": "AW", "Ê": "EE"}
_TONES = {"\u0300": "F", "\u0301": "S", "\u0303": "X", "\u0309": "R", "\u0323": "J"}
_HORNED = "Ư"


def possible_keys(text: str) -> tuple[str, str]:
    """The keys that gave capital letters: DD for Đ, AS for Á; Ư is typed as UW or as W alone, so there are two.

    A tone is taken to be typed right behind its vowel.
    """
    return _keys(text, "UW"), _keys(text, "W")


def _keys(text: str, horned: str) -> str:
    return "".join(letter if letter.isascii() else _keys_of(letter, horned) for letter in text)


def _keys_of(letter: str, horned: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    shape = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    tones = "".join(_TONES.get(part, "") for part in parts)
    return (horned if shape == _HORNED else _SHAPES.get(shape, shape)) + tones
