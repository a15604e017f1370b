"""What is registered by name is found by it, in order, and no name belongs to two."""

from __future__ import annotations

import pytest

from survey.foundation.registered import Registered


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
