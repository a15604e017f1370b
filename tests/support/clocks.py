"""A clock that stands still, for a file or a folder of tests: what they see must not follow the real date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine


def frozen_at(instant: dt.datetime | str) -> Callable[..., Any]:
    """A fixture of every test beside it, `frozen_clock = frozen_at(NOW)`; whoever asks for it may move the clock on."""

    @pytest.fixture(autouse=True)
    def frozen_clock() -> Iterator[time_machine.Coordinates]:
        with time_machine.travel(instant, tick=False) as clock:
            yield clock

    return frozen_clock
