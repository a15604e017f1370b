"""The small Đắk Lắk of the desk's tests."""

from tests.desk.conftest import database_url as database_url
from tests.desk.conftest import frozen_clock as frozen_clock
from tests.desk.conftest import world as world
