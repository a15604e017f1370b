"""Which answers may not be told yet is known further up (the release gate of `analysis`); it says so here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, current_app
from sqlalchemy import ColumnElement, false

HeldBack = Callable[[int, Sequence[str]], ColumnElement[bool]]


def init_release(app: Flask, held_back: HeldBack) -> None:
    """Say, as a condition on `Response`, which answers of a province's months may not be told yet."""
    app.extensions["held_answers"] = held_back


def held_back(province_id: int, months: Sequence[str]) -> ColumnElement[bool]:
    """The condition on `Response`: the answer may not be told yet."""
    held: HeldBack | None = current_app.extensions.get("held_answers")
    return held(province_id, months) if held and months else false()
