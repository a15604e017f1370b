"""Every address needs a signed-in user but those declared public, so a new page is protected from birth."""

from __future__ import annotations

from flask import Flask, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response

from survey.accounts import held_forms
from survey.accounts.first_steps import continue_page, is_desk, next_step, page_of
from survey.accounts.forms import LoginForm
from survey.accounts.page_queries import fetch_user
from survey.foundation.access import access_of
from survey.foundation.changes.overwriting import SomebodyWasFasterError
from survey.foundation.formatting import moment
from survey.foundation.pages.errors import error_answer

Answer = Response | str | tuple[Response | str, int] | tuple[str, int]


def init_guard(app: Flask) -> None:
    """Send whoever is not signed in to the sign-in page, and back afterwards.

    Only what a view declares public (`survey.foundation.access`) is open: a new address is protected from birth,
    wherever it lies, and under the desk also one that does not exist. A form they were sending goes with them. Who
    signed in with a password that somebody else knows changes it first; who needs a second factor gets it.
    """

    @app.before_request
    def protect() -> Answer | None:
        access = access_of(app, request.endpoint)
        if access.public is not None if access else request.endpoint is None and not is_desk(request.path):
            return None
        if not current_user.is_authenticated:
            return _sign_in_page()
        held_forms.sign_pages_for(current_user.id)
        step = next_step(current_user)
        return None if step is None or request.endpoint == step else _first_step(step)

    @app.errorhandler(SomebodyWasFasterError)
    def on_overwriting(error: SomebodyWasFasterError) -> Answer:
        """Who was first, and what was not stored."""
        who = fetch_user(error.user_id)
        about = {"who": who.name if who else "", "time": moment(error.at)}
        return error_answer(Conflict(_("%(who)s đã thay đổi mục này lúc %(time)s, sau khi Ông/Bà mở trang.", **about)))

    @app.errorhandler(CSRFError)
    def on_csrf_error(error: CSRFError) -> Answer:
        """A page opened in an earlier session: what it brings is shown, to be sent from this one."""
        if is_desk(request.path) and current_user.is_authenticated and held_forms.is_from_here():
            held = held_forms.release(held_forms.hold(), current_user.id)
            if held is not None:
                return continue_page(held), 409
        return error_answer(error)


def _sign_in_page() -> Answer:
    held = "" if held_forms.is_from_elsewhere() else held_forms.hold()
    if not held:
        return redirect(url_for("staff.login", next=_asked()))
    form = LoginForm(formdata=None, data={"held": held})
    return render_template("accounts/login.html", form=form, refused=False, has_held=True), 401


def _first_step(step: str) -> Answer:
    held = "" if held_forms.is_from_elsewhere() else held_forms.hold()
    if not held:
        return redirect(url_for(step, next=_asked()))
    return page_of(step, current_user._get_current_object(), held), 403


def _asked() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None
