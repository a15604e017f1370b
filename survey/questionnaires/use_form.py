"""The form that puts a questionnaire to use somewhere, for something, for some time."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import Length, ValidationError

from survey.foundation.clock import today
from survey.foundation.pages.form_fields import NEEDED, DayField, LineField, choices
from survey.questionnaires.queries import fetch_services
from survey.questionnaires.use_queries import (
    fetch_agencies_of,
    fetch_counters_of,
    find_agency_in,
    find_counter_in,
)
from survey.questionnaires.uses import Terms

_LONGEST = Length(max=100, message=_l("Tối đa 100 ký tự."))


class UseForm(FlaskForm):
    """Everything empty: at every counter of the province, about every service of the sector, from today on for good."""

    # What a program sends besides the choices is told by its code, not refused as "no choice".
    agency = SelectField(_l("Cơ quan"), default="", validate_choice=False)
    counter = SelectField(_l("Quầy"), default="", validate_choice=False)
    service = SelectField(_l("Dịch vụ"), default="")
    wave = LineField(_l("Tên đợt khảo sát"), [_LONGEST])
    since = DayField(_l("Từ ngày"), [NEEDED])
    until = DayField(_l("Đến hết ngày"))

    def offer(self, province_id: int, sector: str) -> UseForm:
        """Offer the places of a province and the services of a sector."""
        self.province_id = province_id
        agencies, counters = fetch_agencies_of(province_id, today()), fetch_counters_of(province_id, today())
        self.agency.choices = choices({"": _("(mọi cơ quan)")} | {code: f"{name} ({code})" for code, name in agencies})
        self.counter.choices = choices({"": _("(mọi quầy)")} | {code: f"{name} ({code})" for code, name in counters})
        self.ids = {service.code: service.id for service in fetch_services(sector)}
        names = {service.code: f"{service.name} ({service.code})" for service in fetch_services(sector)}
        self.service.choices = choices({"": _("(mọi dịch vụ)")} | names)
        return self

    def validate_agency(self, field: SelectField) -> None:
        """An agency of this province, or none."""
        code = (field.data or "").strip()
        self.agency_row = find_agency_in(self.province_id, code) if code else None
        if code and self.agency_row is None:
            raise ValidationError(_("Không có cơ quan %(code)s.", code=code[:40]))

    def validate_counter(self, field: SelectField) -> None:
        """A counter of this province, or none."""
        code = (field.data or "").strip()
        self.counter_row = find_counter_in(self.province_id, code) if code else None
        if code and self.counter_row is None:
            raise ValidationError(_("Không có quầy %(code)s.", code=code[:40]))

    def validate_since(self, field: DayField) -> None:
        """Not in the past: what was asked then was asked."""
        if field.data is not None and field.data < today():
            raise ValidationError(_("Chọn hôm nay hoặc một ngày sau."))

    def validate_until(self, field: DayField) -> None:
        """Not before it begins; a wave ends."""
        if field.data is None and (self.wave.data or "").strip():
            raise ValidationError(_("Đợt khảo sát phải có ngày cuối."))
        if field.data is not None and self.since.data is not None and field.data < self.since.data:
            raise ValidationError(_("Ngày cuối phải không trước ngày đầu."))

    def terms(self) -> Terms:
        """What a valid form says."""
        since: dt.date = self.since.data or today()
        return Terms(
            self.agency_row.id if self.agency_row else None,
            self.counter_row.id if self.counter_row else None,
            self.ids.get(self.service.data or ""),
            (self.wave.data or "").strip(),
            since,
            self.until.data,
        )

    def words(self) -> dict[str, str | None]:
        """The same as the audit log tells it."""
        return {
            "agency": self.agency_row.code if self.agency_row else None,
            "counter": self.counter_row.code if self.counter_row else None,
            "service": self.service.data or None,
            "wave": (self.wave.data or "").strip() or None,
            "since": self.terms().since.isoformat(),
            "until": self.until.data.isoformat() if self.until.data else None,
        }
