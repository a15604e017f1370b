"""The audit log's name of an agency's month leads back to it; what names something else leads nowhere."""

from __future__ import annotations

import pytest

from survey.registry_pages.caseloads.audit_object import agency_and_month, month_object


def test_an_agencys_month_is_read_as_it_was_written() -> None:
    assert agency_and_month(month_object("bv-tinh", "2026-10")) == ("bv-tinh", "2026-10")


@pytest.mark.parametrize(
    "object_id",
    ["ho-so.csv", "thang/10.csv", "bv-tinh/KB-NGOAITRU/2026-10/", "2026-11-05T01:00:00+00:00", "bv-tinh/2026-10x", ""],
)
def test_a_file_a_record_and_a_moment_name_no_month_of_an_agency(object_id: str) -> None:
    assert agency_and_month(object_id) is None
