"""Where a province wants it, the method's owner confirms an agency's caseloads: these figures, and no later ones."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.accounts.approvals import approvals
from survey.accounts.approvals.province_rules import CASELOADS_CONFIRMED
from survey.foundation.changes.audit_entry import AuditEntry
from survey.registry.models import CaseloadConfirmation, Province
from tests.registry.pages import fields_of, open_page, submit, text_of
from tests.registry_files.files import Import
from tests.support.staff import signed_in

MONTH = "/desk/agencies/EA-MOI/caseloads/2026-10"
WAITS, DONE = "Chờ chủ trì phương pháp xác nhận: Hành chính.", "đã được chủ trì phương pháp xác nhận"


@pytest.fixture
def asked(database: SQLAlchemy, world: Import) -> None:
    """Đắk Lắk wants caseloads confirmed."""
    province = database.session.scalars(select(Province).where(Province.key == "dak-lak")).one()
    approvals.switch_on(CASELOADS_CONFIRMED, province)


def confirm(client: FlaskClient, seen: str | None = None) -> str:
    fields = fields_of(open_page(client, MONTH), "seen")
    token = fields["csrf_token"]
    answer = client.post(
        f"{MONTH}/confirm", data={"csrf_token": token, "seen": seen or fields["seen"]}, follow_redirects=True
    )
    return text_of(answer.text)


def test_nothing_waits_where_the_province_does_not_ask(administrator: FlaskClient, world: Import) -> None:
    assert "xác nhận" not in text_of(administrator.get(MONTH).text)


@pytest.mark.usefixtures("asked")
def test_caseloads_wait_until_the_owner_confirms_them_and_again_when_one_changed(
    app: Flask, administrator: FlaskClient, database: SQLAlchemy
) -> None:
    owner = signed_in(app, "so-noi-vu", "method_owner")
    assert WAITS in text_of(owner.get(MONTH).text)
    assert "chưa xác nhận" in text_of(owner.get("/desk/caseloads/owed?all=1").text)
    assert DONE in confirm(owner)
    assert "chưa xác nhận" not in text_of(owner.get("/desk/caseloads/owed?all=1").text.partition("Bệnh viện")[0])
    entry = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "confirm_caseloads")).one()
    assert (entry.object_id, entry.after) == ("EA-MOI/2026-10", {"sector": "administration"})
    count = next(name for name in fields_of(open_page(administrator, MONTH), "seen") if name.startswith("count-"))
    submit(administrator, MONTH, "seen", **{count.rpartition("-")[0] + "-individual": "101"})
    assert WAITS in text_of(owner.get(MONTH).text)


@pytest.mark.usefixtures("asked")
def test_what_changed_since_it_was_seen_is_not_confirmed(app: Flask, database: SQLAlchemy) -> None:
    assert "Người khác vừa sửa tháng này" in confirm(signed_in(app, "so-noi-vu", "method_owner"), "other")
    assert database.session.scalars(select(CaseloadConfirmation)).all() == []


@pytest.mark.usefixtures("asked")
def test_an_owner_confirms_the_own_sector_only_and_an_agency_nothing(app: Flask, database: SQLAlchemy) -> None:
    seen = _seen(app)
    health = signed_in(app, "so-y-te", "method_owner", sector="health")
    assert "Tháng này chưa có số hồ sơ nào để xác nhận." in confirm(health, seen)
    agency = signed_in(app, "xa", "agency_manager", agency="EA-MOI")
    assert WAITS in text_of(agency.get(MONTH).text)
    assert "Xác nhận số hồ sơ đang hiện" not in agency.get(MONTH).text
    token = fields_of(open_page(agency, MONTH), "seen")["csrf_token"]
    assert agency.post(f"{MONTH}/confirm", data={"csrf_token": token, "seen": seen}).status_code == 403
    assert database.session.scalars(select(CaseloadConfirmation)).all() == []


def _seen(app: Flask) -> str:
    return fields_of(open_page(signed_in(app, "moi-nganh", "administrator"), MONTH), "seen")["seen"]
