"""The owners' methods: a page and a document that say what is asked, of whom, how it is weighed, by which decision."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from pypdf import PdfReader

from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html

pytestmark = pytest.mark.one_database

SYMBOLS = {"administration": "HD-SNV", "health": "HD-SYT", "education": "HD-SGDĐT"}  # 30/2020/NĐ-CP, annexes I, III
QUOTES = {
    ("dak-lak", "administration"): ("323/QĐ-UBND", "VI.2", "đối với dịch vụ hành chính do cơ quan hành chính nhà nước"),
    ("dak-lak", "health"): ("323/QĐ-UBND", "VI.8", "của người dân đối với dịch vụ y tế công”"),
    ("dak-lak", "education"): ("323/QĐ-UBND", "VI.9", "của người dân đối với dịch vụ giáo dục công”"),
    ("an-giang", "administration"): ("930/QĐ-UBND", "VI.3.c", "Nghiên cứu và hướng dẫn phương pháp đánh giá"),
    ("an-giang", "health"): ("930/QĐ-UBND", "VI.3.i", "đối với các dịch vụ y tế công”"),
    ("an-giang", "education"): ("930/QĐ-UBND", "VI.3.k", "đối với các dịch vụ giáo dục, đào tạo công”"),
}


@in_one_world("case", QUOTES)
def test_the_page_quotes_the_decision_and_says_what_is_asked(app: Flask, case: tuple[str, str]) -> None:
    province, sector = case
    answer = app.test_client().get(f"/results/{province}/methods/{sector}")
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    document, clause, quote = QUOTES[case]
    assert document in answer.text
    assert f"mục {clause}:" in answer.text
    assert quote in answer.text
    assert "dùng từ ngày" in answer.text
    assert "Gộp các câu: tỷ lệ trả lời 4-5" in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("sector", "symbol"), SYMBOLS.items())
def test_the_document_is_a_guideline_that_says_the_same(app: Flask, sector: str, symbol: str) -> None:
    answer = app.test_client().get(f"/results/dak-lak/methods/{sector}.pdf")
    assert answer.content_type == "application/pdf"
    text = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).split())
    document, clause, _quote = QUOTES["dak-lak", sector]
    assert re.search(rf"{document}.*mục {clause}:", text)
    assert f"/{symbol} " in text
    assert "HƯỚNG DẪN Thực hiện phương pháp đo lường mức độ hài lòng" in text
    assert "BC-" not in text


def test_a_province_whose_decision_is_not_known_invents_none(app: Flask) -> None:
    assert "Chưa biết văn bản nào" in app.test_client().get("/results/son-la/methods/health").text


@pytest.mark.parametrize("address", ["dak-lak/methods/roads", "nowhere/methods/health"])
def test_what_does_not_exist_is_not_found(app: Flask, address: str) -> None:
    assert app.test_client().get(f"/results/{address}").status_code == 404
