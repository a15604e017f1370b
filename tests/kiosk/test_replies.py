"""Who leaves words at a kiosk may ask for a reply: a code drawn on the device opens its page on their own telephone."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import uuid
from typing import Any

import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from PIL import Image
from sqlalchemy import inspect, text

from survey.feedback.codes import code_of, mark_of
from survey.feedback.models import FeedbackCase
from survey.foundation.clock import now
from tests.kiosk.conftest import PairedDevice, answer
from tests.kiosk.driving import KioskDriver, rows
from tests.support.applications import LiveServer
from tests.support.printed_codes import codes_on

CODE = "ABCDEFGHJKMNPQRS"
WORDS = "Ghế ngồi chờ hỏng"


def asking(**changes: Any) -> dict[str, Any]:
    return answer(comment=WORDS, reply=mark_of(CODE), **changes)


def cases(database: SQLAlchemy) -> list[FeedbackCase]:
    database.session.rollback()  # else SQLite shows what stood there at the first look
    return list(database.session.scalars(database.select(FeedbackCase)))


def status(app: Flask, code: str = CODE) -> int:
    return app.test_client().get(f"/p/{code}").status_code


def test_words_with_a_mark_open_one_case_that_the_code_leads_to(device: PairedDevice, database: SQLAlchemy) -> None:
    given = asking()
    assert status(device.client.application) == 404
    assert device.statuses(given, given) == ["stored", "duplicate"]
    assert device.statuses(given) == ["duplicate"]

    [case] = cases(database)
    assert (str(case.response_id), case.opened_by_id, case.shares_rating) == (given["id"], None, False)
    assert case.opened_at.minute == 0
    page = device.client.get(f"/p/{CODE.lower()[:4]}-{CODE[4:]}")
    assert "Ý kiến đang chờ trả lời" in page.text
    assert WORDS not in page.text


def test_an_answer_that_was_stored_before_its_case_could_be_opened_opens_it_when_sent_again(
    device: PairedDevice, database: SQLAlchemy
) -> None:
    given = asking()
    without = {name: value for name, value in given.items() if name != "reply"}
    assert device.statuses(without) == ["stored"]
    assert cases(database) == []
    assert device.statuses(given) == ["duplicate"]
    assert len(cases(database)) == 1


def test_no_case_without_words_without_wish_or_for_a_mark_that_another_answer_has(
    device: PairedDevice, database: SQLAlchemy
) -> None:
    sent = [answer(reply=mark_of(CODE)), answer(comment=WORDS), answer(comment=WORDS, reply=None)]
    assert device.statuses(*sent) == ["stored"] * 3
    assert cases(database) == []
    assert device.statuses(asking(), asking()) == ["stored", "stored"]
    assert len(cases(database)) == 1


def test_a_mark_that_is_none_is_named_and_the_code_itself_is_not_taken(device: PairedDevice) -> None:
    for wrong in (CODE, 7, "a" * 63, "A" * 64, ["a" * 64], {}):
        [result] = device.send(answer(comment=WORDS, reply=wrong))
        assert result["status"] == "invalid"
        assert "reply" in result["problem"]


def test_neither_what_the_kiosk_sends_nor_what_the_server_keeps_opens_the_page(
    device: PairedDevice, database: SQLAlchemy
) -> None:
    given = asking()
    device.send(given)
    app = device.client.application
    assert CODE not in json.dumps(given)
    kept = "\n".join(
        str(list(database.session.execute(text(f'SELECT * FROM "{name}"'))))
        for name in inspect(database.engine).get_table_names()
    )
    assert CODE not in kept
    assert mark_of(CODE) not in kept
    guesses = [mark_of(CODE)[:16].upper(), mark_of(CODE), code_of(uuid.UUID(given["id"]))]
    assert [status(app, guess) for guess in guesses] == [404, 404, 404]


def test_words_are_written_on_the_screen_and_the_thanks_carry_a_code_for_ones_own_phone(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    page = kiosk.page
    page.context.set_offline(True)
    kiosk.begin()
    kiosk.choose(2)
    kiosk.choose(3)
    page.click("#write")
    kiosk.wait_for("words")
    page.fill("#words", WORDS)
    page.click("#want-reply")
    page.fill("#words", "")
    page.click("#send")
    assert "Xin viết ý kiến trước" in page.inner_text("#screen")
    page.fill("#words", WORDS)
    page.click("#send")
    kiosk.wait_for("reply")
    [code] = re.findall(r"\b(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}\b", page.inner_text("#code"))
    picture = Image.open(io.BytesIO(page.locator("svg.kiosk-qr").screenshot()))
    address = f"{live_server.app.extensions['settings'].public_url}/p/{code.replace('-', '')}"
    assert codes_on(picture) == [address], "what a telephone reads"

    [record] = kiosk.stored_here()
    assert record["answer"]["comment"] == WORDS
    assert record["answer"]["reply"] == mark_of(code.replace("-", ""))
    assert code.replace("-", "") not in json.dumps(record)
    page.click("#done")
    kiosk.wait_for_start()
    assert code not in page.content()

    page.context.set_offline(False)
    kiosk.wait_until_sent()
    assert "Ý kiến đang chờ trả lời" in live_server.app.test_client().get(f"/p/{code}").text
    url = live_server.app.config["SQLALCHEMY_DATABASE_URI"]
    assert rows(url, "SELECT opened_by_id, shares_rating FROM feedback_cases") == [(None, 0)]


def test_the_picture_holds_the_public_address_of_the_code(kiosk: KioskDriver, live_server: LiveServer) -> None:
    """Drawn by the vendored encoder; compared with what the server's own encoder draws of the same text."""
    from survey.foundation.pages.qr_drawing import QUIET, qr_path

    address = f"{live_server.app.extensions['settings'].public_url}/p/{CODE}"
    size = kiosk.page.evaluate(
        """async (text) => {
            const { encode } = await import('/static/vendor/uqr/index.js');
            return encode(text, { ecc: 'M', border: 4 }).size;
        }""",
        address,
    )
    assert (size, QUIET) == (qr_path(address)[0], 4)


