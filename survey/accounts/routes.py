"""Signing in and out, and changing one's own password."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from survey.accounts import authentication, second_factor, security_keys, sessions
from survey.accounts.browsers import remember_browser
from survey.accounts.first_steps import onward, password_page, safe_next
from survey.accounts.forms import KeyStepForm, LoginForm, PasswordForm, SecondStepForm
from survey.accounts.models import User
from survey.accounts.passwords import WeakPassword, check_strength
from survey.accounts.permissions import Action
from survey.accounts.queries import is_any_account
from survey.accounts.session_queries import fetch_sessions
from survey.foundation.access import NOTHING, Of, needs, public
from survey.foundation.storage.database import locked, writing
from survey.registry.queries import fetch_province_keys

blueprint = Blueprint("staff", __name__)


@blueprint.route("/login", methods=["GET", "POST"])
@public("signing in", printed="instructions for staff")
def login() -> str | Response | tuple[str, int]:
    """Sign in; `next` leads back to the page of the desk that asked for it, and nowhere else."""
    target = safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    form = LoginForm()
    if not form.validate_on_submit():
        first = {"is_any_account": is_any_account(), "provinces": fetch_province_keys()}
        return render_template("accounts/login.html", form=form, refused=False, has_held=bool(form.held.data), **first)
    user = authentication.check_credentials(form.username.data or "", form.password.data or "")
    if user is None:
        return _refused(form), 401
    proved = sessions.standing_of(user)
    if proved.factor is None:
        return _welcomed(user, proved, target, form.held.data)
    asked = {"step": second_factor.ask_for_code(user), "held": form.held.data}
    return _second_step(SecondStepForm(formdata=None, data=asked), user)


@blueprint.post("/login/code")
@public("signing in: the second step")
def second_step() -> str | Response | tuple[str, int]:
    """Take a code of the authenticator application, or a recovery code, after the right password."""
    target, form = safe_next(request.args.get("next")), SecondStepForm()
    user = second_factor.who_was_asked(form.step.data or "")
    if user is None:
        return _too_late(form.held.data)
    proved = sessions.standing_of(user)
    if not form.validate_on_submit():
        return _second_step(form, user), 422
    if not second_factor.accept(user, form.code.data or ""):
        form.code.errors = [_second_refusal(user)]
        return _second_step(form, user), 401
    return _welcomed(user, proved, target, form.held.data)


@blueprint.post("/login/key")
@public("signing in: the second step with a security key")
def key_step() -> str | Response | tuple[str, int]:
    """Take what a security key signed, after the right password."""
    target, form = safe_next(request.args.get("next")), KeyStepForm()
    user = second_factor.who_was_asked(form.step.data or "")
    if user is None:
        return _too_late(form.held.data)
    proved = sessions.standing_of(user)
    if form.validate_on_submit() and security_keys.accept(user, form.sealed.data or "", form.answer.data or ""):
        return _welcomed(user, proved, target, form.held.data)
    again = SecondStepForm(formdata=None, data={"step": form.step.data, "held": form.held.data})
    again.code.errors = [_("Khóa bảo mật không mở được tài khoản này. Thử lại, hoặc nhập mã.")]
    return _second_step(again, user), 401


@blueprint.post("/logout")
@public("signing out is harmless to those who are not signed in")
def logout() -> Response:
    """Sign out; nothing of the session is left, here or on the server."""
    if current_user.is_authenticated:
        authentication.record_sign_out(current_user.id)
    sessions.end_current()
    logout_user()
    return redirect(url_for("staff.login"))


@blueprint.get("/desk/account")
@needs(Action.VIEW, Of.ANYTHING)  # one's own
def account() -> str:
    """One's own account: where it is signed in."""
    rows = fetch_sessions(current_user.id)
    shown = {"sessions": rows, "current": sessions.current_id(), "hours": sessions.HOURS}
    return render_template("accounts/account.html", has_factor=current_user.second_factor is not None, **shown)


@blueprint.post("/desk/account/sessions/<int:session_id>/end")
@needs(Action.VIEW, Of.MAKER, names=NOTHING)
def end_session(session_id: int) -> Response:
    """End one session of one's own account."""
    if not sessions.end(current_user.id, only=session_id):
        abort(404)
    flash(_("Đã kết thúc phiên đăng nhập."), "success")
    return redirect(url_for("staff.account"))


