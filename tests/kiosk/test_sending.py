"""What leaves the queue, and when: only on the server's word, in batches, with growing pauses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.kiosk.driving import MODULES, KioskDriver, rows, stored
from tests.support.applications import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Route

RESPONSES = "**/kiosk/api/responses"
NO_WORD: dict[str, dict[str, Any]] = {
    "a captive portal's page": {"status": 200, "content_type": "text/html", "body": "<h1>Đăng nhập Wi-Fi</h1>"},
    "a redirection to it": {"status": 302, "headers": {"Location": "/login"}},
    "no results": {"status": 200, "json": {"results": []}},
    "results of others": {"status": 200, "json": {"results": [{"id": "x", "status": "stored"}]}},
    "a proxy's 400": {"status": 400, "body": "bad request"},
    "a proxy's 404": {"status": 404, "body": "not found"},
    "a server being changed": {"status": 503, "body": ""},
    "a server that failed": {"status": 500, "json": {"error": {"message": "x"}}},
}
# More answers like the one in the queue, each with an id of its own; the second argument changes what they say.
QUEUE_MORE = """([ids, changes]) => new Promise((resolve) => {
    const open = indexedDB.open('hai-long-kiosk');
    open.onsuccess = () => {
        const write = open.result.transaction('queue', 'readwrite');
        const queue = write.objectStore('queue');
        queue.getAll(null, 1).onsuccess = ({ target: { result: [{ segment, answer }] } }) => {
            for (const id of ids) queue.add({ id, segment, answer: { ...answer, id, ...changes } });
        };
        write.oncomplete = () => { open.result.close(); resolve(); };
    };
})"""


def received(server: LiveServer) -> int:
    return len(stored(server))


def test_nothing_leaves_the_queue_but_on_the_servers_word(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.page.context.set_offline(True)
    kiosk.rate()
    kept = kiosk.stored_here()
    kiosk.open_staff_menu()
    reply: dict[str, Any] = {}
    kiosk.page.route(RESPONSES, lambda route: route.fulfill(**reply))
    for name, no_word in NO_WORD.items():
        reply.clear()
        reply.update(no_word)
        kiosk.page.context.set_offline(False)
        kiosk.send_now()
        assert kiosk.stored_here() == kept, name
    assert received(live_server) == 0

    kiosk.page.unroute(RESPONSES)
    kiosk.send_now()
    assert (kiosk.stored_here(), received(live_server)) == ([], 1)


def test_a_long_queue_goes_in_batches_of_200_oldest_first(kiosk: KioskDriver, live_server: LiveServer) -> None:
    batches: list[list[str]] = []

    def watch(route: Route) -> None:
        batches.append([answer["id"] for answer in route.request.post_data_json["responses"]])
        route.continue_()

    kiosk.page.context.set_offline(True)
    kiosk.rate()
    kiosk.page.evaluate(QUEUE_MORE, [[f"00000000-0000-4000-8000-{n:012}" for n in range(449)], {}])
    ids = [record["id"] for record in kiosk.stored_here()]
    kiosk.page.route(RESPONSES, watch)
    kiosk.page.context.set_offline(False)
    kiosk.wait_until_sent()

    assert [batch for batch in batches if batch] == [ids[:200], ids[200:400], ids[400:]]
    assert received(live_server) == 450


def test_a_batch_too_large_for_what_lies_between_is_halved_until_it_passes(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    def narrow(route: Route) -> None:
        if len(route.request.post_data_json["responses"]) > 2:
            route.fulfill(status=413, body="too large")
        else:
            route.continue_()

    kiosk.page.context.set_offline(True)
    kiosk.rate()
    kiosk.page.evaluate(QUEUE_MORE, [[f"00000000-0000-4000-8000-{n:012}" for n in range(6)], {}])
    kiosk.page.route(RESPONSES, narrow)
    kiosk.page.context.set_offline(False)
    kiosk.wait_until_sent()

    assert (received(live_server), kiosk.stored_here("refused")) == (7, [])


def test_an_answer_that_clashes_with_another_is_kept_apart_and_overwrites_nothing(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    kiosk.page.route(RESPONSES, lambda route: route.abort())
    kiosk.rate(service_rating=4)
    [record] = kiosk.stored_here()
    kiosk.page.unroute(RESPONSES)
    kiosk.page.evaluate("dispatchEvent(new Event('online'))")
    kiosk.wait_until_sent()
    kiosk.page.context.set_offline(True)
    kiosk.rate()
    kiosk.page.evaluate(QUEUE_MORE, [[record["id"]], {"answers": {"overall_service": 1}}])
    kiosk.page.context.set_offline(False)
    kiosk.wait_until_sent()

    assert [(kept["id"], kept["status"]) for kept in kiosk.stored_here("refused")] == [(record["id"], "conflict")]
    url = live_server.app.config["SQLALCHEMY_DATABASE_URI"]
    [(answers,)] = rows(url, f"SELECT answers FROM responses WHERE id = '{record['id'].replace('-', '')}'")
    assert json.loads(answers)["overall_service"] == 4


def test_pauses_double_up_to_five_minutes_and_are_spread(unpaired: KioskDriver, live_server: LiveServer) -> None:
    unpaired.open_beside()
    longest, shortest = unpaired.page.evaluate(
        """async (modules) => {
            const { pauseAfter } = await import(`${modules}/sender.js`);
            const failures = [1, 2, 3, 7, 8, 9, 1000];
            return [1, 0].map((random) => failures.map((count) => pauseAfter(count, () => random) / 1000));
        }""",
        MODULES,
    )
    assert longest == [2, 4, 8, 128, 256, 300, 300]
    assert shortest == [record / 2 for record in longest]
