"""Every screen of the kiosk: it fits, its targets are large, and it is accessible."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.kiosk.driving import KioskDriver, pair_at_once
from tests.support.accessibility import accessibility_problems
from tests.support.applications import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCREENS = {"portrait": (800, 1280), "small": (1024, 600), "landscape": (1280, 800)}
# Thanks and countdowns wait for as long as a screen is looked at.
NO_SCREEN_GOES_BY_ITSELF = """(() => {
    const later = setTimeout;
    globalThis.setTimeout = (run, ms, ...given) => later(run, ms >= 4000 ? 2 ** 31 - 1 : ms, ...given);
    globalThis.setInterval = () => 0;
})()"""
MISFITS = """() => {
    const problems = [];
    for (const part of document.querySelectorAll('.kiosk, .kiosk-main, .kiosk-foot')) {
        const { className, scrollWidth, clientWidth, scrollHeight, clientHeight } = part;
        if (scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1) problems.push(`${className} scrolls`);
    }
    for (const control of document.querySelectorAll('button, input')) {
        const { width, height, right, bottom } = control.getBoundingClientRect();
        const words = control.getAttribute('aria-label') ?? control.textContent;
        if (control.scrollHeight > control.clientHeight + 1) problems.push(`${words} is cut off`);
        if (width < 60 || height < 60) problems.push(`${words} is ${width} x ${height}`);
        if (right > innerWidth + 1 || bottom > innerHeight + 1) problems.push(`${words} is off the screen`);
    }
    return problems;
}"""


@pytest.fixture
def unpaired(unpaired: KioskDriver) -> KioskDriver:
    """On which every screen stays."""
    unpaired.page.add_init_script(NO_SCREEN_GOES_BY_ITSELF)
    return unpaired


def add_many_services(server: LiveServer, fields: int, services_of_a_field: int) -> None:
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Counter, Service

    long = "Đăng ký quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất lần đầu đối với tổ chức"
    with server.app.app_context(), writing() as session:
        services = [
            Service(
                code=f"dv-{field}-{number}",
                name=f"Dịch vụ {field}.{number}: {long}",
                field=f"Lĩnh vực {field} về đất đai, môi trường, khoáng sản",
                sector="administration",
            )
            for field in range(fields)
            for number in range(services_of_a_field)
        ]
        agency = session.query(Agency).filter_by(code="ubnd-ea-tam").one()
        session.add(Counter(agency=agency, code="quay-nhieu", name="Quầy nhiều dịch vụ", services=services))


def journey(kiosk: KioskDriver) -> dict[str, Callable[[], object]]:
    """Every screen of a citizen and of the staff in turn, each with the way to the next."""
    page = kiosk.page
    return {
        "start": lambda: kiosk.choose(4),
        "second question": lambda: page.click("[data-value='5']"),
        "service": lambda: page.click("text=Đăng ký khai sinh"),
        "ready": lambda: page.click("text=Trả lời thêm"),
        "optional question": lambda: kiosk.send(),
        "thanks": lambda: (kiosk.leave_thanks(), kiosk.call_staff()),
        "PIN": lambda: (kiosk.type_pin(kiosk.pin), kiosk.wait_for("staff")),
        "staff": lambda: page.click("#pair-again"),
        "pair again": lambda: page.click("text=Quay lại"),
        "staff again": lambda: page.click("#leave"),
        "left": lambda: None,
    }


def misfits(page: Page, name: str) -> list[str]:
    """What does not fit in each size; the last is left."""
    problems = []
    for size, (width, height) in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        problems += [f"{name}, {size}: {problem}" for problem in page.evaluate(MISFITS)]
    return problems


def test_every_screen_is_accessible_fits_without_scrolling_and_has_targets_of_at_least_60_px(
    kiosk: KioskDriver,
) -> None:
    problems: list[str] = []
    for name, go_on in journey(kiosk).items():
        problems += misfits(kiosk.page, name)
        kiosk.wait_until_touchable()
        problems += [f"{name}: {problem}" for problem in accessibility_problems(kiosk.page)]
        go_on()
    assert not problems, "\n".join(problems)


def test_many_services_with_long_names_are_chosen_by_field_and_still_fit(
    unpaired: KioskDriver, live_server: LiveServer
) -> None:
    kiosk = unpaired
    add_many_services(live_server, fields=8, services_of_a_field=9)
    pair_at_once(kiosk, live_server, "quay-nhieu")
    problems: list[str] = []
    for rating in (4, 5):
        kiosk.wait_until_touchable()
        kiosk.page.click(f"[data-value='{rating}']")
    for choice in ("Lĩnh vực 7", "Dịch vụ 7.8"):
        kiosk.wait_for("choice")
        problems += misfits(kiosk.page, choice)
        kiosk.page.get_by_role("button", name="Xem tiếp").click()
        kiosk.page.locator(".kiosk-choices button", has_text=choice).click()
    kiosk.wait_for("ready")

    assert not problems, "\n".join(problems)
