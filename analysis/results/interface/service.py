"""What the public API answers: what was published, and what is public anyway, the law and its quotes."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.periods.models import Closing
from analysis.periods.queries import fetch_published, fetch_revisions
from analysis.reference.service import (
    INDICATORS,
    NEW_METHOD_FROM,
    Official,
    ReferenceFigures,
    ReferenceYear,
    fetch_reference_figures,
)
from analysis.results.interface import answer_schema as schema
from analysis.results.public_cases import public_cases
from analysis.targets.models import Target
from analysis.targets.queries import fetch_targets
from analysis.targets.service import status_in, targets_in_force
from analysis.targets.targets_json import target_json
from survey.foundation.periods import Period
from survey.registry.models import Province


def provinces_answer(provinces: Sequence[Province]) -> schema.Provinces:
    """Every province with the period it published last."""
    return schema.Provinces(provinces=[_province(province) for province in provinces])


def _province(province: Province) -> schema.ProvinceJson:
    published = fetch_published(province.id)
    return schema.ProvinceJson(
        key=province.key,
        name=province.name,
        valid_from=province.valid_from.isoformat() if province.valid_from else None,
        valid_to=province.valid_to.isoformat() if province.valid_to else None,
        publications=len(published),
        latest=published[0].period if published else None,
    )


def targets_answer(province: Province, year: int | None) -> schema.TargetsJson:
    """The province's targets: all of them, or those that speak for a year with their standing in it."""
    if year is None:
        return schema.TargetsJson(targets=[_target(target, None) for target in fetch_targets(province.id)])
    spoken = [in_year.target for in_year in targets_in_force(province.key, year)]
    return schema.TargetsJson(targets=[_target(target, status_in(target, year)) for target in spoken])


def _target(target: Target, status: str | None) -> schema.TargetJson:
    return schema.TargetJson(**target_json(target), status=status)


def publications_answer(province: Province) -> schema.Publications:
    """Every published period with all its published revisions, the latest period first."""
    published = fetch_published(province.id)
    return schema.Publications(publications=[_publication(province, latest) for latest in published])


def _publication(province: Province, latest: Closing) -> schema.Publication:
    return schema.Publication(
        period=latest.period,
        label=Period.parse(latest.period).label(),
        revision=latest.revision,
        revisions=[_revision(closing) for closing in published_revisions(province, latest.period)],
    )


def published_revisions(province: Province, period: str) -> list[Closing]:
    """The published revisions of a period, the latest first; what is closed but not published does not exist here."""
    return [revision for revision in fetch_revisions(province.id, period) if revision.published_at is not None]


def _revision(closing: Closing) -> schema.Revision:
    assert closing.published_at is not None, "only what was published is answered"
    return schema.Revision(
        revision=closing.revision,
        closed_at=closing.closed_at.isoformat(),
        published_at=closing.published_at.isoformat(),
    )


def reference_answer(province: Province) -> schema.ReferenceFiguresJson:
    """Official figures of others, each indicator apart: another method, never to be mixed with ours."""
    indicators = [fetch_reference_figures(province.key, indicator) for indicator in INDICATORS]
    return schema.ReferenceFiguresJson(indicators=[_indicator(figures) for figures in indicators if figures])


def _indicator(figures: ReferenceFigures) -> schema.Indicator:
    return schema.Indicator(
        indicator=figures.indicator,
        label=str(figures.label),
        method=str(figures.method),
        method_changed_in=NEW_METHOD_FROM,
        years=[_year(year) for year in (*figures.before, *figures.since)],
    )


def _year(year: ReferenceYear) -> schema.ReferenceYearJson:
    return schema.ReferenceYearJson(
        year=year.year,
        province=_official(year.own),
        merged=[told for official in year.merged if (told := _official(official))],
        country=_official(year.country),
    )


def _official(official: Official | None) -> schema.OfficialJson | None:
    if official is None:
        return None
    share = None if official.share is None else float(official.share)
    return schema.OfficialJson(
        name=official.name, share=share, rank=official.rank, note=official.note, source=official.source
    )


def feedback_answer(province: Province, year: int) -> schema.FeedbackJson:
    """How a year's reports were handled: what the page of replies shows."""
    told = public_cases(province.id, year)
    rows = [schema.HandledJson(kind=kind, **vars(row)) for kind, row in told.kinds.items()]
    if told.total is not None:
        rows.append(schema.HandledJson(kind=None, **vars(told.total)))
    agencies = [schema.HandledAt(agency=code, name=name, **vars(row)) for (code, name), row in told.agencies.items()]
    return schema.FeedbackJson(province=province.key, year=year, rows=rows, agencies=agencies)
