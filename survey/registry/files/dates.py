"""Days, months and instants as offices write them; what could be read in two ways is refused."""

from __future__ import annotations

import datetime as dt
import re

from flask_babel import gettext as _

from survey.foundation.clock import LOCAL, UTC
from survey.foundation.periods import Period
from survey.foundation.text.vietnamese import fold
from survey.registry.files.problems import CellError

YEARS = range(2000, 2100)
_YEARS_OF_DAYS = range(1800, 2100)  # hospitals and schools are older than the program
_CLEAR_CENTURY = range(2000, 2050)  # what two digits of a year may mean without a doubt
_EPOCH = dt.date(1899, 12, 30)  # day 0 of Excel's calendar
_SERIALS = range((dt.date(2000, 1, 1) - _EPOCH).days, (dt.date(2100, 1, 1) - _EPOCH).days)
_PLAIN_DAY = re.compile(r"^(20\d\d)(\d\d)(\d\d)$")
_MOMENT = re.compile(r"^(\d{5})\.(\d+)$")
_ISO_DAY = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_SERIAL = re.compile(r"^(\d{5})(?:\.0+)?$")
_NAMED_DAY = re.compile(r"^(\d{1,2})[-/ .]([a-z]{3,9})\.?[-/ .](\d{4}|\d{2})$")
_LOCAL_DAY = re.compile(
    r"^(?:ngay )?(\d{1,2})"
    r"(?: ?[/.-] ?(?:thg\.? ?)?| (?:thang|thg\.?) ?)(\d{1,2})"  # Excel writes 01-Thg7-25, Google "1 thg 7, 2025"
    r"(?: ?[/.-] ?| nam |, ?| )(\d{4}|\d{2})$"
)
_ISO_MONTH = re.compile(r"^(\d{4})[-/.](\d{1,2})$")
_PLAIN_MONTH = re.compile(r"^(20\d\d)(\d\d)$")
_LOCAL_MONTH = re.compile(r"^(?:ky )?(?:thang|thg\.?|th\.?|t\.?)?\s*(\d{1,2})\s*(?:[/.-]|\s*nam\s*|\s+)\s*(\d{4})$")
_NAMED_MONTH = re.compile(r"^(?:([a-z]{3,9})\.?|(?:thang|thg\.?|th\.?|t\.?)\s*(\d{1,2}))\s*[-/ .]\s*(\d{4}|\d{2})$")
_SHORT_YEAR = re.compile(r"(?<!\d)\d{2}$")
_MONTH_ALONE = re.compile(r"^(?:ky )?(?:thang|thg\.?|th\.?|t\.?)?\s*(\d{1,2})$")
_UNCLEAR_MONTH = re.compile(r"^\d{1,2}[/.-]\d{2}$")
_CUT_MONTH = re.compile(r"^20\d\d[.,]1$")  # a spreadsheet makes 2026.10 a number and drops its zero
_QUARTER = re.compile(r"\b(?:quy|q)\.?\s*(?:[1-4]|iv|i{1,3})\b")
_IN_WORDS = re.compile(r"\bthang (muoi mot|muoi hai|muoi|mot|hai|ba|tu|bon|nam|sau|bay|tam|chin)(?=$|[ /.-])")
_MIDNIGHT = re.compile(r"[Tt ](?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? [Aa][Mm])$")  # what programs add to a day
_CLOCK = re.compile(r"(?<![Tt ])[Tt ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?$")
_OF_DAY = re.compile(r"(\d{1,2})[:h](\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*(am|pm|sa|ch))?")
_FROM_TO = re.compile(r"\btu (?:ngay )?(\d\S*\d) den (?:het )?(?:ngay )?(\d\S*\d)")
_SPAN = re.compile(r"^(?:ky )?(?:tu )?(?:ngay )?(\S+) (?:-|den) (?:het )?(?:ngay )?(\S+)$")
# Not "giêng" and "chạp", which are months of the moon.
_NUMBERS = ("mot", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)


