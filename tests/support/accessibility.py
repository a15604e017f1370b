"""axe-core, the reference checker of WCAG rules, run inside the page under test."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def carry_axe(context: BrowserContext) -> None:
    """Have axe-core in every page that the context opens from now on: cheaper than to send it to each."""
    context.add_init_script(path=AXE)


def accessibility_problems(page: Page) -> list[str]:
    """What breaks WCAG 2.2 AA on the page as it stands: rule, advice and the elements, one line each."""
    page.wait_for_load_state("load")  # sizes are measured: the style sheets must be there
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_axe())  # through the debugger, so the page's content security policy stays in force
    violations = page.evaluate("options => axe.run(document, options).then(found => found.violations)", OPTIONS)
    return [
        f"{violation['id']}: {violation['help']} ({node['target'][-1]}: {node['failureSummary']})"
        for violation in violations
        for node in violation["nodes"]
    ]


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Fails with every WCAG 2.2 AA problem axe-core finds on the page."""

    def check(page: Page) -> None:
        problems = accessibility_problems(page)
        assert not problems, f"{page.url}\n" + "\n".join(problems)

    return check
