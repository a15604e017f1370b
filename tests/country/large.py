"""200,000 ratings of three provinces, in a database of either kind."""

from __future__ import annotations

import time_machine

from survey.foundation.configuration.settings import Settings
from tests.archive.world import LATER, make_large
from tests.support.applications import application
from tests.support.databases import SECRET_KEY


def settings(url: str) -> Settings:
    return Settings(secret_key=SECRET_KEY, database_url=url, testing=True, release_step=0)


def fill_large(url: str) -> None:
    with time_machine.travel(LATER, tick=False), application(settings(url)) as app:
        make_large(app)
