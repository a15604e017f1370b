"""The measure of the demonstration: its weakest service, from the month before last."""

from __future__ import annotations

import datetime as dt

from analysis.measures.service import NewMeasure, register_measure
from survey.accounts.models import User
from survey.foundation.clock import month_of, today
from survey.foundation.database import db
from survey.foundation.periods import shift_month
from survey.registry.models import Agency, Service

AGENCY, SERVICE, OWNER = "DL-SNNMT", "DD-BIENDONG", "so-noi-vu"


def register_demo_measure() -> None:
    """Register it as its owner would have done at the desk."""
    agency = db.session.query(Agency).filter_by(code=AGENCY).one()
    service = db.session.query(Service).filter_by(code=SERVICE).one()
    owner = db.session.query(User).filter_by(username=OWNER).one()
    new = NewMeasure(
        province_id=agency.province_id,
        sector=service.sector,
        agency_id=agency.id,
        service_id=service.id,
        what="Bố trí thêm một công chức tiếp nhận hồ sơ đất đai vào buổi sáng; hẹn trả kết quả qua tin nhắn.",
        who="Văn phòng Đăng ký đất đai",
        starts_on=dt.date.fromisoformat(f"{shift_month(month_of(today()), -1)}-01"),
    )
    register_measure(new, owner.id)
