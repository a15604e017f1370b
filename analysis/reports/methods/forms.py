"""What the owner adds to a draft, and what ends an edition."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from survey.foundation.pages.form_fields import NEEDED, DayField, LineField, ProseField, WholeNumberField


class DraftForm(FlaskForm):
    """By which decision, since when, and the owner's own words."""

    decision = LineField(_("Ban hành theo văn bản"), [Length(max=160)])
    since = DayField(_("Áp dụng từ ngày"), [InputRequired(_("Ghi ngày bắt đầu áp dụng."))])
    own_words = ProseField(_("Quy định thêm của chủ phương pháp"), [Length(max=6000)])


class RetirementForm(FlaskForm):
    """Which edition, from which day on, and why."""

    number = WholeNumberField(_("Bản"), [InputRequired()])
    retired_on = DayField(_("Thôi áp dụng từ ngày"), [InputRequired(_("Ghi ngày thôi áp dụng."))])
    reason = LineField(_("Lý do"), [NEEDED, Length(max=300)])
