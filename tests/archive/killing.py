"""The power goes while an archive is written: before or after any file, or in the middle of one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from analysis.archive import files
from analysis.archive.files import ArchiveFolder
from survey.foundation.storage.database import db


class Killed(BaseException):
    """The power went."""


@contextmanager
def killed_at(step: int, folder: ArchiveFolder) -> Iterator[None]:
    """Two steps a file: before it is written and after; beyond the last step nothing is killed."""
    steps = iter(range(100))

    def stopping(method: Callable[..., Any]) -> Callable[..., None]:
        def run(*arguments: Any) -> None:
            if next(steps) == step:
                raise Killed
            method(*arguments)
            if next(steps) == step:
                raise Killed

        return run

    with pytest.MonkeyPatch.context() as patched:
        for name in ("write", "drop_others"):
            patched.setattr(folder, name, stopping(getattr(folder, name)))
        try:
            yield
        except Killed:
            db.session.rollback()


class Power:
    """Goes at the `step`-th touch of a disk: a file flushed half written, renamed, removed. `went`: whether it has.

    After it nothing more is done, not even what a program does on its way out.
    """

    def __init__(self, step: int) -> None:
        self.step, self.touches, self.went = step, 0, False

    def touch(self) -> None:
        """One more."""
        self.touches += 1
        if self.went or self.touches == self.step:
            self.went = True
            raise Killed

    @contextmanager
    def cut(self, folder: ArchiveFolder) -> Iterator[None]:
        """Until the block ends or the power goes."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(files.os, "fsync", self._half_written(os.fsync))
            for name in ("replace", "unlink"):
                patched.setattr(Path, name, self._touching(getattr(Path, name)))
            patched.setattr(folder, "_fs", _Removing(folder._fs, self))
            try:
                yield
            except Killed:
                db.session.rollback()

    def _touching(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            self.touch()
            return method(*arguments, **options)

        return run

    def _half_written(self, fsync: Callable[[int], None]) -> Callable[[int], None]:
        def run(opened: int) -> None:
            try:
                self.touch()
            except Killed:
                if os.fstat(opened).st_mode & 0o100000:  # a file, of which the disk has but a half
                    os.ftruncate(opened, os.fstat(opened).st_size // 2)
                raise
            fsync(opened)

        return run


class _Removing:
    """A filesystem whose removals touch the disk."""

    def __init__(self, filesystem: Any, power: Power) -> None:
        self._filesystem, self._power = filesystem, power

    def delete_file(self, path: str) -> None:
        self._power.touch()
        self._filesystem.delete_file(path)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._filesystem, name)
