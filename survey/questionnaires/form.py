"""The form built from a questionnaire's definition. Fields are named by item code, beside the contract's own fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, Form, TextAreaField, ValidationError

from survey.foundation.vietnamese_text import normal
from survey.foundation.vocabulary import LANGUAGES, RESPONDENT_KINDS
from survey.questionnaires.counter_services import ServiceOffered
from survey.questionnaires.definition import (
    COMMENT_LIMIT,
    NO_OPINION,
    RATINGS,
    AnswerProblem,
    Definition,
    DefinitionError,
)

_RATING_CODES = [str(value) for value in (NO_OPINION, *RATINGS)]


class ChoiceField(Field):
    """One of a closed list of codes, or None: nothing on the form is required by itself."""

    def __init__(self, label: str = "", *, codes: Iterable[str], **options: Any) -> None:
        super().__init__(label, **options)
        self.codes = frozenset(codes)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the code as posted.

        Raises:
            ValueError: not one of the codes offered.
        """
        given = {clean_text(str(value)) for value in valuelist} - {""}
        self.data = None
        if len(given) > 1:
            raise ValueError(_("Mục này có nhiều lựa chọn khác nhau: vui lòng chọn một."))
        if not given:
            return
        (code,) = given
        if code not in self.codes:
            raise ValueError(_("Vui lòng chọn một trong các mục có sẵn."))
        self.data = self.value_of(code)

    def value_of(self, code: str) -> str | int:
        """What a code means."""
        return code


class RatingField(ChoiceField):
    """A rating: 1-5, 0 = no opinion, or None when left alone."""

    def value_of(self, code: str) -> int:
        """The rating as a number."""
        return int(code)


class CommentField(TextAreaField):
    """What citizens write in their own words; None when they wrote nothing."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read it; what was sent twice is kept whole, one below the other."""
        self.data = "\n".join(dict.fromkeys(filter(None, (clean_text(str(text)) for text in valuelist)))) or None


class QuestionnaireForm(Form):
    """What every questionnaire's form can do; `form_class` adds one field an item."""

    definition: Definition
    comment = CommentField()

    reply = BooleanField()

    def validate_comment(self, field: TextAreaField) -> None:
        """Refuse what is too long to keep, saying by how much."""
        length = len(field.data or "")
        if length > COMMENT_LIMIT:
            message = _("Ý kiến dài %(n)s ký tự, tối đa %(limit)s. Xin rút ngắn bớt.", n=length, limit=COMMENT_LIMIT)
            raise ValidationError(message)
        if self.reply.data and not field.data:
            raise ValidationError(_("Xin viết ý kiến cần được trả lời, hoặc bỏ đánh dấu “Tôi muốn được trả lời”."))

    def answers(self) -> dict[str, int]:
        """The items answered, by code."""
        return {item.code: self[item.code].data for item in self.definition.items if self[item.code].data is not None}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, then the answers as a whole against the definition."""
        valid = super().validate(extra_validators)
        if valid:
            try:
                self.definition.check(self.answers())
            except AnswerProblem as problem:
                code = problem.item or self.definition.overall_items[0].code
                self[code].errors = [str(problem)]
                return False
        return valid


def form_class(definition: Definition, services: Sequence[ServiceOffered], language: str) -> type[QuestionnaireForm]:
    """A form for one questionnaire at one place, in one language."""
    fields: dict[str, Any] = {
        item.code: RatingField(item.label(language), codes=_RATING_CODES) for item in definition.items
    }
    fields["respondent_kind"] = ChoiceField(codes=RESPONDENT_KINDS)
    fields["service"] = ChoiceField(codes=[service.code for service in services])
    return type("Answers", (QuestionnaireForm,), {"definition": definition, **fields})


def try_send(definition: Definition) -> None:
    """Fill in the form of a questionnaire in every language and read it back, as a citizen's would be.

    Raises:
        DefinitionError: what was filled in does not come back.
    """
    given = {item.code: max(RATINGS) for item in definition.items}
    for language in LANGUAGES:
        form = form_class(definition, (), language)(MultiDict(given))
        try:
            sound = form.validate() and form.answers() == given
        except Exception as failure:
            raise DefinitionError.at("items", _("phiếu này không gửi thử được: %(why)s", why=str(failure))) from failure
        if not sound:
            raise DefinitionError.at("items", _("phiếu này không gửi thử được: %(why)s", why=", ".join(form.errors)))


def clean_text(text: str) -> str:
    """Text as people wrote it, `normal`, and with plain line ends."""
    return normal(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
