"""Hides what could name a person in a comment: numbers, mail addresses, names. A help for readers, no guarantee."""

from __future__ import annotations

import re

from survey.foundation.vietnamese_text import normal

NUMBER, MAIL, NAME = "[số]", "[thư điện tử]", "[họ tên]"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?<![\w])\+?\d(?:[ .\-]?\d){7,}(?![\w])")  # telephones, identity cards, accounts
_PLATE = re.compile(r"(?<![\w])\d{2}[A-ZĐ]\d?[ \-]?\d{3}[.\-]?\d{2}(?![\w])")
_FAMILY = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trương|Lâm|Mai|Đào|Đoàn|Trịnh|Hà|"
    "Cao|Tô|Tạ|Châu|Quách|Lương|Vương|Thái|Triệu|Lò|Lường|Quàng|Cà|Tòng|Giàng|Vàng|Sùng|Mùa"
)
_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠ-Ỹ"
_EDE = re.compile(
    rf"(?<![\w])(?:Y |H['’ ]?)[{_UPPER}][\w’']*(?: [{_UPPER}][\w’']*)* (?:Niê|Êban|Mlô|Ksor|Kpă|Byă|Ayun|Kbuôr)\b"
)
# A family name followed by at least one more capitalised word.
_NAME = re.compile(rf"(?<![\w])(?:{_FAMILY})(?:[ ’']+(?:[{_UPPER}][\w’']*)){{1,4}}(?![\w])")


def mask(comment: str) -> str:
    """The comment with telephone and identity numbers, licence plates, mail addresses and Vietnamese names replaced."""
    text = normal(comment)
    text = _MAIL.sub(MAIL, text)
    text = _PLATE.sub(NUMBER, text)
    text = _NUMBER.sub(NUMBER, text)
    return _NAME.sub(NAME, _EDE.sub(NAME, text))
