"""The small Đắk Lắk of the desk's tests, told of as in an installation: in steps of ten answers."""

import pytest

from survey.foundation.configuration.settings import Settings
from tests.desk.filled import database_url, world
from tests.support.databases import SECRET_KEY

__all__ = ["database_url", "world"]


@pytest.fixture
def settings(database_url: str) -> Settings:
    """As an installation has them."""
    return Settings(secret_key=SECRET_KEY, database_url=database_url, testing=True)
