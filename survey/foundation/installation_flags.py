"""Facts about this installation kept in the database: whether it holds the demonstration, switches of a province."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, has_request_context
from sqlalchemy import String
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.caching.register import known_register
from survey.foundation.storage.database import Base, Json, db
from survey.foundation.storage.outage import in_outage, is_outage

DEMO = "demo"


class Fact(Base):
    """One named fact."""

    __tablename__ = "facts"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)


def read_fact(key: str) -> Any:
    """The value of a fact; None when it was never recorded."""
    fact = db.session.get(Fact, key)
    return None if fact is None else fact.value


def is_demo() -> bool:
    """Whether the figures in this database are invented: every page and document then says so."""
    if has_request_context() and "is_demo" in g:
        return bool(g.is_demo)
    try:
        value = _last_known() if in_outage() else _asked()
    except SQLAlchemyError as error:
        if has_request_context() and is_outage(error):
            raise  # the page that says so asks no more
        db.session.rollback()
        value = _last_known()
    current_app.extensions["is_demo"] = value
    if has_request_context():
        g.is_demo = value
    return value


def _asked() -> bool:
    return bool(known_register().one("fact", DEMO, lambda: bool(read_fact(DEMO))))


def _last_known() -> bool:
    return bool(current_app.extensions.get("is_demo"))


def init_facts(app: Flask) -> None:
    """Give templates `is_demo`."""

    @app.context_processor
    def facts_context() -> dict[str, bool]:
        return {"is_demo": is_demo()}
