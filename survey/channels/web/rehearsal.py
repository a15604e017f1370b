"""A visit at some counter, as far as it goes without storing anything."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from flask import current_app
from werkzeug.datastructures import MultiDict

from survey.channels.web import tokens
from survey.channels.web.counters import OpenCounter, find_counter
from survey.channels.web.pages import definition_of
from survey.channels.web.queries import fetch_some_code
from survey.channels.web.service import hand_in, take_answer
from survey.foundation.caching.register import Register, RegisterChanged, known_register
from survey.foundation.server.rehearsal import nobody
from survey.foundation.storage.database import db
from survey.foundation.this_app import this_app
from survey.questionnaires.form import example_answers, posted_as

OFTEN = 10  # what is done eight times, Python settles for good: it rewrites the code for the types it meets
NO_STAMP = -1  # of no register: what is stored under it is stored nowhere


def rehearse_visit() -> None:
    """Ask for a counter's form, send it empty, be thanked; then hand in an answer under a stamp that never stands."""
    code = fetch_some_code(db.session())
    if code is None:
        return
    client = nobody(this_app())
    for _time in range(OFTEN):
        client.get(f"/c/{code}")
        client.post(f"/c/{code}", data={})
        client.get(f"/c/{code}/thanks")
        _hand_in_nowhere(code)


def _hand_in_nowhere(code: str) -> None:
    counter = find_counter(known_register(), code)
    definition = definition_of(counter.questionnaire) if isinstance(counter, OpenCounter) else None
    if not isinstance(counter, OpenCounter) or definition is None:
        return
    given = example_answers(definition)
    posted = MultiDict((item, text) for item, value in given.items() for text in posted_as(definition, item, value))
    with current_app.test_request_context(), suppress(RegisterChanged):
        posted["token"] = tokens.issue(code, counter.questionnaire)
        take_answer(counter, posted, tokens.read(code, posted["token"]), hand_in=partial(hand_in, Register(NO_STAMP)))
