"""What is served at a counter, and so what is asked there."""

from __future__ import annotations

from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy

from survey.questionnaires.counter_services import Offer, ServicePoint, offers_at
from survey.registry.models import Agency, Caseload, Counter, Province, Service

SERVICES = {"land": "administration", "birth": "administration", "clinic": "health", "school": "education"}


class Builder:
    """Puts agencies, counters and caseloads into the database."""

    def __init__(self, database: SQLAlchemy) -> None:
        self.session = database.session()
        self.province = self.session.query(Province).filter_by(key="dak-lak").one()
        self.services = {
            code: Service(code=code, name=code, sector=sector, field="") for code, sector in SERVICES.items()
        }
        self.session.add_all(self.services.values())

    def agency(self, code: str, kind: str, parent: Agency | None = None) -> Agency:
        return self._add(
            Agency(code=code, name=code, kind=kind, level="commune", province_id=self.province.id, parent=parent)
        )

    def counter(self, agency: Agency, *services: str) -> Counter:
        code = f"c{self.session.query(Counter).count()}"
        own = [self.services[name] for name in services]
        return self._add(Counter(code=code, name=code, agency=agency, services=own))

    def caseload(self, agency: Agency, service: str) -> None:
        self._add(
            Caseload(
                agency_id=agency.id, service_id=self.services[service].id, month="2026-10", unit="dossier", count=1
            )
        )

    def offers(self, *counters: Counter) -> list[Offer]:
        places = [ServicePoint(c.id, c.agency.id, c.agency.kind, c.agency.parent_id) for c in counters]
        offers = offers_at(self.session, places)
        return [offers[counter.id] for counter in counters]

    def _add(self, thing: Any) -> Any:
        self.session.add(thing)
        self.session.flush()
        return thing


@pytest.fixture
def build(database: SQLAlchemy) -> Builder:
    return Builder(database)


def codes(offer: Offer) -> list[str]:
    return [service.code for service in offer.services]


def test_a_counter_with_services_serves_those_and_no_others(build: Builder) -> None:
    agency = build.agency("sở", "administrative")
    build.caseload(agency, "birth")
    (offer,) = build.offers(build.counter(agency, "land"))
    assert (codes(offer), offer.sectors) == (["land"], ("administration",))


def test_a_counter_without_services_serves_all_the_agency_does(build: Builder) -> None:
    agency = build.agency("xã", "administrative")
    build.caseload(agency, "birth")
    build.counter(agency, "land")
    (offer,) = build.offers(build.counter(agency))
    assert codes(offer) == ["birth", "land"]


def test_an_administrative_agency_without_any_service_is_asked_about_administration(build: Builder) -> None:
    (offer,) = build.offers(build.counter(build.agency("xã", "administrative")))
    assert offer == Offer((), ("administration",))


def test_a_public_unit_without_any_service_is_asked_what_its_siblings_are(build: Builder) -> None:
    department = build.agency("sở-y-tế", "administrative")
    sibling = build.agency("bv-1", "public_service_unit", department)
    build.caseload(sibling, "clinic")
    build.counter(department, "land")  # the department's own procedures say nothing about its hospitals
    (offer,) = build.offers(build.counter(build.agency("bv-2", "public_service_unit", department)))
    assert offer == Offer((), ("health",))


def test_siblings_of_different_sectors_decide_nothing(build: Builder) -> None:
    commune = build.agency("xã", "administrative")
    build.caseload(build.agency("trạm", "public_service_unit", commune), "clinic")
    build.counter(build.agency("trường", "public_service_unit", commune), "school")
    (offer,) = build.offers(build.counter(build.agency("mới", "public_service_unit", commune)))
    assert offer.sectors == ()


def test_a_public_unit_without_parent_or_service_is_not_ready(build: Builder) -> None:
    (offer,) = build.offers(build.counter(build.agency("lẻ", "public_service_unit")))
    assert offer == Offer((), ())


def test_the_commonest_sector_of_a_mixed_counter_comes_first(build: Builder) -> None:
    agency = build.agency("bv", "public_service_unit")
    (offer,) = build.offers(build.counter(agency, "clinic", "land", "birth"))
    assert offer.sectors == ("administration", "health")
    assert [service.code for service in offer.services_of("health")] == ["clinic"]


def test_many_counters_at_once_give_what_each_gives_alone(build: Builder) -> None:
    department = build.agency("sở", "administrative")
    hospital = build.agency("bv", "public_service_unit", department)
    counters = [
        build.counter(department, "land"),
        build.counter(department),
        build.counter(hospital, "clinic"),
        build.counter(build.agency("bv-mới", "public_service_unit", department)),
    ]
    alone = [build.offers(counter)[0] for counter in counters]
    assert build.offers(*counters) == alone
