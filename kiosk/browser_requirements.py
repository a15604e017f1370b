"""What a browser may lack of what a kiosk needs: the names under which devices report it, and the desk's words."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import LazyString, lazy_gettext

WORDS: dict[str, LazyString] = {
    "missing_database": lazy_gettext(
        "Máy không có nơi lưu (IndexedDB) nên không nhận đánh giá: mất mạng là mất phiếu. Tắt chế độ ẩn danh, giải "
        "phóng dung lượng, khởi động lại máy."
    ),
    "missing_worker": lazy_gettext(
        "Trình duyệt của máy không có service worker nên không nhận đánh giá: trang không mở được khi mất mạng. Dùng "
        "Chrome hoặc Chromium bản mới, không ẩn danh."
    ),
    "missing_locks": lazy_gettext(
        "Trình duyệt của máy không có Web Locks nên không nhận đánh giá. Dùng Chrome hoặc Chromium bản mới."
    ),
    "missing_crypto": lazy_gettext(
        "Trình duyệt của máy không có Web Crypto nên không nhận đánh giá. Dùng Chrome hoặc Chromium bản mới."
    ),
}


def known_parts(value: object) -> list[str]:
    """The names we know in what a device reported, each once, in our order."""
    return [name for name in WORDS if name in value] if isinstance(value, list) else []


def words_of(parts: Iterable[str]) -> list[str]:
    """What the desk says of parts that are missing."""
    return [str(WORDS[name]) for name in parts if name in WORDS]
