"""A questionnaire with an item of every type and follow-ups, for whoever must deal with all of them."""

from __future__ import annotations

from typing import Any


def _text(vi: str) -> dict[str, str]:
    return {"vi": vi, "en": f"{vi} (en)"}


def _options(*words: str, lowest: int = 1) -> list[dict[str, Any]]:
    return [{"value": value, "text": _text(word)} for value, word in enumerate(words, lowest)]


EVERY_TYPE: dict[str, Any] = {
    "source": {"document": "Mẫu thử", "confidence": "own"},
    "intro": _text("Phụ huynh trả lời thay cho trẻ."),
    "asks_kind": True,
    "scale": {"5": _text("Rất tốt"), "0": _text("Không sử dụng")},
    "factors": [{"code": "place", "text": _text("Nơi phục vụ")}],
    "items": [
        {"code": "overall_health", "type": "rating", "subject": "health_service", "text": _text("Hài lòng chung?")},
        {
            "code": "why_not",
            "type": "multiple",
            "text": _text("Điều gì làm Ông/Bà chưa hài lòng?"),
            "options": _options("Chờ lâu", "Thái độ", "Chi phí"),
            "shown_if": {"item": "overall_health", "values": [1, 2, 3]},
        },
        {"code": "place_whole", "type": "rating", "factor": "place", "summary": True, "text": _text("Nơi này?")},
        {"code": "seats", "type": "rating", "factor": "place", "text": _text("Đủ chỗ ngồi")},
        {
            "code": "on_time",
            "type": "points",
            "text": _text("Thời gian giải quyết"),
            "options": _options("Trễ hạn", "Đúng hạn", "Sớm hạn", lowest=0),
        },
        {
            "code": "return",
            "type": "single",
            "text": _text("Ông/Bà có quay lại không?"),
            "options": _options("Không", "Có thể", "Chắc chắn"),
            "good": [2, 3],
        },
        {"code": "late", "type": "yes_no", "fact": "late", "text": _text("Kết quả có trễ hẹn không?")},
        {
            "code": "late_days",
            "type": "number",
            "range": [1, 365],
            "unit": _text("ngày"),
            "fact": "days",
            "text": _text("Trễ bao nhiêu ngày?"),
            "shown_if": {"item": "late", "values": [1]},
        },
        {"code": "visited", "type": "date", "text": _text("Ngày khám")},
        {"code": "ward", "type": "short_text", "text": _text("Khoa"), "confidence": "approximate", "note": "thử"},
        {"code": "advice", "type": "long_text", "text": _text("Góp ý cho bệnh viện")},
    ],
}
ANSWERS: dict[str, Any] = {
    "overall_health": 2,
    "why_not": [1, 3],
    "place_whole": 4,
    "seats": 5,
    "on_time": 0,
    "return": 3,
    "late": 1,
    "late_days": 12,
    "visited": "2026-10-02",
    "ward": "Khoa Nội",
    "advice": "Xin thêm ghế",
}
