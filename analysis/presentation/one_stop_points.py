"""Points of the one-stop indicators that citizens judge, and the grades of all nine.

NĐ 61/2018/NĐ-CP and TT 01/2018/TT-VPCP: nine indicators of 0, 1 or 2 points, 18 together. Citizens judge five of them;
the others come from the one-stop system, so what citizens say leaves a range of grades until those are added.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import pgettext

from analysis.presentation.facts import FactResult
from survey.foundation.formatting import as_printed, number

INDICATORS, EACH = 9, 2
BORDERS = (15, 12, 9, 6, 0)  # the lowest points of each grade, from the best
_POINTS = re.compile(r"[0-9]{1,2}([.,][0-9]{1,2})?")
SMALLEST = 9  # decimals: sums of shares that are a border but for floating point are the border


@dataclass(frozen=True)
class PointTotal:
    """`points` of `most` for the indicators citizens judged; of all nine, the grade without and with every other point.

    `others`: how many points the other indicators can add.
    """

    points: float
    most: int
    others: int
    lowest: str
    highest: str


def grade(points: float) -> str:
    """The grade of 0-18 points; a border belongs to the better one."""
    exact = round(points, SMALLEST)
    names = (_("Xuất sắc"), _("Tốt"), _("Khá"), pgettext("grade", "Trung bình"), _("Yếu"))
    return str(next(name for border, name in zip(BORDERS, names, strict=True) if exact >= border))


def point_total(facts: Sequence[FactResult]) -> PointTotal | None:
    """The sum of the indicators' mean points; None where none was judged, or where one is held back."""
    judged = [fact for fact in facts if fact.is_points]
    told = [fact.points for fact in judged if fact.points is not None]
    if not judged or len(told) < len(judged):
        return None
    others = EACH * (INDICATORS - len(judged))
    total = sum(told)
    return PointTotal(total, EACH * len(judged), others, grade(total), grade(total + others))


def read_points(text: str, most: int) -> float:
    """The points of the other indicators, as officials type them: "7", "7,5".

    Raises:
        ValueError: no such number; it says which are right.
    """
    if _POINTS.fullmatch(text) and (points := float(text.replace(",", "."))) <= most:
        return points
    raise ValueError(_("Ghi số điểm từ 0 đến %(most)s, như 7 hoặc 7,5.", most=most))


def total_words(total: PointTotal, other_points: float | None = None) -> str:
    """The total, the grades it leaves open (or the grade, where the points of the other indicators are known)."""
    said = _(
        "Tổng điểm các chỉ số người dân chấm: %(points)s trên %(most)s (NĐ 61/2018/NĐ-CP, TT 01/2018/TT-VPCP: chín "
        "chỉ số, 18 điểm).",
        points=_beside_grades(total.points, 0, total.others),
        most=total.most,
    )
    borders = _("Mức: Xuất sắc từ 15, Tốt từ 12, Khá từ 9, Trung bình từ 6, Yếu dưới 6 (mốc 15 chưa kiểm chứng).")
    return f"{said} {_graded(total, other_points)} {borders}"


def _beside_grades(points: float, *added: float) -> str:
    """Points with two decimals; more where fewer would read as the grade above, with any of `added` to them."""
    fits = (
        decimals
        for decimals in range(2, SMALLEST)
        if all(grade(as_printed(points, decimals) + more) == grade(points + more) for more in added)
    )
    return number(points, next(fits, SMALLEST))


def _graded(total: PointTotal, other_points: float | None) -> str:
    if other_points is not None:
        whole = total.points + other_points
        said = _("Cả chín chỉ số: %(points)s điểm, %(grade)s.", points=_beside_grades(whole, 0), grade=grade(whole))
        return str(said)
    open_grades = _(
        "Các chỉ số còn lại do hệ thống một cửa chấm, từ 0 đến %(others)s điểm: cả chín chỉ số từ %(lowest)s đến "
        "%(highest)s.",
        others=total.others,
        lowest=total.lowest,
        highest=total.highest,
    )
    return str(open_grades)
