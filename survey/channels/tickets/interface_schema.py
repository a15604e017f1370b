"""What the software of an agency sends to make and to void tickets, and what it is answered."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MOST = 2000  # codes of one request


def _text_of_day(value: object) -> object:
    return dt.date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class TicketOrder(_Model):
    """Codes for a counter, maybe for one service alone. `expires`: their last day, 90 days from now by default."""

    counter: Annotated[str, Field(max_length=40)]
    service: Annotated[str, Field(max_length=40)] | None = None
    count: Annotated[int, Field(ge=1, le=MOST)] = 1
    expires: Annotated[dt.date | None, BeforeValidator(_text_of_day)] = None


class IssuedTicketJson(_Model):
    """A code that is good for one answer, and the address its QR code holds."""

    code: str
    address: str


class IssuedTicketsJson(_Model):
    """The codes, which stand nowhere else: `expires` is their last day."""

    counter: str
    service: str | None
    expires: str
    tickets: list[IssuedTicketJson]


class TicketVoiding(_Model):
    """Codes that shall bring no answer any more: all of them, or none where one is unknown."""

    codes: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=MOST)]


class VoidedTicketsJson(_Model):
    """How many were voided now, and how many had been before."""

    voided: int
    before: int
