"""The form of a measure."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired, Length, Optional

from survey.foundation.pages.form_fields import NEEDED, DayField, LineField, ProseField, choices
from survey.foundation.vocabulary import SECTORS


class MeasureForm(FlaskForm):
    """What, who, from when, where."""

    agency = SelectField(_("Cơ quan, đơn vị"), [NEEDED])
    sector = SelectField(_("Ngành"), [NEEDED], choices=choices(SECTORS))
    service = SelectField(_("Dịch vụ"), default="")
    what = ProseField(_("Làm gì"), [NEEDED, Length(max=2000)])
    who = LineField(_("Ai chịu trách nhiệm"), [NEEDED, Length(max=200)])
    starts_on = DayField(_("Từ ngày"), [InputRequired(_("Hãy ghi ngày bắt đầu."))])
    cases = LineField(_("Từ phản ánh số"), [Length(max=200)])


class ChangeForm(FlaskForm):
    """What may still change once a measure is registered; place, sector and start stay, and so do the figures."""

    what = ProseField(_("Làm gì"), [NEEDED, Length(max=2000)])
    who = LineField(_("Ai chịu trách nhiệm"), [NEEDED, Length(max=200)])
    ends_on = DayField(_("Đến hết ngày"), [Optional()])
    cases = LineField(_("Từ phản ánh số"), [Length(max=200)])
