"""Whoever holds the country sees and publishes its figures at the desk; everybody else reads what is published."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select, update

from analysis.archive.files import ArchiveFolder
from analysis.archive.writing import archive_province
from analysis.figures.register import fetch_province
from analysis.national.document import report_of
from analysis.national.models import CountryEdition
from analysis.results.closing.service import close_period, publish_period
from survey.accounts.permissions import ROLES
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.formatting import percent
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.registry.models import Caseload
from survey.responses.models import Rating
from survey.retention.service import erase
from tests.country.changes import change_everything
from tests.guards.forms import form_on
from tests.guards.test_permissions import MAY
from tests.national.conftest import QUARTER
from tests.national.holders import holder
from tests.national.test_editions import SUBJECT, edition, run
from tests.support.html import assert_valid_html
from tests.support.staff import PASSWORD, signed_in

pytestmark = pytest.mark.one_database

DESK, PUBLIC = f"/desk/country/{QUARTER}", f"/country/{QUARTER}"


@pytest.fixture
def made(ministry: Flask) -> Flask:
    run(ministry, "--period", QUARTER)
    return ministry


def page(client: FlaskClient, address: str) -> str:
    """A page that is there and whole."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert_valid_html(answer.text, answer.headers.get("Content-Security-Policy", ""))
    return " ".join(answer.text.replace("\N{NO-BREAK SPACE}", " ").split())


