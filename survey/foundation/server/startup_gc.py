"""Starting quickly: what is made while the program is read stays, so nobody need look whether it is garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def keeping_everything() -> Iterator[None]:
    """Collect no garbage inside, and leave what was made there out of later collections.

    A start takes a fifth less, and processes forked afterwards share its memory for longer (gc.freeze's purpose).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
