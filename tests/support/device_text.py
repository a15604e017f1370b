"""Vietnamese names as people's devices, keyboards, clipboards and old programs send them."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

from hypothesis import strategies as st

TEXT = (
    "Sở Nội vụ tỉnh Đắk Lắk Uỷ Ủy ban nhân dân xã Ea H'leo Cư M'gar Krông Búk Buôn Đôn phường Tân Lập quầy số 1 10 2 "
    "Trường Tiểu học Nguyễn Thị Minh Khai Bệnh viện Đa khoa vùng Tây Nguyên Khuyến ưỡn ợ ỗ ặ ỵ Ý Ế Hoà Hòa bàn giao "
    "Đăng ký khai sinh (cấp lại), Quyền sử dụng đất – thế chấp; Nghĩa Lộ quốc tịch Ngã Bảy Mường Ảng Sơn La Thuận"
)
NAMES = (
    st.lists(st.sampled_from(TEXT.split()), min_size=2, max_size=7)
    .map(" ".join)
    .filter(
        lambda name: any(map(str.isalpha, name))  # dashes and numbers alone are no name
    )
)

LOOKS_LIKE = str.maketrans("aeocpxyiABEHKMOPTX", "аеосрхуіАВЕНКМОРТХ")
UNSEEN = "\u200b\u200d\u00ad\ufeff\u2060\u200e\u202c"
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def _among(text: str, chance: random.Random, signs: str) -> str:
    return "".join(sign + (chance.choice(signs) if chance.random() < 0.4 else "") for sign in text)


def _any_order(text: str, chance: random.Random) -> str:
    """Decomposed, the marks of each letter as they come."""
    lines: list[list[str]] = []
    for sign in unicodedata.normalize("NFD", text):
        if unicodedata.combining(sign):
            lines[-1].append(sign)
        else:
            lines.append([sign])
    return "".join(base + "".join(chance.sample(marks, len(marks))) for base, *marks in lines)


def _some_look_alikes(text: str, chance: random.Random) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    sent = "".join(sign.translate(LOOKS_LIKE) if chance.random() < 0.5 else sign for sign in decomposed)
    return sent if re.search("[A-Za-z]", sent) else decomposed  # without one Latin letter it is another language


def _misread(text: str, codec: str) -> str:
    try:
        return text.encode().decode(codec)
    except UnicodeDecodeError:  # browsers read a byte the encoding leaves open as the control of its number
        return "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in text.encode())


FORMS: dict[str, Callable[[str, random.Random], str]] = {
    "as it should be": lambda text, _chance: text,
    "an iPhone's file names": lambda text, _chance: unicodedata.normalize("NFD", text),
    "marks in any order": _any_order,
    "half composed": lambda text, chance: _any_order(text[: len(text) // 2], chance) + text[len(text) // 2 :],
    "copied from a web page": lambda text, chance: _among(text.replace(" ", "\u00a0"), chance, UNSEEN),
    "thin and wide spaces": lambda text, chance: "".join(
        chance.choice("\u2009\u202f\u3000\u2003") if s == " " else s for s in text
    ),
    "an old keyboard's eth": lambda text, _chance: text.replace("Đ", "Ð").replace("đ", "ð"),
    "d with a stroke over it": lambda text, _chance: text.replace("Đ", "D\u0335").replace("đ", "d\u0336"),
    "letters of another alphabet": _some_look_alikes,
    "full width": lambda text, _chance: text.translate(WIDE),
    "UTF-8 read as Windows-1252": lambda text, _chance: _misread(text, "cp1252"),
    "UTF-8 read as Windows-1258": lambda text, _chance: _misread(text, "cp1258"),
    "UTF-8 read as ISO 8859-1": lambda text, _chance: _misread(text, "latin-1"),
    "UTF-8 read as Mac Roman": lambda text, _chance: _misread(text, "mac_roman"),
    "misread twice": lambda text, _chance: _misread(_misread(text, "cp1252"), "cp1252"),
    "a byte order mark first": lambda text, _chance: f"\ufeff{text}",
}


@st.composite
def sent(draw: st.DrawFn) -> tuple[str, str, str]:
    """A name, and two forms in which devices send it."""
    name, chance = draw(NAMES), draw(st.randoms(use_true_random=False))
    ways = st.sampled_from(list(FORMS))
    return name, FORMS[draw(ways)](name, chance), FORMS[draw(ways)](name, chance)
