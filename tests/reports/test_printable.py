"""A document is made whatever people wrote: what the font has no glyph for is shown otherwise, and named."""

from __future__ import annotations

import io
import logging
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from analysis.reports import pdf
from survey.foundation.typesetting.printable import glyphs, printable
from tests.reports.samples import sample_report

SIGNS = "\uf0b7 Họp\u0301 ✓ 😀 👩‍⚕️ سلام μ \u200b\u202e\ufeff ½ ĳ ŉ ﬀ 你好 \ufffd \ud7a3"
CHOICES = {"style", "align", "type", "level"}  # fields that are no text


def everywhere(value: Any, sign: str, name: str = "") -> Any:
    """The same report with a sign behind every text that people can have written."""
    if isinstance(value, str):
        return value if name in CHOICES else f"{value} {sign}"
    if isinstance(value, tuple):
        return tuple(everywhere(one, sign, name) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        names = [one.name for one in fields(value) if one.init]
        return replace(value, **{one: everywhere(getattr(value, one), sign, one) for one in names})
    return value


@pytest.mark.parametrize("signs", [SIGNS, "\uf0b7", "✓", "😀", "سلام", "μ"])
def test_a_document_is_made_whatever_sign_stands_in_every_text(signs: str, caplog: pytest.LogCaptureFixture) -> None:
    report = sample_report()
    report = replace(report, document=everywhere(report.document, signs))
    with caplog.at_level(logging.WARNING):
        made = pdf.render(report)
    assert made.startswith(b"%PDF")
    assert "document.letterhead.agency" in caplog.text
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert {"\uf0b7": "•", "✓": "(x)", "😀": "[U+1F600]"}.get(signs, "[U+") in text


def test_the_field_and_the_sign_are_named() -> None:
    assert printable(("Sở Y tế", "Trạm ✈ xã")).signs == {"document[1]": "U+2708"}
    assert printable("Trạm ✈ xã").value == "Trạm [U+2708] xã"
    assert printable("Ho\u0323p").value == "Họp"
    assert printable("Sở Y tế").signs == {}


@given(st.text())
@settings(max_examples=200)
def test_what_is_printed_has_glyphs(text: str) -> None:
    assert {ord(sign) for sign in printable(text).value} - glyphs() <= {ord("\n"), ord("\t")}
