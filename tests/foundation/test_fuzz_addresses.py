"""Hostile parts of every address and values of the parameters its page reads: no 500, on both databases."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.foundation.test_fuzz import assert_sound
from tests.support import fuzz_parameters
from tests.support.fuzz_parameters import fuzz_paths, fuzz_read_parameters, fuzz_unknown_parameters
from tests.support.fuzz_places import place_to_fuzz


@pytest.fixture
def world(demonstration_on_each: Flask) -> Flask:
    demonstration_on_each.config["WTF_CSRF_CHECK_DEFAULT"] = False
    return demonstration_on_each


def test_a_name_no_page_reads_changes_no_answer(world: Flask) -> None:
    assert_sound(fuzz_unknown_parameters(world), at_least=200)


def test_no_value_of_a_parameter_breaks_the_page_that_reads_it(world: Flask) -> None:
    assert_sound(fuzz_read_parameters(world, values=2, pages=3), at_least=100)


def test_no_part_of_any_address_breaks_the_program(world: Flask) -> None:
    assert_sound(fuzz_paths(world, values=2), at_least=300)


def test_a_fuzzer_may_follow_another_on_one_database(demonstration_on_each: Flask) -> None:
    assert place_to_fuzz(demonstration_on_each) == place_to_fuzz(demonstration_on_each)
    made = {fuzz_parameters._client(demonstration_on_each) for _run in range(2)}
    assert len(made) == 2
