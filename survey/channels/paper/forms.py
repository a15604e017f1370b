"""What staff fill in before typing: how many forms to print, and what a pile of filled-in ones is."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired, ValidationError

from survey.channels.paper.numbers import MOST
from survey.channels.paper.queries import fetch_definition
from survey.foundation.clock import today
from survey.foundation.languages.citizen_languages import languages_and_packs
from survey.foundation.pages.form_fields import DayField, WholeNumberField, choices
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import LANGUAGES
from survey.questionnaires.packs.texts import packs_speaking_for


class AskedForm(FlaskForm):
    """Which version is asked, in which language: the program's, or that of a pack that says all of it."""

    version = SelectField(_l("Mẫu phiếu"))
    language = SelectField(_l("Ngôn ngữ"), choices=lambda: choices(languages_and_packs()), default="vi")

    def validate_language(self, field: SelectField) -> None:
        """A pack's language only where the pack has every text."""
        if field.data in LANGUAGES or not self.version.data:
            return
        definition = fetch_definition(db.session(), int(self.version.data))
        if definition is None or field.data not in packs_speaking_for(definition):
            raise ValidationError(_("Gói ngôn ngữ này chưa có lời của mẫu phiếu đã chọn: chọn ngôn ngữ khác."))


class RunForm(AskedForm):
    """Which forms to print, and how many."""

    count = WholeNumberField(
        _l("Số tờ"),
        [InputRequired(_l("Ghi số phiếu cần in."))],
        default=50,
        low=1,
        high=MOST,
        message=_l("Từ 1 đến 2000 phiếu mỗi đợt."),
    )


class BatchForm(FlaskForm):
    """A pile of filled-in forms."""

    expected = WholeNumberField(
        _l("Số phiếu trong tệp (đếm trước khi nhập)"),
        [InputRequired(_l("Đếm tệp phiếu và ghi số phiếu."))],
        low=1,
        high=MOST,
        message=_l("Từ 1 đến 2000 phiếu mỗi lô."),
    )
    answered_on = DayField(_l("Ngày người dân trả lời"), [InputRequired(_l("Ghi ngày trả lời."))])
    service = SelectField(_l("Dịch vụ"), default="")

    def validate_answered_on(self, field: DayField) -> None:
        """Not in the future."""
        if field.data is not None and field.data > today():
            raise ValidationError(_("Ngày trả lời không thể ở tương lai."))