def publish(client: FlaskClient, period: str = QUARTER, revision: str = "1") -> str:
    token = form_on(client, "/desk/account/password")["csrf_token"]
    address = f"/desk/country/{period}/publish"
    answer = client.post(address, data={"csrf_token": token, "revision": revision}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def published(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get(f"{PUBLIC}/data.json")
    assert answer.status_code == 200
    values = json.loads(answer.text)
    assert isinstance(values, dict)
    return values


def test_the_desks_page_shows_the_country_its_provinces_and_all_that_must_be_told(made: Flask) -> None:
    client = holder(made, "can-bo", "officer")
    told = page(client, DESK)
    entry = edition(made).figures["subjects"][SUBJECT]
    for name in ("An Giang", "Đắk Lắk", "Sơn La", "Thành thị", "Kiosk tại quầy", "Khám 0"):
        assert name in told
    for row in (entry["total"], *entry["by"]["province"]):
        assert f"{row['estimate'] * 100:.1f}".replace(".", ",") in told
        assert f"{row['n']:,}".replace(",", ".") in told
    assert "người không trả lời" in told  # beside the verdict
    assert "cả nước là các tỉnh ghép lại" in told
    assert "Q2 2026" in page(client, "/desk/country/?lang=en")


def test_the_overview_of_whoever_holds_the_country_alone_is_the_country(made: Flask) -> None:
    client = holder(made, "can-bo", "officer")
    assert client.get("/desk/").headers["Location"] == "/desk/country/"
    assert "Cả nước" in page(client, "/desk/country/")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_for_the_country_opens_what_it_may_and_no_province(made: Flask, role: str) -> None:
    client = holder(made, f"ca-nuoc-{role}", role)
    assert [client.get(address).status_code for address in ("/desk/country/", DESK, f"{DESK}.pdf")] == [200] * 3
    assert client.get("/desk/dak-lak/health").status_code == 404
    assert client.get("/desk/country/1999").status_code == 404
    token = form_on(client, "/desk/account/password")["csrf_token"]
    answer = client.post(f"{DESK}/publish", data={"csrf_token": token, "revision": "1"})
    assert answer.status_code == (302 if role in MAY["publish_period"] else 403)


@pytest.mark.parametrize("role", ROLES)
def test_a_provinces_role_does_not_see_the_country(made: Flask, role: str) -> None:
    client = signed_in(made, f"tinh-{role}", role)
    token = form_on(client, "/desk/account/password")["csrf_token"]
    answers = [client.get(address) for address in ("/desk/country/", DESK, f"{DESK}.pdf")]
    answers.append(client.post(f"{DESK}/publish", data={"csrf_token": token, "revision": "1"}))
    assert [answer.status_code for answer in answers] == [404] * 4
    assert 'href="/desk/country/"' not in client.get("/desk/account").text


def test_an_administrator_of_a_province_neither_sees_nor_takes_over_an_account_of_the_country(made: Flask) -> None:
    holder(made, "bo-truong", "auditor")
    with made.app_context():
        from survey.accounts.models import User

        user_id = db.session.scalars(select(User.id).where(User.username == "bo-truong")).one()
    administrator = signed_in(made, "quan-tri-tinh", "administrator")
    assert "bo-truong" not in administrator.get("/desk/users/dak-lak/").text
    assert administrator.get(f"/desk/users/dak-lak/{user_id}").status_code == 404


def test_a_command_makes_an_account_for_the_country(made: Flask) -> None:
    asked = ["staff", "create-user", "bo-y-te", "--name", "Bộ Y tế", "--role", "method_owner"]
    runner = made.test_cli_runner()
    for wrong in ([], ["--country", "--province", "dak-lak"], ["--country", "--sector", "health"]):
        assert runner.invoke(args=[*asked, *wrong], input=f"{PASSWORD}\n").exit_code == 2
    assert runner.invoke(args=[*asked, "--country"], input=f"{PASSWORD}\n").exit_code == 0
    client = made.test_client()
    form = form_on(client, "/login")
    client.post("/login", data=form | {"username": "bo-y-te", "password": PASSWORD})
    assert "Cả nước" in page(client, "/desk/country/")


def test_nothing_is_public_before_it_is_published(made: Flask) -> None:
    client = made.test_client()
    assert "Chưa công bố kỳ nào" in page(client, "/country/")
    for address in (PUBLIC, f"{PUBLIC}.pdf", f"{PUBLIC}/data.json", f"{PUBLIC}/data.csv"):
        assert client.get(address).status_code == 404


def test_what_is_published_is_the_edition_without_its_services(made: Flask, owner: FlaskClient) -> None:
    kept = edition(made).figures["subjects"][SUBJECT]
    assert "Đã công bố" in publish(owner)
    told = page(made.test_client(), PUBLIC)
    values = published(made)
    entry = values["subjects"][SUBJECT]
    for table in (entry["by"], {"total": [entry["total"]]}):
        for by, rows in table.items():
            whole = [kept["total"]] if by == "total" else kept["by"][by]
            assert [as_told(row) for row in whole] == [as_told(row) for row in rows]
            assert all(row["estimate"] == round(row["estimate"], 5) for row in rows)  # near a level more than three
    assert "Khám 0" not in told
    assert "Đắk Lắk" in told
    rows = list(csv.DictReader(io.StringIO(made.test_client().get(f"{PUBLIC}/data.csv").text.lstrip("\ufeff"))))
    assert {row["table"] for row in rows} == {"total", "province", "area", "channel"}
    total = next(row for row in rows if row["table"] == "total")
    assert float(total["satisfied_share"]) == entry["total"]["estimate"]
    assert total["target"] == ">=75"
    assert total["overturn_of_point"]
    assert PUBLIC in page(made.test_client(), "/country/")
    with made.app_context():
        query = select(AuditEntry.after).where(AuditEntry.action == "publish_country")
        assert db.session.scalars(query).all() == [{"period": QUARTER, "revision": 1, "state": "published"}]


def as_told(row: dict[str, Any]) -> tuple[object, ...]:
    """What a row says, its share as pages print it."""
    return row["domain"], row["label"], percent(row["estimate"]), row["n"], row["caseload"]


def test_every_page_holds_in_english_too(made: Flask, owner: FlaskClient) -> None:
    publish(owner)
    client = made.test_client()
    for address in ("/country/", PUBLIC):
        told = page(client, f"{address}?lang=en")
        assert '<html lang="en"' in told
    assert "Remote areas" in told or "remote" in told.lower()
    assert "Kết luận" not in told


@pytest.mark.parametrize("state", ["draft", "published"])
def test_the_document_says_every_figure_of_the_edition(made: Flask, owner: FlaskClient, state: str) -> None:
    if state == "published":
        publish(owner)
    answer = made.test_client().get(f"{PUBLIC}.pdf") if state == "published" else owner.get(f"{DESK}.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = squashed("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.data)).pages))
    assert ("DỰTHẢO" in text) == (state == "draft")
    entry = edition(made).figures["subjects"][SUBJECT]
    for rows in entry["by"].values():
        for row in rows:
            if row["estimate"] is not None:
                assert squashed(row["label"]) in text or row["domain"] in ("urban", "rural", "remote", "kiosk", "qr")
                assert f"{row['n']:,}".replace(",", ".") in text
    assert "BộNộivụ".upper() in text.upper()
    attached = json.loads(PdfReader(io.BytesIO(answer.data)).attachments["figures.json"][0])
    assert attached["subjects"] == edition(made).figures["subjects"]


def squashed(text: str) -> str:
    return "".join(text.split())


def test_the_same_edition_gives_the_same_document(made: Flask) -> None:
    from analysis.reports.rendering.renderers import ENGINES

    with made.app_context():
        stored = db.session.scalars(select(CountryEdition)).one()
        assert ENGINES["pdf"].render(report_of(stored)) == ENGINES["pdf"].render(report_of(stored))


@pytest.mark.parametrize("lacking", ["a province", "a closing", "months apart"])
def test_what_would_give_a_province_away_or_is_not_whole_is_not_published(
    ministry: Flask, archive: ArchiveFolder, owner: FlaskClient, lacking: str
) -> None:
    asked = QUARTER
    if lacking == "a province":
        settings = ministry.extensions["settings"]
        ministry.extensions["settings"] = settings.but(country_provinces=("ha-giang",))
        expected = "Còn tỉnh thiếu số liệu"
    elif lacking == "a closing":
        asked, expected = "2026-06", "chưa chốt kỳ này: An Giang, Đắk Lắk, Sơn La"
    else:
        expected = "tháng chung"
        run(ministry, "--period", QUARTER)
        publish(owner)
        with ministry.app_context():
            for key in ("an-giang", "dak-lak", "son-la"):
                close_period(key, Period.parse("2026-05"))
                archive_province(archive, fetch_province(key))
        asked = "2026-05"
    run(ministry, "--period", asked)
    assert expected in publish(owner, asked)
    assert expected in page(owner, f"/desk/country/{asked}")
    assert ministry.test_client().get(f"/country/{asked}").status_code == 404


