"""Words that would mislead whoever signs: steps of nothing, a figure that reads like the level it misses."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.figure import Note
from analysis.presentation.overturn_words import overturn_sentences
from analysis.presentation.phrases import deciding_decimals, moved_words
from analysis.reports.office.models import ReportRecord
from analysis.reports.parts.quality import notes_of_data
from analysis.statistics import Evidence, Overturn, Point
from survey.foundation.formatting import percent, points, points_range
from survey.foundation.storage.database import writing
from tests.desk.world import answer
from tests.reports.making import charts, make
from tests.reports.pages import strings_of

pytestmark = pytest.mark.one_database

NO_STEP = re.compile(r"(?<![\d,])[+-]?0,0 điểm")
LEVELS = [0.6, 0.7, 0.8, 0.875]
shares = st.floats(0, 1) | st.builds(lambda level, off: level + off, st.sampled_from(LEVELS), st.floats(-0.001, 0.001))


@given(shares, st.sampled_from(LEVELS))
def test_a_share_reads_like_the_level_only_where_it_is_the_level(share: float, level: float) -> None:
    decimals = deciding_decimals(share, level)
    assert decimals >= 1
    assert (percent(share, decimals) == percent(level, decimals)) == (share == level)


@given(st.floats(-1, 1), st.sampled_from(Point), st.sampled_from(Evidence))
def test_no_difference_is_told_as_nothing(difference: float, point: Point, evidence: Evidence) -> None:
    said = overturn_sentences(point, evidence, Overturn(difference, None, possible=True, of_point=difference))
    assert not NO_STEP.search(moved_words(difference))
    assert not NO_STEP.search(said)


@given(st.floats(-0.002, 0.002))
def test_what_is_printed_as_nothing_has_no_sign(difference: float) -> None:
    assert "-0,0" not in (said := f"{points(difference)} {points_range(difference, difference)}")
    assert "+0,0" not in said


def test_no_document_tells_a_step_of_nothing(world: Flask) -> None:
    for recipient, period in (("so-y-te", "2026-10"), ("so-noi-vu", "2026"), ("bv-tinh", "2026-Q3")):
        report = make(world, recipient, period)
        assert [text for text in strings_of(report.document) if re.search(r"(tăng|giảm|:) [+-]?0,0 điểm", text)] == []


def test_visits_and_pupils_are_not_called_dossiers(world: Flask) -> None:
    """But where all three are named, and by whoever counts dossiers."""
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-16", 20, 2, named=False)
        answer("tyt-xa", "kham-benh", "2026-11-03", 12, 5)
    for recipient, period in (("so-y-te", "2026-10"), ("tyt-xa", "2026-11"), ("so-gddt", "2026-Q4")):
        said = list(strings_of(make(world, recipient, period).document))
        assert [text for text in said if re.search(r"hồ sơ(?!.*(lượt khám, học sinh))", text)] == []
    assert any("hồ sơ" in text for text in strings_of(make(world, "ubnd-ea-tam").document))


CODES = re.compile(r"\b(health|education|administration|procedures|agency_service)\b|\b20\d\d-(Q|H|0|1)\d?|English")


@pytest.mark.parametrize(
    ("recipient", "period", "cut_off", "kind"),
    [
        ("so-y-te", "2026-10", None, "satisfaction"),
        ("so-noi-vu", "2026", None, "satisfaction"),
        ("so-noi-vu", "2026", None, "coverage"),
        ("bv-tinh", "2026", "2026-11-11", "scoring"),
        ("so-noi-vu", "2026", "2026-07-24", "plan"),
        ("ubnd-ea-tam", "2026-10", None, "work-sheet"),
    ],
)
def test_no_document_names_a_thing_by_its_code(
    world: Flask, recipient: str, period: str, cut_off: str | None, kind: str
) -> None:
    with world.app_context():
        with writing() as session:
            record = {"number": "12/BC-BV", "signed_on": dt.date(2026, 4, 6)}
            session.add(
                ReportRecord(province_id=1, recipient="bv-tinh", period="2026-Q1", kind="satisfaction", **record)
            )
        answer("bv-tinh", "kham-benh", "2026-10-16", 30, 5, language="en")
    report = make(world, recipient, period, cut_off, kind=kind)
    assert [text for text in strings_of(report.document) if CODES.search(text)] == []


def test_the_picture_of_page_one_and_the_line_on_coverage_count_the_same_units(world: Flask) -> None:
    """One unit has enough answers and no caseload: it is none of those with few."""
    with world.app_context():
        answer("tyt-xa", "kham-benh", "2026-11-03", 45, 5)
        answer("bv-tinh", "kham-benh", "2026-11-03", 12, 5)
    document = make(world, "so-y-te", "2026-11").document
    (picture,) = [chart for chart in charts(document) if chart.form == "summary"]
    (told,) = [match for text in strings_of(document) if (match := re.search(r"(\d+) trong \d+ đơn vị có dưới", text))]
    assert dict(picture.counts)["dưới 30 phiếu"] == int(told[1]) == 1


def test_a_note_on_the_data_says_of_which_subject_it_is_unless_it_is_of_all() -> None:
    notes = {
        "agency_service": (Note("a", "Không rõ dịch vụ: 9 phiếu."), Note("b", "Thiếu số hồ sơ.")),
        "procedures": (Note("a", "Không rõ dịch vụ: 8 phiếu."), Note("b", "Thiếu số hồ sơ.")),
    }
    answers = {subject: SimpleNamespace(notes=of, total=SimpleNamespace(answers=9)) for subject, of in notes.items()}
    brief: Any = SimpleNamespace(subjects=tuple(notes), ask=answers.get, in_units=lambda _subject, words: words)
    assert notes_of_data(brief) == (
        "Sự phục vụ của cơ quan hành chính: Không rõ dịch vụ: 9 phiếu.",
        "Thiếu số hồ sơ.",
        "Thủ tục hành chính: Không rõ dịch vụ: 8 phiếu.",
    )


def test_an_n_stands_only_beside_what_was_estimated(world: Flask) -> None:
    for recipient in ("so-y-te", "so-noi-vu", "thpt-1"):
        marks = [mark for chart in charts(make(world, recipient, "2026-11").document) for mark in chart.marks]
        assert [mark for mark in marks if mark.value is None and "n =" in mark.under] == []
