"""Hostile names, values, bytes and cells into everything that takes input: no 500, and nothing half stored."""

from __future__ import annotations

from flask import Flask

from tests.guards.requests import everything
from tests.support.fuzz import FuzzReport, fuzz_imports, fuzz_interface, fuzz_workbooks
from tests.support.fuzz_forms import administrator_of, fuzz_forms, late
from tests.support.fuzz_places import place_to_fuzz

# Posted to all the same, with hostile fields, but without those that the form itself would send: no page shows it in
# the state that the demonstration is in.
CALLED_BY_PROGRAMS = {
    *(
        "kiosk_api.pair",
        "kiosk_api.responses",
        "kiosk_api.status",
    ),
    *("ticket_interface.make", "ticket_interface.void"),  # the interface's document gives their bodies, below
}
SHOWN_IN_ANOTHER_STATE = {
    "a button once two people have agreed": ("closing.publish", "closing.ranking", "feedback.publish"),
    "a button of a case that is answered, closed or came with a contact": (
        *("feedback.close", "feedback.contact", "feedback.propose", "feedback.withdraw", "follow.judge"),
    ),
    "a button of a case that came as part of a flood": ("feedback.screen_case",),
    "a button beside a comment that is no case yet": ("feedback.open_from_comment",),
    "a button of a batch that holds forms": ("paper.check", "paper.hand_in", "paper.undo"),
    "a button of a draft that is complete, or of what is in use": (
        *("method_desk.publish", "method_desk.retire", "questionnaires.end", "questionnaires.publish"),
        *("questionnaires.start", "languages.remove"),
    ),
    "the columns of a file that does not name its own": ("imports.complete",),
    "a button of a file taken in today": ("imports.undo_run",),
    "a code from somebody's telephone, before it is set up or while signing in": (
        *("second_factor.page", "staff.second_step", "users.reset_second_factor"),
        *("security_keys.page", "security_keys.remove", "staff.key_step"),
    ),
    "a button of a signal that is open": ("signals.close",),
    "a link that comes by mail, and a button where mail is set up": ("invitations.first_password", "users.invite"),
    "a button where a province wants caseloads confirmed": ("caseloads.confirm_month",),
    "a button of a long run of paper forms": ("paper.print_run",),
    "a button where an archive has a country's figures": ("country.publish_edition",),
}
SHOWN_ON_NO_PAGE = CALLED_BY_PROGRAMS.union(*SHOWN_IN_ANOTHER_STATE.values())


def assert_sound(report: FuzzReport, at_least: int) -> None:
    assert report.wrong == []
    assert report.tried >= at_least


def test_no_form_breaks(demonstration: Flask) -> None:
    demonstration.config["WTF_CSRF_CHECK_DEFAULT"] = False
    report = fuzz_forms(demonstration, examples=2)
    assert_sound(report, at_least=140)
    assert report.turned_away == set()
    assert report.bare == SHOWN_ON_NO_PAGE


def test_no_file_breaks_an_import(app: Flask) -> None:
    assert_sound(fuzz_imports(app, examples=8), at_least=50)


def test_no_workbook_breaks_an_import(app: Flask) -> None:
    assert_sound(fuzz_workbooks(app, examples=2), at_least=10)


def test_no_call_breaks_the_interface(demonstration: Flask) -> None:
    assert_sound(fuzz_interface(demonstration, examples=3), at_least=15)


JSON = [b"[" * 100_000, b'{"a":' * 100_000, b'"a"', b"[1]", b"null", b"9" * 10_000, b'{"name":[NaN,{}]}', b"{", b"\xff"]


def test_no_json_breaks_what_takes_forms(demonstration: Flask) -> None:
    """Flask-WTF fills a form from JSON where that is what was sent."""
    demonstration.config.update(WTF_CSRF_CHECK_DEFAULT=False, PROPAGATE_EXCEPTIONS=False)
    client = administrator_of(demonstration)
    asked = {call for call in everything(demonstration, place_to_fuzz(demonstration)) if call.method == "POST"}
    report = FuzzReport()
    for call in sorted(asked, key=late):
        for body in JSON:
            status = client.post(call.path, data=body, content_type="application/json").status_code
            report.note(f"{call.endpoint} {status} {body[:20]!r}", when=status >= 500)
    assert_sound(report, at_least=800)
