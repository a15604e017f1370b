"""/metrics tells Prometheus how the service is, and nobody else, and nothing about a person."""

from __future__ import annotations

import datetime as dt
import errno
import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from analysis.results.closing.service import close_period, publish_period
from survey.devices.models import Device, DeviceAssignment
from survey.foundation.clock import now
from survey.foundation.configuration.settings import Settings
from survey.foundation.periods import Period
from survey.foundation.server.metrics import REQUESTS
from survey.foundation.storage.database import writing
from survey.responses.ingest import receive
from tests.desk.world import NOW, answer, submissions

TOKEN = "a token that only tests ever use"


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(secret_key="x" * 16, database_url=database_url, metrics_token=TOKEN, testing=True)


def test_a_disk_that_takes_no_count_spoils_no_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def take_nothing(*_labels: str) -> None:
        raise OSError(errno.EFBIG, "File too large")

    monkeypatch.setattr(REQUESTS, "labels", take_nothing)
    assert app.test_client().get("/healthz").status_code == 200


def figures(client: FlaskClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def figure(client: FlaskClient, name: str, **labels: str) -> float:
    return figures(client).get((name, frozenset(labels.items())), 0.0)


def test_a_request_is_counted_and_timed_by_its_endpoint(client: FlaskClient) -> None:
    name, labels = "hai_long_requests_total", {"endpoint": "health.healthz", "method": "GET", "status": "200"}
    before = figure(client, name, **labels)
    seconds = figure(client, "hai_long_request_seconds_count", endpoint="health.healthz")
    client.get("/healthz")
    client.get("/healthz")
    assert figure(client, name, **labels) == before + 2
    assert figure(client, "hai_long_request_seconds_count", endpoint="health.healthz") == seconds + 2


def test_addresses_and_methods_somebody_invents_make_no_new_figures(client: FlaskClient) -> None:
    client.open("/nowhere/at-all", method="BREW")
    text = client.get("/metrics").text
    assert "nowhere" not in text
    assert "BREW" not in text
    assert 'endpoint="none",method="other"' in text


def test_answers_are_counted_by_channel_and_outcome(world: Flask, client: FlaskClient) -> None:
    stored = figure(client, "hai_long_answers_total", channel="kiosk", status="stored")
    duplicates = figure(client, "hai_long_answers_total", channel="kiosk", status="duplicate")
    with world.app_context():
        answer("thpt-1", "giao-duc", "2026-10-05", 3, 5, channel="kiosk", received_at=NOW)
        (submission,) = submissions("thpt-1", "giao-duc", "2026-10-06", 1, 4, channel="kiosk")
        assert [receive([submission])[0].status for _ in range(2)] == ["stored", "duplicate"]
    assert figure(client, "hai_long_answers_total", channel="kiosk", status="stored") == stored + 4
    assert figure(client, "hai_long_answers_total", channel="kiosk", status="duplicate") == duplicates + 1


def test_kiosks_out_of_contact_and_their_unsent_answers_are_seen(world: Flask, client: FlaskClient) -> None:
    with world.app_context(), writing() as session:
        long_ago = now() - dt.timedelta(hours=3)
        for number, (heard, queue, since) in enumerate([(now(), 0, None), (long_ago, 7, long_ago)]):
            device = Device(
                id=uuid.uuid4(),
                name=f"Kiosk {number}",
                key_digest=str(number),
                paired_at=long_ago,
                last_contact_at=heard,
                queue_depth=queue,
                oldest_unsent_at=since,
            )
            session.add(device)
            session.flush()
            session.add(DeviceAssignment(device_id=device.id, counter_id=1, since=long_ago))
    seen = figures(client)
    province = frozenset({("province", "dak-lak")})
    assert seen["hai_long_devices", province] == 2
    assert seen["hai_long_devices_silent", province] == 1
    assert seen["hai_long_device_queue_depth", province] == 7
    assert seen["hai_long_device_oldest_unsent_seconds", province] >= 3 * 3600


def test_published_periods_are_counted_once_whatever_their_revisions(app: Flask, client: FlaskClient) -> None:
    october = Period.parse("2025-10")
    assert figure(client, "hai_long_published_periods", province="dak-lak") == 0
    with app.app_context():
        for _ in range(2):
            close_period("dak-lak", october)
            publish_period("dak-lak", october)
    assert figure(client, "hai_long_published_periods", province="dak-lak") == 1
    assert figure(client, "hai_long_last_published_timestamp_seconds", province="dak-lak") > 0


def test_an_old_schema_is_told_instead_of_breaking_the_page(client: FlaskClient, database: SQLAlchemy) -> None:
    assert figure(client, "hai_long_ready") == 1
    database.session.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    database.session.commit()
    seen = figures(client)
    assert seen["hai_long_ready", frozenset()] == 0
    assert any(name == "hai_long_schema_info" and ("database", "old") in labels for name, labels in seen)


def test_only_this_machine_or_the_bearer_of_the_token_reads(client: FlaskClient) -> None:
    far = {"REMOTE_ADDR": "203.0.113.9"}
    refused = client.get("/metrics", environ_overrides=far)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Bearer realm="metrics"')
    for wrong in ("Bearer wrong", f"Basic {TOKEN}", "Bearer", "Bearer khoá"):
        headers = {"Authorization": wrong}
        assert client.get("/metrics", environ_overrides=far, headers=headers).status_code == 401
    right = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", environ_overrides=far, headers=right).status_code == 200
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "::1"}).status_code == 200


def test_what_a_proxy_on_this_machine_passes_on_is_not_from_this_machine(client: FlaskClient) -> None:
    for header in ("X-Forwarded-For", "Forwarded", "Via"):
        assert client.get("/metrics", headers={header: "203.0.113.9"}).status_code == 401


def test_without_a_token_nobody_else_reads_not_even_with_an_empty_one(app: Flask, client: FlaskClient) -> None:
    app.extensions["settings"] = app.extensions["settings"].but(metrics_token="")
    far = {"REMOTE_ADDR": "203.0.113.9"}
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x"}):
        assert client.get("/metrics", environ_overrides=far, headers=headers).status_code == 403


def test_no_figure_names_a_counter_an_address_or_a_visitor(world: Flask, client: FlaskClient) -> None:
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-05", 1, 5)
    client.get("/c/quay-bv-tinh", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    text = client.get("/metrics").text
    assert not re.search(r"quay-|203\.0\.113|127\.0\.0\.1", text)
    assert set(re.findall(r"(\w+)=\"", text)) <= {
        *("endpoint", "method", "status", "le", "channel", "province", "database", "program", "version", "commit")
    }
