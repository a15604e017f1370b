"""What people say about a signal."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired, Length

from analysis.signals.phrases import OUTCOMES
from survey.foundation.pages.form_fields import ProseField, choices


class ExplainForm(FlaskForm):
    """Why it came about."""

    text = ProseField(
        _("Giải trình"),
        [InputRequired(_("Hãy viết giải trình.")), Length(min=10, max=4000, message=_("Viết từ 10 đến 4.000 ký tự."))],
    )


class CloseForm(FlaskForm):
    """What came out of it."""

    outcome = RadioField(
        _("Kết luận"),
        choices=choices(OUTCOMES),
        validators=[InputRequired(_("Hãy chọn một kết luận."))],
    )
