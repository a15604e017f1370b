"""The demonstration's measures: at its weakest service, and at a hospital that is published before and after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from analysis.measures.models import Measure
from analysis.measures.service import NewMeasure, register_measure
from survey.accounts.models import User
from survey.foundation.clock import month_of, today
from survey.foundation.periods import shift_month
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Service


@dataclass(frozen=True)
class DemoMeasure:
    """A measure from the first day of a month, `months_ago` before this one."""

    agency: str
    sector: str
    service: str | None
    owner: str
    what: str
    who: str
    months_ago: int


MEASURES = (
    DemoMeasure(
        "DL-BVSN",
        "health",
        None,
        "so-y-te",
        "Mở thêm hai quầy thu viện phí và một quầy lấy máu từ 6 giờ 30.",
        "Phòng Kế hoạch tổng hợp",
        2,
    ),
    DemoMeasure(
        "DL-SNNMT",
        "administration",
        "DD-BIENDONG",
        "so-noi-vu",
        "Bố trí thêm một công chức tiếp nhận hồ sơ đất đai vào buổi sáng; hẹn trả kết quả qua tin nhắn.",
        "Văn phòng Đăng ký đất đai",
        1,
    ),
)


def register_demo_measures() -> None:
    """Register them as their owners would have done at the desk."""
    for measure in MEASURES:
        agency = db.session.query(Agency).filter_by(code=measure.agency).one()
        service = db.session.query(Service).filter_by(code=measure.service).one() if measure.service else None
        owner = db.session.query(User).filter_by(username=measure.owner).one()
        if db.session.query(Measure).filter_by(agency_id=agency.id, what=measure.what).count():
            continue  # by a start that was interrupted
        new = NewMeasure(
            province_id=agency.province_id,
            sector=measure.sector,
            agency_id=agency.id,
            service_id=service.id if service else None,
            what=measure.what,
            who=measure.who,
            starts_on=dt.date.fromisoformat(f"{shift_month(month_of(today()), -measure.months_ago)}-01"),
        )
        register_measure(new, owner.id)
