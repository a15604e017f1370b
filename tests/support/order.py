"""The longest tests begin first, on different workers: whoever began one last would keep the others waiting."""

from __future__ import annotations

import os
from itertools import islice

import pytest

# Each group stays together: its tests share what they have made (the walk through all links, a copy of the project).
LONG = (
    ("tests/journeys/",),
    ("tests/guards/test_docs.py", "tests/kiosk/test_faults.py"),
    ("tests/guards/test_migrations.py", "tests/guards/test_pages.py"),
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each worker is handed one stretch of the list: every stretch begins with its groups of long tests."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    groups = [[item for item in items if item.nodeid.startswith(names)] for names in LONG]
    long = {item for group in groups for item in group}
    others = iter([item for item in items if item not in long])
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        share = (len(items) - len(ordered)) // (workers - worker)
        mine = [item for group in groups[worker::workers] for item in group]
        ordered += [*mine, *islice(others, max(share - len(mine), 0))]
    items[:] = [*ordered, *others]
