"""Any form in which a device sends a Vietnamese name is one name; what cannot be made right is refused by name."""

from __future__ import annotations

import random
import unicodedata

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.foundation.text.damaged_text import damage
from survey.foundation.text.old_fonts import FONTS, Font
from survey.foundation.text.vietnamese import fold, sort_key
from survey.foundation.text.vietnamese_text import normal
from tests.support.cases import in_one_world
from tests.support.device_text import FORMS, NAMES, sent


@pytest.mark.parametrize("way", FORMS)
@given(name=NAMES, chance=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_a_name_is_one_name_however_it_is_sent(way: str, name: str, chance: random.Random) -> None:
    assert normal(FORMS[way](name, chance)) == name


@given(sent())
@settings(max_examples=40, deadline=None)
def test_two_forms_of_a_name_are_found_and_ordered_alike(forms: tuple[str, str, str]) -> None:
    name, written, other = forms
    assert fold(written) == fold(other) == fold(name)
    assert sort_key(normal(written)) == sort_key(name)


@given(st.text(st.characters(codec="utf-8"), max_size=30))
@settings(max_examples=300, deadline=None)
def test_what_is_normal_stays_as_it_is(text: str) -> None:
    once = normal(text)
    assert normal(once) == once
    assert unicodedata.is_normalized("NFC", once)


WRITTEN_OUT = [
    *("B&#7879;nh vi&#7879;n &#272;&#224; N&#7861;ng", "B&#x1ec7;nh vi&#X1EC7;n &#x110;&agrave; N&#x1EB5;ng"),
    *("B\\u1ec7nh vi\\u1EC7n \\u0110\\u00e0 N\\u1eb5ng", "Be&#803;&#770;nh viện Đ&agrave; Nẵng"),
]


@pytest.mark.parametrize("text", WRITTEN_OUT)
def test_letters_that_were_written_out_are_letters(text: str) -> None:
    assert normal(text) == "Bệnh viện Đà Nẵng"


UNTOUCHED = [
    *(
        "R&D; &amp; &lt;b&gt; &#60;script&#62; &#x3c; &nbsp;",
        "C:\\users\\u0041 \\u003c &#8364;",
        "a+b, f(a), x^2 o'clock",
    ),
    *(
        "It's 5 p.m. Don't. I'm in Đà Nẵng.",
        "Y. Ea. Có ai không?",
        "Add e.g. a.b.c, U.S.A., ma'am, tp.hcm",
        "so? di.dong",
    ),
    *(
        "👨‍👩‍👧 ❤️ 🇻🇳",
        "спасибо, cảm ơn",
        "Ναι, cảm ơn",
        "سلام",
        "H'Ăm Êban, Mlô, Kpă, Y Byă",
        "ŭ ĕ ŏ č ñ",
        "5 µm, m², 37 °C",
    ),
    *("Café Zoë, Noël, Citroën", "ĐÃ… XONG", "«quá»…", "Trang chủ » Dịch vụ", "Quầy số Nº 5", "Có ai không? Không."),
    *("https://tinh.example/tra-cuu?ma=1&so=2", "a\tb\r\nc", "São Paulo – Muñoz – Müller", "你好", "10 €, 20 ₫"),
]


@in_one_world("text", UNTOUCHED)
def test_what_is_right_in_its_own_way_is_neither_changed_nor_refused(app: Flask, text: str) -> None:
    with app.test_request_context():
        assert (normal(text), damage(text)) == (text, None)


BROKEN = {
    "S? N?i v?": "dấu “?”",
    "Nguy?n Văn A": "dấu “?”",
    "Sở N\ufffdi vụ": "ký tự thay thế",
    "Sá»Ÿ Ná»?i vá»¥": "bảng mã",
    "Së Néi vô": "TCVN3 (ABC)",
    "UBND huyÖn Tr¶ng Bom": "TCVN3 (ABC)",
    "Sôû Noäi vuï": "VNI",
    "Beänh vieän Ña khoa": "VNI",
    "TRÖÔØNG TIEÅU HOÏC": "VNI",
    "BŒnh viŒn Huy\u2039n": "VPS",
    "Kha'm be^.nh ta.i Tra.m Y te^'": "VIQR",
    "U?y ban nha^n da^n phu+o+`ng DDo^ng Ho`a": "VIQR",
}


@in_one_world("text", BROKEN)
def test_lost_letters_and_old_fonts_are_refused_by_name(app: Flask, text: str) -> None:
    with app.test_request_context():
        damaged = damage(normal(text))
    assert damaged is not None
    assert BROKEN[text] in " ".join(damaged)


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.name)
@given(name=NAMES)
@settings(max_examples=25, deadline=None)
def test_an_old_font_is_known_by_what_it_reads(font: Font, name: str) -> None:
    """Written in the font and read by it again, a name is itself: the tables lose nothing they know."""
    written = {new: old for old, new in font.letters.items()}
    known = "".join(sign for sign in name if sign.isascii() or sign in written)
    assert font.read("".join(written.get(sign, sign) for sign in known)) == known
