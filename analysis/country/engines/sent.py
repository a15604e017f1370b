"""A province's answer on its way from an executor to the driver: plain text, which cannot run where it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from fractions import Fraction
from typing import Any

from analysis.country.question import ProvinceEstimates
from analysis.statistics.domains import DomainEstimate
from analysis.statistics.variance.effective import Interval
from analysis.statistics.variance.exact import known_share


def write_answer(estimates: ProvinceEstimates | None) -> str:
    """The answer as JSON, each number to its last bit; the exact shares are worked out here, where the cells are."""
    if estimates is None:
        return json.dumps(None)
    domains = {code: _plain(domain) for code, domain in estimates.domains.items()}
    plain = {"whole": _plain(estimates.whole), "domains": domains, "untold": sorted(estimates.untold)}
    return json.dumps(_values(estimates) | plain)


def read_answer(text: str) -> ProvinceEstimates | None:
    """What `write_answer` wrote."""
    values = json.loads(text)
    if values is None:
        return None
    read = {
        "whole": _domain(values["whole"]),
        "domains": {code: _domain(domain) for code, domain in values["domains"].items()},
        "notes": tuple((code, message) for code, message in values["notes"]),
        "marked": tuple(values["marked"]),
        "untold": frozenset(values["untold"]),
        "rests": {area: tuple(rest) for area, rest in values["rests"].items()},
        "moved": tuple(values["moved"]),
    }
    return ProvinceEstimates(**values | read)


def _plain(domain: DomainEstimate) -> dict[str, Any]:
    share = domain.exact_estimate
    return _values(domain) | {
        "interval": domain.interval and asdict(domain.interval),
        "interval_90": domain.interval_90 and asdict(domain.interval_90),
        "exact": None if share is None else str(share),
    }


def _domain(values: Mapping[str, Any]) -> DomainEstimate:
    share = values["exact"]
    read = {
        "interval": values["interval"] and Interval(**values["interval"]),
        "interval_90": values["interval_90"] and Interval(**values["interval_90"]),
        "exact": known_share(None if share is None else Fraction(share)),
    }
    return DomainEstimate(**{**values, **read})


def _values(row: ProvinceEstimates | DomainEstimate) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}
