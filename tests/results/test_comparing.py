"""Two agencies side by side and what was done: from published figures alone, at addresses that can be passed on."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from analysis.measures.demo import register_demo_measures
from analysis.periods.models import Closing
from analysis.results.agencies.comparing import pairs_of
from tests.registry.pages import text_of
from tests.results.test_publishing import page


def row(code: str, low: float | None, high: float | None = None) -> dict[str, Any]:
    interval = None if low is None else {"low": low, "high": high}
    return {"domain": code, "label": code.upper(), "interval_90": interval, "estimate": low, "suppressed": low is None}


def closing(period: str, *rows: dict[str, Any], subject: str = "health_service") -> Closing:
    figures = {"targets": [], "subjects": {subject: {"by": {"agency": list(rows)}}}}
    return Closing(period=period, revision=1, closed_at=dt.datetime.now(dt.UTC), figures=figures)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ((0.8, 0.9), (0.6, 0.7), "A cao hơn"),
        ((0.6, 0.7), (0.71, 0.9), "B cao hơn"),
        ((0.6, 0.7), (0.7, 0.9), "Chưa thể nói nơi nào cao hơn"),
        ((None, None), (0.7, 0.9), "Không so được"),
    ],
)
def test_one_is_said_to_be_higher_only_where_the_intervals_do_not_touch(
    demonstration: Flask, first: tuple[Any, Any], second: tuple[Any, Any], words: str
) -> None:
    with demonstration.test_request_context():
        (pair,) = pairs_of([closing("2020", row("a", *first), row("b", *second))], "a", "b")
        assert pair.words.startswith(words)


def test_only_periods_that_tell_of_both_are_compared() -> None:
    closings = [
        closing("2026-09", row("a", 0.6, 0.7)),
        closing("2020", row("a", 0.6, 0.7), row("b", 0.5, 0.6)),
        closing("2018", row("a", 0.6, 0.7), row("b", 0.5, 0.6), subject="education_service"),
    ]
    assert [(pair.subject, pair.period.code) for pair in pairs_of(closings, "a", "b")] == [
        ("health_service", "2020"),
        ("education_service", "2018"),
    ]


def taken_along(client: FlaskClient, shown: str, ending: str) -> bytes:
    address = html.unescape(re.findall(rf'href="([^"]+health_service\.{ending}[^"]*)"', shown)[0])
    return client.get(address).data


def test_the_address_names_both_and_the_page_chooses_others(demonstration: Flask) -> None:
    client = demonstration.test_client()
    shown = page(client, "/results/dak-lak/compare?a=DL-BVDK&b=DL-BVSN")
    assert "<h1>Bệnh viện Đa khoa tỉnh Đắk Lắk và Bệnh viện Sản - Nhi tỉnh</h1>" in shown
    rows = taken_along(client, shown, "csv").decode("utf-8-sig").splitlines()
    whole = client.get("/results/dak-lak/2020/data.csv").data.decode("utf-8-sig").splitlines()
    assert rows[0] == whole[0]
    assert {line for line in rows if ",2020,1,agency," in line} == {
        line for line in whole if ",agency,health_service,DL-BVDK," in line or ",agency,health_service,DL-BVSN," in line
    }
    drawn = taken_along(client, shown, "svg").decode()
    assert "Dịch vụ y tế công: Bệnh viện Đa khoa tỉnh Đắk Lắk và Bệnh viện Sản - Nhi tỉnh" in drawn
    assert "Năm 2020" in drawn
    assert taken_along(client, shown, "png").startswith(b"\x89PNG")
    assert client.get("/results/dak-lak/compare/health_service.svg?a=DL-BVDK&b=x").status_code == 404
    assert '<option value="DL-BVSN" selected>' in shown
    assert "Chọn hai đơn vị khác nhau" in page(client, "/results/dak-lak/compare?a=DL-BVDK&b=DL-BVDK")
    assert "Đơn vị thứ nhất" in page(client, "/results/dak-lak/compare?a=nobody&b=%3Cb%3E")
    assert client.get("/results/nowhere/compare").status_code == 404


def test_a_measure_stands_with_the_very_figures_published_before_and_after(demonstration: Flask) -> None:
    client = demonstration.test_client()
    with demonstration.app_context():
        register_demo_measures()
    said = text_of(page(client, "/results/dak-lak/")).replace("\N{NO-BREAK SPACE}", " ")
    done = said[said.index("Đã làm gì sau ý kiến") : said.index("Mới nhất:")]
    assert "Mở thêm hai quầy thu viện phí" in done
    assert "từ ngày 01/09/2026" in done
    assert "hiện ở đây khi tỉnh đã công bố một kỳ trước và một kỳ sau" in done


def test_before_and_after_are_periods_of_one_kind_on_both_sides_of_the_first_day(demonstration: Flask) -> None:
    from analysis.measures.models import Measure
    from analysis.results.measures_done import measures_done
    from survey.foundation.storage.database import db

    closings = [
        closing("2026-09", row("DL-BVSN", 0.7, 0.8)),
        closing("2026-Q3", row("DL-BVSN", 0.1, 0.2)),
        closing("2026-08", row("DL-BVSN", 0.6, 0.7)),
        closing("2020", row("DL-BVSN", 0.2, 0.3)),
    ]
    with demonstration.app_context():
        register_demo_measures()
        province = db.session.query(Measure).first().province_id
        hospital = next(agency for agency in measures_done(province, closings) if agency.code == "DL-BVSN")
    (figure,) = hospital.figures
    assert (figure.before[0].code, figure.after[0].code) == ("2026-08", "2026-09")


def test_the_agencys_page_draws_its_years_and_names_its_services(demonstration: Flask) -> None:
    shown = page(demonstration.test_client(), "/results/dak-lak/agencies/DL-BVDK")
    assert shown.index("years-picture") < shown.index("Dịch vụ ở đây")
    assert "Khám bệnh ngoại trú" in shown[shown.index("Dịch vụ ở đây") :]
    assert "/results/dak-lak/compare?a=DL-BVDK" in shown


def test_the_start_page_says_whose_it_is(demonstration: Flask, tmp_path: Any) -> None:
    client = demonstration.test_client()
    assert 'class="owner"' not in page(client, "/")
    assert client.get("/emblem.svg").status_code == 404
    picture = tmp_path / "emblem.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    settings = demonstration.extensions["settings"]
    demonstration.extensions["settings"] = settings.but(organisation="Tỉnh Đắk Lắk", emblem=str(picture))
    assert "<strong>Tỉnh Đắk Lắk</strong>" in page(client, "/")
    assert client.get("/emblem.svg").data == picture.read_bytes()
    demonstration.extensions["settings"] = settings
