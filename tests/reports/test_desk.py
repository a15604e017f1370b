"""Reports at the desk: each reviewer downloads what is theirs, strangers learn nothing."""

from __future__ import annotations

import pytest
from flask import Flask

from analysis.reports.rendering import pdf
from tests.reports.making import make
from tests.support.cases import in_one_world
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

ADDRESS = "/desk/reports/dak-lak/so-y-te/2026-10.pdf"


def test_a_department_downloads_its_report(world: Flask) -> None:
    answer = signed_in(world, "yte", "method_owner", sector="health").get(ADDRESS)
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert "bao-cao-dak-lak-so-y-te-2026-10.pdf" in answer.headers["Content-Disposition"]
    assert answer.data == pdf.render(make(world))


@in_one_world(
    ("sector", "agency", "path", "status"),
    [
        ("education", None, "so-y-te/2026-10.pdf", 404),
        ("health", None, "so-noi-vu/2026-10.pdf", 404),
        ("health", None, "bv-tinh/2026-10.pdf", 200),
        ("health", None, "thpt-1/2026-10.pdf", 404),
        (None, "bv-tinh", "bv-tinh/2026-10.pdf", 200),
        (None, "bv-tinh", "tyt-xa/2026-10.pdf", 404),
        (None, "bv-tinh", "so-y-te/2026-10.pdf", 404),
        (None, None, "so-noi-vu/2026-10.pdf", 200),
        (None, None, "khong-co/2026-10.pdf", 404),
        (None, None, "so-y-te/2026-13.pdf", 404),
        (None, None, "so-y-te/2026-10.exe", 404),
    ],
)
def test_reports_follow_the_scope_of_the_role(
    world: Flask, sector: str | None, agency: str | None, path: str, status: int
) -> None:
    client = signed_in(world, f"{sector} {agency} {path}", "officer", sector=sector, agency=agency)
    assert client.get(f"/desk/reports/dak-lak/{path}").status_code == status


def test_a_stranger_is_sent_to_sign_in(world: Flask) -> None:
    assert world.test_client().get(ADDRESS).status_code == 302


def test_the_form_offers_only_recipients_of_the_role_and_leads_to_the_file(world: Flask) -> None:
    client = signed_in(world, "yte", "method_owner", sector="health")
    page = client.get("/desk/reports/").get_data(as_text=True)
    assert 'value="dak-lak/so-y-te"' in page
    assert 'value="dak-lak/bv-tinh"' in page
    assert "so-noi-vu" not in page
    assert "thpt-1" not in page
    chosen = client.get("/desk/reports/?recipient=dak-lak/so-y-te&period=2026-10&cut_off=2026-10-20")
    assert chosen.status_code == 302
    assert chosen.location == f"{ADDRESS}?cut_off=2026-10-20"


def test_deadlines_ahead_stand_on_the_page_also_without_a_date_in_the_decree(world: Flask) -> None:
    page = signed_in(world, "yte", "method_owner", sector="health").get("/desk/reports/").get_data(as_text=True)
    listed = page[page.index("Hạn báo cáo sắp tới") :]
    assert "Năm 2026" in listed
    assert "25/11/2026" in listed  # the day of the announcement
    assert "Công văn số 125/SNV-CCHC" in listed
    assert "Hạn nội bộ: ngày thứ năm sau kỳ" in listed  # the month
    assert "độ bao phủ" not in listed  # Sở Nội vụ reports it


def test_who_sums_up_for_the_province_is_told_when_coverage_is_due(world: Flask) -> None:
    page = signed_in(world, "snv", "method_owner").get("/desk/reports/").get_data(as_text=True)
    assert 'Năm 2026 <span class="sub">độ bao phủ</span>' in page[page.index("Hạn báo cáo sắp tới") :]


@in_one_world("query", ["period=mười", "period=2027-01", "period=2026-10&cut_off=2026-12-01"])
def test_a_wrong_period_is_explained_and_keeps_what_was_typed(world: Flask, query: str) -> None:
    client = signed_in(world, query, "method_owner", sector="health")
    page = client.get(f"/desk/reports/?recipient=dak-lak/so-y-te&{query}")
    assert page.status_code == 422
    assert 'role="alert"' in page.get_data(as_text=True)