def day(cell: str) -> dt.date:
    """A calendar day: 2025-07-01, 01/07/2025, 1/7/25 (day first), or Excel's number of it."""
    written = fold(_CLOCK.sub("", cell))
    if (serial := _SERIAL.match(cell)) and cell.isascii() and int(serial[1]) in _SERIALS:
        return _EPOCH + dt.timedelta(days=int(serial[1]))
    if match := _ISO_DAY.match(written) or _PLAIN_DAY.match(written):
        year, month_number, day_number = map(int, match.groups())
    elif match := _LOCAL_DAY.match(written):
        day_number, month_number, year = int(match[1]), int(match[2]), _full_year(match[3])
    elif (match := _NAMED_DAY.match(written)) and (month_number := _named(match[2])):
        day_number, year = int(match[1]), _full_year(match[3])
    else:
        raise CellError(_("Không phải ngày."), _("Viết 2025-07-01 hoặc 01/07/2025 (ngày/tháng/năm)."))
    if year not in _YEARS_OF_DAYS:
        raise CellError(_("Năm không hợp lý."), _("Kiểm tra lại năm."))
    if year not in _CLEAR_CENTURY and _SHORT_YEAR.search(written) and not _ISO_DAY.match(written):
        raise CellError(
            _("Không rõ là năm nào: năm chỉ có hai chữ số."), _("Viết 2025-07-01 hoặc 01/07/2025 (ngày/tháng/năm).")
        )
    try:
        return dt.date(year, month_number, day_number)
    except ValueError as error:
        raise CellError(
            _("Không có ngày này trong lịch."), _("Viết 2025-07-01 hoặc 01/07/2025 (ngày/tháng/năm).")
        ) from error


def month(cell: str) -> str:
    """A month as stored, ``2026-10``: Tháng 10/2026, T10/2026, 10-2026, Oct-26, Thg10-26, or any of its days."""
    written = _plainly(cell)
    year, number = _year_and_month(written)
    if _CUT_MONTH.match(written):
        raise CellError(
            _("Không rõ là tháng 1 hay tháng 10: bảng tính bỏ số 0 cuối của 2026.10."),
            _("Viết năm-tháng, ví dụ 2026-10."),
        )
    if year not in YEARS or not 1 <= number <= 12:
        if _QUARTER.search(written):
            raise CellError(_("Đây là một quý, không phải một tháng."), _("Ghi số của từng tháng trên một dòng riêng."))
        if _UNCLEAR_MONTH.match(cell):
            raise CellError(
                _("Không rõ là tháng nào: năm chỉ có hai chữ số."), _("Viết đủ bốn chữ số của năm, ví dụ 10/2026.")
            )
        raise CellError(_("Không phải tháng."), _("Viết năm-tháng, ví dụ 2026-10."))
    return f"{year:04d}-{number:02d}"


def month_alone(cell: str) -> int | None:
    """The number of a month written without its year ("Tháng 10", "T10", "10"); None if it is none."""
    match = _MONTH_ALONE.match(_plainly(cell))
    return int(match[1]) if match and 1 <= int(match[1]) <= 12 else None


def is_month_heading(cell: str) -> bool:
    """Whether a heading names a month, with its year or without ("Tháng 10", "T10", "10/2026", "Oct-26")."""
    if cell.isdigit() and not _PLAIN_MONTH.match(cell):
        return False
    if month_alone(cell) is not None:
        return True
    try:
        return bool(month(cell))
    except CellError:
        return False


def _plainly(cell: str) -> str:
    """A month without marks, its number in digits: "Tháng mười một" is "thang 11"."""

    def digits(match: re.Match[str]) -> str:
        return f"thang {_NUMBERS.index(match[1].replace('bon', 'tu')) + 1}"

    return _IN_WORDS.sub(digits, fold(" ".join(cell.split())), count=1)


