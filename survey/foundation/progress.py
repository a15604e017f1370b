"""Long work shows itself: a bar on a terminal, a plain line now and then elsewhere, nothing where nobody waits."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

import click

T = TypeVar("T")
Teller = Callable[[str, int, int | None], None]  # what is being done, how many of how many
EVERY = 10.0  # seconds between plain lines
_teller: ContextVar[Teller | None] = ContextVar("progress_teller", default=None)


@contextmanager
def told_to(teller: Teller) -> Iterator[None]:
    """What happens inside tells `teller` its progress at each start and each second."""
    token = _teller.set(teller)
    try:
        yield
    finally:
        _teller.reset(token)


@contextmanager
def shown() -> Iterator[None]:
    """What happens inside tells its progress on standard error: commands ask for it, pages do not."""
    with told_to(_tell_in_a_line):
        yield


def progress(items: Iterable[T], label: str, length: int | None = None) -> Iterator[T]:
    """The items one by one. `length`: how many there are, where it is known."""
    teller = _teller.get()
    if teller is None:
        yield from items
    elif teller is not _tell_in_a_line:
        teller(label, 0, length)
        yield from _telling(items, label, length, teller, 1.0)
        if length is not None:
            teller(label, length, length)
    elif sys.stderr.isatty():
        with click.progressbar(items, length=length, label=label, file=sys.stderr) as bar:
            yield from bar
    else:
        yield from _telling(items, label, length, teller, EVERY)


def _tell_in_a_line(label: str, done: int, length: int | None) -> None:
    click.echo(f"{label}: {done}" + (f"/{length}" if length is not None else ""), err=True)


def _telling(items: Iterable[T], label: str, length: int | None, teller: Teller, every: float) -> Iterator[T]:
    told = time.monotonic()
    for count, item in enumerate(items, start=1):
        yield item
        if time.monotonic() - told >= every:
            told = time.monotonic()
            teller(label, count, length)
