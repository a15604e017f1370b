"""The file of an office: dossiers with telephone numbers. It is read and drawn from; the file itself is not kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _

from survey.foundation.tables.cells import TableRefused
from survey.foundation.tables.headed import headed
from survey.foundation.tables.reading import read_sheets
from survey.foundation.text.damaged_text import damage
from survey.foundation.text.vietnamese import fold
from survey.foundation.text.vietnamese_text import normal

DOSSIER, PHONE = "dossier", "phone"
HEADERS = {
    DOSSIER: ("dossier", "ma ho so", "so ho so", "ma so ho so", "so bien nhan"),
    PHONE: ("phone", "dien thoai", "so dien thoai", "sdt", "dien thoai lien he", "so dien thoai lien he", "di dong"),
}
MOST = 5_000
LONGEST_DOSSIER = 60
_NUMBER = re.compile("0[0-9]{9,10}")
_BETWEEN = re.compile("[\\s.()\u2010-\u2015-]")  # how people part the digits
_ABROAD = re.compile(r"\+?84(?=[1-9][0-9]{8}\Z)")


class Contact(NamedTuple):
    """A dossier and the telephone number of who brought it."""

    dossier: str
    phone: str


class Contacts(NamedTuple):
    """What a file names: each dossier and each number once; `repeated`: lines with a number that came before."""

    contacts: list[Contact]
    repeated: int


def read_contacts(content: bytes) -> Contacts:
    """The contacts of a file with the columns dossier and phone (or "mã hồ sơ", "số điện thoại").

    Raises:
        TableRefused: no such table; or a line is wrong, which is named.
    """
    named, lines = headed(read_sheets(content, _fit), _fit)
    header = _names(named)
    if not {DOSSIER, PHONE} <= set(header):
        raise TableRefused(
            _("Dòng tên cột phải có hai cột: mã hồ sơ và số điện thoại."),
            _("Sửa tên cột rồi gửi lại; các cột khác được bỏ qua."),
        )
    if len(lines) > MOST:
        raise TableRefused(_("Tệp có quá %(n)s hồ sơ.", n=MOST), _("Chia tệp thành nhiều danh sách."))
    first: dict[str, int] = {}
    by_phone: dict[str, Contact] = {}
    for line, cells in lines:
        contact = _contact(line, cells, header.index(DOSSIER), header.index(PHONE))
        key = contact.dossier.casefold()
        if key in first:
            raise TableRefused(
                _("Hồ sơ %(dossier)s đã có ở dòng %(line)s.", dossier=contact.dossier, line=first[key]),
                _("Bỏ dòng thừa: mỗi hồ sơ chỉ được hỏi một lần."),
                line,
            )
        first[key] = line
        by_phone.setdefault(contact.phone, contact)
    if not by_phone:
        raise TableRefused(_("Tệp không có hồ sơ nào."), _("Mỗi dòng sau dòng tên cột là một hồ sơ."))
    return Contacts(list(by_phone.values()), len(first) - len(by_phone))


def _contact(line: int, cells: Sequence[str], dossier_at: int, phone_at: int) -> Contact:
    dossier, written = (normal(cells[at]).strip() if at < len(cells) else "" for at in (dossier_at, phone_at))
    if not dossier or len(dossier) > LONGEST_DOSSIER:
        raise TableRefused(_("Thiếu mã hồ sơ, hoặc mã quá dài."), _("Ghi mã hồ sơ, tối đa 60 ký tự."), line)
    if wrong := damage(dossier):
        raise TableRefused(*wrong, line)
    digits = _ABROAD.sub("0", _BETWEEN.sub("", written))
    digits = "0" + digits if re.fullmatch("[1-9][0-9]{8}", digits) else digits  # a spreadsheet took it for a number
    if not _NUMBER.fullmatch(digits):
        raise TableRefused(
            _("“%(text)s” không phải số điện thoại.", text=written[:30]),
            _("Ghi số 10 hoặc 11 chữ số, bắt đầu bằng 0 hoặc +84."),
            line,
        )
    return Contact(dossier, digits)


def _fit(cells: Sequence[str]) -> int:
    return len({DOSSIER, PHONE} & set(_names(cells)))


def _names(cells: Sequence[str]) -> list[str]:
    plain = [" ".join(fold(cell.strip("\ufeff")).split()) for cell in cells]
    return [next((name for name, words in HEADERS.items() if cell in words), "") for cell in plain]
