"""The small Đắk Lắk of the desk's tests."""

from tests.desk.filled import database_url, frozen_clock, world

__all__ = ["database_url", "frozen_clock", "world"]
