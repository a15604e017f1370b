"""Fuzzing of every form: hostile names, values and files beside what the form itself would send.

The form is taken from whichever page shows it, its objects are those of the demonstration, and whoever posts may do
everything. A try that never met its form, because it was asked to sign in first, proves nothing and is told.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.channels.phone.models import PhoneContact
from survey.channels.phone.service import PURPOSE
from survey.channels.tickets.service import make_tickets
from survey.feedback.codes import code_of
from survey.feedback.models import FeedbackCase
from survey.foundation.security.codes import stored_digest
from survey.foundation.security.sealed import seal
from survey.foundation.storage.database import db, writing
from survey.registry.models import Counter
from tests.guards.forms import file_fields_of, form_on, forms_of
from tests.guards.places import Place
from tests.guards.requests import Asked, everything
from tests.support.fuzz import NAMES, QUIETLY, FuzzReport, stored, table, values
from tests.support.fuzz_places import place_to_fuzz
from tests.support.html import parse_html
from tests.support.second_factors import enrol
from tests.support.staff import client_of, make_user
from tests.support.typed_forms import filled_forms_of

HEADER = ["dossier", "phone", "code", "name", "agency", "month"]
CONTACTS = b"dossier,phone\nHS-1,0905123456\nHS-2,0905123457\n"
ENDING = ("close", "finish", "hand_in", "undo", "discard", "revoke", "end", "void", "confirm", "publish", "withdraw")
# Whom it meets may not be let in any more; where nobody signs in, nothing can be turned away.
OF_ACCOUNTS = ("users", "proposals", "second_factor", "security_keys", "staff")
SIGN_IN = ("/login", "/desk/account/second-factor")


def fuzz_forms(app: Flask, examples: int) -> FuzzReport:
    """Post hostile names and values to every form, beside what the form itself would send."""
    report, place = FuzzReport(), place_to_fuzz(app)
    client = administrator_of(app)
    asked = everything(app, place, objects_of_forms(app, client, place))
    pages = [request.path for request in asked if request.method == "GET"]
    usual = {**_usual(app.test_client(), pages, token=""), **_usual(client, pages, token_of(client))}
    for asked_form in sorted((request for request in asked if request.method == "POST"), key=late):
        _fuzz_form(app, client, asked_form, usual.get(asked_form.path, usual[""]), examples, report)
    return report


def late(asked_form: Asked) -> tuple[bool, bool]:
    """What ends an object or a session comes after what needs it."""
    blueprint, _, view = asked_form.endpoint.partition(".")
    return blueprint in OF_ACCOUNTS, view.startswith(ENDING)


def administrator_of(app: Flask, name: str = "thu-bieu-mau") -> FlaskClient:
    """A client signed in as a new administrator with a second factor."""
    user_id = make_user(app, name, "administrator")
    client = client_of(app, user_id)
    enrol(client)  # whatever a form makes the province ask for
    return client


def objects_of_forms(app: Flask, client: FlaskClient, place: Place) -> Mapping[str, Any]:
    """A file on its way, a ticket, a case that can be followed, and a person on the telephone."""
    token = token_of(client)
    file = (io.BytesIO(b"code,name,sector\nTHU-1,Kh\xc3\xa1m,health\n"), "dich-vu.csv")
    kept = client.post("/desk/imports", data={"csrf_token": token, "kind": "services", "file": file}).location or ""
    with app.app_context():
        counter = db.session.execute(select(Counter).where(Counter.code == place.counter)).scalar_one()
        counter_id = counter.id
        db.session.rollback()
        with app.test_request_context():
            (ticket,) = make_tickets(counter_id, place.counter, 1, "", 1)
        with writing() as session:
            case = session.get_one(FeedbackCase, place.case)
            followed = code_of(case.response_id)
            case.code_digest = stored_digest("feedback", followed)
            session.get_one(PhoneContact, place.contact).sealed = seal(PURPOSE, json.dumps(["HS-0", "0905123458"]))
    for begun in (f"/desk/phone/lists/{place.phone_list}/next", "/desk/questionnaires/health/draft/start"):
        assert client.post(begun, data={"csrf_token": token}).status_code in (302, 303), begun
    return {"draft_id": kept.rpartition("/")[2].partition("?")[0], "ticket": ticket, "case": followed}


class Form(NamedTuple):
    """What a form would send if nothing was typed and if it was filled in, its files' names, the session's token."""

    fields: Mapping[str, Any]
    filled: Mapping[str, Any]
    files: list[str]
    token: str


def token_of(client: FlaskClient) -> str:
    """What the forms of a session are sent with."""
    return str(form_on(client, "/desk/account/password")["csrf_token"][0])


def _usual(client: FlaskClient, pages: list[str], token: str) -> Mapping[str, Form]:
    """The forms of all pages, by the address they go to."""
    forms: dict[str, Form] = {"": Form({}, {}, [], token)}
    for page in pages:
        answer = client.get(page)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            tree = parse_html(answer.text)
            both = zip(forms_of(tree), filled_forms_of(tree, "thu-dien"), strict=True)
            for (action, form), (_action, filled) in both:
                forms.setdefault(action or page, Form(form, filled, file_fields_of(tree, action), token))
    return forms


def _fuzz_form(
    app: Flask,
    client: FlaskClient,
    asked_form: Asked,
    usual: Form,
    examples: int,
    report: FuzzReport,
) -> None:
    fields, filled, files, token = usual
    names = st.one_of(st.sampled_from([*fields, *files, *NAMES]), st.text(st.characters(codec="utf-8"), max_size=12))
    typed = st.dictionaries(names, st.lists(values, min_size=1, max_size=2), min_size=1, max_size=6)
    content = st.one_of(st.binary(max_size=300), table(HEADER), st.just(CONTACTS)) if files else st.none()

    @settings(max_examples=examples, **QUIETLY)
    @given(typed, st.sampled_from([filled, fields, {}]), content)
    def post(typed: dict[str, list[str]], whole: Mapping[str, Any], content: bytes | None) -> None:
        before = stored(app)
        sent = {"csrf_token": token, **whole, **typed}
        sent |= {name: (io.BytesIO(content), "tep.csv") for name in files if content is not None}
        answer = client.post(asked_form.path, data=sent)
        half = 400 <= answer.status_code < 500 and stored(app) != before
        what = f"{asked_form.endpoint} {answer.status_code} {typed!r} whole={bool(whole)} file={content!r}"
        report.note(what, when=_broken(answer) or half)
        report.met(
            asked_form.endpoint, form=bool(fields or files), turned_away=(answer.location or "").startswith(SIGN_IN)
        )

    post()


def _broken(answer: TestResponse) -> bool:
    return answer.status_code >= 500 or "Traceback (most recent" in answer.text
