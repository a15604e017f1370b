"""Posters, cards and slips: every code in the rendered PDF is read by a real decoder."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader

from survey.channels.sheets.formats import FORMATS
from survey.channels.sheets.rendering import CounterSheet, render_sheets
from survey.foundation.storage.database import writing
from survey.registry.models import Agency, Counter
from tests.channels.world import CLOSED, GONE, HEALTH, MANY, SCHOOL, TO_COME, TWO_SECTORS
from tests.support.cases import in_one_world
from tests.support.language_packs import install_pack, make_pack
from tests.support.printed_codes import codes_in, pages_of
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

CODES_EACH = dict.fromkeys(FORMATS, 1) | {"tent": 2}
MILLIMETRES = {"a4": (210, 297), "a5": (148, 210), "tent": (210, 297), "slip": (210, 297)}
LONG_NAME = ("Trung tâm Phục vụ hành chính công và Chuyển đổi số trực thuộc Văn phòng Ủy ban nhân dân phường " * 4)[
    :300
]
LONG = CounterSheet(
    LONG_NAME, LONG_NAME, "A" * 40, "https://danh-gia-muc-do-hai-long.tinh-dak-lak.gov.vn/c/" + "A" * 40
)
KHMER = "កខគ"  # three letters, no word
SHORT = CounterSheet("UBND xã Ea Kao", "Quầy số 1", "EAKAO-1", "https://hailong.gov.vn/c/EAKAO-1")


def words_in(pdf: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return "".join(text.replace("\u200b", "").split())


def khmer(text: str) -> str:
    """No translation: Khmer letters before the Vietnamese."""
    return f"{KHMER} {text}"


@in_one_world("format_", list(FORMATS))
def test_the_longest_names_leave_one_sheet_a_counter_and_every_code_readable(world: Flask, format_: str) -> None:
    with world.app_context():
        pdf = render_sheets([SHORT, LONG], format_, "vi-en")
    pages = codes_in(pdf)
    expected = [address for sheet in (SHORT, LONG) for address in [sheet.address] * CODES_EACH[format_]]
    assert sorted(code for codes in pages for code in codes) == sorted(expected)
    assert len(pages) == (1 if format_ == "slip" else 2)
    for text in (LONG_NAME, LONG.address.partition("://")[2], SHORT.name, "MờiÔng/Bàđánhgiá", "Pleaserateus"):
        assert "".join(text.split()) in words_in(pdf)


@in_one_world("format_", list(MILLIMETRES))
def test_sheets_have_the_size_they_are_called_by_and_nothing_runs_over_the_edge(world: Flask, format_: str) -> None:
    with world.app_context():
        pdf = render_sheets([LONG], format_, "vi-en")
    box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    assert tuple(round(float(side) / 72 * 25.4) for side in (box.width, box.height)) == MILLIMETRES[format_]
    (page,) = pages_of(pdf, 72)
    margin = 8  # points that no printer needs to reach
    frame = page.convert("L")
    edges = [(0, 0, margin, frame.height), (frame.width - margin, 0, frame.width, frame.height)]
    if format_ not in ("tent", "slip"):  # those are folded or cut along lines that reach the edge
        assert [frame.crop(edge).getextrema()[0] for edge in edges] == [255, 255]


@in_one_world("languages", ["vi", "vi-en", "en"])
def test_a_sheet_speaks_the_languages_that_were_asked_for(world: Flask, languages: str) -> None:
    with world.app_context():
        words = words_in(render_sheets([SHORT], "a5", languages))
    assert ("MờiÔng/Bàđánhgiá" in words) is ("vi" in languages)
    assert ("Pleaserateus" in words) is ("en" in languages)


def test_a_sheet_speaks_the_language_of_a_pack_alone_or_below_vietnamese(world: Flask, tmp_path: Path) -> None:
    install_pack(world, make_pack(world, tmp_path / "pack", code="km", write=khmer))
    officer = signed_in(world, "so-noi-vu", "officer")
    assert '<option value="vi-km">Tiếng Việt + Gói mẫu</option>' in officer.get("/desk/counters/sheets").text
    for languages in ("km", "vi-km"):
        pdf = officer.get(f"/desk/counters/{MANY}/poster?format=a4&languages={languages}").data
        ((code,),) = codes_in(pdf)
        assert code.endswith(f"/c/{MANY}")
        told = words_in(pdf)
        assert told.count("MờiÔng/Bàđánhgiá") == (2 if languages == "vi-km" else 1)
        assert all(
            "".join(f"{KHMER} {text}".split()) in told for text in ("Mời", "Hôm", "Ẩn", "hoặc", "Mở", "Chạm", "Bấm")
        )
    out = tmp_path / "quay.pdf"
    called = world.test_cli_runner().invoke(
        args=["survey", "posters", "--counter", MANY, "--languages", "vi,km", "--out", str(out)]
    )
    assert called.exit_code == 0, called.output
    assert KHMER in words_in(out.read_bytes())


def test_what_the_fonts_lack_is_marked_and_named_and_the_code_still_reads(
    world: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    odd = replace(SHORT, agency="Trạm ✈ xã 😀 Ƣ សួស្តី")
    with world.app_context():
        pdf = render_sheets([odd], "a4", "vi")
    assert codes_in(pdf) == [[SHORT.address]]
    assert "[U+2708]" in words_in(pdf)
    assert "sheets.sheets[0].agency" in caplog.text


def test_the_emblem_of_the_settings_stands_at_the_head(world: Flask, tmp_path: Path) -> None:
    emblem = tmp_path / "quoc-huy.png"
    Image.new("RGB", (40, 40), (200, 0, 0)).save(emblem)
    plain = world.extensions["settings"]
    with world.app_context():
        without = pages_of(render_sheets([SHORT], "a4", "vi"))
        world.extensions["settings"] = replace(plain, emblem=str(emblem))
        pdf = render_sheets([SHORT], "a4", "vi")
        world.extensions["settings"] = plain
    red = [any(colour[:2] == (200, 0) for _n, colour in page.getcolors(1 << 24)) for page in without + pages_of(pdf)]
    assert red == [False, True]
    assert codes_in(pdf) == [[SHORT.address]]


def test_one_file_holds_all_counters_one_may_see_but_those_that_are_over(world: Flask) -> None:
    client = signed_in(world, "so-noi-vu", "officer")
    answer = client.get("/desk/counters/sheets.pdf?format=a5")
    assert answer.mimetype == "application/pdf"
    codes = {codes[0].rpartition("/c/")[2] for codes in codes_in(answer.data)}
    assert codes >= {MANY, HEALTH, SCHOOL, TO_COME, TWO_SECTORS}
    assert not codes & {CLOSED, GONE}
    health = signed_in(world, "so-y-te", "method_owner", sector="health").get("/desk/counters/sheets.pdf")
    assert {codes[0].rpartition("/c/")[2] for codes in codes_in(health.data)} == {HEALTH, TWO_SECTORS}


def test_an_agencys_file_holds_the_counters_of_all_below_it(world: Flask) -> None:
    with world.app_context(), writing() as session:
        above, below = (session.query(Agency).filter_by(code=code).one() for code in ("ubnd-ea-kao", "th-nguyen-hue"))
        below.parent_id = above.id
    answer = signed_in(world, "so-noi-vu", "officer").get("/desk/counters/sheets.pdf?agency=ubnd-ea-kao&format=slip")
    (codes,) = codes_in(answer.data)
    assert {code.rpartition("/c/")[2] for code in codes} == {MANY, SCHOOL}


@pytest.fixture
def manager(world: Flask) -> FlaskClient:
    return signed_in(world, "xa", "agency_manager", agency="ubnd-ea-kao")


@in_one_world("query", ["agency=bv-vung", "agency=khong-co", "format=a3", "languages=xx"])
def test_what_one_may_not_see_or_does_not_exist_is_not_printed(manager: FlaskClient, query: str) -> None:
    assert manager.get(f"/desk/counters/sheets.pdf?{query}").status_code == 404


def test_a_province_is_printed_by_one_command(world: Flask, tmp_path: Path) -> None:
    with world.app_context(), writing() as session:
        agency = session.query(Agency).filter_by(code="ubnd-ea-kao").one()
        session.add_all(Counter(code=f"Q-{n}", name=f"Quầy {n}", agency=agency) for n in range(100))
    out = tmp_path / "tinh.pdf"
    called = world.test_cli_runner().invoke(args=["survey", "posters", "--province", "dak-lak", "--out", str(out)])
    assert called.exit_code == 0, called.output
    assert "106 quầy" in called.output
    codes = [code for codes in codes_in(out.read_bytes(), 96) for code in codes]
    assert len(codes) == len(set(codes)) == 106
    for wrong in (
        [],
        ["--province", "dak-lak", "--agency", "ubnd-ea-kao"],
        ["--agency", "khong-co"],
        ["--counter", "x"],
    ):
        refused = world.test_cli_runner().invoke(args=["survey", "posters", *wrong, "--out", str(out)])
        assert refused.exit_code == 2
