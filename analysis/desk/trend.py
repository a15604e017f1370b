"""Where the months and the years are heading, in one sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from analysis.figures.figure import Figure
from analysis.statistics import Change, DomainEstimate, MannKendall, Movement, change, mann_kendall, slope
from survey.foundation.formatting import number, points

FEWEST = 3  # two months are a difference, said elsewhere
SURE = 0.05


def trend_sentence(months: Sequence[Figure]) -> str | None:
    """The slope per month with its interval and, from 8 months, Mann-Kendall; None under 3 months with a figure.

    Rising or falling is said only where the 95 % interval leaves 0 out and Mann-Kendall, once there is one, agrees.
    """
    known = [
        (place, month.estimate)
        for place, month in enumerate(months)
        if month.estimate is not None and month.estimate.interval is not None
    ]
    if len(known) < FEWEST:
        return None
    # No sampling unit and no response crosses a month, so months are independent.
    trend = slope(known)
    if trend is None or trend.interval is None:
        return None
    ranks = mann_kendall([estimate.estimate or 0.0 for _place, estimate in known])
    sentence = _(
        "Xu hướng qua %(n)s tháng: %(words)s (%(slope)s mỗi tháng, khoảng 95 %%: %(low)s đến %(high)s%(ranks)s).",
        n=len(known),
        words=_words(trend, ranks),
        slope=points(trend.estimate),
        low=points(trend.interval.low),
        high=points(trend.interval.high),
        ranks=_ranks(ranks),
    )
    return str(sentence)


def _words(trend: Change, ranks: MannKendall | None) -> str:
    agreed = ranks is None or (ranks.p_two_sided <= SURE and ranks.tau * trend.estimate > 0)
    if trend.movement is Movement.CANNOT_TELL or not agreed:
        return str(_("chưa thể nói là tăng hay giảm"))
    return str(_("tăng") if trend.movement is Movement.RISING else _("giảm"))


def _ranks(ranks: MannKendall | None) -> str:
    if ranks is None:
        return ""
    return str(_("; Mann-Kendall: τ = %(tau)s, p = %(p)s", tau=number(ranks.tau, 2), p=number(ranks.p_two_sided, 3)))


def year_sentence(year: int, now: DomainEstimate | None, before: DomainEstimate | None) -> str | None:
    """ "Ngày càng cao" (Đắk Lắk 323, II.3): the year against the one before; None where either has no figure."""
    if now is None or before is None:
        return None
    step = change(now, before)
    if step is None or step.interval is None:
        return None
    return str(
        _(
            "Ngày càng cao? Năm %(year)s so với năm %(before)s: %(change)s "
            "(khoảng 95 %%: %(low)s đến %(high)s), %(words)s.",
            year=year,
            before=year - 1,
            change=points(step.estimate),
            low=points(step.interval.low),
            high=points(step.interval.high),
            words=_year_words(step.movement),
        )
    )


def _year_words(movement: Movement) -> str:
    if movement is Movement.CANNOT_TELL:
        return str(_("chưa thể nói là tăng hay giảm"))
    return str(_("tăng rõ rệt") if movement is Movement.RISING else _("giảm rõ rệt"))
