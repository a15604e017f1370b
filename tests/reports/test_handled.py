"""Reports tell by kind and by agency how citizens' reports were handled, and the ratio about dossiers in its bounds."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from sqlalchemy import select, update

from analysis.reports.document import Report
from tests.reports.making import differences, make, tables
from tests.reports.pages import strings_of

OPENED = dt.datetime(2026, 10, 10, 2, tzinfo=dt.UTC)


def reported(world: Flask, agency: str, kind: str, count: int, *, late: int = 0) -> None:
    """Cases a clerk entered about an agency, answered in time but for the last `late`."""
    from survey.feedback.models import FeedbackCase
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency

    with world.app_context(), writing() as session:
        of = session.scalars(select(Agency).where(Agency.code == agency)).one()
        first = session.query(FeedbackCase).count()
        for place in range(count):
            session.add(
                FeedbackCase(
                    code_digest=f"{first + place:064x}",
                    province_id=of.province_id,
                    sector="administration",
                    agency_id=of.id,
                    text="Chờ lâu",
                    channel="paper",
                    kind=kind,
                    state="answered",
                    opened_at=OPENED,
                    due_on=dt.date(2026, 10, 23),
                    answer="Đã mở thêm quầy",
                    answered_at=OPENED + dt.timedelta(days=1),
                    was_late=place >= count - late,
                )
            )


def say_late(world: Flask, late: int) -> None:
    """Every caseload says how many of its dossiers were late."""
    from survey.foundation.storage.database import writing
    from survey.registry.models import Caseload

    with world.app_context(), writing() as session:
        session.execute(update(Caseload).values(overdue=late))


def handled(report: Report) -> dict[str, tuple[tuple[str, ...], ...]]:
    named = (table for table in tables(report.document) if table.caption.find("Phản ánh, kiến nghị theo") >= 0)
    return {"loại" if "theo loại" in table.caption else "cơ quan": table.rows for table in named}


def dossiers_line(report: Report) -> str:
    return next((text for text in strings_of(report.document) if "giải quyết thủ tục hành chính theo" in text), "")


def test_the_annex_has_both_tables_without_the_few_and_what_would_tell_them(world: Flask) -> None:
    reported(world, "ubnd-ea-tam", "service", 20, late=5)
    reported(world, "ubnd-ea-tam", "conduct", 2)
    reported(world, "ubnd-ea-tam", "thanks", 6)
    report = make(world, "so-noi-vu")
    assert handled(report)["loại"] == (
        ("Góp ý về dịch vụ", "20", "75,0 %", "75,0 %", "–", "–"),
        ("Tất cả", "28", "82,1 %", "82,1 %", "–", "–"),
    )
    assert [row[:2] for row in handled(report)["cơ quan"]] == [("UBND phường Ea Tam", "28"), ("Tất cả", "28")]
    assert differences(world, report) == []
    reported(world, "ubnd-ea-tam", "service", 1)
    assert [where for where in differences(world, report) if where.startswith("cases")]


def done_because(world: Flask, *, public: bool, named: bool, starts_on: dt.date) -> None:
    """A measure because of the first case about an agency, whose reply is public or only proposed."""
    from analysis.measures.models import Measure, MeasureCase
    from survey.feedback.models import FeedbackCase, FeedbackPublication
    from survey.foundation.storage.database import writing

    with world.app_context(), writing() as session:
        case = session.scalars(select(FeedbackCase).order_by(FeedbackCase.id)).first()
        assert case is not None
        session.merge(
            FeedbackPublication(
                case_id=case.id,
                said="Chờ lâu",
                reply="Đã mở thêm quầy",
                agency_id=case.agency_id if named else None,
                month="2026-10",
                folded="",
                published_on=dt.date(2026, 10, 12) if public else None,
            )
        )
        measure = Measure(
            province_id=case.province_id,
            sector=case.sector,
            agency_id=case.agency_id,
            what="Mở thêm quầy số 3.",
            who="UBND phường",
            starts_on=starts_on,
            registered_at=OPENED,
        )
        session.add(measure)
        session.flush()
        session.add(MeasureCase(measure_id=measure.id, case_id=case.id))


@pytest.mark.parametrize(
    ("public", "named", "starts_on", "told"),
    [
        (True, True, dt.date(2026, 10, 13), True),
        (False, True, dt.date(2026, 10, 13), False),
        (True, False, dt.date(2026, 10, 13), False),
        (True, True, dt.date(2027, 3, 1), False),
    ],
)
def test_what_was_changed_because_of_reports_stands_beside_the_tables_where_the_reply_is_public(
    world: Flask, public: bool, named: bool, starts_on: dt.date, told: bool
) -> None:
    reported(world, "ubnd-ea-tam", "service", 9)
    done_because(world, public=public, named=named, starts_on=starts_on)
    said = list(strings_of(make(world, "so-noi-vu").document))
    assert ("Mở thêm quầy số 3 (UBND phường Ea Tam; từ ngày 13/10/2026)." in said) == told
    assert any("Việc đã làm vì phản ánh" in text for text in said) == told


def test_a_single_agency_gets_the_kinds_alone_and_few_reports_get_no_table(world: Flask) -> None:
    reported(world, "ubnd-ea-tam", "service", 4)
    assert handled(make(world, "so-noi-vu")) == {}
    reported(world, "ubnd-ea-tam", "service", 6)
    assert set(handled(make(world, "ubnd-ea-tam"))) == {"loại"}


def test_dossiers_are_content_between_two_bounds_that_verify_reckons_again(world: Flask) -> None:
    say_late(world, 1)
    before = dossiers_line(make(world, "ubnd-ea-tam"))
    low, high = re.findall(r"(\d+,\d) %", before)
    assert float(low.replace(",", ".")) < float(high.replace(",", ".")) < 100
    reported(world, "ubnd-ea-tam", "service", 9)
    report = make(world, "ubnd-ea-tam")
    assert float(re.findall(r"(\d+,\d) %", dossiers_line(report))[0].replace(",", ".")) < float(low.replace(",", "."))
    assert differences(world, report) == []
    say_late(world, 2)
    assert [where for where in differences(world, report) if where.startswith("dossiers")]


def test_without_the_number_of_late_dossiers_it_says_that_it_cannot_be_told_and_of_health_it_says_nothing(
    world: Flask,
) -> None:
    assert "chưa tính được" in dossiers_line(make(world, "ubnd-ea-tam"))
    assert dossiers_line(make(world, "so-y-te")) == ""