def test_a_province_that_publishes_another_share_of_itself_publishes_again_before_the_country(
    ministry: Flask, archive: ArchiveFolder, owner: FlaskClient
) -> None:
    with ministry.app_context():
        publish_again(archive)
        correct_caseloads()
        archive_province(archive, fetch_province("dak-lak"))
    run(ministry, "--period", QUARTER)
    said = "Tỉnh đã công bố số khác số trong kho lưu trữ, cần chốt và công bố lại: Đắk Lắk."
    assert said in publish(owner)
    assert said in page(owner, DESK)
    with ministry.app_context():
        close_period("dak-lak", Period.parse(QUARTER))
        publish_again(archive)
    run(ministry, "--period", QUARTER)
    assert "Đã công bố" in publish(owner)
    rows = {row["domain"]: row for row in published(ministry)["subjects"][SUBJECT]["by"]["province"]}
    own = ministry.test_client().get(f"/api/v1/provinces/dak-lak/publications/{QUARTER}").get_json()
    assert rows["dak-lak"]["estimate"] == pytest.approx(own["subjects"][SUBJECT]["total"]["estimate"], abs=1e-9)


def test_the_country_tells_no_few_answers_that_a_province_lost_whose_publication_tells_the_used_alone(
    ministry: Flask, archive: ArchiveFolder, owner: FlaskClient
) -> None:
    with ministry.app_context():
        publish_again(archive)
        of_quarter = (Rating.province_id == fetch_province("dak-lak").id) & Rating.month.in_(
            Period.parse(QUARTER).months
        )
        used = select(Rating.response_id).where(of_quarter, Rating.subject == SUBJECT, Rating.service_id.is_not(None))
        for id_ in db.session.scalars(used.limit(3)).all():
            erase(id_, "theo đơn")
        archive_province(archive, fetch_province("dak-lak"))
    own = ministry.test_client().get(f"/api/v1/provinces/dak-lak/publications/{QUARTER}").get_json()
    assert own["subjects"][SUBJECT]["total"]["n"] is not None
    assert own["subjects"][SUBJECT]["total"]["received"] is None
    run(ministry, "--period", QUARTER)
    assert "Đã công bố" in publish(owner)
    rows = {row["domain"]: row for row in published(ministry)["subjects"][SUBJECT]["by"]["province"]}
    assert {key for key, row in rows.items() if row["n"] is None} == {"dak-lak"}


def publish_again(archive: ArchiveFolder) -> None:
    publish_period("dak-lak", Period.parse(QUARTER))
    archive_province(archive, fetch_province("dak-lak"))


def correct_caseloads() -> None:
    """The office that has most answers served tenfold."""
    with writing() as session:
        of_province = Rating.province_id == fetch_province("dak-lak").id
        most = select(Rating.agency_id).where(of_province).group_by(Rating.agency_id).order_by(func.count().desc())
        agency_id = session.scalar(most.limit(1))
        session.execute(update(Caseload).where(Caseload.agency_id == agency_id).values(count=Caseload.count * 10))


def test_a_revision_that_was_not_looked_at_is_not_published(made: Flask, owner: FlaskClient) -> None:
    assert "không còn là bản mới nhất" in publish(owner, revision="2")
    assert "Đã công bố" in publish(owner)
    assert "không còn là bản mới nhất" in publish(owner)


def test_a_later_revision_keeps_what_moved_by_a_few_answers(
    made: Flask, archive: ArchiveFolder, owner: FlaskClient
) -> None:
    """Erased answers of one province cannot be told from the difference of two revisions."""
    publish(owner)
    first = published(made)["subjects"][SUBJECT]
    with made.app_context():
        change_everything()  # erases seven, closes again
        archive_province(archive, fetch_province("dak-lak"))
    run(made, "--period", QUARTER)
    assert edition(made).revision == 2
    assert edition(made).figures["subjects"][SUBJECT]["total"]["received"] == first["total"]["received"] - 7
    assert published(made)["about"]["revision"] == 1
    assert "Đã công bố" in publish(owner, revision="2")
    second = published(made)["subjects"][SUBJECT]
    assert (second["total"]["received"], second["total"]["kept"]) == (first["total"]["received"], True)
    for by, rows in second["by"].items():
        for row, before in zip(rows, first["by"][by], strict=True):
            assert row["received"] == before["received"] or abs(row["received"] - before["received"]) >= 30
    assert "Các bản đã công bố" in page(made.test_client(), PUBLIC)


def test_a_period_that_was_never_made_is_not_there(made: Flask, owner: FlaskClient) -> None:
    token = form_on(owner, "/desk/account/password")["csrf_token"]
    assert owner.post("/desk/country/2020/publish", data={"csrf_token": token, "revision": "1"}).status_code == 404
    with made.app_context():
        assert db.session.scalar(select(func.count(CountryEdition.id))) == 1
