"""A kiosk's clock may be wrong by hours or years; the device measures by how much, and this corrects it.

Both times are kept: the corrected one in `answered_at`, the device's own in `device_answered_at`, which is set only
where a correction was made and so also flags it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.foundation.clock import parse_instant

TOLERANCE = dt.timedelta(seconds=60)
_LONGEST = dt.timedelta(days=200 * 365).total_seconds()


@dataclass(frozen=True)
class DeviceClock:
    """What a device says of its clock as it sends: what time it has (`sent_at`), and for answers given before its
    clock was set, by how many seconds that answer's time must be moved (`offsets`, by answer id)."""

    sent_at: dt.datetime | None = None
    offsets: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def parse(cls, envelope: Mapping[str, object]) -> DeviceClock:
        """Read the optional fields `sent_at` and `offsets`; what makes no sense is left out."""
        offsets = envelope.get("offsets")
        known = offsets.items() if isinstance(offsets, dict) else ()
        return cls(_instant(envelope.get("sent_at")), {id_: float(v) for id_, v in known if _is_offset(v)})

    @property
    def is_told(self) -> bool:
        """Whether the device said anything of its clock: only then may a date be taken for the clock's mistake."""
        return self.sent_at is not None or bool(self.offsets)

    def skew_seconds(self, received_at: dt.datetime) -> float | None:
        """How far the device's clock is ahead of ours; None where it did not say."""
        return None if self.sent_at is None else (self.sent_at - received_at).total_seconds()

    def correct(
        self, answer_id: str, answered_at: dt.datetime, received_at: dt.datetime
    ) -> tuple[dt.datetime, dt.datetime | None]:
        """The corrected instant, and the device's own where the two differ by more than a minute.

        No answer was given after it was received.
        """
        moment = min(_moved(answered_at, self._offset(answer_id, received_at)), received_at)
        if abs(moment - answered_at) <= TOLERANCE:
            return answered_at, None
        return moment, answered_at

    def _offset(self, answer_id: str, received_at: dt.datetime) -> float:
        if answer_id in self.offsets:
            return self.offsets[answer_id]
        return -(self.skew_seconds(received_at) or 0.0)


def _moved(instant: dt.datetime, seconds: float) -> dt.datetime:
    try:
        return instant + dt.timedelta(seconds=seconds)
    except OverflowError:
        return instant


def _instant(value: object) -> dt.datetime | None:
    try:
        return parse_instant(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def _is_offset(value: object) -> bool:
    # Neither infinity nor NaN passes the comparison, nor an integer too long for a float.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LONGEST
