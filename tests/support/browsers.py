"""Debian's Chromium, driven by Playwright. It reaches 127.0.0.1 and nothing else.

Debian builds Chromium twice: with its windows, and as a shell that only draws pages. The engine is the same; the shell
takes little more than half the processor time in the tests of the kiosk (docs/contributing.md).
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, BrowserType, ConsoleMessage, Page

CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    # Code is optimised anew on every page and seldom runs there long enough to pay for it: axe-core takes a fifth less.
    "--js-flags=--no-opt --no-maglev",
]
PATIENCE_S = 30
VIETNAM = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}

MakeContext = Callable[..., "BrowserContext"]


def evaluate(page: Page, expression: str, argument: Any = None) -> Any:
    """Evaluate JavaScript; if the page is replaced meanwhile, in the page that comes. Only for what may run twice."""
    from playwright.sync_api import Error

    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return page.evaluate(expression, argument)
        except Error as error:
            if "Execution context was destroyed" not in error.message or time.monotonic() > deadline:
                raise
            page.wait_for_load_state()


def wait_until(page: Page, condition: str) -> None:
    """Wait until a JavaScript expression is true, across navigations.

    Playwright's own `wait_for_function` looks for the first time from outside the page; when it has to look again it
    does so from inside with `eval`, which our content security policy refuses: it fails only where it had to wait.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not evaluate(page, condition):
        assert time.monotonic() < deadline, f"never came true: {condition}"
        page.wait_for_timeout(50)


@pytest.fixture(scope="session")
def chromium() -> Iterator[BrowserType]:
    """Playwright's handle on Chromium, for tests that launch their own (persistent profiles)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    """One Chromium for each worker of the run."""
    browser = chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@contextmanager
def watched(context: BrowserContext, site: str = "http://127.0.0.1:") -> Iterator[BrowserContext]:
    """Fail at the end if any page of the context threw, broke the content security policy or asked another host."""
    troubles: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            troubles.append(message.text)

    # Every host but 127.0.0.1 fails (see FLAGS); to hear of each request would cost more than some of them.
    def on_failure(request: Any) -> None:
        if not request.url.startswith((site, "data:", "blob:", "about:")):
            troubles.append(f"a request would have left this machine: {request.url}")

    context.on("console", on_console)
    context.on("requestfailed", on_failure)
    context.on("weberror", lambda error: troubles.append(f"uncaught in {error.page and error.page.url}: {error.error}"))
    yield context
    context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def new_context(browser: Browser) -> Iterator[MakeContext]:
    """Makes browser contexts (each a separate visitor): `new_context(viewport=…, java_script_enabled=False)`."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(watched(browser.new_context(**{**VIETNAM, **options})))


@pytest.fixture
def page(new_context: MakeContext) -> Page:
    """A page of one visitor with a small phone's screen; `page.context.set_offline(True)` pulls the plug."""
    return new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
