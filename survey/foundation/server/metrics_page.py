"""``/metrics`` in the text format of Prometheus: counts of all processes of this server, figures of the database."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterable

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.values import MutexValue, ValueClass

from survey.foundation.access import public
from survey.foundation.server.metrics import SOURCES, process_registry
from survey.foundation.storage.schema_revision import database_revision, program_revision
from survey.foundation.version import program_commit, program_version

FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@public("this machine or the bearer of METRICS_TOKEN", printed="monitoring")
def metrics() -> Response:
    """All figures in the text format of Prometheus, for this machine or the bearer of METRICS_TOKEN."""
    _require_reader()
    registry = CollectorRegistry()
    registry.register(_Figures())
    text = _requests_of_all_processes() + generate_latest(registry)
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")


class _Figures(Collector):
    """The program, the schema, and the sources where the schema is the one they were written for."""

    def collect(self) -> Iterable[Metric]:
        """Every family of figures."""
        built = InfoMetricFamily("hai_long_build", "Version of this program and the commit it was built from")
        built.add_metric([], {"version": program_version(), "commit": program_commit() or ""})
        yield built
        database, program = database_revision(), program_revision()
        schema = InfoMetricFamily("hai_long_schema", "Schema revision of the database and of this program")
        schema.add_metric([], {"database": database or "", "program": program or ""})
        current = database is not None and database == program
        yield schema
        yield GaugeMetricFamily("hai_long_ready", "1 if the database answers and its schema is current", value=current)
        if current:
            for source in SOURCES.members().values():
                yield from source()

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: the registry must not ask the database twice."""
        return []


def _requests_of_all_processes() -> bytes:
    if ValueClass is MutexValue:  # one process: its own counts are all there are
        return generate_latest(process_registry)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


def _require_reader() -> None:
    token = current_app.extensions["settings"].metrics_token
    if _is_on_this_machine() or (token and hmac.compare_digest(_bearer().encode(), token.encode())):
        return
    if token:
        answer = Response(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
        abort(answer)
    abort(403)


def _is_on_this_machine() -> bool:
    # A request that a proxy on this machine passes on also comes from loopback; it is not from this machine.
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _bearer() -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""
