"""Files that commands write: new ones only, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def new_file(path: Path, mode: int = 0o666) -> Iterator[TextIO]:
    """A file that was not there, on disk when the block ends; nothing of it stays when that ends early.

    Raises:
        OSError: it is there already, or cannot be written.
    """
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(opened, "w", encoding="utf-8", newline="") as target:
        try:
            yield target
            target.flush()
            os.fsync(opened)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
