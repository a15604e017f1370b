"""What staff fill in to make a list of calls."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.validators import InputRequired, ValidationError

from survey.channels.paper.forms import AskedForm
from survey.channels.phone.contact_file import MOST
from survey.foundation.clock import today
from survey.foundation.pages.form_fields import DayField, WholeNumberField

LONGEST = 60  # days


class ListForm(AskedForm):
    """Whom to call, and what to ask."""

    service = SelectField(_l("Dịch vụ"), default="")
    file = FileField(
        _l("Tệp hồ sơ: Excel (.xlsx, .xls), LibreOffice (.ods) hoặc CSV"), [FileRequired(_l("Chọn một tệp."))]
    )
    draw = WholeNumberField(
        _l("Số hồ sơ rút ngẫu nhiên để gọi"), low=1, high=MOST, message=_l("Từ 1 đến 5000, hoặc để trống: gọi tất cả.")
    )
    last_day = DayField(_l("Gọi đến hết ngày"), [InputRequired(_l("Ghi ngày cuối cùng gọi."))])

    def validate_last_day(self, field: DayField) -> None:
        """Telephone numbers lie here no longer than two months."""
        if field.data is not None and not 0 <= (field.data - today()).days <= LONGEST:
            raise ValidationError(_("Chọn một ngày từ hôm nay đến %(n)s ngày sau.", n=LONGEST))
