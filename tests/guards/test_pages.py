"""Every page that a visitor of the demonstration can reach is sound: it opens, it is valid, it is safe."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.accounts.first_steps import is_desk
from survey.accounts.models import User
from survey.demo.accounts import ACCOUNTS
from survey.demo.command import FIRST_COUNTER
from survey.foundation.storage.database import db
from tests.guards.crawler import PAGES_AN_ENDPOINT, Visit, walk
from tests.guards.english import stumbled_over
from tests.guards.source import ROOT
from tests.support.html import page_problems
from tests.support.staff import client_of

STRANGER = "người dân"
PUBLIC_STARTS = ["/", f"/c/{FIRST_COUNTER}", "/results/", "/kiosk/", "/login"]
STAFF_STARTS = ["/desk/", "/desk/explore"]  # what is explored of one service may hold less than all of it
# A link may lead to a refusal only where the page says beforehand that it is for others.
MAY_FAIL: dict[str, int] = {}
INVENTED = ("Dữ liệu minh họa - không phải số liệu thật", "Demonstration data - not real figures")
BILINGUAL = {"kiosk.shell"}  # holds all its languages at once, to change without the network

SEES_ALL_OF = {STRANGER: "public", "quan-tri": "desk"}
# Pages no link of the demonstration leads to, and whose tests say that they are valid.
OPENED_BY_OTHER_TESTS = {
    "country.edition_page": "tests/national/test_pages.py",
    "country.home": "tests/national/test_pages.py",
    "published_country.edition_page": "tests/national/test_pages.py",
    "published_country.index": "tests/national/test_pages.py",
    "citizen.thanks": "tests/channels/test_sending.py",
    "security_keys.page": "tests/accounts/test_security_keys.py",
    "fleet.device_page": "tests/kiosk/test_fleet.py",
    "follow.case": "tests/feedback/test_following.py",
    "imports.preview": "tests/registry_files/test_pages.py",
    "invitations.first_password": "tests/accounts/test_invitations.py",
    "import_columns.choose": "tests/registry_files/test_pages.py",
    "measures.change": "tests/measures/test_measures.py",
    "measures.page": "tests/measures/test_measures.py",
    "paper.check": "tests/channels/test_paper.py",
    "paper.run": "tests/channels/test_paper.py",
    "paper.type_forms": "tests/channels/test_paper.py",
    "phone.calls": "tests/channels/test_phone.py",
    "phone.interview": "tests/channels/test_phone.py",
    "report_office.journal": "tests/reports/test_office.py",
    "report_office.words": "tests/reports/test_office.py",
    "prints.page": "tests/channels/test_printing_behind_the_page.py",
    "published.find": "tests/results/test_finding.py",
    "published.ranking_page": "tests/results/test_ranking.py",
    "questionnaires.draft": "tests/questionnaires/test_editor.py",
    "signals.page": "tests/signals/test_pages.py",
    "targets.edit": "tests/targets/test_targets_at_the_desk.py",
    "tickets.form": "tests/channels/test_tickets.py",
}
# What programs ask for, and documents, which tests/reports reads.
NO_PAGES = {
    *(
        "api.description",
        "api.provinces",
        "api.publication",
        "api.publications",
        "api.ranking",
        "api.reference_figures",
    ),
    *("api.feedback", "api.targets", "health.healthz", "health.readyz", "kiosk.service_worker", "kiosk_api.config"),
    *("country.document", "published_country.data_file", "published_country.document"),  # read in tests/national
    *("metrics.metrics", "reports.archived", "reports.download", "published.ranking_file", "static"),
    "imports.progress",  # asked by the page that waits: tests/registry_files/test_long_imports.py
    *("paper.run_pdf", "posters.sheets_pdf", "prints.file", "prints.progress"),  # read in tests/channels
    "sounds.sound",  # a recording, where a language has them: tests/channels/test_languages.py
    "published_pictures.compared_file",  # a picture or a table of two: tests/results/test_comparing.py
    "citizen.emblem_file",  # a picture, where one is set: tests/results/test_comparing.py
}


def visitor(app: Flask, name: str) -> FlaskClient:
    if name == STRANGER:
        return app.test_client()
    with app.app_context():
        user_id = db.session.query(User).filter_by(username=name).one().id
    return client_of(app, user_id)


def visits(app: Flask, name: str, language: str = "") -> list[Visit]:
    """What a visitor reaches; whoever sees but a part of it, one page of each kind: the others differ by data alone."""
    starts = PUBLIC_STARTS if name == STRANGER else STAFF_STARTS
    pages = PAGES_AN_ENDPOINT if name in SEES_ALL_OF else 1
    return list(walk(app, visitor(app, name), [start + language for start in starts], pages))


def faults(visit: Visit) -> list[str]:
    """What is wrong with a page, one line each."""
    status, place = visit.answer.status_code, f"{visit.address} (linked from {visit.linked_from or 'nowhere'})"
    if status >= 400 and MAY_FAIL.get(visit.endpoint) != status:
        return [f"{place}: {status}"]
    if not visit.is_page:
        return []
    if visit.address.startswith("/desk") and "no-store" not in visit.answer.headers.get("Cache-Control", ""):
        return [f"{place}: caches may keep it"]
    if status != 200:
        return []
    policy = visit.answer.headers.get("Content-Security-Policy", "")
    if "'unsafe" in policy or "default-src" not in policy:
        return [f"{place}: content security policy {policy!r}"]
    faults_of_page = page_problems(visit.tree, policy)
    if not any(words in visit.answer.text for words in INVENTED):
        faults_of_page.append("does not say that the demonstration is invented")
    return [f"{place}: {problem}" for problem in faults_of_page]


def readable(app: Flask, part: str) -> set[str]:
    """Every endpoint of a part that answers GET."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return {rule.endpoint for rule in rules if ("desk" if is_desk(rule.rule) else "public") == part}


