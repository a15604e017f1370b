"""The desk's first page says where we stand, how sure, and who pulls down."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import update

from survey.accounts.models import User
from survey.foundation.storage.database import writing
from survey.registry.models import Caseload
from tests.desk.world import SERVICES, answer, hand_in, make_silent_kiosk, submissions
from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in


def text_of(page: str) -> str:
    without_drawings = re.sub(r"<svg.*?</svg>", " ", page, flags=re.DOTALL)
    # \s takes no-break spaces too: figures read the same however they are kept together.
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", without_drawings)))


def open_page(client: FlaskClient, path: str = "/desk/") -> str:
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    return text_of(answer.text)


@pytest.fixture
def health_desk(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "method_owner", sector="health")


def test_the_first_sentence_says_where_we_stand(health_desk: FlaskClient) -> None:
    page = open_page(health_desk)
    sentence = "Y tế: 69,1 % hài lòng (khoảng 90 %: 64,3-73,6 %), so với mốc > 80 %: đủ căn cứ kết luận chưa đạt."
    assert sentence in page
    assert "Mốc tham chiếu (chỉ tiêu đã hết hạn năm 2020)" in page
    assert "mục III.2" in page
    for fact in (
        "n = 340 · nhận được 340",
        "tỷ lệ trả lời 1,6 % của 21.200",
        "gia quyền 69,1 %",
        "chưa gia quyền 76,5 %",
    ):
        assert fact in page


def test_both_verdicts_are_given_in_words(health_desk: FlaskClient) -> None:
    page = open_page(health_desk)
    assert "Chưa đạt mốc" in page  # the target of 2020 is no promise any more
    assert "Chưa đạt chỉ tiêu" not in page
    assert "Mốc > 80 %" in page
    assert "Đủ căn cứ kết luận chưa đạt" in page


def test_the_page_equals_the_figures_service(world: Flask, health_desk: FlaskClient) -> None:
    from analysis.targets.service import judged
    from survey.foundation.formatting import percent

    with world.app_context():
        rows = judged("dak-lak", 2026, subjects=frozenset({"health_service"}))
        estimate = rows[0].figures.total.estimate
    assert estimate is not None
    assert f"Y tế: {percent(estimate.estimate)} hài lòng" in open_page(health_desk)


def test_pulls_name_who_drags_down_and_sum_to_the_gap(health_desk: FlaskClient) -> None:
    page = open_page(health_desk)
    assert re.search(r"Khám bệnh ngoại trú ▼ kéo xuống -12,8 điểm 65,9 % Vì sao\? Khám bệnh ngoại trú 90,6 % 260", page)
    assert re.search(r"Điều trị nội trú ▲ kéo lên \+1,9 điểm", page)
    assert page.count("Tổng: cách mốc -10,9 điểm") == 2


def test_a_part_with_under_ten_answers_shows_no_share_of_its_own(world: Flask, health_desk: FlaskClient) -> None:
    with world.app_context():
        from survey.foundation.storage.database import writing
        from survey.registry.models import Agency, Caseload, Counter, Service

        with writing() as session:
            services = {service.code: service for service in session.query(Service)}
            above = session.query(Agency).filter_by(code="so-y-te").one()
            small = Agency(
                province=above.province,
                code="tyt-nho",
                name="Trạm y tế rất nhỏ",
                kind="public_service_unit",
                level="commune",
                parent=above,
            )
            session.add(small)
            session.add(Counter(agency=small, code="quay-tyt-nho", name="Quầy", services=[services["kham-benh"]]))
            session.flush()
            load = {"agency_id": small.id, "service_id": services["kham-benh"].id, "unit": "visit", "count": 50}
            session.add_all([Caseload(month=month, **load) for month in ("2026-09", "2026-10")])
        answer("tyt-nho", "kham-benh", "2026-10-05", 6, 1)
    page = open_page(health_desk)
    pulls, notes = page.split("Còn thiếu gì")
    assert "Trạm y tế rất nhỏ" not in pulls
    assert "đánh giá ( Trạm y tế rất nhỏ ) nên không góp vào phương sai" in notes  # named (a link), without a figure
    assert "Các phần còn lại" in pulls
    assert "Trạm y tế xã Ea Kao" not in pulls  # or the whole minus the hospital would tell of the small one


def test_what_moved_since_last_month_is_said_with_its_interval(world: Flask, health_desk: FlaskClient) -> None:
    page = open_page(health_desk)
    assert re.search(
        r"Tháng 10/2026 so với tháng 9/2026: 0,0 điểm \(khoảng 95 %: -[\d,]+ điểm đến \+[\d,]+ điểm\), "
        "chưa thể nói là tăng hay giảm",
        page,
    )


def test_a_year_without_answers_says_so(health_desk: FlaskClient) -> None:
    page = open_page(health_desk, "/desk/dak-lak/health?year=2019")
    assert "Chưa có phiếu nào trong phạm vi này, năm 2019." in page


def test_few_answers_are_only_a_reference(world: Flask, health_desk: FlaskClient) -> None:
    with world.app_context():
        answer("tyt-xa", "kham-benh", "2025-03-03", 12, 5)
    page = open_page(health_desk, "/desk/dak-lak/health?year=2025")
    assert "Y tế: chưa có số lượt khám để gia quyền; tỷ lệ chưa gia quyền 100,0 %, không kết luận." in page


def test_targets_that_are_due_coming_and_expired_are_told_apart(world: Flask, health_desk: FlaskClient) -> None:
    with world.app_context():
        for year in (2014, 2018, 2020):
            answer("tyt-xa", "kham-benh", f"{year}-03-03", 40, 5)
    assert "Chưa đến hạn (năm 2015)" in open_page(health_desk, "/desk/dak-lak/health?year=2014")
    in_between = open_page(health_desk, "/desk/dak-lak/health?year=2018")
    assert "Chưa đến hạn (năm 2020)" in in_between
    assert "Mốc tham chiếu (chỉ tiêu đã hết hạn năm 2015)" in in_between
    assert "Chỉ tiêu của năm nay" in open_page(health_desk, "/desk/dak-lak/health?year=2020")


def test_silent_kiosks_stand_beside_the_figures(world: Flask, health_desk: FlaskClient) -> None:
    assert "Không có kiosk nào mất liên lạc." in open_page(health_desk)
    make_silent_kiosk(world, "Kiosk cổng A", "quay-bv-tinh")
    page = open_page(health_desk)
    assert "1 kiosk mất liên lạc: Kiosk cổng A" in page
    assert "lần cuối 17/11/2026 10:00" in page
    schools = signed_in(world, "so-gddt", "method_owner", sector="education")
    assert "Không có kiosk nào mất liên lạc." in open_page(schools)


def test_the_whole_province_shows_every_sector_and_coverage(world: Flask) -> None:
    page = open_page(signed_in(world, "so-noi-vu", "officer"))
    for subject in ("Y tế:", "Giáo dục:", "Sự phục vụ của cơ quan hành chính:", "Thủ tục hành chính:"):
        assert subject in page
    assert "Cơ quan hành chính giải quyết công việc theo cơ chế một cửa" in page


def test_an_agency_manager_sees_their_own_counter_and_all_below(world: Flask) -> None:
    manager = signed_in(world, "so-y-te-mc", "agency_manager", agency="so-y-te")
    page = open_page(manager)
    assert "Thủ tục hành chính: 66,7 % hài lòng" in page
    assert "Đăng ký khai sinh" not in page
    assert open_page(manager, "/desk/dak-lak/health?agency=bv-tinh")


OWNER = {"role": "method_owner", "sector": "health"}
COLLEAGUE = {"role": "method_owner", "sector": "education"}
ELSEWHERE = {"role": "administrator", "province": "son-la"}


@in_one_world(
    ("who", "pages"),
    [
        (
            OWNER,
            {
                "/desk/dak-lak/health": 200,
                "/desk/dak-lak/health?agency=bv-tinh": 200,
                "/desk/dak-lak/education": 404,
                "/desk/dak-lak/all": 404,
                "/desk/no-such-province/health": 404,
                "/desk/dak-lak/no-such-sector": 404,
                "/desk/dak-lak/health?agency=no-such-agency": 404,
                "/desk/dak-lak/health?year=20x6": 404,
                "/desk/dak-lak/health?year=2999": 404,
            },
        ),
        (COLLEAGUE, {"/desk/dak-lak/health": 404, "/desk/dak-lak/health?agency=bv-tinh": 404}),
        (ELSEWHERE, {"/desk/dak-lak/health": 404, "/desk/son-la/all": 200}),
    ],
)
def test_a_stranger_learns_not_even_that_a_page_exists(
    world: Flask, who: dict[str, str], pages: dict[str, int]
) -> None:
    client = signed_in(world, f"{who}", **who)
    assert {page: client.get(page).status_code for page in pages} == pages


def test_an_account_without_a_role_is_told_so(world: Flask) -> None:
    from survey.foundation.storage.database import writing
    from tests.support.staff import client_of

    with world.app_context(), writing() as session:
        user = User(username="moi", name="Người mới", password_hash="x")
        session.add(user)
        session.flush()
        user_id = user.id
    assert "chưa được giao vai trò nào" in open_page(client_of(world, user_id))


def test_the_page_reads_well_in_english(health_desk: FlaskClient) -> None:
    answer = health_desk.get("/desk/dak-lak/health?lang=en")
    assert answer.status_code == 200
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    assert 'lang="en"' in answer.text


def a_year_of_months(world: Flask, last_share: int) -> None:
    """January to August beside the world's two months: 8 of 10 satisfied, give or take one, then `last_share`."""
    everything = []
    for month in range(1, 9):
        good = last_share if month == 8 else 8 + month % 2
        for day in range(1, 7):
            everything += submissions("thpt-1", "giao-duc", f"2026-{month:02d}-{day:02d}", good, 5)
            everything += submissions("thpt-1", "giao-duc", f"2026-{month:02d}-{day:02d}", 10 - good, 2)
    with world.app_context():
        hand_in(everything)


