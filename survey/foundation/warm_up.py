"""What the first page of a process would make first, made before processes are forked: once, in shared memory."""

from __future__ import annotations

from importlib import import_module

from flask import Flask
from flask_babel import force_locale, gettext
from sqlalchemy.orm import configure_mappers

from survey.foundation.vocabulary import LANGUAGES

SLOW_TO_LOAD = ("scipy.special",)  # what the desk's first figure would load: a third of its time


def warm_up(app: Flask) -> None:
    """Read models, templates, texts in each language and what figures need; the database is not asked."""
    configure_mappers()
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    for name in SLOW_TO_LOAD:
        import_module(name)
    with app.test_request_context():
        for language in LANGUAGES:
            with force_locale(language):
                gettext("Gửi đánh giá")
