"""A security key in a real browser: Chromium with an authenticator in software (WebAuthn, DevTools)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserType, Page

from survey.accounts.models import SecurityKey
from survey.foundation.storage.database import db
from tests.support.applications import LiveServer
from tests.support.browsers import CHROMIUM, FLAGS, watched
from tests.support.second_factors import Phone, enrol
from tests.support.software_keys import KEYS
from tests.support.staff import PASSWORD, client_of, make_user

RESOLVE = "--host-resolver-rules="
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": False,
    "isUserVerified": False,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named(chromium: BrowserType) -> Iterator[Browser]:
    """A browser that reaches this machine by its name: keys are bound to names."""
    flags = [flag for flag in FLAGS if not flag.startswith(RESOLVE)]
    browser = chromium.launch(
        executable_path=CHROMIUM, args=[*flags, f"{RESOLVE}MAP localhost 127.0.0.1 , MAP * ~NOTFOUND"]
    )
    yield browser
    browser.close()


@pytest.fixture
def site(live_server: LiveServer) -> str:
    url = live_server.url.replace("127.0.0.1", "localhost")
    live_server.app.extensions["settings"] = live_server.app.extensions["settings"].but(public_url=url)
    return url


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/login?next=/desk/account")
    page.fill("#username", "can-bo")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")


def type_code(page: Page, phone: Phone, later: int) -> None:
    page.fill("#code", phone.code(later))
    page.click("main form:not([data-key-sign-in]) button[type=submit]")


def add_key(page: Page, site: str, phone: Phone, name: str) -> Callable[[], None]:
    """Sign in and add the key that is plugged into this browser; gives what takes the credential off the key again."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    plugged_in = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_in(page, site)
    type_code(page, phone, 0)
    page.goto(site + KEYS)
    page.fill("#name", name)
    page.fill("#code", phone.code(1))
    page.click("form[data-key-add] button[type=submit]")
    page.wait_for_selector("text=Đã thêm khóa bảo mật")

    def forget() -> None:
        devtools.send("WebAuthn.clearCredentials", {"authenticatorId": plugged_in["authenticatorId"]})

    return forget


def test_a_key_is_added_and_opens_the_next_sign_in_with_a_touch(
    live_server: LiveServer, site: str, named: Browser
) -> None:
    user_id = make_user(live_server.app, "can-bo", "officer")
    phone = enrol(client_of(live_server.app, user_id))
    with watched(named.new_context(locale="vi-VN"), site) as context:
        page = context.new_page()
        add_key(page, site, phone, "khóa ở cơ quan")
        with live_server.app.app_context():
            assert [(key.name, key.host) for key in db.session.query(SecurityKey)] == [("khóa ở cơ quan", "localhost")]
        context.clear_cookies()
        sign_in(page, site)
        page.click("form[data-key-sign-in] button[type=submit]")
        page.wait_for_url("**/desk/account")


def test_without_its_key_the_browser_says_so_and_the_code_still_opens(
    live_server: LiveServer, site: str, named: Browser
) -> None:
    user_id = make_user(live_server.app, "can-bo", "officer")
    phone = enrol(client_of(live_server.app, user_id))
    with watched(named.new_context(locale="vi-VN"), site) as context:
        page = context.new_page()
        forget = add_key(page, site, phone, "khóa để quên")
        forget()
        context.clear_cookies()
        sign_in(page, site)
        page.click("form[data-key-sign-in] button[type=submit]")
        assert page.wait_for_selector("[data-key-trouble]:visible")
        assert page.url.startswith(f"{site}/login")
        page.fill("#code", phone.codes[0])
        page.click("main form:not([data-key-sign-in]) button[type=submit]")
        page.wait_for_url("**/desk/account")
