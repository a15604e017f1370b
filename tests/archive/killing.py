"""The power goes while an archive is written: before or after any file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from analysis.archive.files import ArchiveFolder
from survey.foundation.database import db


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
