"""Signing in and out, and changing one's own password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from survey.accounts import authentication
from survey.accounts.forms import LoginForm, PasswordForm
from survey.accounts.login_required import safe_next
from survey.accounts.models import User
from survey.accounts.passwords import WeakPassword, check_strength
from survey.foundation.database import writing

blueprint = Blueprint("staff", __name__)


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> str | Response | tuple[str, int]:
    """Sign in; `next` leads back to the page of the desk that asked for it, and nowhere else."""
    target = safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("accounts/login.html", form=form, refused=False)
    user = authentication.check_credentials(form.username.data or "", form.password.data or "")
    if user is None:
        page = render_template(
            "accounts/login.html",
            form=form,
            refused=True,
            attempts=authentication.ATTEMPTS,
            minutes=int(authentication.LOCKED_FOR.total_seconds() // 60),
        )
        return page, 401
    _begin_session(user)
    authentication.record_sign_in(user.id)
    return redirect(target)


@blueprint.post("/logout")
def logout() -> Response:
    """Sign out; nothing of the session is left."""
    if current_user.is_authenticated:
        authentication.record_sign_out(current_user.id)
    logout_user()
    session.clear()
    return redirect(url_for("staff.login"))


@blueprint.route("/desk/account/password", methods=["GET", "POST"])
def change_password() -> str | Response | tuple[str, int]:
    """Change one's own password; every other session of the account ends."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template("accounts/password.html", form=form), 422 if form.errors else 200
    if not _password_changed(form):
        return render_template("accounts/password.html", form=form), 422
    flash(_("Đã đổi mật khẩu. Các phiên đăng nhập khác của tài khoản đã kết thúc."), "success")
    return redirect(url_for("staff.change_password"))


def _password_changed(form: PasswordForm) -> bool:
    username = current_user.username
    if authentication.check_credentials(username, form.current.data or "") is None:
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
        authentication.set_password(database, user, form.new.data or "")
    _begin_session(user)
    return True


def _begin_session(user: User) -> None:
    # Nothing from before the sign-in survives, so a session planted by someone else is worth nothing.
    session.clear()
    login_user(user)
    session.permanent = True
