"""What monitoring learns about kiosks."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from survey.devices.monitoring_queries import fetch_fleet_states
from survey.devices.queries import SILENT_AFTER
from survey.foundation.clock import now


def device_figures() -> Iterator[Metric]:
    """Gauges by province: devices in use, silent ones, answers waiting on them, age of the oldest (0 if none)."""
    instant = now()
    devices = GaugeMetricFamily("hai_long_devices", "Kiosks in use", labels=["province"])
    silent = GaugeMetricFamily("hai_long_devices_silent", "Kiosks not heard of lately", labels=["province"])
    unsent = GaugeMetricFamily("hai_long_device_queue_depth", "Answers kiosks have not sent", labels=["province"])
    oldest = GaugeMetricFamily("hai_long_device_oldest_unsent_seconds", "Age of the oldest", labels=["province"])
    for state in fetch_fleet_states(instant - SILENT_AFTER):
        waiting = state.oldest_unsent_at
        devices.add_metric([state.province], state.devices)
        silent.add_metric([state.province], state.silent)
        unsent.add_metric([state.province], state.unsent)
        oldest.add_metric([state.province], 0 if waiting is None else (instant - waiting).total_seconds())
    yield from (devices, silent, unsent, oldest)
