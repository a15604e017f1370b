"""Signals in words that officials read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from analysis.presentation.caseload_units import in_units_of_sector
from analysis.presentation.phrases import SHORT_SUBJECTS
from analysis.signals.finding import (
    ALIKE,
    BURST,
    CHANNEL_FLOW,
    CHANNEL_GAP,
    CHART,
    DRIP,
    DROP,
    FILE,
    OVERFULL,
    OVERFULL_DAY,
    QUIET,
)
from analysis.signals.models import CLOSED, EXPLAINED, OPEN, Signal
from analysis.statistics import Treatment
from survey.foundation.clock import LOCAL
from survey.foundation.formatting import date, number, percent, percent_range, period, points
from survey.foundation.vocabulary import CHANNELS

KINDS: dict[str, LazyString] = {
    CHART: lazy_gettext("Ra ngoài giới hạn kiểm soát"),
    DROP: lazy_gettext("Giảm đột ngột"),
    BURST: lazy_gettext("Phiếu dồn dập"),
    ALIKE: lazy_gettext("Phiếu giống hệt nhau"),
    OVERFULL: lazy_gettext("Phiếu nhiều hơn hồ sơ"),
    QUIET: lazy_gettext("Quầy im lặng"),
    FILE: lazy_gettext("Phiếu lấy từ tệp"),
    DRIP: lazy_gettext("Phiếu tăng đều mỗi ngày"),
    OVERFULL_DAY: lazy_gettext("Ngày nhiều phiếu hơn hồ sơ"),
    CHANNEL_FLOW: lazy_gettext("Phiếu dồn vào một kênh"),
    CHANNEL_GAP: lazy_gettext("Một kênh chấm khác các kênh khác"),
}
STATUSES: dict[str, LazyString] = {
    OPEN: lazy_gettext("Chờ giải trình"),
    EXPLAINED: lazy_gettext("Đã giải trình, chờ đóng"),
    CLOSED: lazy_gettext("Đã đóng"),
}
OUTCOMES: dict[str, LazyString] = {
    "harmless": lazy_gettext("Có lý do chính đáng"),
    "genuine": lazy_gettext("Đúng là bất thường"),
    "unclear": lazy_gettext("Không xác định được"),
}
TREATMENTS: dict[Treatment, LazyString] = {
    Treatment.ALL: lazy_gettext("Tính tất cả phiếu"),
    Treatment.DROPPED: lazy_gettext("Bỏ phiếu nghi vấn"),
    Treatment.COUNTED_ONCE: lazy_gettext("Mỗi đợt nghi vấn tính là một phiếu"),
    Treatment.DISSATISFIED: lazy_gettext("Coi phiếu nghi vấn là không hài lòng"),
}
HOW_TREATED: dict[Treatment, LazyString] = {
    Treatment.ALL: lazy_gettext("Mọi phiếu được tính như đã gửi."),
    Treatment.DROPPED: lazy_gettext("Phiếu nghi vấn không được tính; mỗi phiếu còn lại đứng cho nhiều hồ sơ hơn."),
    Treatment.COUNTED_ONCE: lazy_gettext("Mỗi đợt nghi vấn nặng bằng một phiếu khác, chia đều cho các phiếu của đợt."),
    Treatment.DISSATISFIED: lazy_gettext("Phiếu nghi vấn vẫn được tính, như thể đều chưa hài lòng."),
}


def summary(signal: Signal) -> str:
    """The evidence in one sentence."""
    return {
        CHART: _chart,
        DROP: _drop,
        BURST: _burst,
        ALIKE: _alike,
        OVERFULL: _overfull,
        QUIET: _quiet,
        FILE: _file,
        DRIP: _drip,
        OVERFULL_DAY: _overfull_day,
        CHANNEL_FLOW: _channel_flow,
        CHANNEL_GAP: _channel_gap,
    }[signal.kind](signal.month, {**signal.evidence, "sector": signal.sector})


def chance(p: float) -> str:
    """How often pure chance would look like this, in words: "1 phần 12.000"."""
    if p <= 1e-9:
        return str(_("chưa đến 1 phần tỷ"))
    return str(_("khoảng 1 phần %(n)s", n=number(round(1 / p))))


def hours(episode: Mapping[str, Any]) -> str:
    """The hours an episode lies in, in Vietnam: "15-16 giờ". Minutes and seconds are not kept."""
    first, last = (dt.datetime.fromisoformat(episode[name]).astimezone(LOCAL).hour for name in ("from", "to"))
    return str(_("%(first)s-%(last)s giờ", first=first, last=last + 1))


def day_and_hour(instant: str) -> str:
    """The day and the hour of an ISO instant, in Vietnam."""
    at = dt.datetime.fromisoformat(instant).astimezone(LOCAL)
    return str(_("%(hour)s giờ ngày %(day)s", hour=at.hour, day=date(at.date())))


def _chart(month: str, evidence: dict[str, Any]) -> str:
    return str(
        _(
            "%(subject)s, %(month)s: %(share)s hài lòng (chưa gia quyền, %(n)s phiếu), ngoài giới hạn %(range)s "
            "của %(months)s tháng trước.",
            subject=SHORT_SUBJECTS[evidence["subject"]],
            month=period(month),
            share=percent(evidence["share"]),
            n=number(evidence["answers"]),
            range=percent_range(evidence["lower"], evidence["upper"]),
            months=evidence["months"],
        )
    )


def _drop(month: str, evidence: dict[str, Any]) -> str:
    return str(
        _(
            "%(subject)s, %(month)s: %(share)s hài lòng, tháng trước %(before)s (%(change)s; khoảng 95 %%: %(low)s đến "
            "%(high)s).",
            subject=SHORT_SUBJECTS[evidence["subject"]],
            month=period(month),
            share=percent(evidence["share"]),
            before=percent(evidence["before"]),
            change=points(evidence["difference"]),
            low=points(evidence["low"]),
            high=points(evidence["high"]),
        )
    )


def _burst(_month: str, evidence: dict[str, Any]) -> str:
    first = evidence["episodes"][0]
    return str(
        _(
            "Ngày %(day)s, %(hours)s: %(n)s phiếu; giờ đông nhất thường chỉ có khoảng %(hourly)s phiếu.",
            day=day(evidence["day"]),
            n=number(first["answers"]),
            hours=hours(first),
            hourly=number(evidence["hourly"]),
        )
    )


def _alike(_month: str, evidence: dict[str, Any]) -> str:
    first = evidence["episodes"][0]
    return str(
        _(
            "Ngày %(day)s: %(n)s trên %(all)s phiếu giống hệt nhau; nơi khác trung bình chỉ khoảng %(expected)s.",
            day=day(evidence["day"]),
            n=number(first["answers"]),
            all=number(evidence["answers"]),
            expected=number(first["expected"]),
        )
    )


def _overfull(month: str, evidence: dict[str, Any]) -> str:
    said = {
        "service": evidence["service"],
        "month": period(month),
        "n": number(evidence["answers"]),
        "caseload": number(evidence["caseload"]),
    }
    pattern = str(_("%(service)s, %(month)s: %(n)s phiếu nhưng chỉ có %(caseload)s hồ sơ."))
    return in_units_of_sector(pattern, evidence["sector"]) % said


def _quiet(_month: str, evidence: dict[str, Any]) -> str:
    return str(
        _(
            "Không có phiếu từ %(day)s (%(days)s ngày làm việc); trước đó trung bình %(usual)s phiếu một ngày.",
            day=day(evidence["since"]),
            days=evidence["days"],
            usual=number(evidence["usual"], 1),
        )
    )


def _drip(_month: str, evidence: dict[str, Any]) -> str:
    return str(
        _(
            "Từ %(since)s đến %(until)s: %(n)s phiếu trong %(days)s ngày; trước đó trung bình %(usual)s phiếu một "
            "ngày.",
            since=day(evidence["since"]),
            until=day(evidence["until"]),
            n=number(evidence["answers"]),
            days=evidence["days"],
            usual=number(evidence["usual"], 1),
        )
    )


def _overfull_day(_month: str, evidence: dict[str, Any]) -> str:
    return str(
        _(
            "Ngày %(day)s: %(n)s phiếu; mỗi ngày làm việc trung bình chỉ có khoảng %(dossiers)s hồ sơ, lượt.",
            day=day(evidence["day"]),
            n=number(evidence["answers"]),
            dossiers=number(evidence["dossiers"]),
        )
    )


def _channel_flow(month: str, evidence: dict[str, Any]) -> str:
    return str(
        _(
            "%(month)s: %(n)s trên %(all)s phiếu của quầy qua kênh %(channel)s (%(share)s); %(weeks)s tuần trước đó là "
            "%(usual)s.",
            month=period(month),
            n=number(evidence["answers"]),
            all=number(evidence["of"]),
            channel=CHANNELS[evidence["channel"]],
            share=percent(evidence["share"]),
            weeks=evidence["weeks"],
            usual=percent(evidence["usual"]),
        )
    )


def _channel_gap(month: str, evidence: dict[str, Any]) -> str:
    return str(
        _(
            "%(subject)s, %(month)s: qua kênh %(channel)s %(share)s hài lòng (chưa gia quyền), qua các kênh khác "
            "%(others)s; các tháng trước thường chênh %(usual)s.",
            subject=SHORT_SUBJECTS[evidence["subject"]],
            month=period(month),
            channel=CHANNELS[evidence["channel"]],
            share=percent(evidence["share"]),
            others=percent(evidence["others"]),
            usual=points(evidence["usual"]),
        )
    )


def _file(_month: str, evidence: dict[str, Any]) -> str:
    words = _(
        "Ngày %(day)s: %(n)s phiếu được lấy từ tệp hàng chờ của kiosk, không do kiosk tự gửi.",
        day=day(evidence["day"]),
        n=number(sum(episode["answers"] for episode in evidence["episodes"])),
    )
    if evidence["revoked"]:
        words += " " + _("Khóa của kiosk đã bị thu hồi trước đó.")
    return str(words)


def day(iso: str) -> str:
    """A day of the evidence, as ISO writes it, as people do."""
    return date(dt.date.fromisoformat(iso))
