"""The form of a device's heartbeat. A field that makes no sense is None: a heartbeat must never fail on it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from kiosk.browser_requirements import known_parts
from kiosk.lenient_schema import Lenient, Said
from survey.foundation.clock import parse_instant
from survey.foundation.identifiers import is_code
from survey.responses.kept_times import hour_begins

TEXT_LIMIT = 300
LIST_LIMIT = 50
_COUNT_LIMIT = 2**31 - 1
_STORAGE_LIMIT = 2**53


def _shown(value: object) -> object:
    if not isinstance(value, str):
        return value
    kept = value[:TEXT_LIMIT].encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else " " for c in kept)


def _code(value: str) -> str:
    if not is_code(value):
        raise ValueError(value)
    return value


def _hour(value: str) -> str:
    return hour_begins(parse_instant(value)).isoformat()


def _entries(value: object) -> object:
    return [entry for entry in value[:LIST_LIMIT] if isinstance(entry, dict)] if isinstance(value, list) else value


Shown = Annotated[str, BeforeValidator(_shown)]
Count = Annotated[int, Field(ge=0, le=_COUNT_LIMIT)]
Storage = Annotated[int, Field(ge=0, le=_STORAGE_LIMIT)]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class DeviceFault(Said):
    """An error the kiosk's program met."""

    at: Lenient[Shown] = None
    message: Lenient[Shown] = None


class RefusedAnswer(Said):
    """An answer that the server did not take; the device keeps it apart.

    It may be taken later, under the same id: of when it was given the hour is kept, as of all answers, and no id.
    """

    status: Lenient[Shown] = None
    problem: Lenient[Shown] = None
    answered_at: Lenient[Annotated[str, AfterValidator(_hour)]] = None


class Details(Said):
    """What the desk shows of a device, as it is stored."""

    version: Lenient[Shown] = None
    battery: Lenient[Fraction] = None
    charging: Lenient[bool] = None
    storage_used: Lenient[Storage] = None
    storage_quota: Lenient[Storage] = None
    persisted: Lenient[bool] = None
    errors: Lenient[Annotated[list[DeviceFault], BeforeValidator(_entries)]] = None
    refused: Lenient[Annotated[list[RefusedAnswer], BeforeValidator(_entries)]] = None
    refused_count: Lenient[Count] = None
    disk_refused_at: Lenient[Shown] = None
    missing: Annotated[list[str], BeforeValidator(known_parts)] = Field(default_factory=list)


class Heartbeat(Details):
    """All that a heartbeat may say beside the device's clock (`DeviceClock`)."""

    counter: Lenient[Annotated[str, AfterValidator(_code)]] = None
    public_key: Lenient[str] = None
    queue: Lenient[Count] = None
    oldest: Lenient[str] = None
    emptied_at: Lenient[Shown] = None

    def details(self) -> dict[str, Any]:
        """What is stored of it."""
        said = self.model_dump(include=set(Details.model_fields), exclude_none=True)
        return said if self.missing else {name: value for name, value in said.items() if name != "missing"}
