"""What is registered by name is found by it, in order, and no name belongs to two."""

from __future__ import annotations

import pytest
from flask import Flask

from survey.foundation.registered import PerApp, Registered


def test_members_come_in_the_order_they_were_added() -> None:
    colours: Registered[int] = Registered("colour", {"red": 1})
    assert colours.add("blue", 2) == 2
    assert (list(colours), colours["blue"], colours.get("green")) == (["red", "blue"], 2, None)


def test_a_name_is_refused_to_a_second_thing_and_the_first_stays() -> None:
    colours: Registered[int] = Registered("colour", {"red": 1})
    with pytest.raises(ValueError, match=r"colour.*'red'"):
        colours.add("red", 2)
    assert colours["red"] == 1


def test_the_same_thing_registered_again_changes_nothing() -> None:
    colours: Registered[int] = Registered("colour", {"red": 1})
    colours.add("red", 1)
    assert len(colours) == 1


def test_each_application_has_members_of_its_own() -> None:
    colours: PerApp[int] = PerApp("colour")
    first, second = Flask("first"), Flask("second")
    colours.add(first, "red", 1)
    colours.add(second, "red", 2)
    assert (dict(colours.members(first)), dict(colours.members(second))) == ({"red": 1}, {"red": 2})
    with first.app_context():
        assert dict(colours.members()) == {"red": 1}
    with pytest.raises(ValueError, match=r"colour.*'red'"):
        colours.add(first, "red", 3)
