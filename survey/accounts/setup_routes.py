"""The first hour at the desk: what is set up and what is not; and who sees and may do what."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts.administration import MANAGE
from survey.accounts.permissions import ACTIONS, Action, Resource, grants_allowing, require
from survey.accounts.words import ROLE_ADVICE, ROLE_WORDS, SEEN_BY_ROLES
from survey.foundation.access import Of, needs
from survey.foundation.pages.checklist import steps
from survey.registry.queries import fetch_provinces, find_province

blueprint = Blueprint("setup", __name__, url_prefix="/desk/setup")


@blueprint.get("/")
@needs(Action.MANAGE_USERS, Of.ANYTHING)
def home() -> Response:
    """The first province that the user administers."""
    provinces = fetch_provinces([grant.province_id for grant in grants_allowing(current_user, MANAGE)])
    if not provinces:
        abort(404)
    return redirect(url_for("setup.index", province=provinces[0].key))


@blueprint.get("/roles")
@needs(Action.VIEW, Of.ANYTHING)
def roles() -> str:
    """Every role with what it sees and may do."""
    table = [
        (role, words, ROLE_ADVICE[role], {action: action in ACTIONS[role] for action in SEEN_BY_ROLES})
        for role, words in ROLE_WORDS.items()
    ]
    return render_template("accounts/roles.html", table=table, actions=SEEN_BY_ROLES)


@blueprint.get("/<province>/")
@needs(Action.MANAGE_USERS, Of.PROVINCE)
def index(province: str) -> str:
    """Each step with its page, its template and its state."""
    stored_province = find_province(province)
    if stored_province is None:
        abort(404)
    require(MANAGE, Resource(stored_province.id))
    lines = [(step, None if step.count is None else step.count(stored_province.id)) for step in steps()]
    done = sum(bool(count) for _step, count in lines)
    known = sum(count is not None for _step, count in lines)
    return render_template("accounts/setup.html", province=stored_province, lines=lines, done=done, known=known)
