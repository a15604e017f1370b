"""The language of the desk's pages: chosen once, kept for the account, and said in an address only where it differs."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts.first_steps import is_desk, safe_next
from survey.accounts.models import User
from survey.accounts.permissions import Action
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.changes import audit
from survey.foundation.languages.language import prefer_language
from survey.foundation.storage.database import locked, writing
from survey.foundation.vocabulary import LANGUAGES

blueprint = Blueprint("own_language", __name__)


def init_own_language(app: Flask) -> None:
    """Pages of the desk speak the account's language; all others speak the address's."""
    app.register_blueprint(blueprint)
    prefer_language(app, _of_the_account)


@blueprint.post("/desk/account/language")
@needs(Action.VIEW, Of.ANYTHING, names=NOTHING)  # one's own
def choose() -> Response:
    """Keep the language for the account, and show the page one came from in it."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        abort(400)
    user_id = current_user.id
    with writing() as session:
        user = locked(session, User, user_id)
        if user.language != language:
            before, user.language = {"language": user.language}, language
            audit.record(session, "choose_language", "user", user_id, before=before, after={"language": language})
    return redirect(safe_next(request.form.get("next")))


def _of_the_account() -> str | None:
    if not is_desk(request.path) or not current_user.is_authenticated:
        return None
    language: str = current_user.language
    return language
