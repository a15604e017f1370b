"""One run: citizens rate while faults strike; at the end what was thanked is what is stored."""

from __future__ import annotations

import datetime as dt
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from survey.responses.kept_times import hour_begins
from tests.kiosk.driving import KioskDriver, rows
from tests.kiosk.faults.answers import script_of, stored_form
from tests.kiosk.faults.processes import BrowserProcess, ServerProcess
from tests.kiosk.faults.proxy import FaultyProxy
from tests.support.browsers import evaluate

if TYPE_CHECKING:
    from playwright.sync_api import BrowserType, Page

HOUR_MS = 3_600_000
DATED_RIGHT = dt.timedelta(minutes=2)
CLOCKS_MS = (0, 3 * HOUR_MS, -5 * HOUR_MS, 400 * 24 * HOUR_MS, -2000 * 24 * HOUR_MS)
VISIT = "script => Promise.race([citizen(script), new Promise((_, no) => setTimeout(() => no('slow'), 30000))])"


class Thanks(NamedTuple):
    """What the kiosk thanked a citizen for, and when that really was."""

    id: str
    at: dt.datetime


@dataclass
class Outcome:
    """What a run must come to."""

    thanked: dict[int, Thanks] = field(default_factory=dict)  # by citizen
    interrupted: set[int] = field(default_factory=set)  # killed between the first touch and our hearing of thanks
    faults: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)  # why


