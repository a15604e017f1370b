"""A disk of its own for a run, so that it can really be full or read-only; without the right to mount, none."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = 1024  # megabytes
BLOCK = b"\0" * 1_048_576


@contextmanager
def own_disk(folder: Path) -> Iterator[bool]:
    """Mount a file system in memory at the folder; whether that was allowed."""
    mounted = not _run("mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=755", "faults", str(folder))
    try:
        yield mounted
    finally:
        for _attempt in range(50 if mounted else 0):
            if not _run("umount", str(folder)):
                break
            time.sleep(0.2)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Nothing can be added to any file there."""
    ballast = folder / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            try:
                for block in (BLOCK, BLOCK[:4096], BLOCK[:1]):
                    while file.write(block) == len(block):
                        pass
            except OSError:  # for the whole block; smaller ones may still fit
                _fill_the_rest(file.fileno())
        yield
    finally:
        ballast.unlink(missing_ok=True)


def _fill_the_rest(descriptor: int) -> None:
    try:
        while os.write(descriptor, BLOCK[:4096]):
            pass
    except OSError:
        return


@contextmanager
def read_only(folder: Path) -> Iterator[bool]:
    """Nothing can be changed there; False where something is still open for writing, so that it cannot be had."""
    done = False
    for _attempt in range(30):
        if done := not _run("mount", "-o", "remount,ro", str(folder)):
            break
        time.sleep(0.1)
    try:
        yield done
    finally:
        if done:
            _run("mount", "-o", "remount,rw", str(folder))


def _run(*command: str) -> int:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode
    except OSError:
        return 1
