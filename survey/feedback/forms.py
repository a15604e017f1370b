"""The forms of a case."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, ValidationError
from wtforms.validators import DataRequired, Length

from survey.feedback.kinds import CONDUCT, ELSEWHERE, KIND_WORDS, OUTCOME_WORDS, REGULATION
from survey.foundation.pages.form_fields import ProseField, choices
from survey.foundation.vocabulary import CHANNELS, SECTORS
from survey.questionnaires.types.cleaning import clean_text
from survey.responses.masking import mask

LONGEST = 4000
CLEAN = [lambda text: clean_text(text or "")]


class CaseForm(FlaskForm):
    """A change of a case, which says the state it was opened at."""

    version = HiddenField()

    @property
    def seen(self) -> int | None:
        """The version of the case that the form showed."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class ClassifyForm(CaseForm):
    """Which kind it is, what it asks of a regulation, and who is to answer."""

    kind = RadioField(_("Loại"), choices=choices(KIND_WORDS))
    regulation = ProseField(_("Quy định nào"), [Length(max=LONGEST)], filters=CLEAN)
    costs = ProseField(_("Gây tốn kém, vướng mắc gì"), [Length(max=LONGEST)], filters=CLEAN)
    proposal = ProseField(_("Người viết đề xuất gì"), [Length(max=LONGEST)], filters=CLEAN)
    holder = SelectField(_("Nơi được giao"))
    reason = ProseField(_("Lời nhắn cho nơi được giao"), [Length(max=LONGEST)], filters=CLEAN)

    def __init__(self, accused: frozenset[str] = frozenset(), **values: object) -> None:
        """`accused`: the choices that a case about somebody's behaviour may not be handed to."""
        super().__init__(**values)
        self._accused = accused

    def validate_regulation(self, field: ProseField) -> None:
        """A regulation is named, or nobody could look at it."""
        if self.kind.data == REGULATION and not field.data:
            raise ValidationError(_("Ghi quy định được phản ánh: tên văn bản, điều khoản hoặc tên thủ tục."))

    def validate_holder(self, field: SelectField) -> None:
        """Nobody looks into their own behaviour."""
        if self.kind.data == CONDUCT and field.data in self._accused:
            raise ValidationError(
                _("Phản ánh về thái độ, hành vi không giao cho chính đơn vị bị phản ánh. Chọn cấp trên hoặc nơi khác.")
            )


class AnswerForm(CaseForm):
    """What whoever holds the code will read."""

    answer = ProseField(_("Trả lời"), [DataRequired(_("Ghi câu trả lời.")), Length(max=LONGEST)], filters=CLEAN)
    outcome = SelectField(_("Kết quả đối với quy định"), choices=choices({"": "–"} | dict(OUTCOME_WORDS)))
    checked = BooleanField(_("Đã kiểm tra: không nêu thông tin riêng của người dân"))

    def __init__(self, kind: str = "", **values: object) -> None:
        """`kind`: a case about a regulation says what becomes of it."""
        super().__init__(**values)
        self._is_for_elsewhere = kind in ELSEWHERE
        if kind != REGULATION:
            del self.outcome

    def validate_answer(self, field: ProseField) -> None:
        """Stop at what the law has handled elsewhere, and at what looks like a name or a number of a person.

        The latter unless someone has looked at it.
        """
        if self._is_for_elsewhere:
            raise ValidationError(
                _("Máy đề xuất đây là khiếu nại hoặc tố cáo, không trả lời tại đây. Phân loại trước rồi mới trả lời.")
            )
        if not self.checked.data and mask(field.data or "") != (field.data or ""):
            raise ValidationError(
                _("Câu trả lời có họ tên, số điện thoại hoặc số giấy tờ. Bỏ đi, hoặc đánh dấu “Đã kiểm tra” bên dưới.")
            )

    def validate_outcome(self, field: SelectField) -> None:
        """What becomes of the regulation is the outcome that is published."""
        if not field.data:
            raise ValidationError(_("Chọn kết quả đối với quy định được phản ánh."))


class EntryForm(FlaskForm):
    """What a citizen wrote on paper or said on the telephone."""

    token = HiddenField()
    channel = SelectField(_("Nhận qua"), choices=choices({name: CHANNELS[name] for name in ("paper", "phone")}))
    agency = SelectField(_("Cơ quan, đơn vị được phản ánh"))
    sector = SelectField(_("Ngành"), choices=choices(SECTORS))
    text = ProseField(
        _("Lời của người dân"), [DataRequired(_("Ghi lời của người dân.")), Length(max=LONGEST)], filters=CLEAN
    )


class PublicationForm(FlaskForm):
    """What everybody will read, once another person has looked at it."""

    said = ProseField(
        _("Người dân nói"), [DataRequired(_("Ghi người dân nói gì.")), Length(max=LONGEST)], filters=CLEAN
    )
    reply = ProseField(
        _("Chúng tôi trả lời"), [DataRequired(_("Ghi câu trả lời.")), Length(max=LONGEST)], filters=CLEAN
    )
    seen_through = BooleanField(_("Đã kiểm tra: không ai nhận ra người viết hay người phục vụ"))

    def validate_seen_through(self, field: BooleanField) -> None:
        """Stop at what looks like a name or a number of a person, unless someone has looked at it."""
        texts = (self.said.data or "", self.reply.data or "")
        if not field.data and any(mask(text) != text for text in texts):
            raise ValidationError(
                _("Có họ tên, số điện thoại hoặc số giấy tờ. Bỏ đi, hoặc đánh dấu “Đã kiểm tra” bên dưới.")
            )


class NoteForm(FlaskForm):
    """For colleagues alone."""

    note = ProseField(
        _("Ghi chú nội bộ"), [DataRequired(_("Ghi nội dung ghi chú.")), Length(max=LONGEST)], filters=CLEAN
    )
