"""What to know before a period is closed: caseloads that have not come, kiosks that hold answers, late answers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from analysis.figures.register import fetch_register
from analysis.periods.models import Closing
from survey.devices.queries import fetch_fleet, silent_devices
from survey.foundation.clock import month_of, today
from survey.foundation.periods import Period, month_label, shift_month
from survey.foundation.text.vietnamese import sort_key
from survey.registry.missing_caseloads import REMEMBERED_MONTHS, months_owed
from survey.registry.models import Province
from survey.registry.queries import fetch_sent
from survey.responses.late_queries import count_late
from survey.responses.tally_queries import fetch_answered


@dataclass(frozen=True)
class Owed:
    """An agency and the months, in words, for which a caseload is missing."""

    agency: str
    code: str
    months: str


@dataclass(frozen=True)
class Kiosk:
    """A kiosk that may hold answers nobody has seen: `unsent` as it last said, None when it never said."""

    device_id: uuid.UUID
    name: str
    counter: str
    counter_name: str
    unsent: int | None
    silent: bool


@dataclass(frozen=True)
class Readiness:
    """`late`: answers of the period that came after its last closing; 0 while it was never closed."""

    owed: tuple[Owed, ...]
    kiosks: tuple[Kiosk, ...]
    late: int

    @property
    def clear(self) -> bool:
        """Nothing speaks against closing."""
        return not self.owed and not self.kiosks


def readiness(province: Province, period: Period, latest: Closing | None) -> Readiness:
    """What is known now about a period of a province."""
    return Readiness(
        owed=tuple(_owed(province, period)),
        kiosks=tuple(_kiosks(province)),
        late=0 if latest is None else count_late(province.id, period.months, latest.closed_at),
    )


def _owed(province: Province, period: Period) -> list[Owed]:
    finished = [month for month in period.months if month < month_of(today())]
    if not finished:
        return []
    before = [shift_month(finished[0], -back) for back in range(1, REMEMBERED_MONTHS + 1)]
    owed = months_owed(fetch_answered(province.id, finished), fetch_sent(province.id, [*before, *finished]), finished)
    agencies = fetch_register(province.id).agencies
    missing = {
        agencies[agency_id]: [month for month, in_month in months.items() if in_month.missing]
        for agency_id, months in owed.items()
    }
    return [
        Owed(agency.name, agency.code, ", ".join(map(month_label, months)))
        for agency, months in sorted(missing.items(), key=lambda pair: sort_key(pair[0].name))
        if months
    ]


def _kiosks(province: Province) -> list[Kiosk]:
    silent = {device.device_id for device in silent_devices(province.id) if not device.is_unfit}
    return [
        Kiosk(device.id, device.name, counter.code, counter.name, device.queue_depth, device.id in silent)
        for device, counter, _agency in fetch_fleet(province.id)
        if device.revoked_at is None and (device.queue_depth or device.id in silent)
    ]