class FaultRun:
    """A kiosk, a server and a proxy; `strike()` makes one fault happen while citizens go on rating."""

    def __init__(self, chromium: BrowserType, database_url: str, folder: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.database_url = database_url
        self.server = ServerProcess(database_url)
        self.server.start()
        self.proxy = FaultyProxy(self.server.port)
        self.browser = BrowserProcess(chromium, folder)
        self.browser.start()
        self.outcome = Outcome()
        self.numbers = iter(range(10**6))
        self.optional_codes = _optional_codes(database_url)
        self.kiosk = KioskDriver(self.browser.context.new_page(), f"http://127.0.0.1:{self.proxy.port}")

    @property
    def kinds(self) -> dict[str, Callable[[], None]]:
        """Every kind of fault."""
        return {
            "offline": self.offline_spell,
            "server killed": self.kill_server,
            "browser killed": self.kill_browser,
            "replies lost": self.lose_replies,
            "second tab": self.second_tab,
            "clock set": self.set_clock,
            "new shell": self.new_shell,
            "both killed": self.kill_both,
        }

    def pair(self, code: str) -> None:
        """Pair, and wait until the shell can start without a network."""
        self.kiosk.pair(code)
        self.kiosk.wait_for_worker()

    def strike(self, kind: str) -> None:
        """One fault, with a few citizens around it."""
        self.outcome.faults[kind] += 1
        self.citizens(self.random.randint(0, 2))
        self.kinds[kind]()
        self.citizens(self.random.randint(0, 2))

    def citizens(self, count: int, page: Page | None = None) -> None:
        """Some citizens rate, one after the other."""
        for _ in range(count):
            number = next(self.numbers)
            self.outcome.interrupted.add(number)
            thanked = self._visit(page or self.kiosk.page, number)
            if thanked:
                at = dt.datetime.fromtimestamp(thanked["at"] / 1000, dt.UTC)
                self.outcome.thanked[number] = Thanks(thanked["id"].replace("-", ""), at)
                self.outcome.interrupted.discard(number)

    def _visit(self, page: Page, number: int) -> Any:
        from playwright.sync_api import Error

        page.wait_for_selector("#start")
        try:
            return page.evaluate(VISIT, script_of(number, len(self.optional_codes)))
        except Error as error:
            # A new shell takes over between citizens: the page may go just as this one arrives, or has read the thanks.
            if "Execution context was destroyed" not in error.message:
                raise
            return None

    def offline_spell(self) -> None:
        self.proxy.go_offline()
        self.citizens(self.random.randint(1, 3))
        self._wait(0.5)
        self.proxy.go_online()
        self._come_online()

    def kill_server(self) -> None:
        self._come_online()
        self._wait(0.15)
        self.server.kill()
        self.citizens(self.random.randint(1, 2))
        self.server.start()

    def kill_browser(self) -> None:
        self._start_visit_that_is_cut_short()
        self.browser.kill()
        self._restart_browser()

    def kill_both(self) -> None:
        self._start_visit_that_is_cut_short()
        self.server.kill()
        self.browser.kill()
        self._restart_browser()
        self.citizens(1)
        self.server.start()

    def lose_replies(self) -> None:
        self.proxy.drop_next_replies(self.random.randint(1, 2))
        self.citizens(self.random.randint(1, 3))
        self._come_online()
        self._wait(0.3)

    def second_tab(self) -> None:
        tab = self.browser.context.new_page()
        tab.goto(f"{self.kiosk.url}/kiosk/")
        tab.wait_for_selector("#start")
        self.citizens(1, tab)
        self.citizens(1)
        self.citizens(1, tab)
        tab.close()

    def set_clock(self) -> None:
        evaluate(self.kiosk.page, "ms => setClock(ms)", self.random.choice(CLOCKS_MS))

    def new_shell(self) -> None:
        """The server is upgraded while answers wait; the worker fetches the new shell and takes over in between."""
        self.proxy.go_offline()
        self.citizens(2)
        self.server.release += 1
        self.server.kill()
        self.server.start()
        self.proxy.go_online()
        before = evaluate(self.kiosk.page, "document.body.dataset.version")
        for _attempt in range(10):  # as the kiosk does whenever it comes online: a connection may still be cut
            self._come_online()
            if self._shows_other_version(before):
                return
        raise AssertionError(f"the shell is still {before}")

    def settle(self) -> Outcome:
        """All faults are over: let the queue drain, in the right time."""
        self.proxy.go_online()
        evaluate(self.kiosk.page, "setClock(0)")
        self.kiosk.page.close()  # the queue must do without what this page remembers
        self._open_kiosk()
        self.kiosk.wait_until_sent()
        self.outcome.refused = [
            f"{record['answer']['answered_at']}, {record['segment']}: {record['problem']}"
            for record in self.kiosk.stored_here("refused")
        ]
        return self.outcome

    def close(self) -> None:
        """End every process."""
        self.browser.kill()
        self.server.close()
        self.proxy.close()

    def _start_visit_that_is_cut_short(self) -> None:
        number = next(self.numbers)
        self.outcome.interrupted.add(number)
        script = script_of(number, len(self.optional_codes))
        evaluate(self.kiosk.page, "script => { globalThis.cut = citizen(script); }", script)
        self._wait(0.03)

    def _restart_browser(self) -> None:
        self.browser.start()
        self._open_kiosk()

    def _open_kiosk(self) -> None:
        self.kiosk.page = self.browser.context.new_page()
        self.kiosk.open()
        self.kiosk.page.wait_for_selector("#start")

    def _come_online(self) -> None:
        evaluate(self.kiosk.page, "dispatchEvent(new Event('online'))")

    def _shows_other_version(self, before: str) -> bool:
        from playwright.sync_api import TimeoutError as Late

        try:
            self.kiosk.page.wait_for_selector(f"body:not([data-version='{before}']) #start", timeout=6000)
        except Late:
            return False
        return True

    def _wait(self, at_most: float) -> None:
        time.sleep(self.random.uniform(0, at_most))


@contextmanager
def fault_run(chromium: BrowserType, database_url: str, folder: Path, seed: int) -> Iterator[FaultRun]:
    """A run whose processes end with it."""
    run = FaultRun(chromium, database_url, folder, seed)
    try:
        yield run
    finally:
        run.close()


def differences(run: FaultRun) -> list[str]:
    """Everything in which what is stored differs from what was thanked; empty when all is well."""
    outcome, codes = run.outcome, run.optional_codes
    stored = rows(run.database_url, STORED)
    by_content = {_text(*stored_form(n, codes)): n for n in (*outcome.thanked, *outcome.interrupted)}
    counter: Counter[int] = Counter()
    problems: list[str] = []
    for id_, service, answers in stored:
        number = by_content.get(_text(service, json.loads(answers)))
        if number is None:
            problems.append(f"nobody gave the stored answer {id_}: {service} {answers}")
            continue
        counter[number] += 1
        if number in outcome.thanked and outcome.thanked[number].id != id_:
            problems.append(f"citizen {number} was thanked for {outcome.thanked[number].id}, stored is {id_}")
    problems += [f"citizen {n} was thanked, nothing is stored" for n in outcome.thanked if not counter[n]]
    problems += [f"citizen {n} is stored {count} times" for n, count in counter.items() if count > 1]
    return problems + [f"refused: {why}" for why in outcome.refused]


class Dates(NamedTuple):
    """How well thanked answers are dated: off and not flagged; off and flagged; all flagged.

    Of when an answer was given the hour is kept: right is the hour of up to two minutes before or after its thanks.

    A clock that is set wrong and loses its browser before any contact leaves no trace of by how much: such a date may
    be off, but must be flagged.
    """

    silently_off: list[str]
    off_and_flagged: list[str]
    flagged: int


def dates_of(run: FaultRun) -> Dates:
    """Hold every stored date against when its citizen really was thanked."""
    stored = {id_: (dt.datetime.fromisoformat(at), flag) for id_, at, flag in rows(run.database_url, DATES)}
    off: dict[bool, list[str]] = {False: [], True: []}
    for number, thanks in run.outcome.thanked.items():
        at, is_flagged = stored.get(thanks.id, (None, False))
        right = {hour_begins(thanks.at - DATED_RIGHT), hour_begins(thanks.at + DATED_RIGHT)}
        if at is not None and at.replace(tzinfo=dt.UTC) not in right:
            off[bool(is_flagged)].append(f"citizen {number}: dated {at} instead of {thanks.at}")
    return Dates(off[False], off[True], sum(bool(flag) for _at, flag in stored.values()))


def tallies_differ(database_url: str) -> list[tuple[Any, ...]]:
    """Cells whose tally is not what a recount of the responses gives (SQLite)."""
    return rows(database_url, RECOUNT)


STORED = "SELECT r.id, s.code, r.answers FROM responses r LEFT JOIN services s ON s.id = r.service_id"
DATES = "SELECT id, answered_at, date_uncertain FROM responses"
RECOUNT = """
WITH counted AS (
    SELECT r.province_id, r.month, r.agency_id, coalesce(r.service_id, 0), i.key, i.value, count(*)
    FROM responses r, json_each(r.answers) i GROUP BY 1, 2, 3, 4, 5, 6),
kept AS (SELECT province_id, month, agency_id, service_id, item, value, count FROM tallies)
SELECT 'counted', * FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept)
UNION ALL SELECT 'kept', * FROM (SELECT * FROM kept EXCEPT SELECT * FROM counted)
"""


def _text(service: str | None, answers: dict[str, int]) -> str:
    return json.dumps([service, answers], sort_keys=True)


def _optional_codes(database_url: str) -> list[str]:
    [(definition,)] = rows(
        database_url, "SELECT definition FROM questionnaire_versions WHERE questionnaire_key = 'administration'"
    )
    return [item["code"] for item in json.loads(definition)["items"] if not item.get("subject")]