def _year_and_month(written: str) -> tuple[int, int]:
    if match := _ISO_MONTH.match(written) or _PLAIN_MONTH.match(written):
        return int(match[1]), int(match[2])
    if match := _LOCAL_MONTH.match(written):
        return int(match[2]), int(match[1])
    if (match := _NAMED_MONTH.match(written)) and (number := int(match[2]) if match[2] else _named(match[1])):
        return _full_year(match[3]), number
    first, last = match.groups() if (match := _SPAN.match(written)) else (written, written)
    try:
        from_day, to_day = day(first), day(last)
    except CellError:
        return 0, 0
    if first != last and (from_day, to_day) != _days_of_month(from_day):
        return 0, 0
    return from_day.year, from_day.month


def _days_of_month(day_: dt.date) -> tuple[dt.date, dt.date]:
    span = Period.parse(f"{day_.year:04d}-{day_.month:02d}")
    return span.first_day, span.last_day


def whole_month(text: str) -> str:
    """The month that a text names by its first and last day ("Từ ngày 01/10/2026 đến 31/10/2026"); empty if none."""
    match = _FROM_TO.search(fold(text))
    try:
        return month(f"{match[1]} den {match[2]}") if match else ""
    except CellError:
        return ""


def _named(word: str) -> int:
    return next((number for number, name in enumerate(_MONTHS, 1) if name == word or name[:3] == word), 0)


def _full_year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def instant(cell: str) -> dt.datetime:
    """An instant in UTC. Without an offset it is Vietnamese time; a day alone stands for its noon."""
    cell = _as_iso(cell)
    try:
        moment = dt.datetime.fromisoformat(cell)
    except ValueError as error:
        raise CellError(
            _("Không phải ngày giờ."),
            _("Viết 2026-10-05T14:30:00+07:00, 2026-10-05 14:30 hoặc 05/10/2026 14:30 (giờ Việt Nam)."),
        ) from error
    if len(cell) <= len("2026-10-05"):
        moment = moment.replace(hour=12)
    if moment.year not in YEARS:
        raise CellError(_("Năm không hợp lý."), _("Kiểm tra lại năm."))
    return (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)).astimezone(UTC)


def _as_iso(cell: str) -> str:
    """The instant as ISO writes it: "14:30 05/10/2026", "05/10/2026 2h30 CH" and Excel's number of it, too."""
    if (number := _MOMENT.match(cell)) and int(number[1]) in _SERIALS:
        seconds = round(float(f"0.{number[2]}") * 86_400)
        return (dt.datetime.combine(_EPOCH, dt.time(), LOCAL) + dt.timedelta(int(number[1]), seconds)).isoformat(" ")
    if _SERIAL.match(cell):
        return day(cell).isoformat()
    written = fold(" ".join(cell.split()))
    clock = _OF_DAY.search(written)
    rest = (written[: clock.start()] + written[clock.end() :]).strip() if clock else written
    if not _LOCAL_DAY.match(rest):
        return cell
    if clock is None:
        return day(rest).isoformat()
    hour = int(clock[1])
    if clock[4] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if clock[4] in ("pm", "ch") else 0)
    return f"{day(rest).isoformat()} {hour:02d}:{clock[2]}:{clock[3] or '00'}"


def unusual_day(cell: str) -> str:
    """What is unusual about a day's way of writing; empty if nothing."""
    if _CLOCK.search(cell) and not _MIDNIGHT.search(cell):
        return str(_("có giờ, chỉ lấy ngày"))
    cell = _MIDNIGHT.sub("", cell)
    if _SERIAL.match(cell):
        return str(_("là số thứ tự ngày của Excel"))
    has_short_year = _SHORT_YEAR.search(cell) and not _ISO_DAY.match(cell) and not _ISO_MONTH.match(cell)
    return str(_("có năm viết hai chữ số")) if has_short_year else ""


def unusual_month(cell: str) -> str:
    """What is unusual about a month's way of writing; empty if nothing."""
    cell = _MIDNIGHT.sub("", cell)
    match = _ISO_DAY.match(cell) or _LOCAL_DAY.match(fold(cell))
    days = (match[3] if len(match[1]) == 4 else match[1]) if match else "1"
    return str(_("là một ngày, lấy tháng của ngày đó")) if int(days) != 1 else unusual_day(cell)
