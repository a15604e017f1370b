"""An official subtracts what files, drawings, commands and the interface tell from what the pages do.

The hospital and its selections are those of `test_joined_filters`; the forms tell no more than the pages together.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from analysis.figures.figure_key import figure_key
from analysis.figures.service import answer as figures_of
from analysis.results.closing.service import close_period, publish_period
from analysis.statistics.disclosure.primary import FEWEST_PUBLIC
from survey.foundation.periods import Period
from tests.attacks import thin_hospital
from tests.attacks.test_joined_filters import pages_of, questions_of
from tests.attacks.thin_hospital import FEWEST, FILTERS, HOSPITAL, ITEM, PERIODS, WITHIN, Told
from tests.desk.filled import database_url, frozen_clock
from tests.guards.one_figure import files
from tests.guards.one_figure.reading import first_sheet
from tests.results.attacker import Attacker, names_of
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

__all__ = ["database_url", "frozen_clock"]
DESK = "/desk/dak-lak/health"
READERS = {
    "province": {"role": "method_owner", "sector": "health"},
    "hospital": {"role": "agency_manager", "sector": "health", "agency": HOSPITAL},
}
Atom = tuple[str, str]  # service ('': none named), month


@pytest.fixture
def world(app: Flask) -> Flask:
    thin_hospital.fill(app)
    return app


@pytest.fixture(params=sorted(READERS))
def reader(world: Flask, request: pytest.FixtureRequest) -> FlaskClient:
    """Who sees the whole province, and who sees the hospital alone."""
    return signed_in(world, "nguoi-doc", **READERS[request.param])


def tallies(client: FlaskClient, period: str) -> Iterator[tuple[str, Atom, int]]:
    """Question, what a row of the file of counts is about, and how many it says answered."""
    answer = client.get(f"{DESK}/exports/tallies.csv?{urlencode({'period': period, 'agency': HOSPITAL})}")
    assert answer.status_code == 200
    for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))):
        if row["Số phiếu"]:
            yield row["Mã câu hỏi"], (row["Mã dịch vụ"], row["Tháng"]), int(row["Số phiếu"])


def true_counts(world: Flask, code: str) -> Counter[Atom]:
    """What there is to find out: who answered a question about a service in a month."""
    from survey.foundation.storage.database import db
    from survey.registry.models import Agency, Service
    from survey.responses.models import Response

    query = db.session.query(Response.service_id, Response.month, Response.answers).join(Agency)
    names = dict(db.session.query(Service.id, Service.code).all())
    counts = Counter[Atom]()
    for service_id, month, answers in query.filter(Agency.code == HOSPITAL):
        counts[names.get(service_id, ""), month] += code in answers
    return +counts


def belongs(atom: Atom, chosen: dict[str, str]) -> bool:
    service, month = atom
    return (
        month in Period.parse(chosen["period"]).months
        and chosen.get("service", service) == service
        and chosen.get("field", WITHIN.get(service)) == WITHIN.get(service)
    )


@pytest.mark.parametrize("code", ["overall_health", ITEM])
def test_files_of_counts_and_pages_solved_together_tell_no_group_of_few(
    world: Flask, reader: FlaskClient, code: str
) -> None:
    """Files of each period against each other, and against the pages of periods, services and fields."""
    with world.test_request_context():
        attacker = Attacker(dict(true_counts(world, code)))
        for period in PERIODS:
            for asked, atom, n in tallies(reader, period):
                if asked == code:
                    attacker.hears(f"file of {period}: {atom}", n, lambda held, atom=atom: held == atom)
            for more in ({}, {"service": "kham-benh"}, {"service": "noi-tru"}):
                for told in questions_of(reader, {"period": period, **more}):
                    chosen = dict(told.chosen)
                    if told.received and (told.about or "overall_health") == code:
                        name = f"page of {sorted(chosen.items())}"
                        attacker.hears(name, told.received, lambda held, chosen=chosen: belongs(held, chosen))
        leaks = attacker.leaks(FEWEST)
    assert not leaks, names_of(leaks)
    assert len(attacker.names) > 10


def test_single_answers_in_a_file_leave_nobody_or_ten_of_what_a_page_counts(world: Flask) -> None:
    """Of the hospital's month, and of each service in it; those left out would be known by what all said."""
    client = signed_in(world, "chu-phuong-phap", "method_owner", sector="health")
    answer = client.get(f"{DESK}/exports/responses.csv?period=2026&agency={HOSPITAL}")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    compared = 0
    with world.test_request_context():
        for month, more in product(("2026-09", "2026-10"), ({}, {"service": "kham-benh"}, {"service": "noi-tru"})):
            asked = {"period": month, **more}
            told = [
                number
                for number in pages_of(client, asked, "month")
                if dict(number.chosen) == {**asked, "agency": HOSPITAL}
            ]
            own = [
                row
                for row in rows
                if row["Tháng"] == month and row["Mã dịch vụ"] == more.get("service", row["Mã dịch vụ"])
            ]
            for received in {number.received for number in told} - {None}:
                compared += 1
                assert received == len(own) or received - len(own) >= FEWEST
    assert compared == 6


