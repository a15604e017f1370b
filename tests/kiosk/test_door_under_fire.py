"""The same answers from many sides at once, and a server killed between insert and count: tallies equal a recount."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

from flask import Flask

from tests.kiosk.conftest import PairedDevice, answer
from tests.support.counting import failing_counts

if TYPE_CHECKING:
    from survey.foundation.configuration.settings import Settings

SENDERS, ANSWERS, ROUNDS = 6, 40, 3


def send_and_die_before_counting(settings: Settings, device: PairedDevice, batch: list[dict[str, Any]]) -> None:
    """Post answers to a server that is killed at the worst moment: rows inserted, nothing counted yet.

    On PostgreSQL both are one statement: there its own process is ended in between, before ours is.
    """
    from survey.responses import queries
    from wsgi import create_app

    queries.add_to_tallies = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    answered = (
        create_app(settings)
        .test_client()
        .post("/kiosk/api/responses", data=json.dumps({"responses": batch}), headers=device.headers)
    )
    if answered.status_code == 503:
        os.kill(os.getpid(), signal.SIGKILL)


def tallies(app: Flask) -> Counter[tuple[Any, ...]]:
    from survey.foundation.storage.database import db
    from survey.responses.models import Tally

    with app.app_context():
        cells = db.session.scalars(db.select(Tally))
        return Counter({(c.agency_id, c.service_id, c.month, c.item, c.value): c.count for c in cells})


def recount(app: Flask) -> Counter[tuple[Any, ...]]:
    from survey.foundation.storage.database import db
    from survey.responses.models import Response

    with app.app_context():
        return Counter(
            (row.agency_id, row.service_id or 0, row.month, item, value)
            for row in db.session.scalars(db.select(Response))
            for item, value in row.answers.items()
        )


def test_the_same_ids_from_many_senders_at_once_are_stored_once_each(world: Flask, device: PairedDevice) -> None:
    words: dict[str, list[tuple[int, str]]] = {}
    lock = threading.Lock()
    first = [answer(answers={"overall_service": 4}) for _ in range(ANSWERS)]

    def send(sender: int) -> None:
        for round_ in range(ROUNDS):
            # Some senders send other contents under the same ids: whoever is first stands.
            value = 4 if sender % 3 else 2
            batch = [{**sent, "answers": {"overall_service": value}} for sent in first]
            random.Random(sender * ROUNDS + round_).shuffle(batch)
            answered = device.client.post(
                "/kiosk/api/responses", data=json.dumps({"responses": batch}), headers=device.headers
            )
            assert answered.status_code == 200
            with lock:
                for result in answered.json["results"]:
                    words.setdefault(result["id"], []).append((value, result["status"]))

    failures: list[BaseException] = []

    def guarded(sender: int) -> None:
        try:
            send(sender)
        except BaseException as failure:  # noqa: BLE001 - carried to the main thread
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(sender,)) for sender in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    for told in words.values():
        [winner] = [value for value, status in told if status == "stored"]
        assert Counter(status for value, status in told if value == winner) == {
            "stored": 1,
            "duplicate": sum(value == winner for value, _ in told) - 1,
        }
        assert {status for value, status in told if value != winner} <= {"conflict"}
    assert sum(recount(world).values()) == ANSWERS
    assert tallies(world) == recount(world)


def test_a_server_killed_between_insert_and_count_leaves_nothing_and_the_retry_counts_once(
    world: Flask, device: PairedDevice, settings: Settings
) -> None:
    from survey.foundation.storage.database import db

    batch = [answer() for _ in range(5)]
    with world.app_context(), failing_counts(db, "PERFORM pg_terminate_backend(pg_backend_pid());"):
        server = os.fork()  # a process of its own that need not read the program again
        if server == 0:
            try:
                send_and_die_before_counting(settings, device, batch)
            finally:
                os._exit(0)
        _pid, status = os.waitpid(server, 0)
    assert os.WIFSIGNALED(status), "the server was not killed: it never counted"
    assert recount(world) == Counter()

    assert device.statuses(*batch) == ["stored"] * 5
    assert device.statuses(*batch) == ["duplicate"] * 5
    assert tallies(world) == recount(world)
    assert sum(recount(world).values()) == 5
