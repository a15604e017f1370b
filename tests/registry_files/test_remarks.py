"""What looks odd in a sound file is named, and the file is taken all the same."""

from __future__ import annotations

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.registry.models import Caseload
from tests.registry_files.files import RESPONSES, Import

pytestmark = pytest.mark.one_database

HEADER = "agency,service,month,respondent_kind,unit,count,overdue\n"
AGENCY_HEADER = "code,name,kind,level,province,valid_to\n"
OVERFULL = "nhiều hơn số hồ sơ"
DISTRICTS = "cơ quan cấp huyện"


@pytest.fixture
def answered(world: Import) -> Import:
    """One person has answered about a service in October, on paper."""
    assert world("responses", RESPONSES).exit_code == 0
    return world


@pytest.mark.parametrize(("count", "named"), [(0, True), (1, False)])
def test_a_caseload_below_the_number_of_answers_is_taken_and_named(
    database: SQLAlchemy, answered: Import, count: int, named: bool
) -> None:
    line = f"EA-MOI,KHAI-SINH,2026-10,individual,dossier,{count},\n"
    for options in (("--dry-run",), ()):
        said = answered("caseloads", HEADER + line, *options).stdout
        assert (OVERFULL in said) is named
        assert ("dòng 2 (EA-MOI/KHAI-SINH/2026-10/individual): 1 lượt, 0 hồ sơ" in said) is named
    stored = select(Caseload.count).where(Caseload.month == "2026-10", Caseload.respondent_kind == "individual")
    assert database.session.scalars(stored).all() == [count]


def test_answers_of_one_kind_are_not_held_against_the_dossiers_of_the_other(answered: Import) -> None:
    assert OVERFULL not in answered("caseloads", HEADER + "EA-MOI,KHAI-SINH,2026-10,organisation,dossier,0,\n").stdout


def test_dossiers_of_no_kind_are_held_against_the_answers_of_all(answered: Import) -> None:
    more = RESPONSES.replace("2026-10-05T", "2026-09-05T").replace("11111111-", "33333333-")
    assert answered("responses", more).exit_code == 0
    assert "1 lượt, 0 hồ sơ" in answered("caseloads", HEADER + "EA-MOI,KHAI-SINH,2026-09,,dossier,0,\n").stdout


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("H1,UBND huyện Một,administrative,district,dak-lak,\n", True),
        ("H1,UBND huyện Một,administrative,district,dak-lak,2025-07-01\n", True),
        ("H1,UBND huyện Một,administrative,district,dak-lak,2025-06-30\n", False),
        ("H1,Trung tâm y tế huyện,public_service_unit,district,dak-lak,\n", False),
        ("H1,UBND xã Một,administrative,commune,dak-lak,\n", False),
    ],
)
def test_a_district_that_goes_on_is_taken_and_named(world: Import, line: str, named: bool) -> None:
    result = world("agencies", AGENCY_HEADER + line)
    assert result.exit_code == 0, result.stderr
    assert ("30/06/2025; 1 " + DISTRICTS in result.stdout) is named


@pytest.mark.parametrize(("month", "named"), [("2025-06", False), ("2025-07", True)])
def test_caseloads_of_a_district_are_named_once_districts_had_ended(world: Import, month: str, named: bool) -> None:
    world("agencies", AGENCY_HEADER + "H1,UBND huyện Một,administrative,district,dak-lak,\n")
    result = world("caseloads", HEADER + f"H1,KHAI-SINH,{month},,dossier,5,\n")
    assert result.exit_code == 0, result.stderr
    assert (f"1 {DISTRICTS} (H1)" in result.stdout) is named


def test_a_caseload_after_the_last_day_of_an_agency_is_refused_with_that_day(world: Import) -> None:
    result = world("caseloads", HEADER + "EA-CU,KHAI-SINH,2025-07,,dossier,5,\n")
    assert result.exit_code == 2
    assert "không hoạt động trong tháng này. Cơ quan hoạt động đến hết 30/06/2025." in result.stderr
