"""The form of an answer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, ValidationError
from wtforms.validators import DataRequired, Length

from survey.foundation.form_fields import ProseField
from survey.questionnaires.types.cleaning import clean_text
from survey.responses.masking import mask


class AnswerForm(FlaskForm):
    """What whoever holds the code will read."""

    answer = ProseField(
        _("Trả lời"), [DataRequired(_("Ghi câu trả lời.")), Length(max=4000)], filters=[lambda t: clean_text(t or "")]
    )
    checked = BooleanField(_("Đã kiểm tra: không nêu thông tin riêng của người dân"))

    def validate_answer(self, field: ProseField) -> None:
        """Stop at what looks like a name or a number of a person, unless someone has looked at it."""
        if not self.checked.data and mask(field.data or "") != (field.data or ""):
            raise ValidationError(
                _("Câu trả lời có họ tên, số điện thoại hoặc số giấy tờ. Bỏ đi, hoặc đánh dấu “Đã kiểm tra” bên dưới.")
            )
