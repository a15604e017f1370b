"""A country's figures as the command prints them."""

from __future__ import annotations

from typing import Any

from analysis.country.service import CountryFigure, CountryFigures
from analysis.statistics.as_json import domain_as_json, verdict_as_json


def country_as_json(figures: CountryFigures) -> dict[str, Any]:
    """`estimate` and the rest are null where a row is hidden; `country` is null while a province is withheld."""
    return {
        "subject": figures.question.subject,
        "period": figures.question.period.code,
        "by": figures.question.by,
        "country": figures.country and _row(figures.country),
        "domains": [_row(domain) for domain in figures.domains],
        "provinces": [_row(province) for province in figures.provinces],
        "withheld": [
            {"province": withheld.province, "month": withheld.month or None, "reason": withheld.reason}
            for withheld in figures.withheld
        ],
        "marked": {"queue_file": figures.marked[0], "beyond_capacity": figures.marked[1]},
        "notes": [{"province": province, "code": code, "message": text} for province, code, text in figures.notes],
    }


def _row(figure: CountryFigure) -> dict[str, Any]:
    row = {"domain": figure.domain, "label": figure.label}
    if figure.estimate is None:
        return row | {"estimate": None, "n": None, "received": None, "suppressed": True, "verdict": None}
    values = domain_as_json(figure.estimate) | {"domain": figure.domain, "received": figure.received}
    return row | values | {"suppressed": False, "verdict": verdict_as_json(figure.verdict)}
