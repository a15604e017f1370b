"""One n, one figure: wherever the same figure stands, it has the same share, the same n and the same received.

No page is listed: visitors walk by links and choices, files are read by what they hold, and what shows a figure that
nothing can compare is a fault.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import Flask

from survey.accounts.models import User
from survey.demo.accounts import ACCOUNTS
from survey.foundation.storage.database import db
from tests.guards.one_figure import commands
from tests.guards.one_figure.claims import Claim, Loose, disagreements, unbalanced, unknown
from tests.guards.one_figure.documents import documents
from tests.guards.one_figure.files import of_publication
from tests.guards.one_figure.pages import of_page
from tests.guards.one_figure.walking import Bounds, Told, interface, walked
from tests.support.html import parse_html
from tests.support.staff import client_of

PROVINCE, PUBLISHED, YEAR = "dak-lak", "2020", "2026"
DESK, RESULTS = f"/desk/{PROVINCE}", f"/results/{PROVINCE}"
PUBLIC_STARTS = [f"{RESULTS}/{PUBLISHED}", f"{RESULTS}/", "/results/"]
DESK_STARTS = [
    "/desk/",
    *(f"{DESK}/{scope}?year={PUBLISHED}" for scope in ("all", "administration", "health", "education")),
]
DOCUMENTS = (  # monthly, quarterly, yearly, and the department's that sums up
    *(("so-y-te", "2026-09"), ("so-y-te", "2026-Q3"), ("so-y-te", PUBLISHED)),
    *(("so-noi-vu", "2026-Q3"), ("so-noi-vu", PUBLISHED), ("so-noi-vu", YEAR)),
)
TELL_THE_PUBLIC = {  # kinds of pages and files that show figures: each must have told some
    *("api.publication", "published.data_file", "published.agency_file", "published.province_page"),
    *("published.period_page", "published_pictures.file"),
}
TELL_THE_DESK = {
    *("desk.overview_page", "explore.page", "explore.explain", "explore.questions", "exports.figures"),
    *("reports.download",),
}


def told_to_visitors(app: Flask) -> dict[str, Told]:
    """The public, whoever administers the province, and each other account of it for a shorter walk."""
    public = app.test_client()
    told = {"public": walked(app, public, "public", [*PUBLIC_STARTS, *interface(app, public)], Bounds(3, 4, 12))}
    for account in (account for account in ACCOUNTS if account.province == PROVINCE):
        with app.app_context():
            user_id = db.session.query(User).filter_by(username=account.username).one().id
        bounds = Bounds(2, 2, 12) if account.username == "quan-tri" else Bounds(1, 1, 3)
        told[account.username] = walked(app, client_of(app, user_id), account.username, DESK_STARTS, bounds, "/desk/")
    return told


def test_wherever_a_figure_stands_it_has_one_share_one_n_and_one_received(
    demonstration: Flask, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    visitors = told_to_visitors(demonstration)
    every = Told()
    for told in visitors.values():
        every.add(told)
    agency = busiest_agency(every.claims)
    claims = [
        *every.claims,
        *documents(demonstration, PROVINCE, (*DOCUMENTS, (agency, YEAR))),
        *commands.printed(demonstration, PROVINCE, (YEAR, PUBLISHED)),
        *commands.verdicts(demonstration, PROVINCE, YEAR),
        *commands.written(demonstration, PROVINCE, YEAR, tmp_path),
    ]
    assert every.unread == []
    assert disagreements(claims) == []
    assert unbalanced(claims) == []
    assert unknown(every.loose, claims) == []
    for who, kinds in {"public": TELL_THE_PUBLIC, "quan-tri": TELL_THE_DESK}.items():
        silent = {kind for kind in kinds if not visitors[who].claims_of[kind]}
        assert silent == set(), f"{who}: these kinds of pages told nothing of {dict(visitors[who].visits)}"
    for who, told in visitors.items():
        assert told.claims_of.total() >= 100, f"{who} was told {told.claims_of}"
    places = defaultdict(set)
    for claim in claims:
        if claim.share is not None:
            places[claim.key].add(claim.place)
    record_property("statements", len(claims) + len(every.loose))
    record_property("figures", len(places))
    record_property("pages and files", every.visits.total())
    assert len(claims) > 4000
    assert max(len(place) for place in places.values()) >= 12
    assert sum(len(place) >= 5 for place in places.values()) >= 20


def busiest_agency(claims: list[Claim]) -> str:
    """The one of which most answers are in the year's figure of the administrative service."""
    start = f"{PROVINCE} agency_service {YEAR} top2 agency:"
    rows = [claim for claim in claims if claim.key.startswith(start) and " " not in claim.key.removeprefix(start)]
    return max(rows, key=lambda row: row.n or 0).key.removeprefix(start)