def assert_faultless(seen: list[Visit]) -> None:
    faults_of_page = [fault for visit in seen for fault in faults(visit)]
    assert not faults_of_page, "\n".join(faults_of_page)


@pytest.mark.parametrize("name", [STRANGER, *(account.username for account in ACCOUNTS)])
def test_every_page_a_visitor_can_reach_is_valid_and_every_link_leads_somewhere(
    demonstration: Flask, name: str
) -> None:
    seen = visits(demonstration, name)
    assert len([visit for visit in seen if visit.is_page and visit.answer.status_code == 200]) >= 4
    assert_faultless(seen)
    if name in SEES_ALL_OF:
        every = readable(demonstration, SEES_ALL_OF[name])
        assert every - {visit.endpoint for visit in seen} == every & (OPENED_BY_OTHER_TESTS.keys() | NO_PAGES)


def test_what_no_link_leads_to_is_held_to_the_same_by_its_own_tests(demonstration: Flask) -> None:
    assert (OPENED_BY_OTHER_TESTS.keys() | NO_PAGES) - demonstration.view_functions.keys() == set()
    for test in set(OPENED_BY_OTHER_TESTS.values()):
        source = (ROOT / test).read_text(encoding="utf-8")
        assert re.search(r"\b(?:assert_valid_html|(?:open_)?page)\(", source), f"{test} does not look at whole pages"


@pytest.mark.parametrize("name", [STRANGER, "quan-tri"])
def test_every_page_holds_in_english_too(demonstration: Flask, name: str) -> None:
    seen = visits(demonstration, name, "?lang=en")
    assert_faultless(seen)
    pages = [visit for visit in seen if visit.is_page and visit.answer.status_code == 200]
    kept = [visit for visit in pages if "lang=en" in visit.address and visit.endpoint not in BILINGUAL]
    assert len(kept) > len(pages) / 2  # links keep the language of the page they stand on
    assert [visit.address for visit in kept if '<html lang="en"' not in visit.answer.text] == []
    ours = [visit for visit in kept if not re.match(r"/results/[\w-]+/\d{4}", visit.address)]  # notes as published
    stumbled = {f"{visit.address}: {problem}" for visit in ours for problem in stumbled_over(visit.tree)}
    assert not stumbled, "\n".join(sorted(stumbled))
