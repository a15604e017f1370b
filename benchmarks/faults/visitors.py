"""Who asks the servers while faults strike: citizens, kiosks with batches, reviewers at the desk, the nightly job.

Each tries again until it is acknowledged, as people and devices do; what was acknowledged stands in the ledger.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import json
import random
import re
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import urlencode

from benchmarks.faults.servers import Address, Server
from survey.demo.accounts import PASSWORD
from survey.demo.command import FIRST_COUNTER

TOKEN = re.compile(r'name="token" value="([^"]+)"')
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
FORM = f"/c/{FIRST_COUNTER}"
PATIENCE = 0.05  # seconds until somebody tries again
USUAL = {200, 302, 303, 304, 401, 422, 429, 503}  # 401: a session that a moved clock ended; 503: told to come back
MONTH = f"{dt.date.today():%Y-%m}"  # noqa: DTZ011 - which of two months at its very end does not matter
AT_THE_DESK = [
    *("/desk/dak-lak/all", f"/desk/dak-lak/administration/explore?period={MONTH[:4]}&by=agency"),
    *("/desk/dak-lak/all/comments", "/desk/feedback", "/desk/signals", "/desk/measures", "/desk/devices"),
    *("/desk/agencies", "/desk/counters", "/desk/users/dak-lak/", "/results/", "/api/v1/provinces"),
]


@dataclass
class Ledger:
    """What was acknowledged, and how often each status came."""

    thanked: set[str] = field(default_factory=set)
    statuses: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    number: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def words(self) -> str:
        """Words nobody said before, by which an answer is found again."""
        with self.lock:
            self.number += 1
            return f"Lời số {self.number:07d}"

    def note(self, who: str, status: int, what: str, thanked: Sequence[str] = ()) -> None:
        """Keep what an answer of a server said."""
        with self.lock:
            self.statuses[f"{who} {status}"] += 1
            self.thanked.update(thanked)
            if status not in USUAL:
                self.broken[f"{who} {status} {what}"] += 1

    def rest(self, seconds: float = PATIENCE) -> None:
        """Wait, unless all is over."""
        self.over.wait(seconds)


@contextlib.contextmanager
def unanswered(ledger: Ledger, who: str) -> Iterator[None]:
    """A server that is gone, or goes before its answer is whole, is a fault's doing."""
    try:
        yield
    except (OSError, http.client.HTTPException):
        with ledger.lock:
            ledger.statuses[f"{who} cut"] += 1
        ledger.rest()


def citizen(
    ledger: Ledger,
    servers: Sequence[Address],
    chance: random.Random,
    pause: float = 0.0,
    form: str = FORM,
    fields: Mapping[str, str] = {},
) -> None:
    """Answers, each sent until it is thanked for: with the page's new token where it was open too long."""
    while not ledger.over.is_set():
        comment, token = ledger.words(), ""
        given = {"overall_service": chance.choice("12345"), "comment": comment, **fields}
        while not ledger.over.is_set() and comment not in ledger.thanked:
            with unanswered(ledger, "citizen"):
                asked = chance.choice(servers)
                if not token:
                    token = _token_in(asked.ask("GET", form)[2])
                    ledger.rest(0 if token else PATIENCE)
                    continue
                status, _headers, page = asked.ask("POST", form, urlencode({**given, "token": token}))
                thanked = status == 200 and "ghi nhận" in page
                ledger.note("citizen", status, form, [comment] if thanked else [])
                token = _token_in(page) or token
                ledger.rest(0 if thanked else PATIENCE)
        ledger.rest(pause)


def _token_in(page: str) -> str:
    shown = TOKEN.search(page)
    return shown[1] if shown else ""


def kiosk(
    ledger: Ledger, servers: Sequence[Server], chance: random.Random, key: str, most: int, pause: float = 0.5
) -> None:
    """Batches of up to `most` answers, each batch sent until every answer in it is stored or known."""
    while not ledger.over.is_set():
        batch = [_answer(ledger.words(), chance) for _number in range(chance.randint(most // 4, most))]
        while batch and not ledger.over.is_set():
            with unanswered(ledger, "kiosk"):
                batch = _send(ledger, chance.choice(servers), batch, key)
        ledger.rest(pause)


def _send(ledger: Ledger, server: Server, batch: list[dict[str, object]], key: str) -> list[dict[str, object]]:
    """What of a batch is still to be sent afterwards."""
    body = json.dumps({"responses": batch, "sent_at": _now()})
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    status, _headers, said = server.ask("POST", "/kiosk/api/responses", body, headers, timeout=60)
    results = json.loads(said)["results"] if status == 200 else []
    kept = {receipt["id"] for receipt in results if receipt["status"] in ("stored", "duplicate")}
    refused = [receipt for receipt in results if receipt["id"] not in kept]
    ledger.note("kiosk", status, "batch", [str(answer["comment"]) for answer in batch if answer["id"] in kept])
    for receipt in refused:
        ledger.note("kiosk", 0, f"{receipt['status']} {receipt.get('problem')}")
    if status != 200:
        ledger.rest()
    done = kept | {receipt["id"] for receipt in refused}
    return [answer for answer in batch if answer["id"] not in done]


def _answer(comment: str, chance: random.Random) -> dict[str, object]:
    return {
        "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "questionnaire": "administration",
        "version": 1,
        "counter": FIRST_COUNTER,
        "service": None,
        "respondent_kind": chance.choice(["individual", "organisation", None]),
        "language": "vi",
        "answered_at": _now(),
        "answers": {"overall_service": chance.randint(1, 5)},
        "comment": comment,
    }


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()


def reviewer(ledger: Ledger, servers: Sequence[Server], chance: random.Random, pages: Sequence[str]) -> None:
    """Walks the desk, signing in whenever it must."""
    while not ledger.over.is_set():
        server, cookies = chance.choice(servers), {"Cookie": ""}
        with unanswered(ledger, "desk"):
            cookies = sign_in(ledger, server)
            for address in chance.sample(pages, len(pages)):
                status, _headers, _page = server.ask("GET", address, headers=cookies, timeout=60)
                ledger.note("desk", status, address)
                ledger.rest()
                if status != 200 or ledger.over.is_set():
                    break


def sign_in(ledger: Ledger, server: Address) -> Mapping[str, str]:
    """The cookie of a new session of the demonstration's administrator; none where it could not be had."""
    status, headers, page = server.ask("GET", "/login")
    token = CSRF.search(page)
    ledger.note("desk", status, "/login")
    if token is None:
        ledger.rest(0.5)
        return {"Cookie": ""}
    cookie = _session_in(headers)
    body = urlencode({"username": "quan-tri", "password": PASSWORD, "csrf_token": token[1]})
    status, headers, _page = server.ask("POST", "/login", body, {"Cookie": cookie})
    ledger.note("desk", status, "POST /login")
    return {"Cookie": _session_in(headers) or cookie}


def _session_in(headers: Message) -> str:
    given = (cookie.partition(";")[0] for cookie in headers.get_all("Set-Cookie", []))
    return next((cookie for cookie in given if cookie.startswith("hai_long=")), "")


def repeated(ledger: Ledger, work: Callable[[], object], pause: float) -> None:
    """A job that others would start by the clock; one that an outage ends is begun again."""
    while not ledger.over.is_set():
        with contextlib.suppress(Exception):
            work()
        ledger.rest(pause)