def test_a_month_outside_the_control_limits_is_named(world: Flask) -> None:
    a_year_of_months(world, last_share=1)
    page = open_page(signed_in(world, "so-gddt", "method_owner", sector="education"))
    assert "Ngoài giới hạn kiểm soát (Laney p′), nên xem có gì khác thường: tháng 8/2026." in page
    assert page.count("ngoài giới hạn") == 1


def test_steady_months_lie_within_their_limits_and_have_no_trend(world: Flask) -> None:
    a_year_of_months(world, last_share=8)
    page = open_page(signed_in(world, "so-gddt", "method_owner", sector="education"))
    assert "Không tháng nào nằm ngoài giới hạn kiểm soát (Laney p′)." in page
    assert "Giới hạn kiểm soát" in page


def test_two_months_have_no_control_limits_and_no_trend(health_desk: FlaskClient) -> None:
    page = open_page(health_desk)
    assert "kiểm soát" not in page
    assert "Xu hướng" not in page


@in_one_world(("sector", "shown"), [("administration", True), (None, True), ("health", False)])
def test_official_sipas_figures_stand_apart_below_ours_where_they_speak_of_the_same_people(
    world: Flask, sector: str | None, shown: bool
) -> None:
    reviewer = signed_in(world, f"so-noi-vu {sector}", "method_owner", sector=sector)
    page = open_page(reviewer, f"/desk/dak-lak/{sector or 'all'}")
    assert ("Số liệu tham khảo: Chỉ số SIPAS" in page) is shown
    assert ("không lấy trung bình, không xếp hạng chung" in page) is shown
    assert ("Phương pháp khác từ năm 2022" in page) is shown


