"""A kiosk's clock may be wrong by hours or years; the device measures by how much, and this corrects it.

Both times are kept: the corrected one in `answered_at`, the device's own in `device_answered_at`, which is set only
where a correction was made and so also flags it. Where no contact with the server vouches for the correction, or for
there being none, the date is flagged as uncertain.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field, OnErrorOmit, Strict

from kiosk.lenient_schema import Lenient, Said
from survey.foundation.clock import parse_instant

TOLERANCE = dt.timedelta(seconds=60)
_LONGEST = dt.timedelta(days=200 * 365).total_seconds()


class Dated(NamedTuple):
    """When an answer was given: corrected; as the device said, where that is a minute off or more; whether in doubt."""

    at: dt.datetime
    device_at: dt.datetime | None
    is_uncertain: bool


def _instant(value: object) -> object:
    return parse_instant(value) if isinstance(value, str) else value


Moment = Annotated[dt.datetime, BeforeValidator(_instant)]
Seconds = Annotated[float, Field(gt=-_LONGEST, lt=_LONGEST)]
Offsets = dict[OnErrorOmit[str], OnErrorOmit[Seconds]]
Ids = Annotated[frozenset[OnErrorOmit[str]], Strict(False)]  # JSON knows lists alone


class DeviceClock(Said):
    """What a device says of its clock as it sends: what time it has (`sent_at`), for answers given before its clock
    was set, by how many seconds that answer's time must be moved (`offsets`, by answer id), and which of these no
    contact with the server vouches for (`uncertain`). What makes no sense is left out."""

    sent_at: Lenient[Moment] = None
    offsets: Lenient[Offsets] = None
    uncertain: Lenient[Ids] = None

    @property
    def is_told(self) -> bool:
        """Whether the device said anything of its clock: only then may a date be taken for the clock's mistake."""
        return self.sent_at is not None or bool(self.offsets)

    def skew_seconds(self, received_at: dt.datetime) -> float | None:
        """How far the device's clock is ahead of ours; None where it did not say."""
        return None if self.sent_at is None else (self.sent_at - received_at).total_seconds()

    def correct(self, answer_id: str, answered_at: dt.datetime, received_at: dt.datetime) -> Dated:
        """When an answer was given that the device dates `answered_at`. No answer was given after it was received."""
        moved = _moved(answered_at, self._offset(answer_id, received_at))
        is_uncertain = (
            answer_id in (self.uncertain or ()) or not self._knows_of(answer_id) or moved > received_at + TOLERANCE
        )
        moment = min(moved, received_at)
        if abs(moment - answered_at) <= TOLERANCE:
            return Dated(answered_at, None, is_uncertain)
        return Dated(moment, answered_at, is_uncertain)

    def _knows_of(self, answer_id: str) -> bool:
        return self.sent_at is not None or answer_id in (self.offsets or ())

    def _offset(self, answer_id: str, received_at: dt.datetime) -> float:
        return (self.offsets or {}).get(answer_id, -(self.skew_seconds(received_at) or 0.0))


def _moved(instant: dt.datetime, seconds: float) -> dt.datetime:
    try:
        return instant + dt.timedelta(seconds=seconds)
    except OverflowError:
        return instant
