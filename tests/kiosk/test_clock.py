"""A kiosk whose clock is wrong: answers are dated as right as can be known, and both times are kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from survey.foundation.clock import now
from tests.kiosk.driving import MODULES, KioskDriver, rows
from tests.kiosk.faults.processes import CITIZEN
from tests.support.applications import LiveServer

HOUR = 3_600_000
DAY = 24 * HOUR
CLOSE = dt.timedelta(hours=1, minutes=2)  # only the hour is kept


NOW = 1000 * DAY


def segment(floor: int | None = None, skew: int | None = None, **jump: Any) -> dict[str, Any]:
    return {"began": 0, "floor": floor, "skew": skew, "jump": None, "maySleep": False, **jump}


# (segments, number of the one asked about, device time of the answer, present skew, the skew that is believed and
# whether a contact vouches for it), in ms; skew = device minus server. It is day 1000.
CASES: dict[str, tuple[list[dict[str, Any]], int, int, int | None, int, bool]] = {
    "measured while it lasted": ([segment(skew=HOUR)], 0, NOW, 0, HOUR, True),
    "never measured: as at present": ([segment()], 0, NOW, 5 * HOUR, 5 * HOUR, False),
    "never measured, but contact a moment before": ([segment(floor=NOW - 5_000)], 0, NOW, 0, 0, True),
    "nothing known at all": ([], 5, NOW, None, 0, False),
    "then set back by 3 hours": ([segment(jump=-3 * HOUR), segment(skew=0)], 0, NOW, 0, 3 * HOUR, True),
    "then set forward by a year": (
        [segment(jump=365 * DAY), segment(skew=0)],
        *(0, NOW - 366 * DAY, 0, -365 * DAY, True),
    ),
    "then slept for a night": ([segment(jump=9 * HOUR, maySleep=True), segment(skew=0)], 0, NOW - DAY, 0, 0, False),
    "right, then put 9 hours wrong": (
        [segment(jump=9 * HOUR, maySleep=True), segment(skew=9 * HOUR)],
        *(0, NOW, 9 * HOUR, 0, False),
    ),
    "slept, which alone lies between the contacts": (
        [segment(floor=NOW - DAY, jump=9 * HOUR, maySleep=True), segment(skew=0)],
        *(0, NOW - 4 * HOUR, 0, 0, True),
    ),
    "set twice before contact": (
        [segment(jump=-HOUR), segment(jump=-HOUR), segment(skew=0)],
        *(0, NOW, 0, 2 * HOUR, True),
    ),
    "right, then set back": ([segment(skew=0, jump=-HOUR), segment()], 1, NOW - HOUR, 0, -HOUR, True),
    "slept after a measurement": (
        [segment(skew=5, jump=9 * HOUR, maySleep=True), segment()],
        *(1, NOW, 0, 5, False),
    ),
    "set wrong and killed before any contact": ([segment(jump=None), segment()], 1, NOW - 5 * HOUR, 0, 0, False),
    "lost its time": ([segment(floor=999 * DAY)], 0, DAY, 0, -998 * DAY, False),
    "right, and wrong by a year since a restart": ([segment(floor=NOW - HOUR)], 0, NOW, 365 * DAY, 0, False),
    "5 hours behind, then put 8 hours forward": (
        [segment(floor=NOW - HOUR, jump=8 * HOUR, maySleep=True), segment(skew=3 * HOUR)],
        *(0, NOW - 5 * HOUR, 3 * HOUR, -5 * HOUR, True),
    ),
}


@pytest.fixture
def unpaired(unpaired: KioskDriver) -> KioskDriver:
    """With a clock that can be set."""
    unpaired.page.context.add_init_script(path=CITIZEN)
    return unpaired


def test_what_is_known_of_the_skew_is_carried_to_where_it_was_not_measured(
    unpaired: KioskDriver, live_server: LiveServer
) -> None:
    unpaired.open_beside()
    told = unpaired.page.evaluate(
        """async ([modules, cases]) => {
            const { bestSkew } = await import(`${modules}/clock.js`);
            return cases.map(([segments, number, wall, skew, now]) => {
                const best = bestSkew(segments, number, wall, { skew, now });
                return [best.skew, best.isCertain];
            });
        }""",
        [MODULES, [[*case[:4], NOW] for case in CASES.values()]],
    )
    assert dict(zip(CASES, told, strict=True)) == {name: list(case[-2:]) for name, case in CASES.items()}


HAD_CONTACT_LONG_AGO = """() => new Promise((done) => {
    const open = indexedDB.open('hai-long-kiosk');
    open.onsuccess = () => {
        const write = open.result.transaction('settings', 'readwrite');
        write.objectStore('settings').put(Date.now() - 7_200_000, 'last_server_time');
        write.oncomplete = () => { open.result.close(); done(); };
    };
})"""


def set_clock(kiosk: KioskDriver, ms: int) -> None:
    kiosk.page.evaluate("ms => setClock(ms)", ms)


def dated(server: LiveServer) -> list[tuple[dt.datetime, dt.datetime | None]]:
    url = server.app.config["SQLALCHEMY_DATABASE_URI"]
    # Both may lie in one hour, which is all that is kept: those whose clock was corrected come first.
    query = "SELECT answered_at, device_answered_at FROM responses ORDER BY device_answered_at IS NULL, answered_at"
    times = rows(url, query)
    return [(_utc(own), _utc(device) if device else None) for own, device in times]


def flags(server: LiveServer) -> list[bool]:
    url = server.app.config["SQLALCHEMY_DATABASE_URI"]
    return [bool(flag) for (flag,) in rows(url, "SELECT date_uncertain FROM responses ORDER BY received_at, id")]


def _utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_answers_from_before_and_after_the_clock_was_set_are_both_dated_right(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    kiosk.page.context.set_offline(True)
    set_clock(kiosk, -2000 * DAY)
    kiosk.rate()
    set_clock(kiosk, 0)
    kiosk.rate()
    kiosk.page.context.set_offline(False)
    kiosk.wait_until_sent()

    assert flags(live_server) == [False, False]
    (first, first_device), (second, second_device) = dated(live_server)
    assert abs(first - now()) < CLOSE
    assert first_device is not None
    assert abs(first_device - now() + dt.timedelta(days=2000)) < CLOSE
    assert abs(second - now()) < CLOSE
    assert second_device is None


def test_a_clock_that_lost_its_time_over_a_power_cut_is_dated_after_the_last_contact(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    kiosk.wait_for_worker()
    kiosk.page.context.set_offline(True)
    set_clock(kiosk, -9000 * DAY)
    kiosk.page.reload()
    kiosk.rate()
    set_clock(kiosk, 0)
    kiosk.page.reload()
    kiosk.page.wait_for_selector("#start")
    kiosk.page.context.set_offline(False)
    kiosk.wait_until_sent()

    [(own, device)] = dated(live_server)
    assert abs(own - now()) < CLOSE
    assert device is not None
    assert device.year < 2005


def test_a_clock_that_is_hours_ahead_and_stays_so_is_corrected(kiosk: KioskDriver, live_server: LiveServer) -> None:
    set_clock(kiosk, 3 * HOUR)
    kiosk.rate()
    kiosk.wait_until_sent()

    [(own, device)] = dated(live_server)
    assert abs(own - now()) < CLOSE
    assert device is not None
    assert abs(device - now() - dt.timedelta(hours=3)) < CLOSE


def test_answers_of_a_session_without_contact_are_not_dated_by_the_clock_of_the_next(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    kiosk.wait_for_worker()
    kiosk.page.context.set_offline(True)
    # Without this the test is so quick that two contacts a moment apart vouch for the date.
    kiosk.page.evaluate(HAD_CONTACT_LONG_AGO)
    kiosk.page.reload()
    kiosk.rate()
    set_clock(kiosk, 400 * DAY)
    kiosk.page.reload()
    kiosk.page.wait_for_selector("#start")
    kiosk.page.context.set_offline(False)
    kiosk.wait_until_sent()

    [(own, device)] = dated(live_server)
    assert abs(own - now()) < CLOSE
    assert device is None
    assert flags(live_server) == [True]  # right, but nothing vouches for it
