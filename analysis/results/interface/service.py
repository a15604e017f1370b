"""What the public API answers: what was published, and what is public anyway, the law and its quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.periods.models import Closing
from analysis.periods.queries import fetch_published, fetch_revisions
from analysis.reference.service import INDICATORS, NEW_METHOD_FROM, Official, ReferenceYear, fetch_reference_figures
from analysis.results import open_data
from analysis.targets.queries import fetch_targets
from analysis.targets.service import status_in, targets_in_force
from analysis.targets.targets_json import target_json
from survey.foundation.periods import Period
from survey.registry.models import Province

Json = dict[str, Any]


def provinces_json(provinces: Sequence[Province]) -> Json:
    """Every province with the period it published last."""
    return {"provinces": [_province(province) for province in provinces]}


def _province(province: Province) -> Json:
    published = fetch_published(province.id)
    return {
        "key": province.key,
        "name": province.name,
        "valid_from": province.valid_from and province.valid_from.isoformat(),
        "valid_to": province.valid_to and province.valid_to.isoformat(),
        "publications": len(published),
        "latest": published[0].period if published else None,
    }


def targets_json(province: Province, year: int | None) -> Json:
    """The province's targets: all of them, or those that speak for a year with their standing in it."""
    if year is None:
        return {"targets": [{**target_json(target), "status": None} for target in fetch_targets(province.id)]}
    spoken = [in_year.target for in_year in targets_in_force(province.key, year)]
    return {"targets": [{**target_json(target), "status": status_in(target, year)} for target in spoken]}


def publications_json(province: Province) -> Json:
    """Every published period with all its published revisions, the latest period first."""
    return {
        "publications": [
            {
                "period": latest.period,
                "label": Period.parse(latest.period).label(),
                "revision": latest.revision,
                "revisions": [_revision(closing) for closing in published_revisions(province, latest.period)],
            }
            for latest in fetch_published(province.id)
        ]
    }


def publication_json(province: Province, closing: Closing) -> Json:
    """One publication, the same as the file ``data.json`` of the results pages."""
    return open_data.document(closing, province.key)


def published_revisions(province: Province, period: str) -> list[Closing]:
    """The published revisions of a period, the latest first; what is closed but not published does not exist here."""
    return [revision for revision in fetch_revisions(province.id, period) if revision.published_at is not None]


def reference_json(province: Province) -> Json:
    """Official figures of others, each indicator apart: another method, never to be mixed with ours."""
    found = [fetch_reference_figures(province.key, indicator) for indicator in INDICATORS]
    return {
        "indicators": [
            {
                "indicator": figures.indicator,
                "label": figures.label,
                "method": figures.method,
                "method_changed_in": NEW_METHOD_FROM,
                "years": [_year(year) for year in (*figures.before, *figures.since)],
            }
            for figures in found
            if figures
        ]
    }


def _revision(closing: Closing) -> Json:
    return {
        "revision": closing.revision,
        "closed_at": closing.closed_at.isoformat(),
        "published_at": closing.published_at and closing.published_at.isoformat(),
    }


def _year(year: ReferenceYear) -> Json:
    return {
        "year": year.year,
        "province": _official(year.own),
        "merged": [_official(official) for official in year.merged],
        "country": _official(year.country),
    }


def _official(one: Official | None) -> Json | None:
    if one is None:
        return None
    share = None if one.share is None else float(one.share)
    return {"name": one.name, "share": share, "rank": one.rank, "note": one.note, "source": one.source}
