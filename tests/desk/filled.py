"""The small Đắk Lắk is stored once per run and kind of database; each test that asks for it gets a copy.

It is looked at on 20 November 2026: a file outside this folder takes over what it needs, by name.
"""

import pytest
from flask import Flask

from tests.desk.world import NOW, make_world
from tests.support.clocks import frozen_at
from tests.support.worlds import stored_world

database_url = stored_world("small_world", make_world, "world", "small_world", at=NOW)
frozen_clock = frozen_at(NOW)


@pytest.fixture
def world(app: Flask) -> Flask:
    """The application with agencies, caseloads and answers of September and October 2026."""
    return app
