"""What the first page of a process would make first, made before processes are forked: once, in shared memory."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from flask import Flask
from flask_babel import force_locale, gettext
from sqlalchemy.orm import configure_mappers

from survey.foundation.server.compiled_templates import load_templates
from survey.foundation.vocabulary import LANGUAGES

SLOW_TO_LOAD = ("scipy.special",)  # what the desk's first figure would load: a third of its time
# SciPy copies all names of NumPy, and so would load these for nothing: 7 MB. NumPy loads them for whoever asks.
LEFT_TO_WHO_ASKS = frozenset({"ctypeslib", "f2py", "ma", "matlib", "polynomial", "random", "testing"})


def warm_up(app: Flask) -> None:
    """Read models, templates, texts in each language and what figures need; the database is not asked."""
    configure_mappers()
    load_templates(app.jinja_env)
    _name_less_of_numpy()
    for name in SLOW_TO_LOAD:
        import_module(name)
    with app.test_request_context():
        for language in LANGUAGES:
            with force_locale(language):
                gettext("Gửi đánh giá")


def _name_less_of_numpy() -> None:
    numpy: Any = import_module("numpy")
    numpy.__all__ = [name for name in numpy.__all__ if name not in LEFT_TO_WHO_ASKS]
    numpy.__numpy_submodules__ = set(vars(numpy).get("__numpy_submodules__", ())) - LEFT_TO_WHO_ASKS
