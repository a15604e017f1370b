"""What happens to a citizen's answer: stored exactly once, or given back with what is to be mended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from survey.channels.web import pages, queries, tokens
from survey.channels.web.counters import OpenCounter
from survey.channels.web.tokens import Token
from survey.feedback.service import ask_for_reply, code_if_opened
from survey.foundation.caching.register import Register
from survey.foundation.clock import now
from survey.foundation.languages.language import current_language
from survey.foundation.storage.database import db
from survey.foundation.storage.outage import is_outage
from survey.questionnaires.form import QuestionnaireForm, filled_form
from survey.responses.ingest import Receipt, Submission, receive_under

STATUS = {"switched": 200, "mend": 422, "failed": 503}  # of the form given back, by the outcome's result


@dataclass(frozen=True)
class Outcome:
    """`stored` and `again` are thanked; otherwise `form` holds the answers, to be sent again with `token`.

    `switched`: nothing was sent yet, only the language or another form chosen in the midst of answering.
    `case`: the code by which to follow the reply, where one was asked for; `rates`: some question was answered,
    not words alone.
    """

    result: Literal["stored", "again", "switched", "mend", "failed"]
    form: QuestionnaireForm | None = None
    token: str = ""
    notice: str | None = None
    case: str | None = None
    rates: bool = True

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return STATUS.get(self.result, 200)


def hand_in(register: Register, submission: Submission) -> Receipt:
    """Bring an answer to the door.

    Raises:
        RegisterChanged: the register it was made under no longer stands.
    """
    return receive_under(register, [submission])[0]


def take_answer(
    counter: OpenCounter,
    fields: MultiDict[str, str],
    token: Token | None,
    *,
    hand_in: Callable[[Submission], Receipt],
    issued_for: str = "",
    channel: str = "qr",
    switched: bool = False,
) -> Outcome:
    """Store what a citizen sent from a counter's page.

    The token among the fields, as read, decides which answer this is: one that is already stored stands, whatever is
    sent now. `hand_in` brings it to the door; `issued_for`: what tokens are signed for, the counter's code by default;
    `channel`: by which way it came; `switched`: another language was chosen, nothing is to be stored yet.
    """
    issued_for = issued_for or counter.code
    if token is not None and token.questionnaire.key != counter.questionnaire.key:
        token = None
    usable = token if token is not None and token.fresh else None
    form = _filled_form(counter, usable, fields)
    if usable is not None and switched:
        return Outcome("switched", form, fields["token"])
    valid = form.validate()
    if usable is not None and valid:
        return _store(form, usable, fields["token"], lambda: hand_in(_submission(counter, form, usable, channel)))
    if token is not None and queries.is_stored(db.session(), token.response_id):
        return Outcome("again", case=code_if_opened(token.response_id))
    if usable is not None:
        return Outcome("mend", form, fields["token"])
    notice = _("Trang đã mở quá lâu nên chưa gửi được. Câu trả lời vẫn còn đây: vui lòng bấm “Gửi đánh giá” lần nữa.")
    return Outcome("mend", form, tokens.issue(issued_for, counter.questionnaire), notice)


def carry_over(counter: OpenCounter, fields: MultiDict[str, str], token: Token | None, issued_for: str = "") -> Outcome:
    """Another of the counter's forms, chosen in the midst of answering, with what was filled in and has a place there.

    An answer to another form is another answer: its token is a new one, as if the form had been opened afresh.
    `issued_for`: what tokens are signed for, the counter's code by default.
    """
    form_class, asked = _asked_form(counter), pages.definition_of(counter.questionnaire)
    before = pages.definition_of(token.questionnaire) if token else None
    alike = before.codes_asked_alike(asked) if before and asked else set()
    other = {item.code for item in form_class.definition.items} - alike
    kept = MultiDict((name, text) for name, text in fields.items(multi=True) if name not in other)
    new_token = tokens.issue(issued_for or counter.code, counter.questionnaire)
    return Outcome("switched", filled_form(form_class, kept), new_token)


def _filled_form(counter: OpenCounter, token: Token | None, fields: MultiDict[str, str]) -> QuestionnaireForm:
    # A page opened before a new version was published is answered in the version it showed.
    shown = pages.form_for(counter, token.questionnaire) if token else None
    return filled_form(shown or _asked_form(counter), fields)


def _asked_form(counter: OpenCounter) -> type[QuestionnaireForm]:
    form = pages.form_for(counter, counter.questionnaire)
    if form is None:
        raise LookupError(f"questionnaire {counter.questionnaire} has no published definition")
    return form


def _store(form: QuestionnaireForm, token: Token, token_text: str, hand_in: Callable[[], Receipt]) -> Outcome:
    try:
        receipt = hand_in()
        case = _case(form, token, receipt)
    except Exception as error:
        if not is_outage(error):
            raise
        logging.getLogger("hai_long").error("an answer could not be stored: %s", type(error).__name__)
        db.session.rollback()
        notice = _("Máy chủ đang bận nên chưa gửi được. Câu trả lời vẫn còn đây: vui lòng bấm “Gửi đánh giá” lần nữa.")
        return Outcome("failed", form, token_text, notice)
    match receipt.status:
        case "stored" | "duplicate":  # the same sent again, as by reloading: the same thanks
            return Outcome("stored", case=case, rates=bool(form.answers()))
        case "conflict":
            return Outcome("again", case=case)
    return Outcome("mend", form, token_text, receipt.problem)


def _case(form: QuestionnaireForm, token: Token, receipt: Receipt) -> str | None:
    # After the answer is on disk: should this fail, sending again stores nothing twice and opens the case.
    if receipt.status == "invalid":
        return None
    if form.reply.data:
        return ask_for_reply(token.response_id, shares_rating=form.shares_rating.data)
    return None if receipt.status == "stored" else code_if_opened(token.response_id)


def _submission(counter: OpenCounter, form: QuestionnaireForm, token: Token, channel: str) -> Submission:
    return Submission(
        id=token.response_id,
        questionnaire=token.questionnaire.key,
        version=token.questionnaire.version,
        counter=counter.code,
        service=form["service"].data or counter.only_service,
        respondent_kind=form["respondent_kind"].data,
        language=current_language(),
        answered_at=now(),
        channel=channel,
        answers=form.answers(),
        comment=form["comment"].data,
    )
