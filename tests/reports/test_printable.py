"""A document is made whatever people wrote: what the font has no glyph for is shown otherwise, and named."""

from __future__ import annotations

import datetime as dt
import io
import logging
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import Column, String, text, update
from sqlalchemy.orm import Session

from analysis.reports.rendering import html, pdf, word
from analysis.reports.rendering.unprintable import places
from survey.foundation.storage.database import db, writing
from survey.foundation.typesetting.printable import DOCUMENT, glyphs, lacking, printable
from survey.registry.files.service import import_file
from tests.reports.making import make
from tests.reports.samples import sample_report
from tests.reports.test_comments import write
from tests.reports.test_measures import take
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

SIGNS = "\uf0b7 Họp\u0301 ✓ 😀 👩‍⚕️ سلام μ \u200b\u202e\ufeff ½ ĳ ŉ ﬀ 你好 \ufffd \ud7a3"
CHOICES = {"style", "align", "type", "level"}  # fields that are no text


def everywhere(value: Any, sign: str, name: str = "") -> Any:
    """The same report with a sign behind every text that people can have written."""
    if isinstance(value, str):
        return value if name in CHOICES else f"{value} {sign}"
    if isinstance(value, tuple):
        return tuple(everywhere(part, sign, name) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value) if field.init]
        return replace(
            value, **{field_name: everywhere(getattr(value, field_name), sign, field_name) for field_name in names}
        )
    return value


@pytest.mark.parametrize("signs", [SIGNS, "\uf0b7", "✓", "😀", "سلام", "μ"])
def test_a_document_is_made_whatever_sign_stands_in_every_text(signs: str, caplog: pytest.LogCaptureFixture) -> None:
    report = sample_report()
    report = replace(report, document=everywhere(report.document, signs))
    with caplog.at_level(logging.WARNING):
        made = pdf.render(report)
    assert made.startswith(b"%PDF")
    assert "document.letterhead.agency" in caplog.text
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert {"\uf0b7": "•", "✓": "(x)", "😀": "[U+1F600]"}.get(signs, "[U+") in words


def test_the_field_and_the_sign_are_named() -> None:
    assert printable(("Sở Y tế", "Trạm ✈ xã")).signs == {"document[1]": "U+2708"}
    assert printable("Trạm ✈ xã").value == "Trạm [U+2708] xã"
    assert printable("Ho\u0323p").value == "Họp"
    assert printable("Sở Y tế").signs == {}


@given(st.text())
@example("\u17e0")  # a Khmer nought, which the first font has not and another has
@settings(max_examples=200)
def test_what_is_printed_has_glyphs(written: str) -> None:
    drawn = frozenset[int]().union(*map(glyphs, DOCUMENT))
    assert {ord(sign) for sign in printable(written).value} - drawn <= {ord("\n"), ord("\t")}


# What people write in their own words, wherever it is stored: no codes, and nothing the program writes itself.
WRITTEN = {
    *("name", "field", "comment", "answer", "what", "who", "document", "quote", "note", "explanation", "title"),
    *("text", "said", "reply", "number", "issuer", "decision", "own_words", "retired_because", "reopened_because"),
    *("document_number", "document_short", "clause", "wave", "national_code"),
}
FIRST_SIGN = 0x1F300
MADE = {
    # recipient, kind, period, cut-off: what stands in the document of what people wrote
    ("so-noi-vu", "satisfaction", "2026-10", None): {"agencies.name", "provinces.name", "targets.quote"},
    ("so-y-te", "satisfaction", "2026-10", None): {"agencies.name", "services.name", "measures.what"},
    ("bv-tinh", "satisfaction", "2026-10", None): {"agencies.name", "services.name", "measures.who"},
    ("so-noi-vu", "coverage", "2026", None): {"agencies.name"},
    ("so-noi-vu", "plan", "2026", "2026-07-24"): {"provinces.name", "targets.clause"},
    ("bv-tinh", "scoring", "2026", "2026-11-11"): {"agencies.name"},
    ("ubnd-ea-tam", "work-sheet", "2026-10", None): {"agencies.name"},
}


def columns_written() -> list[Column[str]]:
    """Every column of a text that people wrote."""
    tables = [table for table in db.metadata.sorted_tables if not table.info.get("append_only")]
    return [
        column
        for table in tables
        for column in table.columns
        if column.name in WRITTEN and isinstance(column.type, String)
    ]


