"""Hostile names, values, bytes and cells into everything that takes input: no 500, and nothing half stored."""

from __future__ import annotations

from flask import Flask

from tests.support.fuzz import FuzzReport, fuzz_imports, fuzz_interface, fuzz_workbooks
from tests.support.fuzz_forms import fuzz_forms

# Posted to all the same, with hostile fields; another state of their object would show what they send.
SHOWN_ON_NO_PAGE = {
    *("closing.publish", "feedback.close", "feedback.open_from_comment", "follow.judge", "imports.complete"),
    *("imports.undo_run", "kiosk_api.pair", "kiosk_api.responses", "kiosk_api.status", "paper.check", "paper.hand_in"),
    *("paper.undo", "questionnaires.end", "questionnaires.publish", "questionnaires.start", "second_factor.page"),
    *("feedback.contact", "feedback.propose", "feedback.withdraw", "feedback.publish"),
    *("languages.remove", "method_desk.retire"),
    *("signals.close", "staff.login", "staff.second_step", "users.reset_second_factor"),
}


def assert_sound(report: FuzzReport, at_least: int) -> None:
    assert report.wrong == []
    assert report.tried >= at_least


def test_no_form_breaks(demonstration: Flask) -> None:
    demonstration.config["WTF_CSRF_CHECK_DEFAULT"] = False
    report = fuzz_forms(demonstration, examples=2)
    assert_sound(report, at_least=140)
    assert report.turned_away == set()
    assert report.bare <= SHOWN_ON_NO_PAGE


def test_no_file_breaks_an_import(app: Flask) -> None:
    assert_sound(fuzz_imports(app, examples=8), at_least=50)


def test_no_workbook_breaks_an_import(app: Flask) -> None:
    assert_sound(fuzz_workbooks(app, examples=2), at_least=10)


def test_no_call_breaks_the_interface(app: Flask) -> None:
    assert_sound(fuzz_interface(app, examples=3), at_least=15)
