"""Fixtures every test may use; each lives in the support module named after its subject."""

import os

from hypothesis import settings

pytest_plugins = [
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
