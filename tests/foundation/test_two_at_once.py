"""Two people at the same moment: nothing breaks, nothing is stored twice, and the second hears who was first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import DateTime, Integer, LargeBinary, Numeric, Text, Uuid, cast, false, or_, select
from time_machine import TimeMachineFixture
from werkzeug.test import TestResponse

from survey.foundation.storage.database import db
from tests.guards.forms import forms_of
from tests.guards.requests import Asked, everything
from tests.guards.rows import counts
from tests.support.demonstration import NOON
from tests.support.fuzz_forms import administrator_of, late, objects_of_forms, token_of
from tests.support.fuzz_places import place_to_fuzz
from tests.support.html import parse_html
from tests.support.races import Abreast
from tests.support.staff import client_of, make_user
from tests.support.typed_forms import filled_forms_of

# What only its maker meets is sent twice by one person, as a button pressed twice does; else two people send it.
OF_ONE_PERSON = (
    *("imports.", "import_columns.", "explore.", "own_language."),
    *("second_factor.", "security_keys.", "staff."),
)
MARKS = ("thu-truoc", "thu-sau")  # also who they are
NUMBERS = (Integer, Numeric, DateTime, Uuid, LargeBinary)
COUNTED = {"attempts", "staff_sessions", "register_stamps", "tallies"}
# Two rows of a table are added where a form is sent twice at once, and why that is right.
EACH_ADDS = {
    "caseloads.remind_owing": "the log of who asked; nobody is written to twice",
    "report_office.send_reminders": "the log of who asked; nobody is written to twice",
    "import_columns.choose": "the log; the columns are kept once",
    "feedback.classify": "one sending decides the kind and hands the case on",
    "tickets.batch": "each prints the tickets it made",
    "ticket_keys.page": "each shows the key it made, once",
    "paper.counter": "each prints the forms it made",
    "paper.run": "each types a pile of its own",
    "fleet.pair": "each shows a code of its own",
    "fleet.pair_again": "each shows a code of its own",
    "fleet.renew_pin": "each shows a PIN; the last one opens",
    "second_factor.renew_codes": "each shows codes; the last ones open",
    "report_office.words": "the two parts of one report",
    "users.reset_password": "each shows a first password; the last one opens",
}


@pytest.fixture
def world(demonstration_on_each: Flask) -> Flask:
    demonstration_on_each.config["WTF_CSRF_CHECK_DEFAULT"] = False
    return demonstration_on_each


def rows_of(app: Flask) -> Mapping[str, int]:
    with app.app_context(), db.engine.connect() as connection:
        return counts(connection)


def test_whatever_form_is_sent_twice_at_once_neither_breaks_and_what_it_says_is_stored_once(world: Flask) -> None:
    place, people = place_to_fuzz(world), [administrator_of(world, name) for name in ("thu-nhat", "thu-hai")]
    asked = everything(world, place, objects_of_forms(world, people[0], place))
    forms = ways_to_fill(people[0], pages_of(asked), "hai-lan")
    tokens = [token_of(person) for person in people]
    wrong, doubled, taken = [], {}, set()
    with Abreast(world) as abreast:
        for call in sorted((call for call in asked if call.method == "POST"), key=late):
            senders = (0, 0) if call.endpoint.startswith(OF_ONE_PERSON) else (0, 1)
            for fields in forms.get(call.path, [{}]):
                before = rows_of(world)
                sent = (sending(people[who], call.path, {**fields, "csrf_token": tokens[who]}) for who in senders)
                answers = abreast.run(*sent)
                wrong += [(call.endpoint, answer) for answer in answers if breaks(answer)]
                if (added := added_since(before, rows_of(world))) and max(added.values()) > 1:
                    doubled[call.endpoint] = added
                if any(not breaks(answer) and answer.status_code < 400 for answer in answers):
                    taken.add(call.endpoint)
                    break
    assert wrong == []
    assert {endpoint: added for endpoint, added in doubled.items() if endpoint not in EACH_ADDS} == {}
    assert len(taken) > 60, "forms that are refused prove nothing"


def test_nothing_that_somebody_wrote_since_a_page_was_opened_is_overwritten_unseen(
    demonstration: Flask, time_machine: TimeMachineFixture
) -> None:
    """The first one's words still stand after the second sent the same form, or the second was told."""
    demonstration.config["WTF_CSRF_CHECK_DEFAULT"] = False
    place, people = place_to_fuzz(demonstration), [administrator_of(demonstration, name) for name in MARKS]
    asked = everything(demonstration, place, objects_of_forms(demonstration, people[0], place))
    both = [ways_to_fill(person, pages_of(asked), mark) for person, mark in zip(people, MARKS, strict=True)]
    tokens, overwritten, told = [token_of(person) for person in people], [], set()
    for minute, call in enumerate(sorted((call for call in asked if call.method == "POST"), key=late), start=1):
        time_machine.move_to(NOON + dt.timedelta(minutes=minute))
        for first, second in zip(*(forms.get(call.path, []) for forms in both), strict=False):
            answer = people[0].post(call.path, data={**first, "csrf_token": tokens[0]})
            if answer.status_code >= 400:
                continue
            stood = places_of(demonstration, MARKS[0])
            answer = people[1].post(call.path, data={**second, "csrf_token": tokens[1]})
            told |= {call.endpoint} if "thu-truoc đã thay đổi mục này lúc" in answer.text else set()
            if answer.status_code < 400 and not stood <= places_of(demonstration, MARKS[0]):
                overwritten.append(call.endpoint)
            break
    assert overwritten == []
    assert len(told) >= 4


