"""Where no group has enough answers to be weighted, nobody is told that a caseload is missing: it is there."""

from __future__ import annotations

import pytest
from flask import Flask

from survey.foundation.storage.database import writing
from tests.desk.world import answer
from tests.reports.making import differences, make, paragraphs, result
from tests.reports.pages import strings_of

pytestmark = pytest.mark.one_database

DAY = "2026-10-05"
SCHOOLS = 4
EACH = 3  # answers of a school: too few for a group of its own, and a school has one service


@pytest.fixture
def thin(world: Flask) -> Flask:
    """Schools with pupils and three answers each on one day."""
    from survey.registry.models import Agency, Caseload, Counter, Province, Service

    codes = [f"thcs-{number}" for number in range(SCHOOLS)]
    with world.app_context():
        with writing() as session:
            service = session.query(Service).filter_by(code="giao-duc").one()
            province = session.query(Province).filter_by(key="dak-lak").one()
            for code in codes:
                school = Agency(
                    province=province, code=code, name=f"Trường {code}", kind="public_service_unit", level="commune"
                )
                session.add(Counter(agency=school, code=f"quay-{code}", name="Quầy", services=[service]))
                session.flush()
                session.add(
                    Caseload(agency_id=school.id, service_id=service.id, month=DAY[:7], unit="pupil", count=500)
                )
        for code in codes:
            answer(code, "giao-duc", DAY, EACH, 5)
    return world


def test_a_document_blames_too_few_answers_and_not_the_schools(thin: Flask) -> None:
    report = make(thin, "so-gddt", f"{DAY}..{DAY}")
    document, said = report.document, " ".join(strings_of(report.document))
    assert "Số học sinh trong kỳ (N)" in said
    assert "chưa có số học sinh" not in said
    assert "chưa gửi số học sinh" not in said
    assert "từng nhóm quá ít phiếu nên chưa kết luận." in said
    assert "Từng nhóm quá ít phiếu nên chưa gia quyền và chưa kết luận theo chỉ tiêu." in result(document)
    assert "Giáo dục: từng nhóm quá ít phiếu nên kết quả chưa gia quyền, chưa kết luận được." in paragraphs(document)
    assert differences(thin, report) == []
