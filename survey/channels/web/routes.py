"""The pages behind a printed QR code. Public: no cookie, no session, a signed token instead of CSRF."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from survey.accounts.current_user import csrf
from survey.channels.sheets.rendering import emblem
from survey.channels.web import pages, tokens
from survey.channels.web.compressed import packed_page, page_of, takes_gzip
from survey.channels.web.counters import NoForm, OpenCounter, find_counter
from survey.channels.web.own_name import init_own_name
from survey.channels.web.posters import init_posters
from survey.channels.web.queries import fetch_counter, is_stored
from survey.channels.web.ready_forms import keep_ready
from survey.channels.web.rehearsal import rehearse_visit
from survey.channels.web.service import carry_over, hand_in, take_answer
from survey.feedback.codes import normal
from survey.feedback.service import code_if_opened
from survey.foundation.access import public
from survey.foundation.caching.register import Register, under_register
from survey.foundation.configuration.settings import Settings
from survey.foundation.identifiers import is_code
from survey.foundation.server.rehearsal import register_rehearsal
from survey.foundation.storage.database import db
from survey.questionnaires.versions import VersionName

blueprint = Blueprint("citizen", __name__)


def init_citizen(app: Flask) -> None:
    """Register the pages; `send` carries a signed token of its own instead of a session's."""
    pages.init_pages(app)
    app.register_blueprint(blueprint)
    csrf.exempt(send)
    init_posters(app)
    init_own_name(app)
    register_rehearsal(app, rehearse_visit)


@blueprint.get("/")
@public("the start page", printed="posters and letters name the site itself")
def start() -> str:
    """What this is, whose it is and where to go."""
    settings: Settings = current_app.extensions["settings"]
    return render_template("start.html", organisation=settings.organisation, has_emblem=bool(settings.emblem))


@blueprint.get("/emblem.svg")
@public("the picture on the start page")
def emblem_file() -> Response:
    """The emblem that the settings name, as a picture: what it might run, a browser does not run there."""
    picture = emblem()
    if not picture:
        abort(404)
    return Response(picture, mimetype="image/svg+xml", headers={"Cache-Control": "public, max-age=3600"})


@blueprint.get("/c/<counter>")
@public("a citizen at a counter", printed="QR codes and posters at every counter")
def form(counter: str) -> Response | tuple[str, int]:
    """The form of a counter."""
    register, open_counter = under_register(lambda known: (known, _find(counter, known)))
    if isinstance(open_counter, NoForm):
        return pages.no_form(open_counter), 404
    issue, split_page = tokens.issuer(open_counter.code, open_counter.questionnaire), pages.split_form(open_counter)
    packed = takes_gzip(request.environ)
    page = page_of(split_page.around(issue(), packed=packed), packed=packed)
    page.headers.update(pages.FORM_HEADERS)
    keep_ready(register, lambda: split_page.around(issue(), packed=packed))
    return page


@blueprint.post("/c/<counter>")
@public("a citizen at a counter", proof="a signed token of its own; there is no session to ride on")
def send(counter: str) -> ResponseReturnValue:
    """Take an answer and thank for it. Sent again, as by reloading, it is thanked again and counts once."""
    return under_register(partial(_take, counter))


def _take(counter: str, register: Register) -> ResponseReturnValue:
    token_text = request.form.get("token", "")
    token = tokens.read(counter, token_text)
    to_other_form = pages.is_to_other_form()
    open_counter = _find(counter, register, token.questionnaire if token and not to_other_form else None)
    if isinstance(open_counter, NoForm):
        if token is not None and is_stored(db.session(), token.response_id):  # closed since the answer was taken
            case = code_if_opened(token.response_id)
            thanks_page = pages.thank(counter, open_counter.agency, again=True, case=case)
            return packed_page(thanks_page, of_one_visitor=bool(case))
        return pages.no_form(open_counter), 404
    if token is None and open_counter.code != counter:  # typed in another case than it was signed in
        token = tokens.read(open_counter.code, token_text)
    if to_other_form:
        outcome = carry_over(open_counter, request.form, token)
    else:
        switched = pages.SWITCHED in request.args
        outcome = take_answer(open_counter, request.form, token, hand_in=partial(hand_in, register), switched=switched)
    if outcome.form is not None:
        page_text = pages.answered_form(open_counter, outcome.form, outcome.token, outcome.notice)
        return page_text, outcome.status, pages.FORM_HEADERS
    again = outcome.result == "again"
    thanks_page = pages.thank(
        open_counter.code, open_counter.agency, again=again, case=outcome.case, rates=outcome.rates
    )
    return packed_page(thanks_page, of_one_visitor=bool(outcome.case))


@blueprint.get("/c/<counter>/thanks")
@public("a citizen at a counter")
def thanks(counter: str) -> str:
    """The same thanks under an address of their own, in another language say; nothing is sent here."""
    row = fetch_counter(db.session(), counter) if is_code(counter) else None
    case = normal(request.args.get("case", ""))
    said = {"again": "again" in request.args, "rates": "words" not in request.args}
    return pages.thanks(row.code if row else "", row.agency if row else "", **said, case=case)


def _find(counter: str, register: Register, shown: VersionName | None = None) -> OpenCounter | NoForm:
    return find_counter(register, counter, pages.wanted_form(shown))
