"""What the pages behind a follow code say: a language's pack must hold it all (`citizen_texts.py`)."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from flask_babel import LazyString, lazy_gettext

from survey.feedback.kinds import OUTCOME_WORDS
from survey.foundation.languages.citizen_texts import CitizenText, in_templates, register_citizen_texts, said_by

WHERE = "phone, page of a follow code"
TEMPLATES = ("feedback/find.html", "feedback/follow.html")
MESSAGES: tuple[LazyString, ...] = (
    lazy_gettext("Chọn một trong hai câu."),
    lazy_gettext("Viết tối đa %(n)s chữ."),
    lazy_gettext("Ghi một số điện thoại (ví dụ 0912 345 678) hoặc một địa chỉ thư điện tử."),
    lazy_gettext("Đánh dấu ô đồng ý, hoặc không để lại cách liên hệ: mã theo dõi là đủ."),
)


def init_said_to_followers(app: Flask) -> None:
    """Let every pack be asked for these texts."""
    register_citizen_texts(app, WHERE, _texts)


def _texts() -> Iterator[CitizenText]:
    yield from in_templates(TEMPLATES, WHERE)
    yield from said_by((*OUTCOME_WORDS.values(), *MESSAGES), WHERE)
