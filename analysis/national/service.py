"""Editions are kept as they are made, and published once nothing in them or between them gives a province away."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from analysis.national.figures import Figures, for_everybody
from analysis.national.models import CountryEdition
from analysis.national.queries import fetch_published, fetch_revisions, lock_edition
from analysis.results.publication.differencing import carry_small_changes
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.foundation.storage.turns import take_turn


class NotPublishable(ValueError):
    """An edition stays as it is; the message says why."""


def keep(period: Period, stamp: str, make: Callable[[], Figures]) -> bool:
    """Keep what `make` gives, as the next revision or in place of one nobody published; False where nothing changed."""
    latest = next(iter(fetch_revisions(db.session(), period.code)), None)
    if latest is not None and latest.stamp == stamp:
        return False
    db.session.rollback()  # nothing is held while the archives are counted
    figures = make()
    with writing() as session:
        take_turn(session, f"country {period.code}")
        revisions = fetch_revisions(session, period.code)
        if any(newest.stamp == stamp for newest in revisions[:1]):
            return False  # another server was quicker
        edition = next((draft for draft in revisions[:1] if draft.published_at is None), None)
        if edition is None:
            edition = CountryEdition(period=period.code, revision=len(revisions) + 1)
            session.add(edition)
        edition.stamp, edition.figures, edition.made_at = stamp, figures, now()
    return True


def publish(period: Period, revision: int, user_id: int) -> None:
    """Show an edition to everybody from now on.

    Raises:
        NotPublishable: it is not there or published already, or would give a province away.
    """
    with writing() as session:
        revisions = fetch_revisions(session, period.code)
        newest = next(iter(revisions), None)
        if newest is None or newest.revision != revision or newest.published_at is not None:
            raise NotPublishable(_("Bản này không còn là bản mới nhất chờ công bố; hãy xem lại."))
        if problems := hindrances(newest):
            raise NotPublishable(" ".join(problems))
        edition = lock_edition(session, newest.id)
        before = next((earlier for earlier in revisions if earlier.published_at is not None), None)
        edition.figures = carry_small_changes(for_everybody(edition.figures), before.figures if before else None)
        edition.published_at, edition.published_by_id = now(), user_id
        after = {"period": period.code, "revision": revision, "state": "published"}
        audit.record(session, "publish_country", "country_edition", edition.id, after=after, user_id=user_id)


def hindrances(edition: CountryEdition) -> list[str]:
    """Why an edition cannot be published, a sentence each; none: it can."""
    figures, period = edition.figures, Period.parse(edition.period)
    said = []
    if figures["withheld"]:
        said.append(str(_("Còn tỉnh thiếu số liệu nên không có số cả nước.")))
    if figures["open"]:
        names = [figures["provinces"].get(key, key) for key in figures["open"]]
        said.append(str(_("Tỉnh chưa chốt kỳ này: %(names)s.", names=", ".join(names))))
    if figures.get("told_otherwise"):
        names = [figures["provinces"][key] for key in figures["told_otherwise"]]
        words = _(
            "Tỉnh đã công bố số khác số trong kho lưu trữ, cần chốt và công bố lại: %(names)s.", names=", ".join(names)
        )
        said.append(str(words))
    if not figures["subjects"]:
        said.append(str(_("Kỳ này không có phiếu nào.")))
    months = set(period.months)
    for other in fetch_published():
        if other.period != edition.period and months.intersection(Period.parse(other.period).months):
            words = _(
                "Kỳ đã công bố %(period)s có tháng chung: lấy hiệu hai kỳ có thể lộ ý kiến của ít người.",
                period=Period.parse(other.period).label(),
            )
            said.append(str(words))
    return said
