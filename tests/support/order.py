"""The longest tests begin first, spread over the workers: whoever begins one last would keep the others waiting."""

from __future__ import annotations

import os

import pytest

LONG = ("tests/journeys/", "tests/guards/test_docs.py", "tests/guards/test_migrations.py", "tests/kiosk/test_faults.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each worker is handed one stretch of the list: every stretch begins with its share of the long tests."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.nodeid.startswith(LONG)]
    others = iter([item for item in items if not item.nodeid.startswith(LONG)])
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        share = (len(items) - len(ordered)) // (workers - worker)
        mine = long[worker::workers][:share]
        ordered += mine + [item for item, _place in zip(others, range(share - len(mine)), strict=False)]
    rest = set(items) - set(ordered)
    items[:] = ordered + [item for item in items if item in rest]
