"""Counts that this server's processes keep, and the figures features give when ``/metrics`` is read.

Nothing about a person: labels are endpoints, methods, statuses, channels and provinces, never addresses or codes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache

from flask import Flask, Response, g
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import Metric

from survey.foundation.registered import PerApp
from survey.foundation.server.metrics_files import take_room_first
from survey.foundation.server.rehearsal import REHEARSED
from survey.foundation.this_app import this_request

Source = Callable[[], Iterable[Metric]]
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

take_room_first()
process_registry = CollectorRegistry()
REQUESTS = Counter(
    "hai_long_requests",
    "Requests answered",
    ["endpoint", "method", "status"],
    registry=process_registry,
)
SECONDS = Histogram(
    "hai_long_request_seconds",
    "Time from receiving a request to its answer",
    ["endpoint"],
    buckets=BUCKETS,
    registry=process_registry,
)


SOURCES: PerApp[Source] = PerApp("source of figures")


def register_source(app: Flask, source: Source) -> None:
    """Let a feature give figures: `source` is asked at each scrape, inside the request, on a current schema."""
    SOURCES.add(app, source.__qualname__, source)


def init_metrics(app: Flask) -> None:
    """Count every request, and time it from where its log begins."""

    @app.after_request
    def end(response: Response) -> Response:
        request = this_request()
        if REHEARSED not in request.environ:
            method = request.method if request.method in METHODS else "other"
            count_request(method, request.endpoint or "none", response.status_code, g.get("began"))
        return response


def count_request(method: str, endpoint: str, status: int, began: float | None) -> None:
    """Count a request that is answered; `began`: by `time.perf_counter`, None where it was refused before that."""
    with suppress(OSError):  # a disk that takes no count: what was answered is worth more
        requests, seconds = _counted_in(endpoint, method, status)
        requests.inc()
        if began is not None:
            seconds.observe(time.perf_counter() - began)


@lru_cache(1000)  # endpoints, methods and statuses are few
def _counted_in(endpoint: str, method: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(endpoint, method, str(status)), SECONDS.labels(endpoint)