def test_words_without_a_wish_are_sent_and_thanked_as_any_answer(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.begin()
    kiosk.choose(2)
    kiosk.choose(3)
    kiosk.page.click("#write")
    kiosk.page.fill("#words", WORDS)
    assert "Cảm ơn" in kiosk.send()
    kiosk.wait_until_sent()
    url = live_server.app.config["SQLALCHEMY_DATABASE_URI"]
    assert rows(url, "SELECT comment FROM responses") == [(WORDS,)]
    assert rows(url, "SELECT id FROM feedback_cases") == []


def test_a_visitor_who_walks_away_from_the_code_leaves_no_code_on_the_screen(kiosk: KioskDriver) -> None:
    page = kiosk.page
    page.clock.install(time=now())
    kiosk.open()
    kiosk.begin()
    kiosk.choose(2)
    kiosk.choose(3)
    page.click("#write")
    page.fill("#words", WORDS)
    page.click("#want-reply")
    page.click("#send")
    kiosk.wait_for("reply")
    page.clock.run_for(45_000)
    assert "Màn hình sẽ trở về" in page.inner_text("#countdown")
    page.clock.run_for(20_000)
    kiosk.wait_for_start()
    assert page.locator(".kiosk-qr").count() == 0


FORGET_FOLLOW = """() => new Promise((resolve, reject) => {
    const open = indexedDB.open('hai-long-kiosk');
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
        const transaction = open.result.transaction('settings', 'readwrite');
        const settings = transaction.objectStore('settings');
        let forgotten = null;
        settings.get('config').onsuccess = ({ target }) => {
            const { data: { follow, ...data }, ...kept } = target.result;
            forgotten = follow;
            settings.put({ ...kept, data }, 'config');
        };
        transaction.oncomplete = () => { open.result.close(); resolve(forgotten); };
    };
})"""


def test_a_device_whose_configuration_is_of_an_earlier_version_still_takes_the_wish(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    page = kiosk.page
    kiosk.wait_for_worker()
    page.context.set_offline(True)
    assert page.evaluate(FORGET_FOLLOW).endswith("/p/")
    kiosk.open()
    write(kiosk)
    page.click("#want-reply")
    page.click("#send")
    kiosk.wait_for("reply")
    code = page.inner_text("#code")
    assert page.locator("svg.kiosk-qr path").get_attribute("d")
    page.context.set_offline(False)
    kiosk.wait_until_sent()
    assert "Ý kiến đang chờ trả lời" in live_server.app.test_client().get(f"/p/{code}").text


def test_words_that_nobody_sent_go_with_who_walked_away_and_the_ratings_stay(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    page = kiosk.page
    page.clock.install(time=now())
    kiosk.open()
    write(kiosk)
    page.click("#want-reply")
    page.clock.run_for(31_000)
    kiosk.wait_for_start()
    url = live_server.app.config["SQLALCHEMY_DATABASE_URI"]
    page.clock.run_for(5_000)
    kiosk.wait_until_sent()
    assert rows(url, "SELECT comment, partial FROM responses") == [(None, 1)]
    assert rows(url, "SELECT id FROM feedback_cases") == []


def write(kiosk: KioskDriver) -> None:
    """Two faces and a few words."""
    kiosk.begin()
    kiosk.choose(2)
    kiosk.choose(3)
    kiosk.page.click("#write")
    kiosk.page.fill("#words", WORDS)


def test_an_honest_counter_whose_kiosk_was_alone_for_a_day_raises_no_alarm(
    device: PairedDevice, database: SQLAlchemy
) -> None:
    """As many as a counter can serve, everybody with a wish, sent at once from one address: 8 hours of 30."""
    hours = [(now() + dt.timedelta(hours=number)).isoformat() for number in range(1, 9)]

    def sent(hour: str, name: str, count: int) -> list[dict[str, Any]]:
        marks = [mark_of(f"{name} {hour} {number}") for number in range(count)]
        return [answer(comment=WORDS, answered_at=hour, reply=mark) for mark in marks]

    with time_machine.travel(now() + dt.timedelta(hours=9), tick=False):
        for hour in hours:
            assert device.statuses(*sent(hour, "honest", 30)) == ["stored"] * 30
        assert [case.set_apart for case in cases(database)] == [False] * 240
        more = sent(hours[0], "more", 3)  # nobody serves so many in an hour: kept, and looked at
        assert device.statuses(*more) == ["stored"] * 3
        assert device.statuses(*more) == ["duplicate"] * 3
        assert sum(case.set_apart for case in cases(database)) == 3
