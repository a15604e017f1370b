"""Exploring: every filter in the address, breakdowns with honest ranks, comparisons that do not share answers."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.desk.test_overview import open_page
from tests.desk.world import MONTHS, answer
from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

EXPLORE = "/desk/dak-lak/health/explore"
PAGES = ("explore", "explain", "cells.csv")


@pytest.fixture
def desk(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "method_owner", sector="health")


@pytest.fixture
def province_desk(world: Flask) -> FlaskClient:
    return signed_in(world, "so-noi-vu", "officer")


def refusal_of(desk: FlaskClient, query: str) -> str:
    answer = desk.get(f"{EXPLORE}?{query}")
    assert answer.status_code == 400
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    return answer.text


def test_the_page_begins_with_the_figure_of_the_selection(desk: FlaskClient) -> None:
    page = open_page(desk, f"{EXPLORE}?period=2026-10")
    assert "Y tế: 69,1 % hài lòng (khoảng 90 %: 62,2-75,5 %), so với mốc > 80 %" in page.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "Tháng 10/2026" in page


def test_a_page_of_one_agency_begins_with_what_was_rated_there(world: Flask) -> None:
    hospital = signed_in(world, "benh-vien", "officer", agency="bv-tinh")
    page = open_page(hospital, "/desk/explore")
    assert "Y tế: 67,3 % hài lòng" in page.replace("\N{NO-BREAK SPACE}", " ")


@in_one_world(
    ("by", "row"),
    [
        ("agency", r"Bệnh viện đa khoa tỉnh 67,3 %"),
        ("service", r"Khám bệnh ngoại trú 65,\d %"),
        ("field", r"Chữa bệnh 100,0 %"),
        ("month", r"tháng 9/2026 69,1 %"),
        ("year", r"2026 69,1 %"),
        ("channel", r"Mã QR 69,1 %"),
        ("respondent_kind", r"Cá nhân 69,1 %"),
        ("language", r"Tiếng Việt 69,1 %"),
        ("sector", r"Y tế 69,1 %"),
    ],
)
def test_every_breakdown_has_its_table(desk: FlaskClient, by: str, row: str) -> None:
    assert re.search(row, open_page(desk, f"{EXPLORE}?by={by}"))


def test_filters_narrow_the_figure(desk: FlaskClient) -> None:
    assert "Y tế: 100,0 % hài lòng" in open_page(desk, f"{EXPLORE}?service=noi-tru")
    assert "Y tế: 100,0 % hài lòng" in open_page(desk, f"{EXPLORE}?field=Chữa bệnh")
    assert "Y tế: 100,0 % hài lòng" in open_page(desk, f"{EXPLORE}?level=commune")
    assert "Y tế: quá ít phiếu" in open_page(desk, f"{EXPLORE}?channel=paper").replace("chưa có phiếu", "quá ít phiếu")


def test_ranks_are_intervals_and_each_row_has_one_verdict(world: Flask, desk: FlaskClient) -> None:
    with world.app_context():
        for month in MONTHS:
            for day in range(2, 29, 3):
                answer("tyt-xa", "kham-benh", f"{month}-{day:02d}", 3, 5)
    page = open_page(desk, EXPLORE)
    assert "Holm" in page
    assert re.search(
        r"Bệnh viện đa khoa tỉnh .*? 300 .*? 2 Đủ căn cứ kết luận chưa đạt cả khi xét mọi dòng cùng lúc", page
    )
    assert re.search(r"Trạm y tế xã Ea Kao .*? 94 .*? 1 Đủ căn cứ kết luận đạt cả khi xét mọi dòng cùng lúc", page)


def test_two_periods_stand_side_by_side_with_the_difference(desk: FlaskClient) -> None:
    page = open_page(desk, f"{EXPLORE}?period=2026-10&other_period=2026-09")
    assert "Y tế, tỉnh Đắk Lắk, tháng 9/2026" in page
    assert "Chênh lệch (sau trừ trước): 0,0 điểm, khoảng 95 %:" in page
    assert "Chưa thể nói là khác nhau." in page


def test_two_agencies_stand_side_by_side(world: Flask, desk: FlaskClient) -> None:
    asked = f"{EXPLORE}?agency=bv-tinh&other_agency=tyt-xa"
    assert "Chưa thể nói là khác nhau." in open_page(desk, asked), "40 content answers are no certainty"
    with world.app_context():
        for month in MONTHS:
            for day in range(2, 29, 3):
                answer("tyt-xa", "kham-benh", f"{month}-{day:02d}", 3, 5)
    assert "Cao hơn rõ rệt." in open_page(desk, asked)


@in_one_world("query", ["period=2026&other_period=2026-10", "agency=so-y-te&other_agency=bv-tinh"])
def test_selections_that_share_answers_are_not_compared(desk: FlaskClient, query: str) -> None:
    assert "Hai lựa chọn có chung phiếu" in refusal_of(desk, query)


@in_one_world(
    ("query", "message"),
    [
        ("period=2026-13", "Kỳ “2026-13” không đọc được"),
        ("period=2031", "Năm 2031 chưa bắt đầu."),
        ("by=star_sign", "Bộ lọc by không có lựa chọn “star_sign”."),
        ("service=ho-tich", "Bộ lọc service không có lựa chọn “ho-tich”."),
        ("subject=procedures", "Bộ lọc subject không có lựa chọn “procedures”."),
        ("other_period=x", "Kỳ so sánh “x” không đọc được."),
    ],
)
def test_a_filter_that_was_never_offered_is_refused_with_its_name(desk: FlaskClient, query: str, message: str) -> None:
    assert message in refusal_of(desk, query)


def test_ratings_and_items_are_counted(desk: FlaskClient) -> None:
    page = open_page(desk, EXPLORE)
    assert re.search(r"5 · Rất hài lòng 260 76,5 %", page)
    assert re.search(r"2 · Không hài lòng 80 23,5 %", page)
    assert "Câu hỏi chung 340 76,5 %" in page


def test_small_counts_are_hidden(world: Flask, desk: FlaskClient) -> None:
    with world.app_context():
        answer("bv-tinh", "noi-tru", "2026-10-20", 3, 1)
    assert re.search(r"1 · Rất không hài lòng không nêu –", open_page(desk, EXPLORE))


def test_channels_are_compared_with_the_busiest(world: Flask, desk: FlaskClient) -> None:
    with world.app_context():
        for day in range(1, 11):
            answer("bv-tinh", "kham-benh", f"2026-10-{day:02d}", 3 + day % 2, 5, channel="kiosk")
    page = open_page(desk, EXPLORE)
    assert "Mã QR" in page
    assert "mốc so sánh" in page
    assert re.search(r"Kiosk tại quầy 100,0 % Vì sao\? Kiosk tại quầy 35 35 \+\d+,\d điểm", page)


def test_an_empty_selection_says_so(desk: FlaskClient) -> None:
    assert "Chưa có phiếu nào cho lựa chọn này." in open_page(desk, f"{EXPLORE}?period=2015")


def test_the_menu_leads_to_the_widest_scope(province_desk: FlaskClient) -> None:
    assert province_desk.get("/desk/explore").location == "/desk/dak-lak/all/explore"


def test_an_agency_manager_chooses_only_among_their_own(world: Flask) -> None:
    manager = signed_in(world, "so-y-te-mc", "agency_manager", agency="so-y-te")
    page = open_page(manager, "/desk/dak-lak/health/explore?agency=so-y-te")
    assert "Bệnh viện đa khoa tỉnh" in page
    assert "Trường THPT số 1" not in page
    assert "Toàn tỉnh" not in page


@in_one_world(
    ("who", "status"),
    [
        ({"role": "method_owner", "sector": "health"}, 200),
        ({"role": "auditor"}, 200),
        ({"role": "method_owner", "sector": "education"}, 404),
        ({"role": "administrator", "province": "son-la"}, 404),
    ],
)
def test_owner_colleague_and_stranger(world: Flask, who: dict[str, str], status: int) -> None:
    client = signed_in(world, f"{who}", **who)
    statuses = {page: client.get(f"/desk/dak-lak/health/{page}").status_code for page in PAGES}
    assert statuses == dict.fromkeys(PAGES, status)


def test_who_may_see_figures_may_not_therefore_download_cells(world: Flask) -> None:
    officer = signed_in(world, "officer", "officer", sector="health")
    assert officer.get("/desk/dak-lak/health/explain").status_code == 200
    assert officer.get("/desk/dak-lak/health/cells.csv").status_code == 403
    assert "cells.csv" not in officer.get("/desk/dak-lak/health/explain").text


def test_a_language_narrows_figure_and_ratings_and_says_why_items_are_gone(world: Flask, desk: FlaskClient) -> None:
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-12", 30, 1, language="en")
    english = open_page(desk, f"{EXPLORE}?language=en&period=2026-10")
    assert "Y tế: 0,0 % hài lòng" in english
    assert re.search(r"1 · Rất không hài lòng 30 100,0 %", english)
    assert "bỏ lọc quầy, kênh, đối tượng, ngôn ngữ để xem" in english
    assert "Câu hỏi chung 30" not in english
    vietnamese = open_page(desk, f"{EXPLORE}?language=vi&period=2026-10")
    assert "Y tế: 69,1 % hài lòng" in vietnamese
    assert "language=en" in desk.get(f"{EXPLORE}?language=en").text


def test_a_counter_stands_among_its_own_agencys_dossiers_wherever_it_is_asked_for(world: Flask) -> None:
    from analysis.figures.service import answer as ask
    from analysis.presentation.scope import Scope
    from analysis.presentation.selection import Selection
    from survey.foundation.periods import Period
    from survey.foundation.storage.database import db
    from survey.registry.models import Agency
    from survey.registry.queries import find_province

    with world.test_request_context():
        province, hospital = find_province("dak-lak"), db.session.query(Agency).filter_by(code="bv-tinh").one()
        assert province is not None
        scopes = (Scope(province, "health", hospital), Scope(province, "health"), Scope(province, None))
        chosen = (Selection(scope, "health_service", Period.parse("2026"), counter="quay-bv-tinh") for scope in scopes)
        own, *others = (ask(selection.question()).total for selection in chosen)
        assert own.caseload == 20_000, "two months of 9,000 and 1,000"
        assert [figure.estimate for figure in others] == [own.estimate] * 2
        assert {figure.key for figure in others} == {own.key}
        elsewhere = Selection(scopes[1], "health_service", Period.parse("2026"), counter="quay-bv-tinh", area="remote")
        assert ask(elsewhere.question()).total.answers == 0


def test_two_services_stand_side_by_side_with_their_covariance(world: Flask, desk: FlaskClient) -> None:
    from analysis.desk.compare import compare_parts
    from analysis.figures.service import answer as ask
    from analysis.presentation.scope import Scope
    from analysis.presentation.selection import Selection
    from survey.foundation.periods import Period
    from survey.registry.queries import find_province

    page = open_page(desk, f"{EXPLORE}?service=kham-benh&other_service=noi-tru")
    assert "Khám bệnh ngoại trú" in page
    assert "Cao hơn rõ rệt." in page
    with world.test_request_context():
        province = find_province("dak-lak")
        assert province is not None
        selection = Selection(Scope(province, "health"), "health_service", Period.parse("2026"), service="kham-benh")
        side = compare_parts(selection, "service", "noi-tru", None)
        alone = [ask(figure.question()).total for figure in (selection, side.second_selection)]
        assert side.change is not None
        assert side.first.estimate is not None
        assert side.second.estimate is not None
        assert [figure.estimate and figure.estimate.estimate for figure in alone] == pytest.approx(
            [side.first.estimate.estimate, side.second.estimate.estimate], rel=1e-12
        )
        assert side.change.estimate == side.second.estimate.estimate - side.first.estimate.estimate
    for query in (
        *("other_service=noi-tru", "service=noi-tru&other_service=noi-tru", "service=noi-tru&other_service=x"),
        *("other_channel=qr", "channel=qr&other_channel=x", "channel=qr&other_channel=kiosk&other_area=urban"),
    ):
        assert "Để so hai phần" in refusal_of(desk, query)


@in_one_world(
    ("query", "first", "second"),
    [
        ("channel=qr&other_channel=kiosk", "Mã QR", "Kiosk tại quầy"),
        ("kind=individual&other_kind=organisation", "Cá nhân", "Tổ chức, doanh nghiệp"),
        ("area=urban&other_area=rural", "Thành thị", "Nông thôn"),
        ("language=vi&other_language=en", "Tiếng Việt", "English"),
    ],
)
def test_any_two_parts_of_a_filter_stand_side_by_side(desk: FlaskClient, query: str, first: str, second: str) -> None:
    page = open_page(desk, f"{EXPLORE}?{query}")
    side = page.split("Hai lựa chọn và chênh lệch")[1].split("Chia theo")[0]
    assert side.index(first) < side.index(second)


def test_factors_sum_their_items(world: Flask, desk: FlaskClient) -> None:
    from survey.questionnaires.catalogue import shipped_questionnaires

    (health,) = (questionnaire for questionnaire in shipped_questionnaires() if questionnaire["key"] == "health")
    factor = health["definition"]["factors"][0]
    items = [item for item in health["definition"]["items"] if item.get("factor") == factor["code"]]
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-12", 20, 5, answers={"overall_health": 5, items[0]["code"]: 5})
        answer("bv-tinh", "kham-benh", "2026-10-12", 20, 5, answers={"overall_health": 5, items[-1]["code"]: 2})
    assert re.search(rf"{factor['text']['vi']} 40 50,0 %", open_page(desk, EXPLORE))


def test_a_question_or_a_factor_is_explored_like_the_overall_one(desk: FlaskClient, world: Flask) -> None:
    with world.app_context():
        answers = {"overall_health": 5, "staff_conduct": 2, "facilities_clean": 4}
        answer("bv-tinh", "kham-benh", "2026-10-12", 12, 5, answers=answers)
        answer("bv-tinh", "kham-benh", "2026-10-13", 18, 5, answers=answers | {"staff_conduct": 5})

    page = open_page(desk, f"{EXPLORE}?period=2026-10&item=staff_conduct")
    assert "giao tiếp đúng mực: 60,0 % hài lòng" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "so với mốc" not in page  # a target is about the overall question
    factor = open_page(desk, f"{EXPLORE}?period=2026-10&factor=facilities")
    assert "phục vụ: 100,0 % hài lòng" in factor.replace("\N{NO-BREAK SPACE}", " ")
    explained = open_page(desk, "/desk/dak-lak/health/explain?period=2026-10&item=staff_conduct")
    assert "Tính trên các phiếu có trả lời câu hỏi chi tiết này" in explained


@in_one_world("asked", ["item=staff_conduct&factor=staff", "item=staff_conduct&method=mean_rescaled", "item=of_nobody"])
def test_a_question_that_cannot_be_explored_is_said(desk: FlaskClient, asked: str) -> None:
    assert refusal_of(desk, asked)


def test_an_english_page_names_periods_and_differences_in_english(desk: FlaskClient) -> None:
    page = open_page(desk, f"{EXPLORE}?period=2026-10&other_period=2026-Q3&lang=en")
    assert "October 2026" in page
    assert "Q3 2026" in page
    assert re.search(r"Difference \(later minus earlier\): [-+]?[\d.]+ points", page)


def test_rows_are_drawn_and_any_column_sorts_them_both_ways(world: Flask, desk: FlaskClient) -> None:
    with world.app_context():
        for month in MONTHS:
            for day in range(2, 29, 3):
                answer("tyt-xa", "kham-benh", f"{month}-{day:02d}", 3, 5)
    page = desk.get(f"{EXPLORE}?order=-n").text
    table = page[page.index('id="ranking"') :]
    assert table.index("Bệnh viện đa khoa tỉnh") < table.index("Trạm y tế xã Ea Kao")
    assert re.search(r'aria-sort="descending"><a href="[^"]*order=n[^"]*">Phiếu dùng', table)
    assert table.count('class="strip-whisker"') == 2
    turned = desk.get(f"{EXPLORE}?order=n").text
    turned = turned[turned.index('id="ranking"') :]
    assert turned.index("Trạm y tế xã Ea Kao") < turned.index("Bệnh viện đa khoa tỉnh")


def test_the_name_of_a_row_leads_to_its_own_page(desk: FlaskClient) -> None:
    for by, narrowed in (("agency", "agency=bv-tinh"), ("service", "service=kham-benh"), ("month", "period=2026-09")):
        page = desk.get(f"{EXPLORE}?by={by}").text
        assert re.search(rf'<th scope="row"><a href="[^"]*{narrowed}', page)


def test_an_order_tells_nothing_of_rows_that_are_held_back() -> None:
    from analysis.desk.ranking import _VALUES, RankedFigure
    from analysis.figures.figure import Figure
    from analysis.statistics.disclosure.primary import Showing

    hidden = RankedFigure(Figure("a", "A", None, None, None, Showing.SUPPRESSED, n=6, received=7), None, None)
    assert {name: value(hidden) for name, value in _VALUES.items()} == dict.fromkeys(_VALUES)
