"""The reports of many agencies in one run: on several processes, with progress, interruptible and resumable.

A file appears under its name only when it is whole, so whatever is there after an interruption is done. A worker
reads in one transaction, so that what several reports need is read once and all speak of the same state.
"""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from flask import Flask

from analysis.figures.cache import MEMORY
from analysis.reports.builder import build_report
from analysis.reports.recorded_queries import Shared
from analysis.reports.rendering import unprintable
from analysis.reports.rendering.renderers import ENGINES
from survey.foundation.caching.transaction_cache import read_whole_provinces
from survey.foundation.commands.new_files import in_words, write_whole
from survey.foundation.periods import Period
from survey.foundation.storage.database import db

_of_worker = Shared()  # filled only in forked workers, which live for one run
log = logging.getLogger("hai_long")


@dataclass(frozen=True)
class Task:
    """One report to make."""

    province: str
    recipient: str
    period: str
    path: Path


@dataclass(frozen=True)
class Done:
    """What became of a task; `problem` '' when the file is there; `notice`: signs in it that the font has not."""

    recipient: str
    problem: str = ""
    notice: str = ""
    kept: bool = False  # it was there from an earlier run


def make_all(app: Flask, tasks: Sequence[Task], processes: int) -> Iterator[Done]:
    """Make every report that is not there yet, in any order; one that fails stops no other."""
    missing = [task for task in tasks if not task.path.exists()]
    yield from (Done(task.recipient, kept=True) for task in tasks if task.path.exists())
    if processes == 1:
        shared = Shared()
        yield from (_make(task, shared) for task in missing)
        return
    db.session.remove()
    # Forked workers share the memory of the program; each opens a connection of its own.
    for needed_by_all in ("analysis.reports.rendering.pdf", "scipy.special"):
        import_module(needed_by_all)
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, context, initializer=_start_worker, initargs=(app,)) as pool:
        futures = [pool.submit(_make_in_worker, task) for task in missing]
        try:
            yield from (future.result() for future in as_completed(futures))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _start_worker(app: Flask) -> None:
    app.app_context().push()
    db.engine.dispose(close=False)
    get_ready()


def get_ready() -> None:
    """Set this process up for many reports: read a province once, and keep nothing that no other report asks for."""
    MEMORY.limit(0)
    read_whole_provinces()


def _make_in_worker(task: Task) -> Done:
    return _make(task, _of_worker)


def _make(task: Task, shared: Shared) -> Done:
    try:
        report = build_report(task.province, task.recipient, Period.parse(task.period), shared=shared)
        write_whole(task.path, ENGINES["pdf"].render(report))
        return Done(task.recipient, notice=unprintable.notice(report.document))
    except Exception as error:
        log.exception("a report failed", extra={"fields": {"recipient": task.recipient}})
        db.session.rollback()
        return Done(task.recipient, problem=in_words(error) if isinstance(error, OSError) else str(error))
