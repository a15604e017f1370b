"""Closing and publishing as changes that a province may ask two people for (survey.accounts.approvals.approvals).

Each names the revision it means: a proposal that another closing has overtaken is refused, not applied to what nobody
looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from analysis.periods.queries import fetch_revisions
from analysis.results.closing import service
from survey.accounts.approvals.approvals import ChangeKind, NotPossible, Write
from survey.accounts.models import User
from survey.accounts.permissions import Action
from survey.foundation.formatting import sentence_case
from survey.foundation.periods import Period
from survey.registry.models import Province


def details(period: Period, revision: int) -> dict[str, Any]:
    """What a proposal remembers."""
    return {"period": period.code, "revision": revision}


def prepare_closing(province: Province, details: Mapping[str, Any], user: User | None) -> Write:
    """Closing a period as the revision that was looked at.

    Raises:
        NotPossible: the period is not over, or was closed again meanwhile.
    """
    period = Period.parse(details["period"])
    province_id, user_id = province.id, None if user is None else user.id
    service.refuse_unfinished(period)
    latest = next(iter(fetch_revisions(province_id, period.code)), None)
    _refuse_overtaken(period, details["revision"], service.next_revision(latest))

    def write(session: Session) -> str:
        closing = service.close(session, province_id, period, user_id)
        _refuse_overtaken(period, details["revision"], closing.revision)
        return str(_("Đã chốt %(period)s, bản %(n)s.", period=period.label(), n=closing.revision))

    return write


def prepare_publication(province: Province, details: Mapping[str, Any], user: User | None) -> Write:
    """Publishing the closing that was looked at; its figures are computed here.

    Raises:
        NotPossible: not closed, published already, or closed again meanwhile.
    """
    period, user_id = Period.parse(details["period"]), None if user is None else user.id
    closing = service.to_publish(province, period)
    _refuse_overtaken(period, details["revision"], closing.revision)
    closing_id, prepared = closing.id, service.draft(province, period, closing)

    def write(session: Session) -> str:
        published = service.publish(session, closing_id, prepared, user_id)
        return str(_("Đã công bố %(period)s, bản %(n)s.", period=period.label(), n=published.revision))

    return write


def prepare_ranking(province: Province, details: Mapping[str, Any], user: User | None) -> Write:
    """Publishing the ranking of a published year, with the coverage that stands beside it.

    Raises:
        NotPossible: not a year, not published, ranked already, or its figures have changed.
    """
    period, user_id = Period.parse(details["period"]), None if user is None else user.id
    closing_id, rows = service.ranking_to_publish(province, period, int(details["revision"]))

    def write(session: Session) -> str:
        closing = service.publish_ranking(session, closing_id, rows, user_id)
        return str(_("Đã công bố xếp hạng %(period)s, bản %(n)s.", period=period.label(), n=closing.revision))

    return write


def _refuse_overtaken(period: Period, meant: int, latest: int) -> None:
    if meant != latest:
        raise NotPossible(
            _(
                "%(period)s nay ở bản %(found)s, không phải bản %(meant)s như khi xem; hãy xem lại rồi làm lại.",
                period=sentence_case(period.label()),
                found=latest,
                meant=meant,
            )
        )


CLOSE = ChangeKind("close_period", Action.CLOSE_PERIOD, lazy_gettext("Chốt kỳ"), prepare_closing)
PUBLISH = ChangeKind("publish_period", Action.PUBLISH_PERIOD, lazy_gettext("Công bố kỳ"), prepare_publication)
RANK = ChangeKind(
    "publish_ranking", Action.PUBLISH_PERIOD, lazy_gettext("Công bố xếp hạng"), prepare_ranking, always=True
)
KINDS = (CLOSE, PUBLISH, RANK)
