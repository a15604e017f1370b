"""Slips to print, one for each code, with its QR code and the last day it is good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask_babel import gettext as _

from survey.channels.sheets.formats import DEFAULT_LANGUAGES, codes_of
from survey.channels.sheets.rendering import CounterSheet, render_sheets
from survey.channels.web.qr import ticket_address
from survey.channels.web.queries import CounterRow
from survey.foundation.formatting import date
from survey.foundation.languages.language import said_in

SLIP_FORMATS = ("slip", "receipt")


def printed_slips(row: CounterRow, codes: Sequence[str], last_day: dt.date, format_: str) -> bytes:
    """The PDF of codes of a counter, in one of `SLIP_FORMATS`."""
    note = "\n".join(_good_until(language, last_day) for language in codes_of(DEFAULT_LANGUAGES))
    sheets = [CounterSheet(row.agency, row.name, row.code, ticket_address(code), note) for code in codes]
    return render_sheets(sheets, format_, DEFAULT_LANGUAGES)


def _good_until(language: str, last_day: dt.date) -> str:
    """As whoever holds the slip reads it, whatever language the clerk's desk speaks."""
    with said_in(language):
        said: str = _("Dùng một lần, đến hết ngày %(day)s", day=date(last_day))
    return said
