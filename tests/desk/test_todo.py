"""What waits stands on the first page: a verb, a number, and a link that leads to where it is done."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.foundation.storage.database import writing
from tests.desk.world import make_silent_kiosk
from tests.support.staff import signed_in


def lines(client: FlaskClient, address: str = "/desk/") -> dict[str, str]:
    """Words and addresses of "Cần làm"."""
    page = client.get(address, follow_redirects=True).text
    section = page.split('class="todo"')[1].split("</section>")[0]
    return {words: link for link, words in re.findall(r'<a href="([^"]+)">([^<]+)</a>', section)}


@pytest.fixture
def owner(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "method_owner", sector="health")


def test_every_line_leads_to_a_page_that_opens(world: Flask, owner: FlaskClient) -> None:
    make_silent_kiosk(world, "Kiosk cổng A", "quay-bv-tinh")
    waiting = lines(owner)
    assert "Gọi về 1 kiosk mất liên lạc từ 17/11/2026" in waiting
    for link in waiting.values():
        assert owner.get(link).status_code == 200, link


def test_one_kiosk_and_two_kiosks_are_told_in_english(world: Flask, owner: FlaskClient) -> None:
    make_silent_kiosk(world, "A", "quay-bv-tinh")
    assert "Call about 1 kiosk silent since 17 Nov 2026" in lines(owner, "/desk/dak-lak/health?lang=en")
    make_silent_kiosk(world, "B", "quay-bv-tinh")
    assert "Call about 2 silent kiosks, the longest since 17 Nov 2026" in lines(owner, "/desk/dak-lak/health?lang=en")


def test_nobody_is_told_to_do_what_they_may_not(world: Flask) -> None:
    make_silent_kiosk(world, "Kiosk cổng A", "quay-bv-tinh")
    auditor = signed_in(world, "thanh-tra", "auditor")
    assert not any("kiosk" in line for line in lines(auditor))


def test_months_owed_are_counted_anew_when_a_caseload_comes_or_goes_and_for_each_reader(world: Flask) -> None:
    from survey.registry.models import Agency, Caseload

    administrator = signed_in(world, "quan-tri", "administrator")
    hospital = signed_in(world, "benh-vien", "agency_manager", agency="bv-tinh")

    def owing(client: FlaskClient, address: str) -> int:
        said = [re.match(r"Nhắc (\d+) đơn vị", line) for line in lines(client, address)]
        return sum(int(match[1]) for match in said if match)

    before = owing(administrator, "/desk/dak-lak/all")
    assert before == owing(administrator, "/desk/dak-lak/all")
    with world.app_context(), writing() as session:
        of_october = session.query(Caseload).join(Agency).filter(Agency.code == "bv-tinh", Caseload.month == "2026-10")
        row = of_october.order_by(Caseload.service_id)[0]
        kept = {name: getattr(row, name) for name in ("agency_id", "service_id", "month", "unit", "count")}
        session.delete(row)
    assert owing(administrator, "/desk/dak-lak/all") == before + 1
    assert owing(hospital, "/desk/dak-lak/all?agency=bv-tinh") == 1
    with world.app_context(), writing() as session:
        session.add(Caseload(**kept))
    assert owing(administrator, "/desk/dak-lak/all") == before
    assert owing(hospital, "/desk/dak-lak/all?agency=bv-tinh") == 0


def test_a_department_of_one_sector_has_its_own_work_in_the_view_of_all(world: Flask) -> None:
    make_silent_kiosk(world, "Kiosk cổng A", "quay-bv-tinh")
    from survey.accounts.models import RoleGrant, User

    both = signed_in(world, "hai-vai", "officer")
    with world.app_context(), writing() as session:
        user = session.query(User).filter_by(username="hai-vai").one()
        province_id = user.grants[0].province_id
        session.add(RoleGrant(user_id=user.id, role="method_owner", province_id=province_id, sector="health"))
    assert any("kiosk" in line for line in lines(both, "/desk/dak-lak/all"))
