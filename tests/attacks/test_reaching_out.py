"""Somebody types an address and hopes that the server calls it: another machine, its own ports, a cloud's secrets."""

from __future__ import annotations

import ast
import socket
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, NoReturn

import pytest
from flask import Flask

from tests.desk.filled import database_url, frozen_clock, world
from tests.guards.forms import forms_of
from tests.guards.looks import addresses_about
from tests.support.html import parse_html
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

__all__ = ["database_url", "frozen_clock", "world"]
ROOT = Path(__file__).parents[2]
CALLERS = {"smtplib", "urllib.request", "http.client", "socket", "ftplib", "requests", "httpx", "urllib3", "aiohttp"}
# Whoever may open a connection, and who says where to: the server's settings or its command line, never a page.
KNOWN = {
    "survey/foundation/mail.py": "SMTP_URL",
    "survey/accounts/invitations.py": "SMTP_URL",
    "survey/backups/nightly_command.py": "SMTP_URL",
    "survey/feedback/reminders.py": "SMTP_URL",
    "survey/registry_pages/caseloads/reminder.py": "SMTP_URL",
    "analysis/reports/delivery/run.py": "SMTP_URL",
    "survey/backups/watch.py": "the command line of whoever runs the server",
}
PLACE = {"province": "dak-lak", "sector": "health", "code": "bv-tinh", "counter": "quay-bv-tinh", "month": "2026-10"}
INSIDE = (
    "http://127.0.0.1:9/",
    "http://169.254.169.254/latest/meta-data/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/",
)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_only_mail_and_the_watch_open_a_connection() -> None:
    sources = [path for part in ("survey", "analysis", "kiosk") for path in (ROOT / part).rglob("*.py")]
    assert len(sources) > 400
    calling = {path.relative_to(ROOT).as_posix() for path in sources if CALLERS & set(imported(path))}
    assert calling == KNOWN.keys()


def test_whatever_address_an_administrator_types_the_server_calls_nobody(
    world: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every box of every form of the desk holds an address of the inside; files' names too."""
    called: list[Any] = []

    def refuse(_socket: socket.socket, address: Any) -> NoReturn:
        called.append(address)
        raise OSError("a test calls nobody")

    clients = [signed_in(world, f"nguoi-{role}", role) for role in ("administrator", "method_owner")]
    about = addresses_about(world, PLACE, "2026-10", "2026")
    pages = sorted({address.partition("?")[0] for address in about if address.startswith("/desk")})
    monkeypatch.setattr(socket.socket, "connect", refuse)
    sent: set[tuple[object, str]] = set()
    for client, page in product(clients, pages):
        answer = client.get(page)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for action, fields in forms_of(parse_html(answer.text)):
            if (client, action or page) in sent or action.endswith("logout"):
                continue
            sent.add((client, action or page))
            for inside in INSIDE:
                typed = {name: values if name == "csrf_token" else inside for name, values in fields.items()}
                assert client.post(action or page, data=typed).status_code < 500, (page, action)
    assert len(sent) > 20
    assert called == []