def test_an_account_that_is_locked_while_it_sends_breaks_nothing(world: Flask) -> None:
    """It is in time, or it is asked to sign in; either way it is out afterwards, and the note stands once or not."""
    administrator, place = administrator_of(world, "thu-khoa"), place_to_fuzz(world)
    leaver_id = make_user(world, "thu-bi-khoa", "administrator")
    leaver = client_of(world, leaver_id)
    note = {"note": "Đã gọi điện cho cơ quan", "csrf_token": token_of(leaver)}
    lock = {"to": "off", "csrf_token": token_of(administrator)}
    before = rows_of(world)["feedback_steps"]
    with Abreast(world) as abreast:
        answers = abreast.run(
            sending(administrator, f"/desk/users/dak-lak/{leaver_id}/active", lock),
            sending(leaver, f"/desk/feedback/{place.case}/note", note),
        )
    assert [answer for answer in answers if breaks(answer)] == []
    assert rows_of(world)["feedback_steps"] - before == (answers[1].location or "").startswith("/desk/feedback/")
    assert leaver.get("/desk/account").status_code == 302


def places_of(app: Flask, mark: str) -> Counter[str]:
    """In how many rows of each table a mark stands."""
    with app.app_context(), db.engine.connect() as connection:
        return Counter(
            table.name
            for table in db.metadata.sorted_tables
            if table.name != "audit_entries"
            for texts in [[cast(column, Text) for column in table.columns if not isinstance(column.type, NUMBERS)]]
            for _row in connection.execute(select(1).where(or_(false(), *(text.contains(mark) for text in texts))))
        )


def pages_of(asked: list[Asked]) -> list[str]:
    return [call.path for call in asked if call.method == "GET"]


def ways_to_fill(client: FlaskClient, pages: list[str], mark: str) -> dict[str, list[dict[str, Any]]]:
    """Every form of these pages as somebody would fill it in, and as it is shown, by the address it goes to."""
    forms: dict[str, list[dict[str, Any]]] = {}
    for page in pages:
        answer = client.get(page)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            tree = parse_html(answer.text)
            for (action, shown), (_action, filled) in zip(
                forms_of(tree), filled_forms_of(tree, mark, rewritten=True), strict=True
            ):
                forms.setdefault(action or page, [filled, shown])
    return forms


def sending(client: FlaskClient, path: str, fields: Mapping[str, Any]) -> Callable[[], TestResponse]:
    return lambda: client.post(path, data=fields)


def breaks(answer: Any) -> bool:
    return isinstance(answer, Exception) or answer.status_code >= 500


def added_since(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in after.keys() - COUNTED if after[name] > before[name]}
