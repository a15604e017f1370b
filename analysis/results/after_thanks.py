"""Below a citizen's thanks: when this is published, how many have rated here, what was done. Published figures only."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from analysis.figures.register import fetch_register
from analysis.periods.queries import fetch_published
from survey.foundation.clock import month_of, today
from survey.foundation.formatting import number, sentence_case
from survey.foundation.periods import Period, month_label


@dataclass(frozen=True)
class LastPublished:
    """The last published period that tells how many answers came for an agency."""

    period: Period
    received: int


def lines(province_id: int, agency_id: int) -> list[str]:
    """When today's answer is published, then how many were published of this agency."""
    agency = fetch_register(province_id).agencies[agency_id]
    month = month_label(month_of(today()))
    told = [
        _("Đánh giá này được tính vào kết quả %(month)s, công bố sau khi tỉnh chốt số liệu của tháng.", month=month)
    ]
    if (last := _last_published(province_id, agency.code)) is not None:
        period, received = sentence_case(last.period.label()), number(last.received)
        told.append(_("%(period)s: đã công bố kết quả từ %(n)s lượt đánh giá cơ quan này.", period=period, n=received))
    return told


def _last_published(province_id: int, code: str) -> LastPublished | None:
    for closing in fetch_published(province_id):
        rows = [
            row["received"]
            for entry in (closing.figures or {}).get("subjects", {}).values()
            for row in entry["by"].get("agency", [])
            if row["domain"] == code and row.get("received") is not None
        ]
        if rows:
            return LastPublished(Period.parse(closing.period), max(rows))
    return None
