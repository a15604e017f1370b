"""The small Đắk Lắk is stored once per run and kind of database; each test that asks for it gets a copy."""

from tests.desk.world import NOW, make_world
from tests.support.worlds import stored_world

database_url = stored_world("small_world", make_world, "world", "small_world", at=NOW)
