"""Every kind of signal is told in one whole sentence, with the numbers of its evidence and nothing left open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from analysis.signals import phrases
from analysis.signals.models import Signal

pytestmark = pytest.mark.one_database

EPISODE = {"from": "2026-10-12T04:10:00+00:00", "to": "2026-10-12T05:20:00+00:00", "answers": 61, "expected": 3}
EVIDENCE: dict[str, dict[str, Any]] = {
    "chart": {
        "subject": "health_service",
        "share": 0.412,
        "answers": 1234,
        "lower": 0.7,
        "upper": 0.9,
        "months": 12,
    },
    "drop": {
        "subject": "health_service",
        "share": 0.4,
        "before": 0.8,
        "difference": -0.4,
        "low": -0.5,
        "high": -0.3,
    },
    "burst": {"day": "2026-10-12", "hourly": 4, "episodes": [EPISODE]},
    "alike": {"day": "2026-10-12", "answers": 70, "episodes": [EPISODE]},
    "overfull": {"service": "Khám bệnh", "answers": 60, "caseload": 50},
    "quiet": {"since": "2026-10-05", "days": 5, "usual": 2.5},
    "file": {"day": "2026-10-12", "episodes": [EPISODE, EPISODE], "revoked": False},
    "drip": {"since": "2026-10-05", "until": "2026-10-15", "answers": 88, "days": 9, "usual": 2.5},
    "overfull_day": {"day": "2026-10-12", "answers": 60, "dossiers": 50},
    "channel_flow": {"channel": "qr", "share": 0.61, "usual": 0.3, "answers": 305, "of": 500, "weeks": 10},
    "channel_gap": {
        "subject": "health_service",
        "channel": "qr",
        "share": 0.985,
        "others": 0.81,
        "usual": -0.02,
    },
}
NUMBERS = {
    "chart": ("41,2 %", "1.234", "12 tháng", "tháng 10/2026"),
    "drop": ("40,0 %", "80,0 %", "-50,0", "-30,0"),
    "burst": ("12/10/2026", "11-13 giờ", "61 phiếu", "khoảng 4 phiếu"),
    "alike": ("61 trên 70", "khoảng 3"),
    "overfull": ("Khám bệnh", "60 phiếu", "50 hồ sơ"),
    "quiet": ("05/10/2026", "5 ngày", "2,5 phiếu"),
    "file": ("122 phiếu", "kiosk"),
    "drip": ("05/10/2026", "15/10/2026", "88 phiếu", "9 ngày", "2,5"),
    "overfull_day": ("12/10/2026", "60 phiếu", "khoảng 50"),
    "channel_flow": ("305 trên 500", "Mã QR", "61,0 %", "10 tuần", "30,0 %"),
    "channel_gap": ("Mã QR", "98,5 %", "81,0 %", "-2,0"),
}


@pytest.fixture
def spoken(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def told(kind: str) -> str:
    text = phrases.summary(Signal(kind=kind, month="2026-10", evidence=EVIDENCE[kind]))
    return re.sub("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", " ", text).replace("\N{MINUS SIGN}", "-")


def test_no_kind_of_signal_is_without_words() -> None:
    assert EVIDENCE.keys() == phrases.KINDS.keys() == NUMBERS.keys()


@pytest.mark.parametrize("kind", EVIDENCE)
def test_a_signal_is_one_sentence_with_the_numbers_of_its_evidence(spoken: None, kind: str) -> None:
    sentence = told(kind)
    assert [number for number in NUMBERS[kind] if number not in sentence] == [], sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("kind", EVIDENCE)
def test_a_signal_is_told_in_english_too(spoken: None, kind: str) -> None:
    vietnamese = told(kind)
    with force_locale("en"):
        english = told(kind)
    assert english != vietnamese
    assert not re.search("phiếu|tháng|ngày|giờ", english), english


def test_that_a_kiosks_key_was_revoked_before_its_file_came_is_told(spoken: None) -> None:
    signal = Signal(kind="file", month="2026-10", evidence=EVIDENCE["file"] | {"revoked": True})
    assert phrases.summary(signal).endswith("Khóa của kiosk đã bị thu hồi trước đó.")


@pytest.mark.parametrize(
    ("p", "words"),
    [(0.5, "khoảng 1 phần 2"), (1 / 12_000, "khoảng 1 phần 12.000"), (1e-9, "chưa đến 1 phần tỷ"), (0.0, "chưa đến")],
)
def test_a_chance_is_told_as_one_in_so_many_and_never_divides_by_zero(spoken: None, p: float, words: str) -> None:
    assert phrases.chance(p).startswith(words)