def test_a_figure_worked_out_in_a_second_way_is_found() -> None:
    claim = Claim("page", "k", "74,8 %", 695, 700)
    for other in (
        Claim("document", "k", 0.753, 695, 700),
        Claim("document", "k", "75,3 %", 695, 700),
        Claim("document", "k", 0.748, 660, 700),
        Claim("document", "k", 0.748, 695, 695),
    ):
        assert len(disagreements([claim, other])) == 1, other
    assert disagreements([claim, Claim("document", "k", 0.7481, 695, 700), Claim("page", "other", 0.1, 1, 2)]) == []
    bounded = [
        Claim(place, "k", 0.748, 695, 700, bounds=bounds) for place, bounds in (("a", (0.7, 0.8)), ("b", (0.7, 0.81)))
    ]
    assert len(disagreements(bounded)) == 1


def test_an_answer_that_is_neither_used_nor_left_out_is_missed() -> None:
    told = Claim("command", "k", 0.8, 695, 700, (5,))
    assert unbalanced([told, Claim("page", "k", "80,0 %", 695, 700)]) == []
    assert len(unbalanced([told, Claim("page", "k", "80,0 %", 690, 700)])) == 1
    assert len(unbalanced([told, Claim("page", "k", "80,0 %", 695, 701)])) == 1
    assert unbalanced([replace(told, left_out=(None,)), replace(told, left_out=(None, None))]) == []
    assert len(unbalanced([replace(told, left_out=(None, 5))])) == 1


def test_a_share_in_running_words_that_is_no_figures_is_found() -> None:
    known = [Claim("file", "k", 0.7204, 78, 80, bounds=(0.6011, 0.8188))]
    said = [Loose("page", "72,0", "60,1", "81,9"), Loose("page", "72", "60", "82")]
    assert unknown(said, known) == []
    wrong = [Loose("page", "72,1", "60,1", "81,9"), Loose("page", "72,0", "60,2", "81,9")]
    assert unknown(wrong, known) == wrong
    beside = Loose("page", "55,4", "15,5", "90,5", frozenset({"55,4"}))
    assert unknown([beside], known) == []
    told_whole, alone = replace(wrong[1], beside=frozenset({"72,0"})), replace(beside, beside=frozenset())
    assert unknown([told_whole, alone], known) == [told_whole, alone]


def test_a_figure_followed_from_the_published_page_to_the_command_stays_the_same(
    demonstration: Flask, tmp_path: Path
) -> None:
    key = f"{PROVINCE} agency_service {PUBLISHED} top2 all"
    public = demonstration.test_client()
    told = [
        *of_page("published page", parse_html(public.get(f"{RESULTS}/{PUBLISHED}").text)),
        *of_publication("data.json", public.get(f"{RESULTS}/{PUBLISHED}/data.json").json),
        *documents(demonstration, PROVINCE, [("so-noi-vu", PUBLISHED)]),
    ]
    told = [claim for claim in told if claim.key == key]
    with demonstration.app_context():
        user_id = db.session.query(User).filter_by(username="quan-tri").one().id
    asked = f"{DESK}/administration/cells.csv?subject=agency_service&period={PUBLISHED}"
    cells = tmp_path / "cells.csv"
    cells.write_text(client_of(demonstration, user_id).get(asked).text, "utf-8")
    result = demonstration.test_cli_runner().invoke(args=["analysis", "estimate", str(cells)])
    (domain,) = json.loads(result.stdout)["domains"]
    told.append(Claim("cells", key, domain["estimate"], domain["n"], domain["received"]))
    assert {"published page", "data.json", "PDF", "cells"} <= {claim.place for claim in told}
    assert disagreements(told) == []
