"""Numbers are rounded as they are read, not as floating point holds them."""

from __future__ import annotations

from flask import Flask

from survey.foundation.formatting import between, of_a_hundred


def test_of_a_hundred_every_tenth_of_a_percent_rounds_half_up() -> None:
    assert [of_a_hundred(tenth / 1000) for tenth in range(1001)] == [str((tenth + 5) // 10) for tenth in range(1001)]


def test_two_bounds_that_print_alike_are_told_as_one(app: Flask) -> None:
    with app.test_request_context():
        assert between(0.942, 0.9449) == "từ 94,2 % đến 94,5 %"
        assert between(0.9441, 0.9444) == "94,4 %"
        assert between(0.9441, 0.9449, 0) == "94 %"
