"""The head of the first page as Decree 30/2020/NĐ-CP, annex I, has it for offices of every level."""

from __future__ import annotations

import io

import docx
import pytest
from flask import Flask

from survey.foundation.storage.database import writing
from tests.reports.making import make

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("code", "name", "place", "superior"),
    [
        ("bv-tinh", "Bệnh viện đa khoa tỉnh", "Đắk Lắk", ("Sở Y tế",)),
        ("tyt-xa", "Trạm y tế xã Ea Kao", "Ea Kao", ("Sở Y tế",)),
        ("ubnd-ea-tam", "UBND phường Ea Tam", "Ea Tam", ()),
        ("ubnd-ea-tam", "Ủy ban nhân dân phường 5", "Phường 5", ()),
        ("ubnd-ea-tam", "Ủy ban nhân dân thành phố Buôn Ma Thuột", "Buôn Ma Thuột", ()),
        ("ubnd-ea-tam", "Trung tâm Phục vụ hành chính công xã Ea Tân", "Ea Tân", ("Ủy ban nhân dân", "xã Ea Tân")),
        ("ubnd-ea-tam", "Sở Xây dựng", "Đắk Lắk", ("Ủy ban nhân dân", "tỉnh Đắk Lắk")),
    ],
)
def test_the_place_is_that_of_the_seat_and_nobody_stands_above_a_committee(
    world: Flask, code: str, name: str, place: str, superior: tuple[str, ...]
) -> None:
    from survey.registry.models import Agency

    with world.app_context(), writing() as session:
        session.query(Agency).filter_by(code=code).one().name = name
    head = make(world, code).document.letterhead
    assert (head.agency, head.place, head.superior) == (name, place, superior)


@pytest.mark.parametrize("recipient", ["so-y-te", "so-noi-vu", "bv-tinh"])
def test_only_what_goes_upwards_is_addressed_and_others_name_their_receivers_at_the_end(
    world: Flask, recipient: str
) -> None:
    report = make(world, recipient).document
    plan = make(world, recipient, "2026", "2026-07-26", kind="plan").document
    assert report.addressees
    assert report.copies_to[0] == "Như trên;"
    assert plan.addressees == ()
    assert "Như trên;" not in plan.copies_to
    assert {
        name.rstrip(";.") for name in make(world, recipient, "2026", "2026-07-26", kind="scoring").document.addressees
    } == {line.removesuffix(" (để báo cáo);") for line in plan.copies_to if "để báo cáo" in line}


def test_a_plan_is_laid_out_without_kinh_gui_in_every_format(world: Flask) -> None:
    from analysis.reports.rendering import html, pdf, word

    report = make(world, "so-y-te", "2026", "2026-07-26", kind="plan")
    with world.app_context():
        page = html.render(report).decode()
    content = io.BytesIO(word.render(report))
    assert "Kính gửi" not in page
    assert "Kính gửi" not in " ".join(paragraph.text for paragraph in docx.Document(content).paragraphs)
    assert pdf.render(report).startswith(b"%PDF")