def sign(session: Session, column: Column[str], signs: str) -> bool:
    """Put signs behind every text of a column; whether there are any."""
    written = update(column.table).where(column != "").values({column: column + f" {signs}"})
    return bool(session.execute(written).rowcount)


def sign_everything(session: Session, signs: str) -> int:
    """Put the signs behind every text that people wrote; how many columns there are."""
    return sum(sign(session, column, signs) for column in columns_written())


def filled_in(world: Flask) -> None:
    """What the small province lacks: comments, a measure, a reply."""
    take(world, "Mở thêm một quầy lấy máu.", dt.date(2026, 10, 1))
    write(world, "Chờ lâu", 14, 2)


@pytest.mark.parametrize("recipient", ["so-noi-vu", "so-y-te", "bv-tinh"])
def test_a_report_is_made_whatever_sign_stands_in_what_people_wrote(world: Flask, recipient: str) -> None:
    filled_in(world)
    with world.app_context(), writing() as session:
        assert sign_everything(session, SIGNS) >= 8
    report = make(world, recipient)
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.render(report))).pages)
    assert "[U+1F600]" in words
    assert "•" in words
    assert word.render(report).startswith(b"PK")
    with world.app_context():
        assert "😀" in html.render(report).decode()


def test_each_text_that_reaches_a_document_is_named_for_itself(world: Flask) -> None:
    """A sign of its own for every column: whatever document its text reaches shows its mark and names its words."""
    filled_in(world)
    with world.app_context():
        signs = {
            f"{column.table.name}.{column.name}": chr(FIRST_SIGN + at) for at, column in enumerate(columns_written())
        }
        with writing() as session:
            for column in columns_written():
                sign(session, column, signs[f"{column.table.name}.{column.name}"])
    for (recipient, kind, period, cut_off), expected in MADE.items():
        report = make(world, recipient, period, cut_off, kind=kind)
        with world.app_context():
            page, told = html.render(report).decode(), places(report.document)
        words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.render(report))).pages)
        reached = {column for column, its_sign in signs.items() if its_sign in page}
        assert expected <= reached, (kind, recipient, reached)
        for column in reached:
            number = f"U+{ord(signs[column]):04X}"
            assert any(number in named for named in told.values()), (kind, column)
            assert f"[{number}]" in words.replace("\n", ""), (kind, column)


def test_staff_are_told_on_the_page_which_words_have_a_sign_the_font_lacks(world: Flask) -> None:
    with world.app_context(), writing() as session:
        session.execute(text("UPDATE agencies SET name = 'Trạm y tế ✈ xã Ea Kao' WHERE code = 'tyt-xa'"))
    client = signed_in(world, "quan-tri", "administrator")
    for _once_more in range(2):
        assert client.get("/desk/reports/dak-lak/so-y-te/2026-10.pdf").data.startswith(b"%PDF")
    page = client.get("/desk/reports/").text
    assert page.count("Có ký tự mà phông chữ của tài liệu không có") == 1
    assert "✈ xã Ea Kao" in page
    assert "U+2708" in page
    assert "phông chữ" not in client.get("/desk/reports/").text


def test_what_was_typed_or_imported_with_such_a_sign_is_told_with_its_field(world: Flask) -> None:
    world.config["WTF_CSRF_ENABLED"] = False
    client = signed_in(world, "quan-tri", "administrator")
    assert lacking("Sở Y tế – “Ea Kao”, H'Ăm Êban") == ""
    typed = {"what": "Mở thêm quầy ✈", "who": "Sở Y tế", "starts_on": "01/10/2026", "sector": "health"}
    answer = client.post("/desk/measures/new?province=dak-lak", data={**typed, "province": "dak-lak"})
    told = client.get("/desk/measures").text if answer.status_code in (302, 303) else answer.text
    assert "có ký tự mà phông chữ của tài liệu không có: ✈ (U+2708)" in told
    with world.test_request_context():
        outcome = import_file("services", "tep.csv", "code,name,sector\nS-1,Khám ✈,health\n".encode())
    assert any("name" in note and "✈ (U+2708)" in note for note in outcome.notes)