def test_official_figures_of_a_province_do_not_stand_beside_one_agency(world: Flask) -> None:
    reviewer = signed_in(world, "so-noi-vu", "method_owner")
    page = open_page(reviewer, "/desk/dak-lak/administration?agency=ubnd-ea-tam")
    assert "SIPAS" not in page


def test_the_overview_bounds_the_dossiers_that_were_content_where_caseloads_say_how_many_were_late(
    world: Flask,
) -> None:
    from sqlalchemy import update

    from survey.foundation.storage.database import writing
    from survey.registry.models import Caseload

    office = signed_in(world, "so-noi-vu", "method_owner", sector="administration")
    name = "Hài lòng trong tiếp nhận, giải quyết thủ tục hành chính (Quyết định 766/QĐ-TTg): từ"
    assert name not in open_page(office, "/desk/dak-lak/administration")
    with world.app_context(), writing() as session:
        session.execute(update(Caseload).values(overdue=1))
    page = open_page(office, "/desk/dak-lak/administration")
    low, high = re.findall(rf"{re.escape(name)} (\d+,\d) % đến (\d+,\d) %", page)[0]
    assert float(low.replace(",", ".")) <= float(high.replace(",", ".")) <= 100
    assert name not in open_page(signed_in(world, "so-y-te", "method_owner", sector="health"), "/desk/dak-lak/health")


