"""A code somebody chooses never meets a name of the program's, of a library's or of a language's.

Either it is refused in the draft, or a form with it is shown, sent, stored as given and taken out again.
"""

from __future__ import annotations

import builtins
import inspect
import keyword
import re
from collections.abc import Iterator
from typing import Any

import flask
import jinja2
import sqlalchemy
import werkzeug.datastructures
import wtforms
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from survey.foundation.clock import now
from survey.foundation.storage.database import db, writing
from survey.questionnaires.codes import RESERVED, check_code
from survey.questionnaires.definition import Definition, DefinitionError
from survey.questionnaires.form import QuestionnaireForm, example_answers, try_send
from survey.questionnaires.models import QuestionnaireVersion
from survey.responses.models import Response
from tests.channels.conftest import Visitor, database_url, world
from tests.channels.world import HEALTH
from tests.support.staff import signed_in

__all__ = ["database_url", "world"]

A_FORM = 30  # items, so that every name stands beside many others
WHOSE = [
    *(wtforms.Form, wtforms.form.BaseForm, wtforms.Field, wtforms.SelectField, wtforms.meta.DefaultMeta),
    *(QuestionnaireForm, werkzeug.datastructures.MultiDict, flask.Request, flask.Response, flask.g, flask.Flask),
    *(jinja2.Environment, jinja2.runtime.Context, sqlalchemy.Row, dict, list, str, int, type, object, builtins),
]
CALLED = [flask.url_for, flask.render_template, wtforms.Form.__init__, wtforms.Field.__init__, Response.__init__]
OF_JAVASCRIPT = (
    "constructor valueof tostring length name arguments caller apply bind call eval undefined null true false "
    "prototype let const var new delete typeof void this "
    "super function export default switch case catch enum static yield await"
)


def names() -> set[str]:
    """Every name that means something to what the program is made of, and could be a code."""
    collected = {name for owner in WHOSE for name in dir(owner)}
    collected |= {name for function in CALLED for name in inspect.signature(function).parameters}
    collected |= {*keyword.kwlist, *keyword.softkwlist, *OF_JAVASCRIPT.split(), *jinja2.defaults.DEFAULT_FILTERS}
    collected |= {*jinja2.defaults.DEFAULT_NAMESPACE, *jinja2.defaults.DEFAULT_TESTS}
    for dialect in (postgresql.dialect(), sqlite.dialect()):
        collected |= dialect.identifier_preparer.reserved_words
    collected |= {column.name for table in db.metadata.tables.values() for column in table.columns}
    return {name.lower() for name in collected if re.fullmatch("[a-z][a-z0-9_]{0,39}", name.lower())}


def allowed() -> Iterator[str]:
    for name in sorted(names()):
        try:
            yield check_code(name)
        except ValueError:
            continue


def asking(codes: tuple[str, ...]) -> dict[str, Any]:
    """A questionnaire of health whose questions, of several types, bear these codes."""
    more: list[dict[str, Any]] = [
        {"type": "rating"},
        {"type": "yes_no"},
        {"type": "number", "range": [0, 9], "unit": {"vi": "ngày"}},
        {"type": "multiple", "options": [{"value": 1, "text": {"vi": "a"}}, {"value": 2, "text": {"vi": "b"}}]},
    ]
    items = [{"code": code, "text": {"vi": code}, **more[at % len(more)]} for at, code in enumerate(codes)]
    whole = {"code": "overall_health", "type": "rating", "subject": "health_service", "text": {"vi": "Chung?"}}
    return {"source": {"document": "Mẫu thử", "confidence": "own"}, "items": [whole, *items]}


def test_what_is_not_refused_is_sent_stored_and_taken_out(world: Flask) -> None:
    codes = list(allowed())
    assert len(names()) - len(codes) > 20
    assert len(codes) > 800
    client = signed_in(world, "quan-tri", "administrator")
    expected: list[dict[str, Any]] = []
    for number, first in enumerate(range(0, len(codes), A_FORM), start=2):
        some = tuple(codes[first : first + A_FORM])
        data = asking(some)
        definition = Definition.parse(data)
        given_answers = example_answers(definition)
        with world.app_context(), writing() as session:
            version = {"questionnaire_key": "health", "version": number, "published_at": now()}
            session.add(QuestionnaireVersion(definition=data, **version))
        visitor = Visitor(world.test_client(), HEALTH)
        posted = {item.code: item.posted(given_answers[item.code]) for item in definition.items}
        page = visitor.client.post(f"/c/{HEALTH}", data={"token": visitor.open(), **posted})
        assert page.status_code == 200, some
        expected.append(given_answers)
    with world.app_context():
        kept = list(db.session.scalars(select(Response).order_by(Response.received_at)))
        assert [answer.answers for answer in kept] == expected
        db.session.remove()
    exported = client.get("/desk/dak-lak/health/exports/responses.csv")
    assert exported.status_code == 200


codes_of_people = st.one_of(
    st.sampled_from(sorted(names())),
    st.from_regex("[a-z][a-z0-9_]{0,12}", fullmatch=True),
    st.sampled_from(["validate_", "filter_", "process_", "populate_", "get_", "data_"]).flatmap(
        lambda start: st.sampled_from(["comment", "items", "x", "service"]).map(lambda rest: start + rest)
    ),
)


def test_whatever_codes_stand_together_a_draft_is_refused_or_can_be_sent(app: Flask) -> None:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(codes_of_people, min_size=1, max_size=6, unique=True))
    def refused_or_sent(codes: list[str]) -> None:
        try:
            definition = Definition.parse(asking(tuple(codes)))
        except DefinitionError:
            return
        try_send(definition)

    with app.test_request_context():
        refused_or_sent()


def test_nothing_the_form_can_do_may_be_the_code_of_a_question() -> None:
    can_do = {name for name in dir(QuestionnaireForm) if not name.startswith(("_", "validate_"))}
    assert can_do - RESERVED == set()
