"""The one decision who may do what: by role, by province, by sector and by the agency tree, all of them at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_login import AnonymousUserMixin, login_user, logout_user
from werkzeug.exceptions import Forbidden, HTTPException, NotFound

from survey.accounts.agency_access import UserScope, agencies_seen, agency_seen, provinces_seen, require_agency
from survey.accounts.models import RoleGrant, User
from survey.accounts.permissions import (
    VIEW,
    Action,
    Resource,
    allowed,
    can_anywhere,
    decide,
    grants_allowing,
    require,
)
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, Province
from tests.responses.conftest import database_url, register

__all__ = ["database_url", "register"]

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.one_database]


@pytest.fixture
def request_in(app: Flask) -> Iterator[Flask]:
    with app.test_request_context("/"):
        yield app


def agency(code: str) -> Agency:
    stored: Agency = db.session.query(Agency).filter_by(code=code).one()
    return stored


def province(key: str = "dak-lak") -> int:
    return int(db.session.query(Province.id).filter_by(key=key).scalar())


def someone(*grants: RoleGrant, active: bool = True) -> User:
    return User(id=7, username="ai-do", name="Ai đó", active=active, password_hash="", grants=list(grants))


def grant(role: str = "officer", key: str = "dak-lak", sector: str | None = None, code: str | None = None) -> RoleGrant:
    return RoleGrant(role=role, province_id=province(key), sector=sector, agency_id=agency(code).id if code else None)


def at(code: str | None = None, sector: str | None = None, key: str = "dak-lak") -> Resource:
    return Resource(province(key), sector, agency(code).id if code else None)


def test_a_grant_reaches_its_own_province_alone(request_in: Flask) -> None:
    user = someone(grant())
    assert decide(user, VIEW, at())
    assert not decide(user, VIEW, at(key="son-la"))


def test_a_grant_for_a_sector_reaches_that_sector_and_never_all_at_once(request_in: Flask) -> None:
    user = someone(grant(sector="health"))
    assert decide(user, VIEW, at(sector="health"))
    assert not decide(user, VIEW, at(sector="education"))
    assert not decide(user, VIEW, at())


def test_a_grant_on_an_agency_reaches_what_is_below_it_and_never_above_or_beside(request_in: Flask) -> None:
    user = someone(grant(code="so-y-te"))
    assert decide(user, VIEW, at("so-y-te"))
    assert decide(user, VIEW, at("bv-tinh"))
    assert not decide(user, VIEW, at("so-gddt"))
    assert not decide(user, VIEW, at("thpt-1"))
    assert not decide(user, VIEW, at())
    assert not decide(someone(grant(code="bv-tinh")), VIEW, at("so-y-te"))


def test_sector_and_agency_must_both_fit(request_in: Flask) -> None:
    user = someone(grant(sector="health", code="so-y-te"))
    assert decide(user, VIEW, at("bv-tinh", "health"))
    assert not decide(user, VIEW, at("bv-tinh", "education"))
    assert not decide(user, VIEW, at("thpt-1", "health"))


def test_the_role_that_allows_it_is_named_and_the_reason_where_none_does(request_in: Flask) -> None:
    user = someone(grant("officer"), grant("method_owner", sector="health"))
    decision = decide(user, Action.CLOSE_PERIOD, at(sector="health"))
    assert (decision.allowed, decision.reason) == (True, "Được phép với vai trò method_owner.")
    decision = decide(user, Action.CLOSE_PERIOD, at(sector="education"))
    assert not decision.allowed
    assert decision.reason == "Vai trò hiện có chỉ được xem, không được thực hiện thao tác này."
    decision = decide(user, VIEW, at(key="son-la"))
    assert (decision.allowed, decision.reason) == (False, "Không có vai trò nào trong phạm vi này.")


def test_a_closed_account_may_do_nothing_whatever_its_roles(request_in: Flask) -> None:
    decision = decide(someone(grant("administrator"), active=False), VIEW, at())
    assert (decision.allowed, decision.reason) == (False, "Chưa đăng nhập hoặc tài khoản đã khóa.")


def test_whoever_is_not_signed_in_may_do_nothing(request_in: Flask) -> None:
    nobody: Any = AnonymousUserMixin()
    decision = decide(nobody, VIEW, at())
    assert (decision.allowed, decision.reason) == (False, "Chưa đăng nhập hoặc tài khoản đã khóa.")


@pytest.mark.parametrize(
    ("action", "code", "refused"),
    [
        (VIEW, "bv-tinh", None),
        (Action.MANAGE_USERS, "bv-tinh", Forbidden),
        (VIEW, "thpt-1", NotFound),
        (Action.MANAGE_USERS, "thpt-1", NotFound),
    ],
)
def test_what_may_not_be_seen_is_not_there_and_what_may_not_be_done_is_forbidden(
    request_in: Flask, action: Action, code: str, refused: type[HTTPException] | None
) -> None:
    login_user(someone(grant(code="so-y-te")))
    assert allowed(action, at(code)) is (refused is None)
    if refused is None:
        require(action, at(code))
        return
    with pytest.raises(refused) as answer:
        require(action, at(code))
    if refused is Forbidden:
        assert "chỉ được xem" in str(answer.value.description)


def test_menus_ask_whether_an_action_is_allowed_anywhere(request_in: Flask) -> None:
    user = someone(grant("officer"), grant("auditor", sector="health"))
    assert [g.role for g in grants_allowing(user, VIEW)] == ["officer", "auditor"]
    assert [g.role for g in grants_allowing(user, Action.VIEW_AUDIT)] == ["auditor"]
    logout_user()
    assert can_anywhere(VIEW) is False
    login_user(user)
    assert can_anywhere(Action.VIEW_AUDIT) is True
    assert can_anywhere(Action.MANAGE_USERS) is False


def test_what_was_read_of_one_agency_says_nothing_of_another(request_in: Flask) -> None:

    first, second = someone(grant(code="so-y-te")), someone(grant(code="so-gddt"))
    for _turn in range(2):
        assert decide(first, VIEW, at("bv-tinh"))
        assert not decide(second, VIEW, at("bv-tinh"))
        assert decide(second, VIEW, at("thpt-1"))


def test_outside_a_request_the_tree_decides_as_well(app: Flask) -> None:
    with app.app_context(), app.test_request_context("/"):
        user, inside, outside = someone(grant(code="so-y-te")), at("bv-tinh"), at("thpt-1")
    with app.app_context():
        assert decide(user, VIEW, inside)
        assert not decide(user, VIEW, outside)


def test_a_command_sees_a_change_of_the_tree_at_once(app: Flask) -> None:
    with app.app_context():
        user, school = someone(grant(code="so-y-te")), at("thpt-1")
        assert not decide(user, VIEW, school)
        with writing() as session:
            session.get_one(Agency, agency("thpt-1").id).parent_id = agency("so-y-te").id
        assert decide(user, VIEW, school)


def test_an_import_may_touch_what_the_decision_allows(request_in: Flask) -> None:
    bound = UserScope(someone(grant("agency_manager", sector="health", code="so-y-te")), Action.MANAGE_CASELOADS)
    here = province()
    for _turn in range(2):  # what is remembered is what was decided
        assert bound.allows(here, "health", agency("bv-tinh").id) is True
        assert bound.allows(here, "education", agency("bv-tinh").id) is False
        assert bound.allows(here, "health", agency("thpt-1").id) is False
        assert bound.allows(here, "health") is False
        assert bound.allows(province("son-la"), "health", agency("bv-tinh").id) is False
    assert bound.sectors(here, agency("bv-tinh").id) == ["health"]
    assert bound.sectors(here) == []
    free = UserScope(someone(grant("agency_manager")), Action.MANAGE_CASELOADS)
    assert free.sectors(here) == ["administration", "health", "education"]


def test_what_all_provinces_share_changes_only_a_role_without_sector_or_agency(request_in: Flask) -> None:
    def may(*grants: RoleGrant, action: Action = Action.MANAGE_CASELOADS) -> bool:
        return UserScope(someone(*grants), action).allows(None)

    assert may(grant("agency_manager"))
    assert not may(grant("agency_manager", sector="health"))
    assert not may(grant("agency_manager", code="so-y-te"))
    assert not may(grant("officer"))
    assert may(grant("agency_manager", sector="health"), grant("agency_manager", key="son-la"))


def test_what_a_user_sees_is_the_union_of_their_roles(request_in: Flask) -> None:
    user = someone(grant(code="so-y-te"), grant(code="thpt-1"), grant("officer", "son-la"))
    assert [p.key for p in provinces_seen(user)] == ["dak-lak", "son-la"]
    seen = agencies_seen(user, province())
    assert seen == {agency(code).id for code in ("so-y-te", "bv-tinh", "tyt-xa", "thpt-1")}
    assert agencies_seen(user, province("son-la")) is None
    assert agencies_seen(user, province(), Action.MANAGE_USERS) == frozenset()
    assert agencies_seen(user, province("an-giang")) == frozenset()


def test_an_agency_nobody_may_see_looks_like_one_that_is_not_there(request_in: Flask) -> None:
    user = someone(grant(sector="education", code="so-y-te"))
    assert agency_seen(user, "bv-tinh").code == "bv-tinh"
    for code in ("thpt-1", "khong-co"):
        with pytest.raises(NotFound):
            agency_seen(user, code)


def test_an_agency_is_changed_as_a_whole_or_not_at_all(request_in: Flask) -> None:
    hospital = agency("bv-tinh")
    scope = require_agency(someone(grant("administrator", code="so-y-te")), hospital)
    assert (scope.action, scope.allows(hospital.province_id, None, hospital.id)) == (Action.MANAGE_AGENCIES, True)
    for few in (grant("administrator", sector="health", code="so-y-te"), grant("officer", code="so-y-te")):
        with pytest.raises(Forbidden):
            require_agency(someone(few), hospital)
    manager = someone(grant("agency_manager", code="so-y-te"))
    assert require_agency(manager, hospital, Action.MANAGE_CASELOADS).user is manager
    with pytest.raises(Forbidden):
        require_agency(manager, hospital)
