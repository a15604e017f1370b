"""Accounts and roles of a province, for its administrators."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts import administration, invitations
from survey.accounts.administration import MANAGE, AccountRefused, Entry
from survey.accounts.approvals.approvals import NotPossible, carry_out
from survey.accounts.authentication import locked_until
from survey.accounts.forms import GrantForm, UserForm
from survey.accounts.models import User
from survey.accounts.page_queries import (
    fetch_agencies_by_id,
    fetch_agency_labels,
    fetch_known_user,
    fetch_province_names,
    fetch_users,
)
from survey.accounts.permissions import Action, Resource, grants_allowing, require
from survey.accounts.second_factor_rule import RESET
from survey.accounts.words import ROLE_WORDS
from survey.foundation.access import NOTHING, Names, Of, needs
from survey.foundation.clock import today
from survey.foundation.pages.form_fields import choices, switched_to
from survey.registry.models import Agency, Province
from survey.registry.queries import fetch_provinces, find_province

blueprint = Blueprint("users", __name__, url_prefix="/desk/users")


@blueprint.get("/")
@needs(Action.MANAGE_USERS, Of.ANYTHING)
def home() -> Response:
    """The first province whose accounts the user administers."""
    provinces = fetch_provinces([grant.province_id for grant in grants_allowing(current_user, MANAGE)])
    if not provinces:
        abort(404)
    return redirect(url_for("users.index", province=provinces[0].key))


@blueprint.route("/<province>/", methods=["GET", "POST"])
@needs(Action.MANAGE_USERS, Of.PROVINCE, names=NOTHING)
def index(province: str) -> str | Response | tuple[str, int]:
    """Every account with a role in the province; the form makes a new one."""
    shown_province = _province(province)
    form = UserForm()
    if form.validate_on_submit():
        try:
            entry = administration.create_user(
                form.username.data or "",
                form.name.data or "",
                form.email.data or "",
                shown_province.id,
                current_user.id,
            )
        except AccountRefused as problem:
            form.username.errors = [str(problem)]
        else:
            return _user_page(_province(province), entry.user_id, entry)
    users = fetch_users(shown_province.id)
    locked = locked_until(users)
    page = render_template(
        "accounts/users.html",
        province=shown_province,
        users=users,
        form=form,
        locked=locked,
        roles=ROLE_WORDS,
        agencies=_agencies(users),
    )
    return page, 422 if form.errors else 200


@blueprint.get("/<province>/<int:user_id>")
@needs(Action.MANAGE_USERS, Of.PROVINCE)
def user_page(province: str, user_id: int) -> str:
    """One account: its roles, and what can be done with it."""
    return _user_page(_province(province), user_id)


@blueprint.post("/<province>/<int:user_id>/grants")
@needs(Action.MANAGE_USERS, Of.PROVINCE, names={"agency": Names.AGENCY})
def add_grant(province: str, user_id: int) -> Response:
    """Give a role in this province."""
    shown_province = _province(province)
    _user(shown_province, user_id)
    form = GrantForm()
    if not form.validate_on_submit():
        flash(_("Chưa giao được vai trò: lựa chọn không hợp lệ."), "error")
        return _back(province, user_id)
    try:
        administration.add_grant(
            user_id,
            form.role.data,
            shown_province.id,
            form.sector.data or None,
            (form.agency.data or "").strip() or None,
        )
        flash(_("Đã giao vai trò."), "success")
    except AccountRefused as problem:
        flash(str(problem), "error")
    return _back(province, user_id)


@blueprint.post("/<province>/<int:user_id>/grants/<int:grant_id>/remove")
@needs(Action.MANAGE_USERS, Of.PROVINCE, names=NOTHING)
def remove_grant(province: str, user_id: int, grant_id: int) -> Response:
    """Take a role back."""
    shown_province = _province(province)
    _user(shown_province, user_id)
    try:
        administration.remove_grant(user_id, grant_id, shown_province.id, current_user.id)
        flash(_("Đã thu vai trò."), "success")
    except AccountRefused as problem:
        flash(str(problem), "error")
    return _back(province, user_id)


@blueprint.post("/<province>/<int:user_id>/active")
@needs(Action.MANAGE_USERS, Of.PROVINCE, names=NOTHING)
def switch_active(province: str, user_id: int) -> Response:
    """Switch the account off, or on again."""
    shown_province, on = _province(province), switched_to()
    _user(shown_province, user_id)
    try:
        administration.switch_active(user_id, shown_province.id, current_user._get_current_object(), on=on)
        flash(_("Đã mở tài khoản.") if on else _("Đã khóa tài khoản; mọi phiên đăng nhập đã kết thúc."), "success")
    except AccountRefused as problem:
        flash(str(problem), "error")
    return _back(province, user_id)


@blueprint.post("/<province>/<int:user_id>/password")
@needs(Action.MANAGE_USERS, Of.PROVINCE, names=NOTHING)
def reset_password(province: str, user_id: int) -> str | Response:
    """Give a new first password, shown once."""
    _user(_province(province), user_id)
    try:
        password = administration.reset_password(user_id, current_user._get_current_object())
    except AccountRefused as problem:
        flash(str(problem), "error")
        return _back(province, user_id)
    return _user_page(_province(province), user_id, Entry(user_id, password))


@blueprint.post("/<province>/<int:user_id>/invitation")
@needs(Action.MANAGE_USERS, Of.PROVINCE, names=NOTHING)
def invite(province: str, user_id: int) -> str | Response:
    """Mail a link at which a new password is set."""
    shown_province = _province(province)
    _user(shown_province, user_id)
    try:
        entry = administration.invite(user_id, shown_province.id, current_user._get_current_object())
    except AccountRefused as problem:
        flash(str(problem), "error")
        return _back(province, user_id)
    return _user_page(_province(province), user_id, entry)


@blueprint.post("/<province>/<int:user_id>/second-factor")
@needs(Action.MANAGE_USERS, Of.PROVINCE, names=NOTHING)
def reset_second_factor(province: str, user_id: int) -> Response:
    """Take a lost second factor away; where the province asks for two people, another confirms it."""
    shown_province = _province(province)
    user, actor = _user(shown_province, user_id), current_user._get_current_object()
    if user_id == actor.id:
        flash(_("Tự tắt xác thực hai bước của mình ở trang tài khoản, bằng mật khẩu và mã."), "error")
        return _back(province, user_id)
    try:
        flash(
            carry_out(RESET, shown_province, user.username, {"user": user_id, "username": user.username}, actor),
            "success",
        )
    except NotPossible as problem:
        flash(str(problem), "error")
    return _back(province, user_id)


def _province(key: str) -> Province:
    province = find_province(key)
    if province is None:
        abort(404)
    require(MANAGE, Resource(province.id))
    return province


def _user(province: Province, user_id: int) -> User:
    """An account that this province knows of."""
    user = fetch_known_user(user_id, province.id)
    if user is None:
        abort(404)
    return user


def _user_page(province: Province, user_id: int, entry: Entry | None = None) -> str:
    user = _user(province, user_id)
    form = GrantForm(formdata=None)
    form.agency.choices = choices({"": _("Toàn tỉnh"), **fetch_agency_labels(province.id, today())})
    return render_template(
        "accounts/user.html",
        province=province,
        user=user,
        entry=entry,
        may_invite=bool(user.email) and invitations.are_possible(),
        form=form,
        locked=locked_until([user]),
        roles=ROLE_WORDS,
        agencies=_agencies([user]),
        province_names=fetch_province_names({grant.province_id for grant in user.grants}),
    )


def _agencies(users: list[User]) -> dict[int, Agency]:
    return fetch_agencies_by_id({grant.agency_id for user in users for grant in user.grants if grant.agency_id})


def _back(province: str, user_id: int) -> Response:
    return redirect(url_for("users.user_page", province=province, user_id=user_id))
