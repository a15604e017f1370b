"""What monitoring learns about published results."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from analysis.periods.queries import fetch_publication_states


def publication_figures() -> Iterator[Metric]:
    """Gauges by province: periods published, and when the last publication was made."""
    periods = GaugeMetricFamily("hai_long_published_periods", "Periods with published results", labels=["province"])
    latest = GaugeMetricFamily(
        "hai_long_last_published_timestamp_seconds", "When results were last published", labels=["province"]
    )
    for province, count, published_at in fetch_publication_states():
        periods.add_metric([province], count)
        if published_at is not None:
            latest.add_metric([province], published_at.timestamp())
    yield from (periods, latest)
