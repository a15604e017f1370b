"""What a reader calls each theme; which words speak of it stands in `themes.json`."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

UNSORTED = "unsorted"
NAMES: dict[str, LazyString] = {
    "waiting": lazy_gettext("Thời gian chờ, thời hạn giải quyết"),
    "attitude": lazy_gettext("Thái độ phục vụ"),
    "guidance": lazy_gettext("Hướng dẫn, giải thích, công khai thông tin"),
    "paperwork": lazy_gettext("Thủ tục, giấy tờ, số lần đi lại"),
    "fees": lazy_gettext("Phí, giá dịch vụ, các khoản thu"),
    "facilities": lazy_gettext("Nơi tiếp đón, cơ sở vật chất, vệ sinh"),
    "results": lazy_gettext("Kết quả, chất lượng chuyên môn"),
    "online": lazy_gettext("Dịch vụ trực tuyến, công nghệ"),
    "listening": lazy_gettext("Tiếp nhận, trả lời phản ánh, kiến nghị"),
    UNSORTED: lazy_gettext("Chưa xếp được vào chủ đề nào"),
}
