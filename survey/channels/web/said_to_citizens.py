"""What the pages behind a QR code or a single-use code say, errors included: a language's pack must hold it all.

`tests/channels/test_languages.py` walks these pages in a language whose every text is marked: what is not, is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from flask_babel import LazyString, lazy_gettext

from survey.foundation.languages.citizen_texts import CitizenText, in_templates, register_citizen_texts, said_by
from survey.foundation.pages.errors import PAGES
from survey.foundation.vocabulary import SCALE, SECTORS

FORM, ERRORS = "phone", "phone, error page"
TEMPLATES = (
    *("channels/form.html", "channels/thanks.html", "channels/no_form.html", "channels/ticket.html"),
    *("layout/citizen.html", "layout/language_switch.html", "components/faces.html", "components/questions.html"),
)
ERROR_TEMPLATES = (
    *(f"errors/{page}.html" for page in PAGES),
    *("errors/error.html", "layout/public.html", "layout/base.html"),
)
SPOKEN: tuple[LazyString, ...] = (
    *SCALE.values(),
    lazy_gettext("Không có ý kiến"),
    lazy_gettext("Cảm ơn Ông/Bà. Đánh giá đã được ghi nhận."),
)
# Of what the form and the door say; that a value is none of those offered only a program can hear.
MESSAGES: tuple[LazyString, ...] = (
    lazy_gettext(
        "Trang đã mở quá lâu nên chưa gửi được. Câu trả lời vẫn còn đây: vui lòng bấm “Gửi đánh giá” lần nữa."
    ),
    lazy_gettext("Máy chủ đang bận nên chưa gửi được. Câu trả lời vẫn còn đây: vui lòng bấm “Gửi đánh giá” lần nữa."),
    lazy_gettext("Ý kiến dài %(n)s ký tự, tối đa %(limit)s. Xin rút ngắn bớt."),
    lazy_gettext("Xin viết ý kiến cần được trả lời, hoặc bỏ đánh dấu “Tôi muốn được trả lời”."),
    lazy_gettext("Chưa có đánh giá nào: vui lòng chọn ít nhất một mức hài lòng."),
    lazy_gettext("Vui lòng chọn một trong các mục có sẵn."),
    lazy_gettext("Mục này có nhiều lựa chọn khác nhau: vui lòng chọn một."),
    lazy_gettext("Câu “%(item)s” chỉ nhận %(takes)s; đã nhận: %(value)s."),
    lazy_gettext("số nguyên từ %(low)s đến %(high)s"),
    lazy_gettext("ngày viết như 2026-10-02"),
    lazy_gettext("chữ, tối đa %(n)s ký tự"),
    lazy_gettext("Có quá nhiều mã không đúng từ cùng một nơi. Vui lòng thử lại sau một giờ."),
)


def init_said_to_citizens(app: Flask) -> None:
    """Let every pack be asked for these texts."""
    register_citizen_texts(app, FORM, _form)
    register_citizen_texts(app, ERRORS, lambda: in_templates(ERROR_TEMPLATES, ERRORS))


def _form() -> Iterator[CitizenText]:
    yield from said_by(SPOKEN, FORM, spoken=True)
    yield from in_templates(TEMPLATES, FORM)
    yield from said_by((*SECTORS.values(), *MESSAGES), FORM)
