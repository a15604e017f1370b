"""The three provinces whose programmes the product ships with."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from survey.registry.models import Province

PROVINCES = (("dak-lak", "Đắk Lắk"), ("son-la", "Sơn La"), ("an-giang", "An Giang"))


def install_provinces(connection: Connection) -> None:
    """Add the provinces that are not there yet."""
    present = set(connection.scalars(select(Province.key)))
    for key, name in PROVINCES:
        if key not in present:
            connection.execute(insert(Province).values(key=key, name=name))
