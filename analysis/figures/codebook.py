"""What the numbers in stored counts stand for.

Respondent kinds and channels are stored as places in these lists. Counts carry the version of the codebook they were
written under: under another one they are counted again from the ratings, never relabelled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from survey.foundation.identifiers import content_hash
from survey.foundation.vocabulary import CHANNELS, RESPONDENT_KINDS, SCALE, UNKNOWN_KIND

VALUES = tuple(sorted(SCALE))  # 1-5
# `counts`: how many gave each value; ids are 0 where none; `kind` and `channel` are places in the codebook.
RECORD = np.dtype(
    [("service", "<i4"), ("kind", "u1"), ("counter", "<i4"), ("day", "u1"), ("channel", "u1"), ("counts", "<u4", (5,))]
)


@dataclass(frozen=True)
class Codebook:
    """Respondent kinds ("unknown" last) and channels in the order of their numbers."""

    kinds: tuple[str, ...]
    channels: tuple[str, ...]

    @cached_property
    def version(self) -> str:
        """The same for the same meaning of every number (16 hexadecimal digits)."""
        meaning = {"kinds": self.kinds, "channels": self.channels, "values": VALUES, "record": str(RECORD.descr)}
        return content_hash(meaning)[:16]


def codebook() -> Codebook:
    """The codebook of the vocabulary as it is."""
    return _codebook((*RESPONDENT_KINDS, UNKNOWN_KIND), tuple(sorted(CHANNELS)))


@cache
def _codebook(kinds: tuple[str, ...], channels: tuple[str, ...]) -> Codebook:
    return Codebook(kinds, channels)
