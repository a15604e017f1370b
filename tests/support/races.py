"""Two requests at the same moment: each comes as far as the other before either writes.

Whoever waits for a row or a turn that the other holds cannot come as far; the other goes on after a moment.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Barrier, BrokenBarrierError, Thread, local
from types import TracebackType
from typing import Any, Self

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Connection

from survey.foundation.storage.database import db

MOMENT = 0.1  # seconds until whoever is blocked is not waited for any longer
PATIENCE = 60  # seconds until whoever has not ended never will
CHANGES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


class Abreast:
    """While it lasts, works that it runs meet before each transaction that writes and before its first change."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self._engine = db.engine
        self._barrier, self._mine = Barrier(2), local()

    def __enter__(self) -> Self:
        event.listen(self._engine, "begin", self._on_begin, insert=True)
        event.listen(self._engine, "before_cursor_execute", self._on_statement)
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        event.remove(self._engine, "begin", self._on_begin)
        event.remove(self._engine, "before_cursor_execute", self._on_statement)

    def run(self, first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
        """What each gave, or the exception it ended with; begun together, each in a thread of its own."""
        given: list[Any] = [None, None]

        def work(place: int) -> None:
            self._mine.races = True
            try:
                given[place] = (first, second)[place]()
            except Exception as error:  # noqa: BLE001 - it is what is looked for
                given[place] = error

        threads = [Thread(target=work, args=(place,), daemon=True) for place in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "two requests wait for each other"
        return given

    def _meet(self) -> None:
        if not getattr(self._mine, "races", False):
            return
        try:
            self._barrier.wait(MOMENT)
        except BrokenBarrierError:
            self._barrier.reset()

    def _on_begin(self, connection: Connection) -> None:
        self._mine.changed = False
        if connection.get_execution_options().get("writes"):
            self._meet()

    def _on_statement(self, connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        writes = connection.get_execution_options().get("writes") and CHANGES.match(statement)
        if writes and connection.dialect.name == "postgresql" and not getattr(self._mine, "changed", True):
            self._mine.changed = True
            self._meet()
