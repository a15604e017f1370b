"""What a printed form says besides its questions: a language's pack must hold it all, so that forms speak it too."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from survey.channels.paper.printing import WORDS
from survey.foundation.languages.citizen_texts import register_citizen_texts, said_by
from survey.foundation.vocabulary import SCALE

WHERE = "paper form"
ALSO = (
    _l("Phiếu đánh giá mức độ hài lòng"),
    _l("MẪU"),
    _l("Ông/Bà đánh giá với tư cách"),
    _l("Cá nhân"),
    _l("Đại diện tổ chức, doanh nghiệp"),
    _l("Không có ý kiến"),
    _l("Chỉ trả lời nếu câu “%(item)s” chọn: %(a)s."),
    _l("Có"),
    _l("Không"),
    _l("từ %(low)s đến %(high)s"),
)


def init_said_on_paper(app: Flask) -> None:
    """Let every pack be asked for these texts."""
    register_citizen_texts(app, WHERE, lambda: said_by((*WORDS.values(), *ALSO, *SCALE.values()), WHERE))
