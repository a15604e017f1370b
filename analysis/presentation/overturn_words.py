"""How wrong the volunteers would have to be for a verdict to turn, in sentences that stand beside it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from analysis.presentation.phrases import EVIDENCE, POINT
from analysis.statistics import Evidence, Overturn, Point, Verdict
from analysis.statistics.verdicts.shifted import Shifted
from survey.foundation.formatting import VISIBLE, distance

SETTLED = (Evidence.MET, Evidence.NOT_MET)


def overturn_words(verdict: Verdict | None) -> str | None:
    """The difference that would overturn a verdict; None where the response rate is not known."""
    if verdict is None or verdict.overturn is None:
        return None
    return overturn_sentences(verdict.point, verdict.evidence, verdict.overturn)


def overturn_sentences(point: Point, evidence: Evidence | None, overturn: Overturn) -> str:
    """First of the point verdict, then, where the evidence settles it, of the evidence."""
    said = [_of_point(point, overturn)]
    if evidence in SETTLED:
        words = {"verdict": EVIDENCE[evidence], "points": _size(overturn.points)}
        said.append(
            str(_("Từ %(points)s thì không còn %(verdict)s.", **words))
            if overturn.possible
            else str(_("Không câu trả lời nào của họ làm mất điều này: %(verdict)s.", **words))
        )
    return " ".join(said)


def _of_point(point: Point, overturn: Overturn) -> str:
    size = _size(overturn.of_point)
    if point is Point.MET:
        if not overturn.point_possible:
            return str(_("Dù không ai trong số người không trả lời hài lòng, chỉ tiêu vẫn đạt."))
        return str(
            _(
                "Nếu những người không trả lời kém hài lòng hơn người trả lời %(points)s thì chỉ tiêu không đạt.",
                points=size,
            )
        )
    if not overturn.point_possible:
        return str(_("Dù mọi người không trả lời đều hài lòng, chỉ tiêu vẫn không đạt."))
    return str(_("Nếu những người không trả lời hài lòng hơn người trả lời %(points)s thì chỉ tiêu đạt.", points=size))


def short_overturn_words(point: Point, evidence: Evidence | None, overturn: Overturn | None) -> str | None:
    """What would overturn the conclusion in half a sentence, beside it: of the evidence where it settles the matter."""
    if overturn is None:
        return None
    settled = evidence in SETTLED
    possible = overturn.possible if settled else overturn.point_possible
    if not possible:
        return str(_("người không trả lời nghĩ thế nào cũng không đảo được"))
    points = _size(overturn.points if settled else overturn.of_point)
    falls = evidence is Evidence.MET if settled else point is Point.MET
    if settled and falls:
        return str(_("hết căn cứ nếu người không trả lời kém hài lòng hơn %(points)s", points=points))
    if settled:
        return str(_("hết căn cứ nếu người không trả lời hài lòng hơn %(points)s", points=points))
    if falls:
        return str(_("sẽ là chưa đạt nếu người không trả lời kém hài lòng hơn %(points)s", points=points))
    return str(_("sẽ là đạt nếu người không trả lời hài lòng hơn %(points)s", points=points))


def point_overturn_words(verdict: Verdict | None) -> str | None:
    """In a table's cell, how far off the silent would have to be for the point verdict to turn: "3,3 điểm"."""
    if verdict is None or verdict.overturn is None:
        return None
    return point_overturn(verdict.overturn)


def point_overturn(overturn: Overturn) -> str:
    """The same of a verdict that was stored."""
    return _size(overturn.of_point) if overturn.point_possible else str(_("không thể"))


def shifted_words(verdicts: Sequence[Shifted]) -> str | None:
    """The verdicts at 0, 2, 5 and 10 points in one sentence."""
    if not verdicts:
        return None
    parts = [f"{_step_words(shifted.points)}: {shifted_verdict(shifted)}" for shifted in verdicts]
    less = any(shifted.points > 0 for shifted in verdicts)
    words = "; ".join(parts)
    if less:
        return str(_("Nếu người không trả lời kém hài lòng hơn - %(verdicts)s.", verdicts=words))
    return str(_("Nếu người không trả lời hài lòng hơn - %(verdicts)s.", verdicts=words))


def _step_words(step: float) -> str:
    return _size(step) if step else str(_("như đo được"))


def shifted_verdict(shifted: Shifted) -> str:
    """Point and evidence in a few words."""
    point = str(POINT[shifted.point]).lower()
    return point if shifted.evidence is None else f"{point}, {EVIDENCE[shifted.evidence]}"


def _size(difference: float) -> str:
    if abs(difference) < VISIBLE:
        return str(_("chưa đến 0,1 điểm"))
    return distance(difference)
