"""docs/contributing.md names the likely changes; each has its own section, and every room it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path("docs/contributing.md").read_text(encoding="utf-8")
LIKELY = PAGE.split("## Likely changes")[1].split("\n## ")[0]
CHANGES = re.findall(
    r"^- \[(?P<change>[^\]]+)\]\(#(?P<anchor>[^)]+)\): (?P<rooms>[^;]+);\s+tests:(?P<tests>(?:.|\n  )+)$", LIKELY, re.M
)
ROOT_NAMES = ("survey/", "kiosk/", "analysis/", "templates/", "static/", "tests/", "docs/", "migrations/")


def section_of(anchor: str) -> str:
    """The text under a heading."""
    for part in PAGE.split("\n## ")[1:]:
        title, _line, text = part.partition("\n")
        if re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") == anchor:
            return text
    return ""


def named_in(text: str) -> list[str]:
    """Files and folders of the project that a text names."""
    return [name for name in re.findall(r"`([\w./-]+/[\w./-]*)`", text) if name.startswith(ROOT_NAMES)]


def test_none_of_them_is_overlooked() -> None:
    assert len(CHANGES) == LIKELY.count("](#") > 10


@pytest.mark.parametrize(("change", "anchor", "rooms", "tests"), CHANGES)
def test_every_change_has_a_section_and_rooms_that_exist(change: str, anchor: str, rooms: str, tests: str) -> None:
    assert section_of(anchor), f"{change}: no section #{anchor}"
    assert named_in(tests), f"{change}: no tests"
    named = [*named_in(rooms), *named_in(tests), *named_in(section_of(anchor))]
    assert [name for name in named if not Path(name).exists()] == []


def test_a_room_that_is_gone_would_be_seen() -> None:
    assert [name for name in named_in("`survey/nowhere/` and `survey/registry/`") if not Path(name).exists()] == [
        "survey/nowhere/"
    ]


def test_every_room_of_the_house_is_named_on_its_map() -> None:
    map_of_rooms = Path("docs/architecture.md").read_text(encoding="utf-8")
    packages = [path.parent for part in ("survey", "kiosk", "analysis") for path in Path(part).glob("*/__init__.py")]
    assert len(packages) > 20
    assert [
        str(room) for room in packages if f"{room.name}/" not in map_of_rooms and f"`{room}" not in map_of_rooms
    ] == []
