"""The form built from a questionnaire's definition. Fields are named by item code, beside the contract's own fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, Form, TextAreaField, ValidationError

from survey.foundation.vocabulary import LANGUAGES, RESPONDENT_KINDS
from survey.questionnaires.counter_services import ServiceOffered
from survey.questionnaires.definition import COMMENT_LIMIT, AnswerProblem, Definition, DefinitionError
from survey.questionnaires.types.cleaning import clean_text
from survey.questionnaires.types.fields import ChoiceField
from survey.questionnaires.types.item import Value

T = TypeVar("T")


class CommentField(TextAreaField):
    """What citizens write in their own words; None when they wrote nothing."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read it; what was sent twice is kept whole, one below the other."""
        self.data = "\n".join(dict.fromkeys(filter(None, (clean_text(str(text)) for text in valuelist)))) or None


class QuestionnaireForm(Form):
    """What every questionnaire's form can do; `form_class` adds one field an item."""

    definition: Definition
    _untouched: QuestionnaireForm
    comment = CommentField()

    reply = BooleanField()
    shares_rating = BooleanField()

    def validate_comment(self, field: TextAreaField) -> None:
        """Refuse what is too long to keep, saying by how much."""
        length = len(field.data or "")
        if length > COMMENT_LIMIT:
            message = _("Ý kiến dài %(n)s ký tự, tối đa %(limit)s. Xin rút ngắn bớt.", n=length, limit=COMMENT_LIMIT)
            raise ValidationError(message)
        if self.reply.data and not field.data:
            raise ValidationError(_("Xin viết ý kiến cần được trả lời, hoặc bỏ đánh dấu “Tôi muốn được trả lời”."))

    def __getitem__(self, name: str) -> Field:
        """A field: its own, or the one of the untouched form, which nobody changes, where nothing was posted for it."""
        return self._fields.get(name) or self._untouched[name]

    def answers(self) -> dict[str, Value]:
        """The items answered, by code."""
        asked = (item.code for item in self.definition.items if item.code in self._fields)
        return {code: self._fields[code].data for code in asked if self._fields[code].data is not None}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, then the answers as a whole against the definition."""
        self._forget_what_is_not_asked()
        valid = super().validate(extra_validators)
        if valid:
            try:
                self.definition.check(self.answers(), commented=bool(self.comment.data))
            except AnswerProblem as problem:
                code = problem.item or self.definition.overall_items[0].code
                own = self._fields.setdefault(code, _copy(self[code]))
                own.errors = [str(problem)]
                return False
        return valid

    def _forget_what_is_not_asked(self) -> None:
        # A follow-up that was filled in before its question was answered otherwise: nobody sees it any more.
        for item in self.definition.items:
            own = self._fields.get(item.code) if item.shown_if else None
            if own and item.shown_if and self[item.shown_if.item].data not in item.shown_if.values:
                own.data, own.process_errors = None, []


def form_class(definition: Definition, services: Sequence[ServiceOffered], language: str) -> type[QuestionnaireForm]:
    """A form for one questionnaire at one place, in one language."""
    fields: dict[str, Any] = {item.code: item.field(language) for item in definition.items}
    fields["respondent_kind"] = ChoiceField(codes=RESPONDENT_KINDS)
    fields["service"] = ChoiceField(codes=[service.code for service in services])
    form: type[QuestionnaireForm] = type("Answers", (QuestionnaireForm,), {"definition": definition, **fields})
    form._untouched = form(MultiDict())
    return form


def filled_form(form_class: type[QuestionnaireForm], posted: MultiDict[str, str]) -> QuestionnaireForm:
    """The form as a citizen posted it, made from a copy of an untouched one.

    What binds its fields anew takes longer than reading and checking all that was posted, and most fields are left
    alone: only those posted, and the comment, which may be missed, are its own. No method of the form: its name could
    be a question's code.
    """
    form = _copy(form_class._untouched)
    form._fields = {name: _copy(field) for name, field in form._fields.items() if name in posted or name == "comment"}
    vars(form).update(form._fields)
    for field in form._fields.values():
        field.process(posted)
    return form


def _copy(original: T) -> T:
    # `copy.copy` would call WTForms' constructors, which answer with something else outside a form.
    copy: T = object.__new__(type(original))
    vars(copy).update(vars(original))
    return copy


def try_send(definition: Definition) -> None:
    """Fill in the form of a questionnaire in every language and read it back, as a citizen's would be.

    Raises:
        DefinitionError: what was filled in does not come back.
    """
    given = example_answers(definition)
    posted = MultiDict((code, text) for code, value in given.items() for text in posted_as(definition, code, value))
    for language in LANGUAGES:
        form = filled_form(form_class(definition, (), language), posted)
        try:
            sound = form.validate() and form.answers() == given
        except Exception as failure:
            raise DefinitionError.at("items", _("phiếu này không gửi thử được: %(why)s", why=str(failure))) from failure
        if not sound:
            raise DefinitionError.at("items", _("phiếu này không gửi thử được: %(why)s", why=", ".join(form.errors)))


def example_answers(definition: Definition) -> dict[str, Value]:
    """An answer to every question, such that every follow-up is asked."""
    given: dict[str, Value] = {}
    for item in definition.items:
        follow_ups = definition.follow_ups(item.code)
        shown_if = follow_ups[0].shown_if if follow_ups else None
        given[item.code] = shown_if.values[0] if shown_if else item.examples()[0]
    return given


def posted_as(definition: Definition, code: str, value: Value) -> list[str]:
    """An answer as a browser posts it."""
    item = next(its_item for its_item in definition.items if its_item.code == code)
    return item.posted(value)
