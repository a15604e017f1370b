"""How a kiosk is, in words that officials understand: one state, and what needs a look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from kiosk.browser_requirements import words_of
from survey.devices.models import Device
from survey.devices.queries import SILENT_AFTER
from survey.foundation.clock import parse_instant
from survey.foundation.formatting import moment, number, percent, with_count

CLOCK_OFF = 60.0
NEARLY_FULL = 0.8
LOW_BATTERY = 0.2
LONG_UNSENT = dt.timedelta(hours=24)


@dataclass(frozen=True)
class DeviceHealth:
    """`state` is well, silent, never (paired, never heard of), unfit (in contact, but it may ask nobody anything) or
    revoked; `concerns` are sentences."""

    state: str
    concerns: tuple[str, ...]

    @property
    def words(self) -> str:
        """The state as shown."""
        words: dict[str, str] = {
            "well": _("Đang liên lạc"),
            "silent": _("Mất liên lạc"),
            "never": _("Chưa liên lạc"),
            "unfit": _("Không nhận đánh giá"),
            "revoked": _("Đã thu hồi"),
        }
        return words[self.state]


def condition_of(device: Device, at: dt.datetime, shell_version: str) -> DeviceHealth:
    """What the desk says of a device at an instant."""
    state = _state(device, at)
    return DeviceHealth(state, () if state == "revoked" else tuple(_concerns(device, at, shell_version)))


def _state(device: Device, at: dt.datetime) -> str:
    if device.revoked_at is not None:
        return "revoked"
    if device.last_contact_at is None:
        return "never"
    if at - device.last_contact_at > SILENT_AFTER:
        return "silent"
    return "unfit" if (device.status or {}).get("missing") else "well"


def _concerns(device: Device, at: dt.datetime, shell_version: str) -> list[str]:
    said = device.status or {}
    skew, oldest, version = device.clock_skew_seconds, device.oldest_unsent_at, said.get("version")
    concerns = _disk_concerns(device, said)
    if oldest is not None and device.queue_depth and at - oldest > LONG_UNSENT:
        concerns.append(_("Có đánh giá chưa gửi từ %(when)s.", when=moment(oldest)))
    if said.get("refused_count"):
        concerns.append(with_count("Máy chủ từ chối %(n)s đánh giá.", said["refused_count"]))
    if skew is not None and abs(skew) > CLOCK_OFF:
        concerns.append(_("Đồng hồ lệch %(span)s (đã hiệu chỉnh).", span=span_words(skew)))
    battery = said.get("battery")
    if battery is not None and battery < LOW_BATTERY and not said.get("charging"):
        concerns.append(_("Pin còn %(share)s, không cắm sạc.", share=percent(battery, 0)))
    if version and version != shell_version:
        concerns.append(_("Chưa chạy phiên bản mới nhất."))
    if said.get("errors"):
        concerns.append(with_count("%(n)s trục trặc gần đây.", len(said["errors"])))
    return concerns


def _disk_concerns(device: Device, said: Mapping[str, Any]) -> list[str]:
    """What endangers answers on the device's own disk."""
    used, quota, missing = said.get("storage_used"), said.get("storage_quota"), words_of(said.get("missing") or ())
    stored_missing = list(missing)
    if missing and device.queue_depth:
        stored_missing.append(
            with_count(
                "Trước đó máy còn giữ %(n)s đánh giá chưa gửi: đừng xóa dữ liệu của trình duyệt.", device.queue_depth
            )
        )
    if said.get("disk_refused_at"):
        stored_missing.append(
            _(
                "Máy không ghi được lên đĩa từ %(when)s, chỉ nhận đánh giá khi có mạng: giải phóng dung lượng.",
                when=_moment_words(said["disk_refused_at"]),
            )
        )
    if said.get("emptied_at"):
        stored_missing.append(_emptied(said))
    if said.get("unsigned"):
        stored_missing.append(
            _(
                "Lời báo này không có chữ ký của máy: khóa ký đã mất cùng dữ liệu trên máy, hoặc có người dùng khóa "
                "sao chép. Đến xem máy rồi ghép lại; đánh giá mới nằm trên máy cho đến lúc đó."
            )
        )
    if used is not None and quota and used / quota > NEARLY_FULL:
        stored_missing.append(_("Bộ nhớ đã dùng %(share)s.", share=percent(used / quota, 0)))
    if said.get("persisted") is False:
        stored_missing.append(_("Trình duyệt chưa hứa giữ dữ liệu lâu dài: cài kiosk như một ứng dụng."))
    return stored_missing


def _emptied(said: Mapping[str, Any]) -> str:
    when, lost = _moment_words(said["emptied_at"]), said.get("emptied_of") or 0
    words: str = _(
        "Dữ liệu trên máy đã bị xóa (phát hiện %(when)s). Lần báo trước máy giữ %(n)s đánh giá chưa gửi: có thể mất.",
        when=when,
        n=number(lost),
    )
    if not lost:
        words = _("Dữ liệu trên máy đã bị xóa (phát hiện %(when)s). Lần báo trước máy đã gửi hết.", when=when)
    return words


def reports_of(device: Device, name: str, time: str) -> list[dict[str, str]]:
    """The device's reports (`errors` or `refused`) with their device's time in Vietnamese form, newest first."""
    reports = (device.status or {}).get(name) or []
    return [{**report, time: _moment_words(report.get(time, ""))} for report in reversed(reports)]


def _moment_words(text: str) -> str:
    try:
        return moment(parse_instant(text))
    except (ValueError, OverflowError):
        return text


def span_words(seconds: float) -> str:
    """A difference of clocks: "nhanh 3 giờ", "chậm 2 phút", "đúng giờ"."""
    if abs(seconds) < 1:
        return str(_("đúng giờ"))
    way = _("nhanh") if seconds > 0 else _("chậm")
    size = abs(seconds)
    units = ((86400, _("ngày")), (3600, _("giờ")), (60, _("phút")), (1, _("giây")))
    unit, name = next(unit for unit in units if size >= unit[0])
    return f"{way} {number(size / unit)} {name}"
