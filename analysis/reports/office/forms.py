"""The forms of what an office adds: its words, the journal's line, the province's decision."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length, Optional

from survey.foundation.clock import today
from survey.foundation.pages.form_fields import NEEDED, DayField, LineField, ProseField


class WordsForm(FlaskForm):
    """Two parts of a report in the office's words."""

    shortcomings = ProseField(_("Tồn tại, nguyên nhân"), [Length(max=6000)])
    proposals = ProseField(_("Đề xuất, kiến nghị, phương hướng"), [Length(max=6000)])


class JournalForm(FlaskForm):
    """Number and days, in the order in which they happen."""

    number = LineField(_("Số, ký hiệu"), [Length(max=60)])
    signed_on = DayField(_("Ngày ký"), [Optional()])
    sent_on = DayField(_("Ngày gửi"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the days follow each other, none in the future, and a signed report has its number."""
        if not super().validate(extra_validators):
            return False
        if self.signed_on.data and not (self.number.data or "").strip():
            return _refuse(self.number, gettext("Báo cáo đã ký thì có số: hãy ghi số, ký hiệu."))
        if self.sent_on.data and not self.signed_on.data:
            return _refuse(self.signed_on, gettext("Báo cáo đã gửi thì đã ký: hãy ghi ngày ký."))
        if self.sent_on.data and self.signed_on.data and self.sent_on.data < self.signed_on.data:
            return _refuse(self.sent_on, gettext("Ngày gửi không thể trước ngày ký."))
        return all(not_ahead(field) for field in (self.signed_on, self.sent_on))


class DecisionForm(FlaskForm):
    """Number, day and issuer of the decision."""

    number = LineField(_("Số, ký hiệu"), [NEEDED, Length(max=60)])
    signed_on = DayField(_("Ngày ký"), [InputRequired(_("Hãy ghi ngày ký quyết định."))])
    issuer = LineField(_("Cơ quan ban hành"), [NEEDED, Length(max=120)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it is complete and of a day that has come."""
        return bool(super().validate(extra_validators)) and not_ahead(self.signed_on)


def not_ahead(field: Any) -> bool:
    """Refuse a day that has not come yet."""
    if field.data and field.data > today():
        return _refuse(field, gettext("Ngày này chưa đến: hãy ghi ngày đã qua hoặc hôm nay."))
    return True


def _refuse(field: Any, words: str) -> bool:
    field.errors = [*field.errors, words]
    return False
