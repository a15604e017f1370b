"""Who may open what: every role at every address of the desk, on its own, a neighbour's and a foreign object."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from werkzeug.routing import Rule

from survey.accounts.permissions import ACTIONS, ROLES, Action
from survey.foundation.access import Access, Of, access_of
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.installation_flags import Fact
from survey.foundation.storage.database import db, writing
from tests.guards.addresses import path_of
from tests.guards.form_objects import ADDRESS, FILES, PROVINCE_WIDE, TYPED, sent
from tests.guards.forms import form_on
from tests.guards.places import RESPONSIBLE, Place, make_places
from tests.guards.requests import code_for
from tests.support.staff import signed_in

READERS = ("officer", "agency_manager", "method_owner", "auditor", "administrator")
# What each role may do inside its scope, written out: a change of roles must be meant.
MAY = {
    "view": READERS,
    "view_comments": READERS,
    "make_report": READERS,
    "edit_reports": ("agency_manager", "method_owner", "administrator"),
    "export_figures": READERS,
    "manage_devices": ("agency_manager", "method_owner", "administrator"),
    "import_queue_file": ("officer", "agency_manager", "method_owner", "administrator"),
    "manage_measures": ("agency_manager", "method_owner", "administrator"),
    "make_tickets": ("agency_manager", "method_owner", "administrator"),
    "enter_forms": ("officer", "agency_manager", "method_owner", "administrator"),
    "open_feedback": ("officer", "agency_manager", "method_owner", "administrator"),
    "answer_feedback": ("agency_manager", "method_owner", "administrator"),
    "explain_signals": ("agency_manager", "method_owner", "administrator"),
    "confirm_caseloads": ("method_owner", "administrator"),
    "manage_caseloads": ("agency_manager", "method_owner", "administrator"),
    "download_cells": ("method_owner", "auditor", "administrator"),
    "export_responses": ("method_owner", "auditor", "administrator"),
    "export_comments": ("method_owner", "administrator"),
    "close_period": ("method_owner", "administrator"),
    "publish_period": ("method_owner", "administrator"),
    "edit_questionnaires": ("method_owner", "administrator"),
    "view_audit": ("auditor", "administrator"),
    "manage_agencies": ("administrator",),
    "manage_users": ("administrator",),
    "manage_targets": ("method_owner", "administrator"),
    "change_settings": ("administrator",),
}


def desk_rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/desk"):
            yield from ((rule, method) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def rules_of(app: Flask, *kinds: Of) -> list[tuple[Rule, str, Access]]:
    """Addresses of the desk that declare these needs, with each method."""
    declared = [(rule, method, access_of(app, rule.endpoint)) for rule, method in desk_rules(app)]
    return [(rule, method, access) for rule, method, access in declared if access and access.of in kinds]


def values_of(rule: Rule, place: Place) -> dict[str, Any]:
    """What the parameters of a rule are for a place."""
    values = {name: value for name, value in place.values.items() if name in rule.arguments}
    return values | ({"code": code_for(str(rule.endpoint), place)} if "code" in values else {})


def status(app: Flask, client: FlaskClient, rule: Rule, method: str, place: Place) -> int:
    values = values_of(rule, place)
    if rule.endpoint == "guide.picture":
        values["name"] = "guide-overview.png"
    query = {"agency": place.agency, "period": "2026-10", "subject": "health_service"}
    path = (
        f"{path_of(app, rule, values)}?{urlencode(query)}" if "sector" in rule.arguments else path_of(app, rule, values)
    )
    return client.open(path, method=method, buffered=True).status_code


@pytest.fixture
def desk(demonstration: Flask) -> Flask:
    """Whether a form's token is there is another guard's matter: here it must not hide a missing permission."""
    demonstration.config["WTF_CSRF_CHECK_DEFAULT"] = False
    return demonstration


def test_roles_may_do_what_is_written_here_and_nothing_else() -> None:
    assert {action: {role for role in ROLES if action in ACTIONS[role]} for action in MAY} == {
        action: set(roles) for action, roles in MAY.items()
    }
    assert set(Action) == MAY.keys()


def test_every_address_of_the_desk_says_who_may_open_it(desk: Flask) -> None:
    undeclared = {rule.endpoint for rule, _method in desk_rules(desk)}
    undeclared -= {rule.endpoint for rule, _method, access in rules_of(desk, *Of) if access.action in set(Action)}
    assert sorted(undeclared) == [], "say at the view who may open it: survey/foundation/access.py"


# What whoever may looks for and does not find here: tests/reports and tests/questionnaires make it and do it.
NOTHING_THERE = {
    "languages.remove": "a pack",
    "method_desk.publish": "a draft",
    "report_office.received": "a report sent",
}


def ask_nobody_to_enrol(desk: Flask) -> None:
    with desk.app_context(), writing() as session:
        session.execute(delete(Fact).where(Fact.key.startswith("second_factor", autoescape=True)))


def is_let_in(endpoint: str, status: int) -> bool:
    return (status not in (401, 403, 404, 405) and status < 500) or (status == 404 and endpoint in NOTHING_THERE)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_own_object_if_it_may_and_never_a_neighbours_or_a_foreign_one(desk: Flask, role: str) -> None:
    places = make_places(desk)
    client = signed_in(desk, f"role-{role}", role, agency=RESPONSIBLE)
    wrong = []
    for rule, method, access in rules_of(desk, Of.OBJECT):
        statuses = {name: status(desk, client, rule, method, place) for name, place in places.items()}
        allowed = role in MAY[access.action]
        own = (
            statuses["own"] not in (401, 403, 404, 405) and statuses["own"] < 500 if allowed else statuses["own"] == 403
        )
        if not own or (statuses["neighbour"], statuses["foreign"]) != (404, 404):
            wrong.append(f"{method} {rule.endpoint} as {role}: {statuses}, may: {allowed}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_provinces_pages_if_it_may_and_never_another_provinces(desk: Flask, role: str) -> None:
    places = make_places(desk)
    wide = signed_in(desk, f"wide-{role}", role)
    narrow = signed_in(desk, f"narrow-{role}", role, agency=RESPONSIBLE)
    wrong = []
    for rule, method, access in rules_of(desk, Of.PROVINCE):
        elsewhere = [
            status(desk, wide, rule, method, places["foreign"]),
            status(desk, narrow, rule, method, places["own"]),
        ]
        own = status(desk, wide, rule, method, places["own"])
        if rule.endpoint.startswith("proposals.switch_second_factor"):
            ask_nobody_to_enrol(desk)  # or nothing else would open
        allowed = role in MAY[access.action]
        fits = is_let_in(rule.endpoint, own) if allowed else own == 403
        if not fits or elsewhere != [404, 404]:
            wrong.append(f"{method} {rule.endpoint} as {role}: own {own}, elsewhere {elsewhere}, may: {allowed}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_the_lists_and_forms_that_its_work_needs(desk: Flask, role: str) -> None:
    place = make_places(desk)["own"]
    signed_in(desk, "before", role)  # the first session of all is somebody else's: nobody else ends it
    client = signed_in(desk, f"role-{role}", role)
    wrong = []
    for rule, method, access in rules_of(desk, Of.ANYTHING, Of.MAKER):
        statuses = status(desk, client, rule, method, place)
        opened = is_let_in(rule.endpoint, statuses)
        expected = access.of is Of.ANYTHING and role in MAY[access.action]
        if opened != expected:
            wrong.append(f"{method} {rule.endpoint} as {role}: {statuses}, may: {expected}")
    assert not wrong, "\n".join(wrong)


def test_every_form_of_the_desk_says_whether_it_names_an_object(desk: Flask) -> None:
    posted = {rule.endpoint: access for rule, method, access in rules_of(desk, *Of) if method == "POST"}
    assert [endpoint for endpoint, access in posted.items() if access.names is None] == [], "say names= at the view"
    naming = {endpoint for endpoint, access in posted.items() if access.names}
    assert naming == TYPED.keys(), "say in form_objects.py what the form sends besides"
    assert naming >= {rule.endpoint for rule, _method, _access in rules_of(desk, Of.FORM)}


@dataclass(frozen=True)
class Someone:
    """Somebody signed in with a role for one agency or the whole province, among objects they reach or do not."""

    role: str
    narrow: bool
    client: FlaskClient
    token: dict[str, str]
    places: dict[str, Place]

    def reaches(self, action: str, whose: str) -> bool:
        """Whether the role may do this to its own, a neighbour's or a foreign object."""
        return self.role in MAY[action] and whose in ({"own"} if self.narrow else {"own", "neighbour"})


