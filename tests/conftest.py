"""Fixtures every test may use; each lives in the support module named after its subject."""

import gc
import os
from collections.abc import Generator

import pytest
from hypothesis import settings

pytest_plugins = [
    "tests.support.branches",  # first: it sees what is loaded after it
    "tests.support.routing",
    "tests.support.run_directory",
    "tests.support.databases",
    "tests.support.applications",
    "tests.support.browsers",
    "tests.support.accessibility",
    "tests.support.demonstration",
]

# A slow machine is no bug, so examples have no deadline; continuous integration draws the same examples each time.
settings.register_profile("suite", deadline=None, derandomize=bool(os.environ.get("CI")), database=None)
settings.load_profile("suite")

# Looking for garbage after each 700 new objects, as Python does, takes a seventh of a worker's time, this half of it.
gc.set_threshold(50_000)


@pytest.hookimpl(wrapper=True)
def pytest_report_teststatus(report: pytest.TestReport) -> Generator[None, tuple[str, str, str], tuple[str, str, str]]:
    """What passes says nothing in continuous integration, where a letter per case fills the screen; it is counted."""
    category, letter, word = yield
    silent = os.environ.get("CI") and report.passed and category in ("passed", "subtests passed")
    return (category, "", "") if silent else (category, letter, word)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """How many workers `-n auto` starts: more than there are processors, for tests also wait.

    A worker waits for PostgreSQL, for Chromium and for processes it has started, and another can work meanwhile.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + max(1, cores // 2)
