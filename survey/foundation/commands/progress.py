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
Step = Callable[[int], None]
EVERY = 10.0  # seconds between plain lines
STEPS = 200  # of a bar: drawing it must not take longer than the work
_teller: ContextVar[Teller | None] = ContextVar("progress_teller", default=None)


@contextmanager
def told_to(teller: Teller) -> Iterator[None]:
    """What happens inside tells `teller` its progress at each start, each second and each end."""
    token = _teller.set(teller)
    try:
        yield
    finally:
        _teller.reset(token)


@contextmanager
def shown() -> Iterator[None]:
    """What happens inside tells its progress on standard error: long commands ask for it, pages do not."""
    with told_to(_tell_in_a_line):
        yield


@contextmanager
def counting(label: str, length: int | None = None) -> Iterator[Step]:
    """Something to call with how many more are done. `length`: how many there are, where it is known."""
    teller = _teller.get()
    if teller is None:
        yield lambda _more: None
    elif teller is _tell_in_a_line and sys.stderr.isatty():
        nothing: Iterable[None] = (None for _never in range(0))
        least = max(1, (length or 0) // STEPS)
        with click.progressbar(nothing, length, label, file=sys.stderr, update_min_steps=least) as bar:
            yield bar.update
    elif teller is _tell_in_a_line:
        yield _Telling(label, length, _tell_in_a_line, EVERY).step
    else:
        telling = _Telling(label, length, teller, 1.0)
        telling.tell()
        yield telling.step
        telling.tell()


def progress(items: Iterable[T], label: str, length: int | None = None) -> Iterator[T]:
    """The items one by one; each is done when the next is asked for."""
    with counting(label, length) as step:
        for item in items:
            yield item
            step(1)


class _Telling:
    def __init__(self, label: str, length: int | None, teller: Teller, every: float) -> None:
        self.label, self.length, self.teller, self.every = label, length, teller, every
        self.done, self.told = 0, time.monotonic()

    def step(self, more: int) -> None:
        self.done += more
        if time.monotonic() - self.told >= self.every:
            self.tell()

    def tell(self) -> None:
        self.told = time.monotonic()
        self.teller(self.label, self.done, self.length)


def _tell_in_a_line(label: str, done: int, length: int | None) -> None:
    click.echo(f"{label}: {done}" + (f"/{length}" if length is not None else ""), err=True)
