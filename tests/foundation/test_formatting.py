"""Numbers are rounded as they are read, not as floating point holds them."""

from __future__ import annotations

from survey.foundation.formatting import of_a_hundred


def test_of_a_hundred_every_tenth_of_a_percent_rounds_half_up() -> None:
    assert [of_a_hundred(tenth / 1000) for tenth in range(1001)] == [str((tenth + 5) // 10) for tenth in range(1001)]
