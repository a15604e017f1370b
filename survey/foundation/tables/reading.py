"""A file as sheets of lines, by what it holds, not by what it is called."""

from __future__ import annotations

import codecs
import re

from flask_babel import gettext as _

from survey.foundation.tables.archives import DAMAGED, kind_of_archive
from survey.foundation.tables.cells import TableRefused, Workbook
from survey.foundation.tables.limited import read_workbook, too_large
from survey.foundation.tables.text_files import Fit, read_text

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
_OLD_WORD = "WordDocument".encode("utf-16-le")
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_FILE_PASS = re.compile(rb"\x09\x08\x10\x00.{16}\x2f\x00", re.DOTALL)  # the record behind the first one of XLS
_BEFORE_EXCEL_5 = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_HTML = re.compile(rb"<(?:!doctype|html|head|body|table|meta|style|div)\b", re.IGNORECASE)


def read_sheets(content: bytes, fit: Fit) -> Workbook:
    """The sheets of a file. `fit` helps to tell the separator of a text file from its header.

    Raises:
        TableRefused: no table, or none that can be read surely.
    """
    start = content[:2048].lstrip(b"\0\xef\xbb\xbf \t\r\n")
    if not start and not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise TableRefused(_("Tệp không có nội dung."), _("Dòng đầu phải là tên các cột."))
    if content.startswith(b"PK\x03\x04"):
        return read_workbook(_archive(content), content)
    if content.startswith(_ARCHIVES):
        raise _word_or_archive()
    if content.startswith(_OLD_OFFICE):
        if _PROTECTED in content or _FILE_PASS.search(content):
            raise _locked()
        if _OLD_WORD in content:
            raise _word_or_archive()
        return read_workbook("xls", content)
    if content.startswith(_BEFORE_EXCEL_5):
        raise TableRefused(_("Đây là tệp của Excel 4 hoặc cũ hơn."), _save_again())
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = content[:4096].decode("utf-16", "ignore").encode().strip()
    _refuse_what_is_no_table(start)
    return read_text(content, fit)


def _archive(content: bytes) -> str:
    try:
        kind = kind_of_archive(content)
    except OverflowError as error:
        raise too_large() from error
    except DAMAGED as error:
        raise TableRefused(
            _("Không mở được tệp Excel (%(error)s).", error=str(error) or type(error).__name__),
            _("Tệp có thể bị hỏng khi gửi: xin gửi lại, hoặc mở bằng Excel và lưu lại dạng .xlsx."),
        ) from error
    if kind in ("docx", "zip"):
        raise _word_or_archive()
    if kind == "numbers":
        raise TableRefused(
            _("Đây là tệp Numbers của iPhone, iPad hoặc máy Mac, không phải tệp Excel, dù tên tệp ghi gì."),
            _("Trong Numbers chọn Chia sẻ, Xuất (Export), dạng Excel, rồi nhập tệp vừa xuất."),
        )
    if kind == "locked":
        raise _locked()
    return kind


def _locked() -> TableRefused:
    return TableRefused(_("Tệp Excel có mật khẩu."), _("Mở bằng Excel, bỏ mật khẩu rồi lưu lại dạng .xlsx."))


def _word_or_archive() -> TableRefused:
    return TableRefused(
        _("Đây là tệp Word hoặc tệp nén, không phải bảng tính."),
        _("Chép bảng sang Excel và lưu dạng .xlsx, hoặc giải nén rồi chọn tệp bên trong."),
    )


def _save_again() -> str:
    return str(_("Mở tệp bằng Excel, chọn Lưu thành (Save As) và lưu dạng Excel Workbook (.xlsx), rồi nhập lại."))


def _refuse_what_is_no_table(start: bytes) -> None:
    save = _save_again()
    if start.startswith(b"<") and b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise TableRefused(_("Đây là bảng tính XML đời cũ, không phải tệp Excel."), save)
    if (start.startswith(b"<") and _HTML.search(start)) or start[:13].lower() == b"mime-version:":
        raise TableRefused(_("Đây là trang web (HTML), không phải bảng tính, dù tên tệp ghi gì."), save)
    if start.startswith((b"<?xml", b'{"', b"[{", b"[[")):
        raise TableRefused(_("Đây là dữ liệu XML hoặc JSON của một chương trình, không phải bảng tính."), save)
    if start.startswith(b"%PDF"):
        raise TableRefused(
            _("Đây là tệp PDF, không phải bảng tính."), _("Xin tệp gốc dạng .xlsx hoặc .csv từ nơi lập bảng.")
        )
    if start.startswith((b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"GIF8")):
        raise TableRefused(
            _("Đây là ảnh hoặc tệp văn bản, không phải bảng tính."),
            _("Xin tệp gốc dạng .xlsx hoặc .csv từ nơi lập bảng."),
        )
