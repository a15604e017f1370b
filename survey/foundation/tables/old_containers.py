"""The file in the file of programs before 2007 ([MS-CFB]): which sectors make up one of its streams."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Sequence

_END = 0xFFFFFFFA  # this and above: no sector
_STREAM, _ROOT = 2, 5


def stream(content: bytes, names: Sequence[str]) -> bytes:
    """The bytes of the first stream with one of these names.

    Raises:
        struct.error, IndexError, ValueError: damaged, or there is none.
    """
    size = 1 << min(struct.unpack_from("<H", content, 30)[0], 16)
    first_directory, cutoff, first_mini = struct.unpack_from("<I4xII", content, 48)

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    table = _table(content, sector, size)
    directory = b"".join(map(sector, _chain(table, first_directory)))
    entries = [directory[start : start + 128] for start in range(0, len(directory), 128)]
    roots = [entry for entry in entries if entry[66] == _ROOT]
    named = [entry for entry in entries if entry[66] == _STREAM and _name(entry) in names]
    if not roots or not named:
        message = "no such stream"
        raise ValueError(message)
    root, entry = roots[0], named[0]
    first, length = struct.unpack_from("<II", entry, 116)
    if length >= cutoff:
        return b"".join(map(sector, _chain(table, first)))[:length]
    minis = _numbers(b"".join(map(sector, _chain(table, first_mini))))
    inside = b"".join(map(sector, _chain(table, struct.unpack_from("<I", root, 116)[0])))
    return b"".join(inside[number * 64 : number * 64 + 64] for number in _chain(minis, first))[:length]


def _table(content: bytes, sector: Callable[[int], bytes], size: int) -> array[int]:
    """Which sector follows each sector."""
    parts = [*struct.unpack_from("<109I", content, 76)]
    following, more = struct.unpack_from("<II", content, 68)
    for _each in range(min(more, len(content) // size)):
        numbers = _numbers(sector(following))
        parts += numbers[:-1]
        following = numbers[-1]
    return _numbers(b"".join(sector(number) for number in parts if number < _END))


def _numbers(data: bytes) -> array[int]:
    return array("I", [number for (number,) in struct.iter_unpack("<I", data[: len(data) // 4 * 4])])


def _chain(table: array[int], number: int) -> list[int]:
    chain = list[int]()
    while number < _END:
        if len(chain) > len(table):
            message = "sectors in a circle"
            raise ValueError(message)
        chain.append(number)
        number = table[number]
    return chain


def _name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(length - 2, 0)].decode("utf-16-le", "replace")
