"""The main job, end to end in a browser: a citizen rates, the right department sees it, the month's PDF carries it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from survey.foundation.formatting import percent, percent_range
from tests.desk import world
from tests.support.browsers import MakeContext
from tests.support.staff import PASSWORD, make_user

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.applications import LiveServer

PHONE = {"width": 360, "height": 740}
MONTH = "2026-10"


@pytest.fixture
def server(live_server: LiveServer) -> LiveServer:
    """The small Đắk Lắk with its two departments."""
    world.make_world(live_server.app)
    make_user(live_server.app, "so-y-te", "method_owner", sector="health")
    make_user(live_server.app, "so-gddt", "method_owner", sector="education")
    return live_server


def sign_in(page: Page, server: LiveServer, name: str) -> None:
    page.goto(f"{server.url}/login")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def answers_shown(page: Page, server: LiveServer, sector: str) -> int:
    page.goto(f"{server.url}/desk/dak-lak/{sector}?year=2026")
    match = re.search(r"nhận được ([\d.]+)", page.inner_text("main"))
    assert match, page.inner_text("main")
    return int(match[1].replace(".", ""))


def rate(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/c/quay-bv-tinh")
    page.get_by_label("5 trên 5, Rất hài lòng").first.tap()
    page.locator("select[name=service]").select_option(label="Khám bệnh ngoại trú")
    page.get_by_role("button", name="Gửi đánh giá").click()
    assert "Cảm ơn Ông/Bà" in page.inner_text("main")


def estimates(server: LiveServer, **options: str) -> dict[str, Any]:
    arguments = [f"--{name}={value}" for name, value in options.items()]
    result = server.app.test_cli_runner().invoke(args=["analysis", "estimates", "--format=json", *arguments])
    assert result.exit_code == 0, result.output
    (domain,) = json.loads(result.stdout)["domains"]
    return domain


def text_of_report(page: Page, server: LiveServer, period: str, folder: Path) -> str:
    with page.expect_download() as download:
        page.evaluate(
            "url => { const a = document.createElement('a'); a.href = url; document.body.append(a); a.click() }",
            f"{server.url}/desk/reports/dak-lak/so-y-te/{period}.pdf",
        )
    path = folder / "report.pdf"
    download.value.save_as(path)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
    return re.sub(r"\s+", " ", text)


def test_a_rating_reaches_the_right_desk_and_the_months_pdf(
    server: LiveServer, new_context: MakeContext, tmp_path: Path, frozen_month: str
) -> None:
    citizen = new_context(viewport=PHONE, has_touch=True).new_page()
    health, education = (new_context(viewport={"width": 1280, "height": 900}).new_page() for _ in range(2))
    sign_in(health, server, "so-y-te")
    sign_in(education, server, "so-gddt")
    before = answers_shown(health, server, "health"), answers_shown(education, server, "education")
    assert text_of_report(health, server, frozen_month, tmp_path)

    rate(citizen, server)

    after = answers_shown(health, server, "health"), answers_shown(education, server, "education")
    assert after == (before[0] + 1, before[1])
    assert education.goto(f"{server.url}/desk/dak-lak/health").status == 404

    figure = estimates(server, province="dak-lak", period=frozen_month, subject="health_service")
    report = text_of_report(health, server, frozen_month, tmp_path)
    assert figure["n"] == 171
    assert percent(figure["estimate"]) in report
    assert percent(figure["unweighted"]) in report
    assert percent_range(figure["interval_90"]["low"], figure["interval_90"]["high"]) in report
    assert f"{figure['n']}" in report


@pytest.fixture
def frozen_month() -> Any:
    """A day in October 2026: what the citizen rates today lands in the month that is reported."""
    import datetime as dt

    import time_machine

    with time_machine.travel(dt.datetime(2026, 10, 28, 3, tzinfo=dt.UTC), tick=True):
        yield MONTH
