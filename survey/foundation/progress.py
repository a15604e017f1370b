"""Long work shows itself: a bar on a terminal, a plain line now and then elsewhere, nothing where nobody waits."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

import click

T = TypeVar("T")
EVERY = 10.0  # seconds between plain lines
_shown: ContextVar[bool] = ContextVar("progress_shown", default=False)


@contextmanager
def shown() -> Iterator[None]:
    """What happens inside tells its progress on standard error: commands ask for it, pages do not."""
    token = _shown.set(True)
    try:
        yield
    finally:
        _shown.reset(token)


def progress(items: Iterable[T], label: str, length: int | None = None) -> Iterator[T]:
    """The items one by one. `length`: how many there are, where it is known."""
    if not _shown.get():
        yield from items
    elif sys.stderr.isatty():
        with click.progressbar(items, length=length, label=label, file=sys.stderr) as bar:
            yield from bar
    else:
        yield from _in_lines(items, label, length)


def _in_lines(items: Iterable[T], label: str, length: int | None) -> Iterator[T]:
    told = time.monotonic()
    for count, item in enumerate(items, start=1):
        yield item
        if time.monotonic() - told >= EVERY:
            told = time.monotonic()
            click.echo(f"{label}: {count}" + (f"/{length}" if length is not None else ""), err=True)
