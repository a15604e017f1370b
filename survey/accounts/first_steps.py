"""What an account must do after signing in before anything else: a password of its own, a second factor.

A form that was being sent meanwhile goes with each step and is given back after the last.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import make_response, redirect, render_template
from werkzeug.wrappers import Response

from survey.accounts import second_factor, second_factor_rule, sessions
from survey.accounts.forms import EnrolmentForm, PasswordForm
from survey.accounts.held_forms import HeldForm, release
from survey.accounts.models import User
from survey.foundation.pages.qr_drawing import qr_path

DESK = "/desk"
PASSWORD, SECOND_FACTOR = "staff.change_password", "second_factor.page"


def is_desk(path: str) -> bool:
    """Whether an address belongs to the desk."""
    return path == DESK or path.startswith(f"{DESK}/")


def safe_next(target: str | None) -> str:
    """Where to go after signing in: an address of this site's desk, otherwise the desk's first page."""
    if not target or not target.isprintable() or "\\" in target:
        return f"{DESK}/"
    parts = urlsplit(target)
    inside = not parts.scheme and not parts.netloc and is_desk(parts.path)
    return target if inside else f"{DESK}/"


def next_step(user: User) -> str | None:
    """The page an account must go to first; None: it may go on."""
    if user.must_change_password:
        return PASSWORD
    return SECOND_FACTOR if second_factor_rule.lacks(user) else None


def page_of(step: str, user: User, held: str) -> str:
    """The page of a step, with a form that waits to be given back."""
    if step == PASSWORD:
        return password_page(PasswordForm(formdata=None, data={"held": held}), is_first=True)
    form = EnrolmentForm(formdata=None, data={"held": held}, asks_password=not sessions.is_fresh())
    return enrolment_page(form, user)


def password_page(form: PasswordForm, *, is_first: bool) -> str:
    """Changing one's own password; `is_first`: somebody else knows it."""
    return render_template("accounts/password.html", form=form, is_first=is_first, has_held=bool(form.held.data))


def enrolment_page(form: EnrolmentForm, user: User) -> str:
    """Getting a second factor: a secret to be taken into an application, and a code of it to be given back."""
    enrolment = second_factor.begin_enrolment(user, form.sealed.data)
    form.sealed.data = enrolment.sealed
    size, path = qr_path(enrolment.address)
    shown = {"enrolment": enrolment, "size": size, "path": path, "is_asked": second_factor_rule.is_asked(user)}
    return render_template("accounts/enrolment.html", form=form, has_held=bool(form.held.data), **shown)


def onward(user: User, target: str, held: str | None) -> Response:
    """Where somebody goes who signed in or did a step: what was being written, or the page that was asked for."""
    form = release(held, user.id)
    if form is None:
        return redirect(target)
    step = next_step(user)
    return make_response(page_of(step, user, held or "") if step else continue_page(form))


def continue_page(held: HeldForm) -> str:
    """What was being written, with a button that sends it."""
    return render_template("accounts/continue.html", held=held)