@blueprint.post("/desk/account/sessions/end")
@needs(Action.VIEW, Of.ANYTHING, names=NOTHING)  # one's own
def end_other_sessions() -> Response:
    """End every session of one's own account but this."""
    sessions.end(current_user.id, but=sessions.current_id())
    flash(_("Đã kết thúc mọi phiên đăng nhập khác."), "success")
    return redirect(url_for("staff.account"))


@blueprint.route("/desk/account/password", methods=["GET", "POST"])
@needs(Action.VIEW, Of.ANYTHING, names=NOTHING)  # one's own
def change_password() -> str | Response | tuple[str, int]:
    """Change one's own password; every other session of the account ends."""
    form, is_first = PasswordForm(), current_user.must_change_password
    if not form.validate_on_submit():
        return password_page(form, is_first=is_first), 422 if form.errors else 200
    if not _password_changed(form):
        return password_page(form, is_first=is_first), 422
    flash(_("Đã đổi mật khẩu. Các phiên đăng nhập khác của tài khoản đã kết thúc."), "success")
    target = safe_next(request.args.get("next")) if is_first else url_for("staff.change_password")
    return onward(current_user._get_current_object(), target, form.held.data)


def _refused(form: LoginForm) -> str:
    return render_template(
        "accounts/login.html",
        form=form,
        refused=True,
        is_any_account=True,
        has_held=bool(form.held.data),
        attempts=authentication.ATTEMPTS,
        minutes=int(authentication.LOCKED_FOR.total_seconds() // 60),
    )


def _too_late(held: str | None) -> tuple[str, int]:
    again = LoginForm(formdata=None, data={"held": held})
    return render_template("accounts/login.html", form=again, too_late=True, has_held=bool(held)), 401


def _second_step(form: SecondStepForm, user: User) -> str:
    shown = {"form": form, "has_held": bool(form.held.data)}
    asked = security_keys.begin_signing_in(user)
    if asked is not None:
        key = {"step": form.step.data, "held": form.held.data, "sealed": asked.sealed}
        shown |= {"key": KeyStepForm(formdata=None, data=key), "key_options": asked.options}
    return render_template("accounts/second_step.html", **shown)


def _second_refusal(user: User) -> str:
    if second_factor.is_closed(user):
        return str(_("Đã sai nhiều lần: xin chờ một giờ rồi thử lại, hoặc nhờ quản trị viên gỡ xác thực hai bước."))
    return str(_("Mã không đúng, đã dùng hoặc đã hết hạn. Chờ ứng dụng hiện mã mới rồi nhập lại."))


def _welcomed(user: User, proved: sessions.Standing, target: str, held: str | None) -> Response | tuple[str, int]:
    """Begin the session; what was being written stands there, ready to be sent."""
    user_id = user.id
    if not sessions.begin(user, proved):
        return _too_late(held)
    authentication.record_sign_in(user_id)
    answer = onward(current_user._get_current_object(), target, held)
    remember_browser(answer, user_id)
    return answer


def _password_changed(form: PasswordForm) -> bool:
    username = current_user.username
    current, session_id = form.current.data or "", sessions.current_id()
    known = authentication.check_credentials(username, current, session_id=session_id)
    if known is None:
        form.current.errors = [_("Mật khẩu hiện tại không đúng.")]
        return False
    user_id, proved = known.id, sessions.standing_of(known)
    try:
        check_strength(form.new.data or "", username)
    except WeakPassword as problem:
        form.new.errors = [str(problem)]
        return False
    if form.new.data == form.current.data:
        form.new.errors = [_("Mật khẩu mới phải khác mật khẩu hiện tại.")]
        return False
    with writing() as database:
        user = locked(database, User, user_id)
        if sessions.standing_of(user).password != proved.password:  # somebody was faster
            form.current.errors = [_("Mật khẩu hiện tại không đúng.")]
            return False
        authentication.set_password(database, user, form.new.data or "", first=False)
        proved = sessions.standing_of(user)
    return sessions.begin(user, proved)
