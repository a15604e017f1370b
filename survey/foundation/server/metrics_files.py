"""The files in which gunicorn's workers count: those of a worker that ended are added to one file and removed.

Otherwise every worker that gunicorn replaces would leave its files behind for as long as the server runs.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from prometheus_client import values
from prometheus_client.mmap_dict import MmapedDict

FIRST = 1 << 16  # bytes of a file that is new, as the library has it
BESIDE_ITS_KEY = 32  # bytes that a count takes at most: its length, padding, value and time


class RoomyDict(MmapedDict):
    """A file of counts whose room is taken before it is mapped.

    Where the disk is full, the library's would not raise: touching a part that lies nowhere ends the process (SIGBUS),
    a worker as well as the one that starts them all.
    """

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        """Open a file of counts, or make one.

        Raises:
            OSError: there is no room for it.
        """
        if not read_mode:
            _take_first(Path(filename))
        super().__init__(filename, read_mode)  # type: ignore[no-untyped-call]

    def _init_value(self, key: str) -> None:
        capacity = self._capacity
        while self._used + len(key.encode()) + BESIDE_ITS_KEY > capacity:
            capacity *= 2
        if capacity > self._capacity:
            os.posix_fallocate(self._f.fileno(), 0, capacity)
        super()._init_value(key)  # type: ignore[no-untyped-call]


def take_room_first() -> None:
    """Let every count of this process lie in a file whose room is its own."""
    values.MmapedDict = RoomyDict  # type: ignore[attr-defined]


def retire(directory: Path, pid: int) -> None:
    """Add what worker `pid` counted to ``<type>_retired.db``. Only gunicorn's one master process may call this.

    Where there is no room the worker's file stays, and counts as before.
    """
    for ended in directory.glob(f"*_{pid}.db"):
        with suppress(OSError):
            _add(ended, directory / f"{ended.name.partition('_')[0]}_retired.db")
            ended.unlink()


def _add(ended: Path, to: Path) -> None:
    counted = [(key, value) for key, value, _at, _place in MmapedDict.read_all_values_from_file(str(ended))]
    total = RoomyDict(str(to))
    try:
        before = {key: total.read_value(key)[0] for key, _value in counted}
        for key, value in counted:  # all have their place now
            total.write_value(key, before[key] + value, 0.0)
    finally:
        total.close()


def _take_first(file: Path) -> None:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if os.fstat(descriptor).st_size == 0:
            os.posix_fallocate(descriptor, 0, FIRST)
    except OSError:
        file.unlink()  # an empty one could not be read
        raise
    finally:
        os.close(descriptor)
