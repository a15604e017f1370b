"""Signing in and out, and changing one's own password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from survey.foundation.database import writing
from survey.staff import signing_in
from survey.staff.forms import LoginForm, PasswordForm
from survey.staff.guard import safe_next
from survey.staff.models import User
from survey.staff.passwords import WeakPassword, check_strength

blueprint = Blueprint("staff", __name__)


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> str | Response | tuple[str, int]:
    """Sign in; `next` leads back to the page of the desk that asked for it, and nowhere else."""
    target = safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("staff/login.html", form=form, refused=False)
    user = signing_in.check_credentials(form.username.data or "", form.password.data or "")
    if user is None:
        page = render_template(
            "staff/login.html",
            form=form,
            refused=True,
            attempts=signing_in.ATTEMPTS,
            minutes=int(signing_in.LOCKED_FOR.total_seconds() // 60),
        )
        return page, 401
    _begin_session(user)
    signing_in.record_sign_in(user.id)
    return redirect(target)


@blueprint.post("/logout")
def logout() -> Response:
    """Sign out; nothing of the session is left."""
    if current_user.is_authenticated:
        signing_in.record_sign_out(current_user.id)
    logout_user()
    session.clear()
    return redirect(url_for("staff.login"))


@blueprint.route("/desk/account/password", methods=["GET", "POST"])
def change_password() -> str | Response | tuple[str, int]:
    """Change one's own password; every other session of the account ends."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template("staff/password.html", form=form), 422 if form.errors else 200
    if not _password_changed(form):
        return render_template("staff/password.html", form=form), 422
    flash(_("Đã đổi mật khẩu. Các phiên đăng nhập khác của tài khoản đã kết thúc."), "success")
    return redirect(url_for("staff.change_password"))


def _password_changed(form: PasswordForm) -> bool:
    username = current_user.username
    if signing_in.check_credentials(username, form.current.data or "") is None:
        form.current.errors = [_("Mật khẩu hiện tại không đúng.")]
        return False
    try:
        check_strength(form.new.data or "", username)
    except WeakPassword as problem:
        form.new.errors = [str(problem)]
        return False
    user_id = current_user.id
    with writing() as database:
        user = database.get_one(User, user_id)
        signing_in.set_password(database, user, form.new.data or "")
    _begin_session(user)
    return True


def _begin_session(user: User) -> None:
    # Nothing from before the sign-in survives, so a session planted by someone else is worth nothing.
    session.clear()
    login_user(user)
    session.permanent = True
