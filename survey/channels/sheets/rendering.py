"""Sheets as one PDF/UA: a page or slip a counter, every code drawn from its public address."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.channels.sheets.formats import codes_of
from survey.foundation.commands.progress import progress
from survey.foundation.configuration.pictures import read_picture
from survey.foundation.configuration.settings import Settings
from survey.foundation.installation_flags import is_demo
from survey.foundation.languages.language import said_in
from survey.foundation.pages.qr_drawing import qr_path
from survey.foundation.typesetting.printable import SHEETS, shown

TEMPLATE = Path(__file__).with_name("sheets.typ")
STANDARDS: list[Any] = ["ua-1"]
TITLE = _l("Mã QR để đánh giá")
WORDS = {
    "invitation": _l("Mời Ông/Bà đánh giá"),
    "question": _l("Hôm nay Ông/Bà được phục vụ thế nào?"),
    "type": _l("hoặc gõ:"),
    "promise": _l("Ẩn danh, không cần đăng nhập, không cần cài ứng dụng."),
    "code": _l("Mã QR dẫn tới %(address)s"),
}
STEPS = (_l("Mở máy ảnh điện thoại, quét mã"), _l("Chạm một khuôn mặt"), _l("Bấm “Gửi đánh giá”"))


@dataclass(frozen=True)
class CounterSheet:
    """One counter's sheet: `address` is what the code holds and what people type; `note` stands below it."""

    agency: str
    name: str
    code: str
    address: str
    note: str = ""


def render_sheets(sheets: Sequence[CounterSheet], format_: str, languages: str) -> bytes:
    """The PDF of all sheets in one of `FORMATS` and `languages_printed`.

    Raises:
        typst.TypstError: the pages cannot be laid out.
    """
    from survey.foundation.typesetting.compiling import typeset  # slow to load

    codes = codes_of(languages)
    with said_in(codes[0]):
        title = str(TITLE)
    described = {
        "format": format_,
        "title": title,
        "languages": [_words(language) for language in codes],
        "sheets": _drawn(sheets),
    }
    sheets_json = json.dumps(shown(described, "sheets", SHEETS), ensure_ascii=False)
    return typeset(TEMPLATE, {"sheets": sheets_json, "emblem": emblem()}, STANDARDS)


def emblem() -> str:
    """The SVG of the emblem that the settings name; empty without one."""
    settings: Settings = current_app.extensions["settings"]
    return read_picture(Path(settings.emblem)) if settings.emblem else ""


def _drawn(sheets: Iterable[CounterSheet]) -> list[dict[str, str]]:
    return [_entry(sheet) for sheet in progress(sheets, "QR")]


def _entry(sheet: CounterSheet) -> dict[str, str]:
    size, path = qr_path(sheet.address, lasting=True)
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{path}"/></svg>'
    typed = sheet.address.partition("://")[2]
    return {
        "agency": sheet.agency,
        "name": sheet.name,
        "code": sheet.code,
        "address": typed,
        "note": sheet.note,
        "qr": drawing,
    }


def _words(language: str) -> dict[str, Any]:
    with said_in(language):
        return {
            "language": language.partition("-")[0],
            **{name: str(words) for name, words in WORDS.items()},
            "steps": [str(step) for step in STEPS],
            "demo": _("Dữ liệu minh họa - không phải số liệu thật") if is_demo() else "",
        }
