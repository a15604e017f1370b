"""A hospital handles visits and a school has pupils: nobody who reads about them is told of dossiers."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from analysis.presentation.caseload_units import in_units
from tests.guards.test_pages import visitor
from tests.support.html import parse_html

PAGES = ("/desk/dak-lak/{sector}?year=2020", "/desk/dak-lak/{sector}/explore?period=2020&by=agency")
WORKING = "/desk/dak-lak/{sector}/explain?subject={sector}_service&period=2020"
COUNTED = re.compile(r"(?:\d|%|\bsố|\bphần|\bmỗi|\bcó) hồ sơ|dossier", re.IGNORECASE)
ELSEWHERE = {"nav", "aside", "header", "footer"}


def said_on(element: Element) -> str:
    """What a page says of its subject: not its menu, nor what is to be done, where caseloads have one name."""
    if element.tag in ELSEWHERE or "todo" in element.get("class", ""):
        return ""
    inner = " ".join(said_on(child) + " " + (child.tail or "") for child in element)
    return " ".join(f"{element.text or ''} {inner}".replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize(
    ("name", "sector", "unit"), [("so-y-te", "health", "visit"), ("so-gddt", "education", "pupil")]
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_desk_and_publications_count_what_the_sector_counts(
    demonstration: Flask, name: str, sector: str, unit: str, language: str
) -> None:
    starts = [f"{page.format(sector=sector)}&lang={language}" for page in (*PAGES, WORKING)]
    client = visitor(demonstration, name)
    answers = {address: client.get(address) for address in starts}
    assert [answer.status_code for answer in answers.values()] == [200] * len(starts)
    said = {address: said_on(parse_html(answer.text)) for address, answer in answers.items()}
    wrong = [
        f"{address}: …{text[max(0, match.start() - 40) : match.end() + 40]}…"
        for address, text in said.items()
        for match in COUNTED.finditer(text)
    ]
    assert not wrong, "\n".join(wrong)
    words = unit if language == "en" else {"visit": "lượt khám", "pupil": "học sinh"}[unit]
    assert any(words in text.lower() for text in said.values())


@pytest.mark.parametrize(
    ("words", "of_schools"),
    [
        ("Số hồ sơ (N)", "Số học sinh (N)"),
        ("Phần hồ sơ", "Phần học sinh"),
        ("cần khảo sát chọn ngẫu nhiên khoảng 1.200 hồ sơ", "cần khảo sát chọn ngẫu nhiên khoảng 1.200 học sinh"),
        ("theo sổ 5,0 % hồ sơ quá hạn", "theo sổ 5,0 % học sinh quá hạn"),
        ("số hồ sơ, lượt khám lấy theo ngày", "số học sinh lấy theo ngày"),
        ("Share of dossiers; Dossiers (N)", "Share of pupils; Pupils (N)"),
        ("quá ít phiếu: Sao lục hồ sơ học sinh", "quá ít phiếu: Sao lục hồ sơ học sinh"),
    ],
)
def test_only_what_is_counted_changes_its_name(words: str, of_schools: str) -> None:
    assert in_units(words, "education_service") == of_schools
    assert in_units(words, "procedures").replace("số hồ sơ lấy", "số hồ sơ, lượt khám lấy") == words
