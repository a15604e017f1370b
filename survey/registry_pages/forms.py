"""Forms of the desk for agencies, services and counters. Fields bear the names of the import's columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput

from survey.foundation.pages.form_fields import NEEDED, DayField, LineField, choices
from survey.foundation.vocabulary import AGENCY_KINDS, AGENCY_LEVELS, AREAS, SECTORS
from survey.registry.files.single_record import EditRefused

NONE = {"": _("(không có)")}


def choices_of(codes: Mapping[str, str], *, none: bool = False) -> list[Any]:
    """A select's choices from names by code; `none`: choosing nothing comes first."""
    named = {code: f"{name} ({code})" for code, name in codes.items()}
    return choices(NONE | named if none else named)


class RecordForm(FlaskForm):
    """A form whose fields are columns of an import."""

    seen = HiddenField()
    code: Field
    existing: str | None = None

    def keep_code(self, code: str) -> None:
        """The form changes a record that exists: its code is no field any more."""
        self.existing = code
        del self.code

    def texts(self, names: Iterable[str], **more: str) -> dict[str, str]:
        """What was typed, as an import would read it; `more` are columns that are no fields."""
        texts = {name: _text(self[name].data) for name in names if name in self}
        return texts | ({"code": self.existing} if self.existing else {}) | more

    def take(self, refusal: EditRefused) -> None:
        """Put each problem at its field."""
        for name, messages in refusal.by_column().items():
            if name in self:
                self[name].errors = [*self[name].errors, *messages]
            else:
                self.form_errors.extend(messages)


class AgencyForm(RecordForm):
    """An agency."""

    code = LineField(_("Mã"), [NEEDED, Length(max=40)])
    name = LineField(_("Tên"), [NEEDED, Length(max=300)])
    kind = SelectField(_("Loại"), choices=choices(AGENCY_KINDS))
    level = SelectField(_("Cấp"), choices=choices(AGENCY_LEVELS))
    area = SelectField(_("Địa bàn"), choices=choices(NONE | AREAS), default="")
    parent = SelectField(_("Cơ quan cấp trên"), default="")
    valid_from = DayField(_("Hoạt động từ ngày"), [Optional()])
    valid_to = DayField(_("Đến hết ngày"), [Optional()])
    # Whether there is such an agency is told by the rules of the imports.
    successor = SelectMultipleField(_("Cơ quan kế thừa"), validate_choice=False)
    document = LineField(_("Văn bản đổi tên, sáp nhập, chia tách hoặc giải thể"), [Length(max=300)])
    one_stop_since = DayField(_("Có bộ phận một cửa từ ngày"), [Optional()])
    method_defined_on = DayField(_("Xác định phương pháp thu thập ý kiến từ ngày"), [Optional()])

    def offer(self, names: Mapping[str, str]) -> None:
        """Agencies by code: those it may stand under, and those that may take over from it; never itself."""
        others = {code: name for code, name in names.items() if code != self.existing}
        self.parent.choices = self.successor.choices = choices_of(others, none=True)


class ServiceForm(RecordForm):
    """A service."""

    code = LineField(_("Mã"), [NEEDED, Length(max=40)])
    name = LineField(_("Tên"), [NEEDED, Length(max=300)])
    sector = SelectField(_("Ngành"), choices=choices(SECTORS))
    field = LineField(_("Lĩnh vực"), [Length(max=120)])
    national_code = LineField(_("Mã thủ tục quốc gia"), [Length(max=40)])


class CounterForm(RecordForm):
    """A counter."""

    code = LineField(_("Mã in trên mã QR"), [NEEDED, Length(max=40)])
    name = LineField(_("Tên"), [NEEDED, Length(max=300)])
    services = SelectMultipleField(_("Dịch vụ tại quầy"), option_widget=CheckboxInput())


class ClosingForm(FlaskForm):
    """Closing a counter, or opening it again when the day is left empty."""

    closed_on = DayField(_("Ngày đóng quầy"), [Optional()])


def _text(value: Any) -> str:
    if value is None:
        return ""
    return " ".join(value) if isinstance(value, list) else str(value)
