"""Languages from packs on a kiosk: spoken and shown, without a network, to somebody who cannot read."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from survey.questionnaires.packs.sample import VIETNAMESE
from tests.kiosk.driving import pairing_code, stored
from tests.support.browsers import wait_until
from tests.support.language_packs import install_pack, make_pack, marked, zipped
from tests.support.staff import signed_in

if TYPE_CHECKING:
    from tests.kiosk.driving import KioskDriver
    from tests.support.applications import LiveServer

# Plays fast, and notes what was played and which answer was set off meanwhile.
LISTEN = """
window.heard = [];
HTMLMediaElement.prototype.played_by_us = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  this.playbackRate = 8;
  const mark = document.querySelector('.is-spoken');
  this.addEventListener('ended', () => window.heard.push([this.src, mark && mark.dataset.value]));
  return this.played_by_us();
};
"""
SAMPLE = "vi-x-mau"


@pytest.fixture
def speaking(unpaired: KioskDriver, live_server: LiveServer) -> KioskDriver:
    """A kiosk with the Vietnamese sounds that ship, cut off from the network."""
    install_pack(live_server.app, VIETNAMESE)
    unpaired.page.add_init_script(LISTEN)
    unpaired.pair(pairing_code(live_server))
    unpaired.wait_for_worker()
    unpaired.page.context.set_offline(True)
    return unpaired


def heard(kiosk: KioskDriver) -> list[list[Any]]:
    """What was played to its end: the address, and the value of the answer that was set off."""
    played: list[list[Any]] = kiosk.page.evaluate("window.heard")
    return played


def test_who_cannot_read_rates_by_sound_alone_without_a_network(speaking: KioskDriver, live_server: LiveServer) -> None:
    page = speaking.page
    page.wait_for_timeout(400)
    assert heard(speaking) == [], "nothing speaks before somebody asks"
    page.click("#listen")
    wait_until(page, "window.heard.length >= 6")
    assert [value for _address, value in heard(speaking)] == [None, "1", "2", "3", "4", "5"]
    speaking.wait_until_touchable()
    page.click("[data-value='4']")
    wait_until(page, "window.heard.length >= 12")  # the second question speaks by itself
    page.click("[data-value='5']")
    speaking.wait_for("choice")
    wait_until(page, "window.heard.length >= 14")
    page.locator(".kiosk-foot button").last.click()
    speaking.wait_for("ready")
    speaking.wait_for("thanks")  # it sends itself
    speaking.wait_for("start")
    before = len(heard(speaking))
    page.wait_for_timeout(600)
    assert len(heard(speaking)) <= before + 1, "the next citizen hears nothing of it"
    page.context.set_offline(False)
    speaking.wait_until_sent()
    [record] = stored(live_server)
    assert json.loads(record[0]) == {"overall_service": 4, "overall_procedures": 5}


def test_a_touch_stops_what_speaks(speaking: KioskDriver) -> None:
    speaking.page.click("#listen")
    speaking.page.wait_for_selector(".is-spoken")
    speaking.page.click("#listen")
    assert speaking.page.locator(".is-spoken").count() == 0


def test_a_pack_put_in_at_the_desk_reaches_a_kiosk_at_work_and_stays_without_a_network(
    kiosk: KioskDriver, live_server: LiveServer, tmp_path: Path
) -> None:
    page, app = kiosk.page, live_server.app
    assert page.locator(f"button[lang='{SAMPLE}']").count() == 0
    pack = zipped(make_pack(app, tmp_path / "pack"))
    owner = signed_in(app, "so-noi-vu", "method_owner", sector="administration")
    token = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', owner.get("/desk/languages").text)
    sent = {"file": (io.BytesIO(pack), "pack.zip"), "csrf_token": token[0] if token else ""}
    assert owner.post("/desk/languages", data=sent).status_code == 302
    page.add_init_script(LISTEN)
    page.reload()
    page.wait_for_selector(f"button[lang='{SAMPLE}']")
    kiosk.wait_for_worker()
    page.context.set_offline(True)
    page.reload()
    page.click(f"button[lang='{SAMPLE}']")
    page.wait_for_selector(f"html[lang='{SAMPLE}']")
    assert page.inner_text("#question").startswith("«Ông/Bà hài lòng")
    wait_until(page, "window.heard.length >= 1")  # a language is known by its sound
    kiosk.wait_until_touchable()
    page.click("[data-value='2']")
    assert marked("Không có ý kiến") in page.inner_text("#foot")
