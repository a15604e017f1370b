"""The pages behind a printed QR code. Public: no cookie, no session, a signed token instead of CSRF."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.current_user import csrf
from survey.channels.web import pages, tokens
from survey.channels.web.counters import NoForm, OpenCounter, find_counter
from survey.channels.web.posters import init_posters
from survey.channels.web.queries import fetch_counter
from survey.channels.web.service import take_answer
from survey.feedback.codes import normal
from survey.foundation.database import db
from survey.foundation.identifiers import is_code

blueprint = Blueprint("citizen", __name__)


def init_citizen(app: Flask) -> None:
    """Register the pages; `send` carries a signed token of its own instead of a session's."""
    pages.init_pages(app)
    app.register_blueprint(blueprint)
    csrf.exempt(send)
    init_posters(app)


@blueprint.get("/")
def start() -> str:
    """What this is and where to go."""
    return render_template("start.html")


@blueprint.get("/c/<counter>")
def form(counter: str) -> Response | tuple[str, int]:
    """The form of a counter."""
    found = _find(counter)
    if isinstance(found, NoForm):
        return pages.no_form(found), 404
    token = tokens.issue(found.code, found.questionnaire)
    page = Response(pages.fresh_form(found, token), mimetype="text/html")
    # Going back must show the same page with its token, so that sending it again counts once: "no-store" would fetch
    # a new one. Every other visit asks the server.
    page.headers["Cache-Control"] = "private, no-cache"
    return page


@blueprint.post("/c/<counter>")
def send(counter: str) -> AnyResponse | tuple[str, int]:
    """Take an answer, then send the browser to a page that is safe to reload."""
    found = _find(counter)
    if isinstance(found, NoForm):
        return pages.no_form(found), 404
    outcome = take_answer(found, request.form, request.form.get("token", ""))
    if outcome.form is not None:
        page = pages.answered_form(found, outcome.form, outcome.token, outcome.notice)
        return page, 503 if outcome.result == "failed" else 422
    again = "1" if outcome.result == "again" else None
    return redirect(url_for("citizen.thanks", counter=found.code, again=again, case=outcome.case), 303)


@blueprint.get("/c/<counter>/thanks")
def thanks(counter: str) -> str:
    """Thank the citizen; reloading sends nothing."""
    row = fetch_counter(db.session(), counter) if is_code(counter) else None
    case = normal(request.args.get("case", ""))
    return pages.thanks(row.code if row else "", row.agency if row else "", again="again" in request.args, case=case)


def _find(counter: str) -> OpenCounter | NoForm:
    return find_counter(db.session(), counter, request.args.get("sector"))