def exported(client: FlaskClient, ending: str) -> Iterator[Told]:
    """The rows of the files of estimates and of questions of every period."""
    for period in PERIODS:
        for kind in ("estimates", "questions"):
            address = f"{DESK}/exports/{kind}.{ending}?{urlencode({'period': period, 'agency': HOSPITAL})}"
            answer = client.get(address)
            text = first_sheet(answer.data) if ending == "xlsx" else answer.data.decode("utf-8-sig")
            for by, items in product(("service", "month"), ((), (ITEM,))):
                about = thin_hospital.keys_about({"period": period}, by, items)
                claims = (
                    files.of_estimates(address, "dak-lak", text, HOSPITAL)
                    if kind == "estimates"
                    else files.of_questions(address, "dak-lak", period, text, HOSPITAL)
                )
                for claim in claims:
                    if claim.key in about:
                        yield Told(about[claim.key], claim.n, claim.received, address, "".join(items))


def drawn(client: FlaskClient) -> Iterator[Told]:
    """What the drawings of breakdowns say beside each mark."""
    for period, by, more in product(PERIODS, ("channel", "language", "month"), ({}, {"service": "noi-tru"})):
        chosen = {"period": period, **more}
        address = f"{DESK}/chart.svg?{urlencode({**chosen, 'agency': HOSPITAL, 'by': by})}"
        answer = client.get(address)
        if answer.status_code == 400:  # nothing to draw
            continue
        for row in figures_of(thin_hospital.query_of(chosen, by=by)).figures:
            value = "period" if by == "month" else by
            said = re.search(rf"{re.escape(row.label)}: [^;]*?n = ([\d.]+)", answer.text)
            if said and row.domain in (*PERIODS, *FILTERS.get(by, ())):
                n = int(said[1].replace(".", ""))
                yield Told(thin_hospital.selected({**chosen, value: row.domain}), n, None, address)


def printed(world: Flask) -> Iterator[Told]:
    """What the command prints of the province: of everybody, by service, channel, language and month."""
    for period, by in product(PERIODS, ("", "service", "channel", "language", "month")):
        asked = ["--province=dak-lak", f"--period={period}", "--subject=health_service", "--format=json"]
        result = world.test_cli_runner().invoke(args=["analysis", "estimates", *asked, *([f"--by={by}"] if by else [])])
        for row in json.loads(result.stdout)["domains"]:
            name = {"": "period", "month": "period"}.get(by, by)
            if row["domain"] in (*PERIODS, *FILTERS.get(by, ())) or not by:
                chosen = {"period": period, **({name: row["domain"]} if by else {})}
                yield Told(frozenset(chosen.items()), row["n"], row["received"], f"command {asked} {by}")


def published(world: Flask) -> Iterator[Told]:
    """What the interface says of the province and of the hospital, once months and a quarter are published."""
    about = {}
    for period in ("2026-09", "2026-10", "2026-Q3"):
        close_period("dak-lak", Period.parse(period))
        publish_period("dak-lak", Period.parse(period))
        about |= thin_hospital.keys_about({"period": period}, "service")
        about[figure_key("dak-lak", "health_service", period)] = frozenset({"period": period}.items())
    client = world.test_client()
    for period in ("2026-09", "2026-10", "2026-Q3"):
        address = f"/api/v1/provinces/dak-lak/publications/{period}"
        for claim in files.of_publication(address, client.get(address).json):
            if claim.key in about:
                yield Told(about[claim.key], claim.n, claim.received, address)


def test_the_interface_minus_itself_leaves_thirty_and_minus_a_page_ten(world: Flask) -> None:
    client = signed_in(world, "chu-phuong-phap", "method_owner", sector="health")
    with world.test_request_context():
        public = list(published(world))
        pages = [number for period in PERIODS for number in pages_of(client, {"period": period}, "service")]
        assert not thin_hospital.left_over(public, FEWEST_PUBLIC)[1]
        assert not thin_hospital.left_over([*public, *pages])[1]
    assert any(told.n for told in public)


def test_no_file_drawing_or_command_minus_a_page_tells_of_fewer_than_ten(world: Flask) -> None:
    client = signed_in(world, "chu-phuong-phap", "method_owner", sector="health")
    with world.test_request_context():
        forms = {
            "csv": list(exported(client, "csv")),
            "xlsx": list(exported(client, "xlsx")),
            "drawings": list(drawn(client)),
            "command": list(printed(world)),
        }
        pages = [
            number
            for period, more in product(PERIODS, ({}, {"language": "en"}, {"service": "noi-tru", "channel": "paper"}))
            for number in pages_of(client, {"period": period, **more}, "channel")
        ]
        pairs, thin = thin_hospital.left_over([*pages, *(told for of_form in forms.values() for told in of_form)])
    assert not thin
    assert pairs > 100
    assert all(len([told for told in of_form if told.n]) > 10 for of_form in forms.values())
    assert set(forms["csv"]) == {told._replace(place=told.place.replace("xlsx", "csv")) for told in forms["xlsx"]}
