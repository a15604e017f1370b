"""Where somebody who was invited by mail sets the first password."""

from __future__ import annotations

from flask import Blueprint, render_template

from survey.accounts.authentication import set_password
from survey.accounts.forms import FirstPasswordForm
from survey.accounts.invitations import who_was_invited
from survey.accounts.models import User
from survey.accounts.passwords import WeakPassword, check_strength
from survey.foundation.access import public
from survey.foundation.storage.database import locked, writing

blueprint = Blueprint("invitations", __name__)


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@public("the link of an invitation by mail proves who comes", printed="letters that invite staff")
def first_password(token: str) -> str | tuple[str, int]:
    """Set the first password; the link is worth nothing afterwards."""
    user = who_was_invited(token)
    if user is None:
        return _page(None, gone=True), 410
    form = FirstPasswordForm()
    if not form.validate_on_submit():
        return _page(form, user), 422 if form.errors else 200
    try:
        check_strength(form.new.data or "", user.username)
    except WeakPassword as problem:
        form.new.errors = [str(problem)]
        return _page(form, user), 422
    if not _set(user.id, token, form.new.data or ""):
        return _page(None, gone=True), 410
    return _page(None, user, done=True)


def _set(user_id: int, token: str, password: str) -> bool:
    """Whether the link was still good when its turn came: sent twice at once, it sets one password."""
    with writing() as session:
        user = locked(session, User, user_id)
        if who_was_invited(token) is None:
            return False
        set_password(session, user, password, first=False)
        return True


def _page(form: FirstPasswordForm | None, user: User | None = None, *, gone: bool = False, done: bool = False) -> str:
    shown = {"form": form, "username": user.username if user else "", "gone": gone, "done": done}
    return render_template("accounts/invitation.html", **shown)
