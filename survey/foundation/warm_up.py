"""What the first page of a process would make first, made before processes are forked: once, in shared memory."""

from __future__ import annotations

from flask import Flask
from flask_babel import force_locale, gettext
from sqlalchemy.orm import configure_mappers

from survey.foundation.vocabulary import LANGUAGES

TEMPLATES = ("layout/", "components/", "channels/", "errors/", "start.html")  # all pages' and the citizens' own


def warm_up(app: Flask) -> None:
    """Read models, citizens' templates and texts in each language; the database is not asked."""
    configure_mappers()
    for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(TEMPLATES)):
        app.jinja_env.get_template(name)
    with app.test_request_context():
        for language in LANGUAGES:
            with force_locale(language):
                gettext("Gửi đánh giá")