def test_reports_of_a_year_long_ago_open_where_its_overview_leads_to_them(world: Flask) -> None:
    office = signed_in(world, "so-noi-vu", "method_owner", sector="administration")
    page = office.get("/desk/dak-lak/administration/cases?year=2013")
    assert 'year=2013" aria-current="true">2013' in page.text
    for no_year in ("1999", "2099", "20x3"):
        assert office.get(f"/desk/dak-lak/administration/cases?year={no_year}").status_code == 404


@pytest.mark.parametrize(("gap", "arrow"), [(0.0004, ""), (-0.0004, ""), (0.002, "▲"), (-0.002, "▼")])
def test_a_pull_that_rounds_to_nothing_points_nowhere(world: Flask, gap: float, arrow: str) -> None:
    with world.test_request_context():
        drawn = render_template_string('{% from "desk/parts.html" import pull %}{{ pull(gap) }}', gap=gap)
    assert "".join(re.findall("[▲▼]", drawn)) == arrow


def test_answers_that_wait_are_not_called_none(world: Flask, health_desk: FlaskClient) -> None:
    """On a province's first day all answers came after the last midnight: none is told, and all have come."""
    world.config["RELEASE_STEP"] = 10
    for address in ("/desk/dak-lak/health?year=2026", "/desk/dak-lak/health/explore?period=2026-10&by=agency"):
        page = open_page(health_desk, address)
        assert "Chưa có phiếu nào được tính vào số liệu:" in page
        assert "Chưa có phiếu nào trong phạm vi này" not in page
        assert "Chưa có phiếu nào cho lựa chọn này" not in page
    assert "340 phiếu đã nhận đang chờ" in open_page(health_desk, "/desk/dak-lak/health?year=2026")
    assert "Chưa có phiếu nào trong phạm vi này, năm 2019." in open_page(health_desk, "/desk/dak-lak/health?year=2019")


def test_every_service_with_late_dossiers_leads_to_its_figures(world: Flask) -> None:
    """A hospital's register may say what was late too: its services are rated by another subject than procedures."""
    with world.app_context(), writing() as session:
        session.execute(update(Caseload).values(overdue=3))
    desk = signed_in(world, "ban-giam-doc", "auditor")
    page = desk.get("/desk/dak-lak/all?year=2026").text
    table = page[page.index('id="on-time-service"') :].partition("</table>")[0]
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', table)]
    assert len(links) == len(SERVICES)
    for link in links:
        assert desk.get(link).status_code == 200, link


def test_what_was_on_time_is_counted_in_what_the_sector_handles(world: Flask, health_desk: FlaskClient) -> None:
    with world.app_context(), writing() as session:
        session.execute(update(Caseload).values(overdue=3))
    page = open_page(health_desk)
    assert "lượt khám có ghi số trễ hạn giải quyết đúng hạn" in page
    assert "hồ sơ có ghi số trễ hạn" not in page
