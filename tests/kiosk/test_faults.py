"""Whatever fails, an answer that was thanked is stored once, as given. The long run is benchmarks/kiosk_faults.py."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.kiosk.faults.run import dates_of, differences, fault_run, tallies_differ
from tests.kiosk.world import COUNTER, make_world
from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory

if TYPE_CHECKING:
    from playwright.sync_api import BrowserType


def code_in(database_url: str) -> str:
    from kiosk import pairing
    from survey.foundation.configuration.settings import Settings

    with application(Settings(secret_key=SECRET_KEY, database_url=database_url, testing=True)) as app:
        make_world(app)
        with app.app_context():
            return pairing.issue_code(COUNTER)


def test_every_answer_thanked_is_stored_once_through_every_kind_of_fault(
    chromium: BrowserType, sqlite_databases: DatabaseFactory, tmp_path: Path
) -> None:
    with sqlite_databases.migrated() as url:
        code = code_in(url)
        with fault_run(chromium, url, tmp_path, seed=1) as run:
            run.pair(code)
            for kind in run.kinds:
                run.strike(kind)
            run.settle()

            assert len(run.outcome.thanked) >= 10
            assert differences(run) == []
            assert tallies_differ(url) == []
            assert dates_of(run).silently_off == []