@pytest.fixture(params=[RESPONSIBLE, None], ids=["its agencies", "its province"])
def someone(desk: Flask, role: str, request: pytest.FixtureRequest) -> Someone:
    places = make_places(desk)
    client = signed_in(desk, f"role-{role}", role, agency=request.param)
    token = {"csrf_token": form_on(client, "/desk/account/password")["csrf_token"]}
    return Someone(role, request.param is not None, client, token, places)


@pytest.mark.parametrize("role", ROLES)
def test_a_form_changes_an_object_it_names_only_where_the_role_reaches_it(desk: Flask, someone: Someone) -> None:
    client, wrong, own = someone.client, [], someone.places["own"]
    naming = [(rule, access) for rule, method, access in rules_of(desk, *Of) if method == "POST" and access.names]
    for rule, access in naming:
        endpoint = str(rule.endpoint)
        address = path_of(desk, rule, values_of(rule, own) | ADDRESS.get(endpoint, {}))
        is_of_object = access.of is Of.OBJECT and "GET" in (rule.methods or ())  # its form shows what is stored
        is_wide = access.of is Of.PROVINCE or endpoint in PROVINCE_WIDE
        for name, place in someone.places.items():
            before = changes_made(desk)
            prefilled = is_of_object and client.get(address).status_code == 200
            shown = form_on(client, address) if prefilled else someone.token
            answer = client.post(address, data=shown | sent(endpoint, access, place))
            reached = someone.reaches(access.action or "", name) and not (someone.narrow and is_wide)
            if (changes_made(desk) > before) != reached or answer.status_code >= 500:
                wrong.append(f"{endpoint} as {someone.role}, {name} object: {answer.status_code}, may: {reached}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_a_file_changes_an_object_it_names_only_where_the_role_reaches_it(desk: Flask, someone: Someone) -> None:
    client, token, wrong = someone.client, someone.token, []
    for kind, (record, action) in FILES.items():
        for name, place in someone.places.items():
            before = changes_made(desk)
            fields = record(place)
            file = io.BytesIO(f"{','.join(fields)}\n{','.join(fields.values())}\n".encode())
            answer = client.post("/desk/imports", data=token | {"kind": kind, "file": (file, "tep.csv")})
            if answer.status_code == 302:
                answer = client.post(answer.headers["Location"], data=token)
            reached = someone.reaches(action, name)
            if (changes_made(desk) > before) != reached or answer.status_code >= 500:
                wrong.append(f"{kind} as {someone.role}, {name} object: {answer.status_code}, may: {reached}")
    assert not wrong, "\n".join(wrong)


def changes_made(app: Flask) -> int:
    """Entries of the audit log: no change is without one (test_changes_are_audited.py)."""
    with app.app_context():
        return db.session.scalar(select(func.count(AuditEntry.id))) or 0


def test_a_role_for_one_sector_sees_nothing_of_another(desk: Flask) -> None:
    client = signed_in(desk, "only-health", "method_owner", sector="health")
    own = {page: client.get(f"/desk/dak-lak/health{page}").status_code for page in ("", "/explore", "/comments")}
    other = [client.get(f"/desk/dak-lak/{sector}").status_code for sector in ("education", "administration", "all")]
    assert own == dict.fromkeys(own, 200)
    assert other == [404, 404, 404]


def test_an_account_without_a_role_opens_no_object(desk: Flask) -> None:
    place = make_places(desk)["own"]
    client = signed_in(desk, "elsewhere", "administrator", province="an-giang")
    statuses = {
        f"{method} {rule.endpoint}": status(desk, client, rule, method, place)
        for rule, method, _access in rules_of(desk, Of.OBJECT)
    }
    assert {name: code for name, code in statuses.items() if code != 404} == {}
