"""The month's report of a department and of an agency: the same figures as `analysis estimates`, honestly said."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from analysis.desk.movement import last_movement
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer as ask
from analysis.reports.parts.months import MOVEMENT
from analysis.reports.recipients import UnknownRecipient
from analysis.reports.rendering import pdf
from survey.foundation.clock import now
from survey.foundation.formatting import number, percent, percent_range, points, points_range
from survey.foundation.periods import Period
from tests.desk.world import answer
from tests.reports.making import charts, make, paragraphs, result, table, tables
from tests.reports.pages import squashed, strings_of, words_of


def estimates(runner: FlaskCliRunner, subject: str, by: str | None = None, period: str = "2026-10") -> list[dict]:
    """What `analysis estimates` prints."""
    command = ["analysis", "estimates", "--province", "dak-lak", "--period", period, "--subject", subject]
    outcome = runner.invoke(args=[*command, *(["--by", by] if by else []), "--format", "json"])
    assert outcome.exit_code == 0, outcome.output
    domains: list[dict] = json.loads(outcome.stdout)["domains"]
    return domains


def test_the_headline_equals_analysis_estimates_to_the_last_printed_digit(world: Flask, runner: FlaskCliRunner) -> None:
    (domain,) = estimates(runner, "health_service")
    document = make(world).document
    rows = dict(table(document, "Kết quả chung").rows)
    assert rows["Tỷ lệ hài lòng, gia quyền theo số lượt khám"] == percent(domain["estimate"])
    assert rows["Tỷ lệ hài lòng chưa gia quyền"] == percent(domain["unweighted"])
    low, high = domain["interval_90"]["low"], domain["interval_90"]["high"]
    assert rows["Khoảng bất định 90 % theo mô hình"] == percent_range(low, high)
    assert rows["Phiếu dùng trong con số này (n)"] == number(domain["n"])
    assert rows["Phiếu nhận được"] == number(domain["received"])
    assert rows["Tỷ lệ trả lời (n/N)"] == percent(domain["response_rate"])
    assert percent(domain["estimate"]) in result(document)


@pytest.mark.parametrize(("by", "words"), [("service", "Kết quả theo dịch vụ"), ("agency", "Kết quả theo đơn vị")])
def test_the_tables_equal_analysis_estimates(world: Flask, runner: FlaskCliRunner, by: str, words: str) -> None:
    shown = {row[0]: row[1:7] for row in table(make(world).document, words).rows}
    expected = {
        estimate["label"]: (
            number(estimate["n"]),
            number(estimate["received"]),
            number(estimate["caseload"]),
            percent(estimate["unweighted"]),
            percent(estimate["estimate"]),
            percent_range(estimate["interval_90"]["low"], estimate["interval_90"]["high"]),
        )
        for estimate in estimates(runner, "health_service", by)
    }
    assert shown == expected


def test_the_page_shows_the_figure_of_the_model(world: Flask) -> None:
    report = make(world)
    shown = words_of(pdf.render(report)).lower()
    assert [text for text in strings_of(report.document) if squashed(text).lower() not in shown] == []


def test_the_decree_is_quoted_with_its_clause(world: Flask) -> None:
    said = paragraphs(make(world).document)
    assert any("III.2 Quyết định số 323/QĐ-UBND" in text and "đã hết hạn năm 2020" in text for text in said)
    assert any("trên các lĩnh vực giáo dục, y tế đạt mức trên 80% vào năm 2020" in text for text in said)


def test_the_verdict_stands_with_point_evidence_and_clause(world: Flask) -> None:
    document = make(world).document
    assert "So với mốc > 80 % tại mục III.2" in result(document)
    assert "số ước tính chưa đạt; đủ căn cứ kết luận chưa đạt" in result(document)


def test_what_pulls_down_is_named_with_its_share_of_the_gap(world: Flask) -> None:
    document = make(world).document
    pulling = table(document, "Các dịch vụ làm giảm kết quả chung nhiều nhất")
    assert [row[0] for row in pulling.rows] == ["Khám bệnh ngoại trú"]
    services = {row[0]: row for row in table(document, "Kết quả theo dịch vụ").rows}
    for name, _gap, _weight, share, n, received in pulling.rows:  # the very figure of the table of services
        assert (n, received, share) == (services[name][1], services[name][2], services[name][5])


def test_months_are_charted_beside_the_target(world: Flask) -> None:
    chart = charts(make(world).document)[-1]
    assert [mark.label for mark in chart.marks] == ["9/26", "10/26"]
    assert chart.target == 0.8
    assert str(chart.target_label) == "Mốc > 80 %"
    assert "tháng 9/2026" in chart.alt


def test_a_document_says_of_two_months_what_the_desk_says(world: Flask) -> None:
    with world.app_context():
        answer("thpt-1", "giao-duc", "2026-10-03", 25, 2)
        document, year = make(world, "so-gddt").document, Period.parse("2026")
        asked = FigureQuery(province="dak-lak", subject="education_service", period=year, by="month")
        change = last_movement(ask(asked).figures)
        assert change is not None
        said = f"{points(change.change)} (khoảng 95 %: {points_range(change.interval.low, change.interval.high)})"
    (sentence,) = [text for text in paragraphs(document) if text.startswith("So với tháng 9/2026")]
    assert f"{said}, {MOVEMENT[change.movement]}." in sentence


def test_sở_nội_vụ_reports_two_subjects_and_the_whole_province(world: Flask) -> None:
    document = make(world, "so-noi-vu").document
    assert document.letterhead.symbol == "BC-SNV"
    assert "sự phục vụ của cơ quan hành chính nhà nước" in result(document, 0)
    assert "thủ tục hành chính" in result(document, 1)
    rows = table(document, "Các chỉ tiêu").rows
    assert {row[0] for row in rows} >= {"Dịch vụ y tế công", "Dịch vụ giáo dục công", "Thủ tục hành chính"}


def test_an_agency_reports_on_itself_and_the_units_below(world: Flask) -> None:
    document = make(world, "bv-tinh").document
    assert document.letterhead.agency == "Bệnh viện đa khoa tỉnh"
    assert document.letterhead.superior == ("Sở Y tế",)
    assert document.addressees == ("Sở Y tế",)
    assert document.signature.lines == ("GIÁM ĐỐC",)
    assert "mốc > 80 % của tỉnh" in result(document)
    assert {row[0] for row in table(document, "dịch vụ").rows} == {"Khám bệnh ngoại trú", "Điều trị nội trú"}


def test_a_month_without_answers_says_so(world: Flask) -> None:
    document = make(world, period="2026-11").document
    assert result(document) == (
        "Trong tháng 11/2026 về dịch vụ y tế công chưa có phiếu được tính, hoặc có dưới 10 phiếu nên không nêu. "
        "Chưa có căn cứ so với chỉ tiêu."
    )
    assert all(entry.rows for entry in tables(document))
    assert pdf.render(make(world, period="2026-11")).startswith(b"%PDF")


def test_too_few_answers_are_suppressed_everywhere(world: Flask) -> None:
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-11-03", 6, 5)
    report = make(world, period="2026-11")
    assert "chỉ có 6 phiếu" in result(report.document)
    assert squashed("100,0 %") not in words_of(pdf.render(report))
    assert all(figures["estimate"] is None for figures in figures_of(report, "2026-11"))


def figures_of(report, period: str) -> list[dict]:
    return [
        figure
        for entry in report.figures["answers"]
        if entry["question"]["period"] == period
        for figure in entry["figures"]
    ]


def test_ten_to_29_answers_are_for_reference_without_verdict(world: Flask) -> None:
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-11-03", 12, 5)
        answer("bv-tinh", "kham-benh", "2026-11-04", 8, 2)
    document = make(world, period="2026-11").document
    assert "chỉ để tham khảo" in result(document)
    assert not any(
        figure["verdict"] and figure["verdict"]["point"]
        for figure in figures_of(make(world, period="2026-11"), "2026-11")
    )


def test_without_a_caseload_the_share_is_unweighted_and_takes_no_verdict(world: Flask) -> None:
    with world.app_context():
        answer("so-gddt", "ho-tich", "2026-10-05", 40, 5)
    row = next(
        row for row in table(make(world, "so-noi-vu").document, "Kết quả theo đơn vị").rows if "Giáo dục" in row[0]
    )
    assert row[1:3] == ("–", "40")  # nothing was estimated, so there is no n
    assert row[4:6] == ("100,0 %", "chưa có số hồ sơ")
    assert row[7] == "–"


def test_without_a_caseload_the_draft_says_so_and_asks_for_it_in_the_readers_words(world: Flask) -> None:
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Caseload

    with world.app_context(), writing() as session:
        agency = session.query(Agency).filter_by(code="tyt-xa").one()
        session.query(Caseload).filter_by(agency_id=agency.id).delete()
    document = make(world, "tyt-xa").document
    assert "Y tế: chưa gửi số lượt khám nên kết quả chưa gia quyền, chưa kết luận được." in paragraphs(document)
    assert dict(table(document, "Kết quả chung").rows)["Tỷ lệ hài lòng, gia quyền theo số lượt khám"] == (
        "chưa có số lượt khám"
    )
    assert not [text for text in strings_of(document) if text == "chưa có số hồ sơ"]  # in no table of any annex


def test_an_open_period_is_provisional_and_a_closed_one_is_not(world: Flask, runner: FlaskCliRunner) -> None:
    assert any(mark.startswith("Số liệu tạm thời") for mark in make(world).document.marks)
    close(world)
    assert make(world).document.marks == ("DỰ THẢO",)


def close(world: Flask) -> None:
    from analysis.figures.register import fetch_province
    from analysis.periods.models import Closing
    from survey.foundation.storage.database import writing

    with world.app_context():
        province_id = fetch_province("dak-lak").id
        with writing() as session:
            session.add(Closing(province_id=province_id, period="2026-10", revision=1, closed_at=now()))


def test_invented_data_are_marked_on_every_page(world: Flask) -> None:
    from survey.foundation.installation_flags import DEMO, Fact
    from survey.foundation.storage.database import writing

    with world.app_context(), writing() as session:
        session.merge(Fact(key=DEMO, value=True))
    assert "Dữ liệu minh họa - không phải số liệu thật" in make(world).document.marks


def test_a_cut_off_leaves_later_days_out(world: Flask) -> None:
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-11-03", 40, 5)
        answer("bv-tinh", "kham-benh", "2026-11-10", 30, 2)
    whole, cut = make(world, period="2026-Q4"), make(world, period="2026-Q4", cut_off="2026-11-05")
    assert cut.cut_off.isoformat() == "2026-11-05"
    assert "tính đến hết ngày 05/11/2026" in " ".join(strings_of(cut.document))
    assert int(dict(table(whole.document, "Kết quả chung").rows)["Phiếu dùng trong con số này (n)"]) == 30 + int(
        dict(table(cut.document, "Kết quả chung").rows)["Phiếu dùng trong con số này (n)"]
    )


@pytest.mark.parametrize("cut_off", ["2026-09-30", "2026-11-01"])
def test_a_cut_off_outside_the_period_is_refused(world: Flask, cut_off: str) -> None:
    from analysis.figures.query import BadQuery

    with pytest.raises(BadQuery, match="nằm ngoài kỳ tháng 10/2026"):
        make(world, cut_off=cut_off)


def test_there_is_no_report_of_a_period_that_has_not_begun(world: Flask) -> None:
    from analysis.figures.query import BadQuery

    with pytest.raises(BadQuery, match="Kỳ tháng 12/2026 chưa bắt đầu"):
        make(world, period="2026-12")


def test_what_arrives_after_closing_is_not_in_the_closed_months_report(world: Flask) -> None:
    close(world)
    before = make(world)
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-09", 40, 1, received_at=now() + dt.timedelta(minutes=5))
    assert pdf.render(make(world)) == pdf.render(before)


def test_an_unknown_recipient_is_refused_with_the_choices(world: Flask) -> None:
    with pytest.raises(UnknownRecipient, match="so-y-te, so-gddt, so-noi-vu hoặc mã cơ quan"):
        make(world, "so-xay-dung")


def test_the_same_data_give_the_same_bytes(world: Flask) -> None:
    assert pdf.render(make(world)) == pdf.render(make(world))


def test_documents_are_vietnamese_whatever_the_page_was(world: Flask) -> None:
    from analysis.reports.builder import build_report
    from survey.foundation.periods import Period

    with world.test_request_context("/desk/?lang=en"):
        report = build_report("dak-lak", "so-y-te", Period.parse("2026-10"))
    assert report.document == make(world).document
