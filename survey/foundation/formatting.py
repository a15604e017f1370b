"""Numbers, dates and shares as Vietnamese officials write them, on English pages as English readers do.

The only place that formats.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol
from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from jinja2 import pass_context
from jinja2.runtime import Context

from survey.foundation.clock import LOCAL
from survey.foundation.languages.page_locale import page_locale
from survey.foundation.periods import Period

ABSENT = "–"


def number(value: float | int | Decimal | None, decimals: int = 0) -> str:
    """1234 as 1.234, in English 1,234; None as a dash."""
    if value is None:
        return ABSENT
    rounded = _round(value, decimals)
    text = f"{rounded:,.{decimals}f}"
    return text.translate(_signs(_language()))


def with_count(text: str, count: int, /, **said: object) -> str:
    """A translated text about a number of things: Vietnamese has one form of it, English may have two.

    `count` chooses the form and stands in the text as %(n)s, written as a number, unless another `n` is given.
    """
    return str(ngettext(text, text, count, **({"n": number(count)} | said)))


@pass_context
def _with_count_on_page(context: Context, text: str, count: int, /, **said: object) -> Any:
    # by the templates' own function, which knows what to escape
    return context.call(context["ngettext"], text, text, count, **({"n": number(count)} | said))


VISIBLE = 0.0005  # a difference of shares (0-1) below this prints as 0,0 points


def percent(share: float | None, decimals: int = 1) -> str:
    """0.796 as 79,6 %; None as a dash. Rounds half up on the shortest decimal form of the share."""
    return ABSENT if share is None else f"{_hundredfold(share, decimals)} %"


def of_a_hundred(share: float) -> str:
    """About how many of a hundred a share (0-1) is: 0.285 as 29, as its tenths of a percent round."""
    return _hundredfold(share, 0)


def percent_range(low: float | None, high: float | None, decimals: int = 1) -> str:
    """(0.761, 0.827) as 76,1-82,7 %."""
    if low is None or high is None:
        return ABSENT
    return f"{_hundredfold(low, decimals)}-{percent(high, decimals)}"


def between(low: float, high: float, decimals: int = 1) -> str:
    """Two bounds of a share in a sentence: từ 94,2 % đến 94,4 %; one share where both print alike."""
    ends = percent(low, decimals), percent(high, decimals)
    return ends[0] if ends[0] == ends[1] else str(_("từ %(low)s đến %(high)s", low=ends[0], high=ends[1]))


def points(difference: float | None) -> str:
    """A difference of shares in percentage points with its sign: +2,1 điểm."""
    return ABSENT if difference is None else str(_("%(n)s điểm", n=_signed(difference)))


def points_range(low: float, high: float) -> str:
    """Both ends of a difference of shares, with their signs: -2,1 đến +3,4 điểm."""
    return str(_("%(low)s đến %(high)s điểm", low=_signed(low), high=_signed(high)))


def distance(difference: float) -> str:
    """How far apart two shares are, whichever is the larger: 2,1 điểm."""
    return str(_("%(n)s điểm", n=_hundredfold(abs(difference))))


def _signed(difference: float, decimals: int = 1) -> str:
    """With its sign; what is printed as 0,0 has none."""
    size = _hundredfold(abs(difference), decimals)
    if not size.strip("0,."):
        return size
    return ("+" if difference > 0 else "-") + size


def _hundredfold(share: float, decimals: int = 1) -> str:
    return number(Decimal(repr(float(share))) * 100, decimals)


def date(day: dt.date | dt.datetime | None) -> str:
    """20/11/2026, in English 20 Nov 2026."""
    if day is None:
        return ABSENT
    if isinstance(day, dt.datetime):
        day = day.astimezone(LOCAL).date()
    language = _language()
    if language == "vi":
        return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
    return format_date(day, "d MMM yyyy", locale=language)


def moment(instant: dt.datetime | None) -> str:
    """20/11/2026 15:04, in Vietnamese time."""
    if instant is None:
        return ABSENT
    local = instant.astimezone(LOCAL)
    return f"{date(local)} {local.hour:02d}:{local.minute:02d}"


def period(code: str | Period) -> str:
    """2026-10 as tháng 10/2026."""
    return (code if isinstance(code, Period) else Period.parse(code, days=True)).label()


def sentence_case(text: str) -> str:
    """The first letter in upper case, the others as they are: "Quý III/2026", not "Quý iii/2026"."""
    return text[:1].upper() + text[1:]


def _language() -> str:
    locale = page_locale()  # none outside a request: commands and documents are Vietnamese
    return "vi" if locale is None else str(locale.language)


@cache
def _signs(language: str) -> dict[int, str]:
    """What stands between thousands and before decimals in a language, for Python's own signs."""
    return str.maketrans({",": get_group_symbol(language), ".": get_decimal_symbol(language)})


def as_printed(value: float, decimals: int) -> float:
    """The number that is printed of a value: rounded half up on its shortest decimal form."""
    return float(_round(value, decimals)) + 0.0  # no -0.0


def _round(value: float | int | Decimal, decimals: int) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def init_formatting(app: Flask) -> None:
    """Make the formats available to templates under their own names."""
    for function in (number, percent, percent_range, between, points, distance, date, moment, period, sentence_case):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals["with_count"] = _with_count_on_page
