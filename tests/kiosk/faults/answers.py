"""Answers that tell who gave them: every citizen of a run answers differently, so stored answers can be counted."""

from __future__ import annotations

from typing import Any

from tests.kiosk.world import SERVICES

OVERALL = ("overall_service", "overall_procedures")
SERVICE_NAMES = [*(name for name, _field in SERVICES.values()), None]
SERVICE_CODES = [*SERVICES, None]


def script_of(number: int, optional_items: int) -> dict[str, Any]:
    """What citizen `number` presses."""
    rest, service = divmod(number, len(SERVICE_NAMES))
    overall = []
    for _item in OVERALL:
        rest, digit = divmod(rest, 5)
        overall.append(digit + 1)
    optional = []
    for _index in range(optional_items):
        rest, digit = divmod(rest, 6)
        optional.append(digit)
    assert rest == 0, "more citizens than different answers"
    return {"service": SERVICE_NAMES[service], "overall": overall, "optional": optional}


def stored_form(number: int, optional_codes: list[str]) -> tuple[str | None, dict[str, int]]:
    """Service and answers as they must be stored for citizen `number`."""
    script = script_of(number, len(optional_codes))
    service = SERVICE_CODES[SERVICE_NAMES.index(script["service"])]
    given = dict(zip(OVERALL, script["overall"], strict=True))
    given |= {code: value for code, value in zip(optional_codes, script["optional"], strict=True) if value}
    return service, given
