"""The form of a province's own target; its fields bear the names of the import's columns."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput

from survey.foundation.pages.form_fields import NEEDED, LineField, ProseField, WholeNumberField, choices
from survey.foundation.vocabulary import RESPONDENT_KINDS, SUBJECTS
from survey.registry_pages.forms import RecordForm

COVERAGE_WORDS: dict[str, LazyString] = {
    "surveyed_units": _("Bao phủ: đơn vị sự nghiệp công được khảo sát"),
    "method_defined": _("Bao phủ: đơn vị đã xác định phương pháp thu thập ý kiến"),
    "one_stop": _("Bao phủ: cơ quan hành chính có một cửa"),
    "on_time": _("Hồ sơ giải quyết đúng hạn"),
}
ABOUT: dict[str, LazyString] = SUBJECTS | COVERAGE_WORDS
COMPARATORS: dict[str, LazyString] = {
    ">": _("trên (>)"),
    ">=": _("đạt, từ … trở lên (≥)"),
    "=": _("bằng (=)"),
}


class TargetForm(RecordForm):
    """A target."""

    code = LineField(_("Mã"), [NEEDED, Length(max=20)])
    subject = SelectField(_("Nội dung"), choices=choices(ABOUT))
    agency = SelectField(_("Của ai"), default="")
    respondent_kinds = SelectMultipleField(
        _("Tính ý kiến của"),
        choices=choices(RESPONDENT_KINDS),
        default=list(RESPONDENT_KINDS),
        option_widget=CheckboxInput(),
    )
    comparator = SelectField(_("So sánh"), choices=choices(COMPARATORS))
    threshold = LineField(_("Mức phải đạt"), [NEEDED, Length(max=10)])
    from_year = WholeNumberField(_("Từ năm"), [InputRequired(_("Ghi năm, bốn chữ số."))])
    due_year = WholeNumberField(_("Đến hạn năm"), [InputRequired(_("Ghi năm, bốn chữ số."))])
    document = LineField(_("Văn bản"), [NEEDED, Length(max=300)])
    document_number = LineField(_("Số, ký hiệu văn bản"), [Length(max=60)])
    document_short = LineField(_("Cách gọi ngắn văn bản"), [Length(max=300)])
    clause = LineField(_("Mục, khoản"), [NEEDED, Length(max=60)])
    quote = ProseField(_("Nguyên văn"), [NEEDED, Length(max=2000)])
    note = ProseField(_("Ghi chú"), [Length(max=1000)])
    last_year = WholeNumberField(_("Năm cuối còn hiệu lực"), [Optional()])
    ended_by = LineField(_("Văn bản chấm dứt"), [Length(max=300)])
