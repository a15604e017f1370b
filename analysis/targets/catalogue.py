"""The targets of the three programmes, as shipped in programmes.json with document, clause and verbatim quote."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from analysis.targets.models import Target
from survey.registry.models import Province

PROGRAMMES = Path(__file__).with_name("programmes.json")


def shipped_targets() -> list[dict[str, Any]]:
    """Every shipped target as in the file."""
    targets: list[dict[str, Any]] = _file()["targets"]
    return targets


@cache
def shipped_notes() -> dict[str, dict[str, str]]:
    """What the program itself notes on shipped targets, by language, under the Vietnamese words that are stored."""
    notes: dict[str, dict[str, str]] = _file()["notes"]
    return notes


@cache
def shipped_codes() -> frozenset[tuple[str, str]]:
    """(province key, code) of every shipped target: what the programmes say is nobody's to change."""
    return frozenset((target["province"], target["id"]) for target in shipped_targets())


def _file() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(PROGRAMMES.read_text(encoding="utf-8"))
    return content


def install_targets(connection: Connection) -> None:
    """Add the shipped targets that are not there yet; what a province changed stays as it is."""
    provinces = {key: id_ for id_, key in connection.execute(select(Province.id, Province.key))}
    present = {(province, code) for province, code in connection.execute(select(Target.province_id, Target.code))}
    for row in shipped_targets():
        province_id = provinces[row["province"]]
        if (province_id, row["id"]) in present:
            continue
        values = {name: value for name, value in row.items() if name not in ("id", "province")}
        connection.execute(insert(Target).values(code=row["id"], province_id=province_id, **values))
