"""Published figures in plain words: what the province promised, what people answered, what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from analysis.figures.figure_key import EVERYTHING, figure_key, kinds_words, place_words
from analysis.presentation.phrases import (
    EVIDENCE_ALONE,
    POINT,
    SHORT_SUBJECTS,
    counts_words,
    range_beside,
    share_beside,
    threshold_words,
)
from analysis.results.publication.certainty import certainty_lines, overturn_line
from analysis.results.publication.services_of_agencies import TABLE, agency_and_service
from analysis.statistics import Evidence, Point
from analysis.targets.coverage_queries import ON_TIME
from survey.foundation.formatting import number, of_a_hundred, with_count
from survey.foundation.periods import in_english
from survey.foundation.vocabulary import SUBJECTS

__all__ = ["certainty_lines", "overturn_line"]  # templates are given this module as `words`

COVERAGE: dict[str, LazyString] = {
    "surveyed_units": lazy_gettext("Đơn vị sự nghiệp công được khảo sát"),
    "method_defined": lazy_gettext("Đơn vị đã xác định phương pháp thu thập, theo dõi sự chấp nhận của công dân"),
    "one_stop": lazy_gettext("Cơ quan hành chính giải quyết công việc theo cơ chế một cửa"),
    ON_TIME: lazy_gettext("Hồ sơ thủ tục hành chính giải quyết đúng hạn, theo sổ"),
}


def heading(target: dict[str, Any]) -> str:
    """What the promise is about."""
    words = COVERAGE[target["coverage_of"]] if target["kind"] == "coverage" else SHORT_SUBJECTS[target["subject"]]
    return f"{words}, {target['agency_name']}" if target.get("agency_name") else str(words)


def promise(target: dict[str, Any]) -> str:
    """The target in one sentence with its year."""
    threshold = threshold_words(target["comparator"], target["threshold"])
    if target["kind"] == "coverage":
        return str(_("Tỉnh đặt mục tiêu %(threshold)s vào năm %(year)s.", threshold=threshold, year=target["due_year"]))
    if target.get("agency_name"):
        return str(
            _(
                "%(agency)s đặt mục tiêu %(threshold)s người dân hài lòng vào năm %(year)s.",
                agency=target["agency_name"],
                threshold=threshold,
                year=target["due_year"],
            )
        )
    return str(
        _(
            "Tỉnh đặt mục tiêu %(threshold)s người dân hài lòng vào năm %(year)s.",
            threshold=threshold,
            year=target["due_year"],
        )
    )


def result(target: dict[str, Any]) -> str:
    """What the answers of the period say, in plain words."""
    if target["kind"] == "coverage":
        if target["share"] is None:
            return str(_("Chưa có số liệu."))
        said = {"share": share_beside(target["share"], [float(Fraction(target["threshold"]))])} | units_said(target)
        if target["coverage_of"] == ON_TIME:
            return with_count("Kết quả: %(share)s (%(reached)s trên %(units)s hồ sơ).", target["units"], **said)
        return with_count("Kết quả: %(share)s (%(reached)s trên %(units)s đơn vị).", target["units"], **said)
    return figure_sentence(target["figure"], [float(Fraction(target["threshold"]))])


def units_said(target: dict[str, Any]) -> dict[str, str]:
    """Of how many units (on time: dossiers) how many keep a promise."""
    return {name: number(target[name]) for name in ("reached", "units")}


def figure_sentence(row: dict[str, Any], levels: Sequence[float] = ()) -> str:
    """One figure for everyone: about how many of a hundred, then the exact share with its interval.

    `levels`: those it is held to, 0-1.
    """
    if row["suppressed"]:
        return str(_("Không nêu, vì quá ít phiếu hoặc để không lộ nơi có quá ít phiếu."))
    if row["estimate"] is None:
        return str(_("Kỳ này chưa có số liệu."))
    interval = row["interval_90"]
    return str(
        _(
            "Cứ 100 lượt phục vụ thì khoảng %(hundred)s lượt người dân hài lòng (%(share)s; khoảng 90 %%: %(range)s; "
            "%(counts)s).",
            hundred=of_a_hundred(row["estimate"]),
            share=share_beside(row["estimate"], levels),
            range=range_beside(interval["low"], interval["high"], levels) if interval else "–",
            counts=counts(row),
        )
    )


def note_said(note: Mapping[str, str]) -> str:
    """A published note as the page speaks; in Vietnamese where it was published without English."""
    return note.get("message_en") or note["message"] if in_english() else note["message"]


def counts(row: dict[str, Any]) -> str:
    """n and received, or n alone where that is held back; before 0.2 one number, of all a share can be made of."""
    if "received" not in row:
        return with_count("%(n)s phiếu", row["n"])
    if row["received"] is None:
        return f"n = {number(row['n'])}"
    return counts_words(row["n"], row["received"])


def key_of(province: str, period: str, subject: str, row: dict[str, Any], by: str = "") -> str:
    """What a published row is about, as its figure said (`analysis.figures.figure_key`)."""
    if by == TABLE:  # as the agency alone is asked about its services
        agency, service = agency_and_service(row["domain"])
        return figure_key(province, subject, period, f"service:{service} in {place_words([agency])}")
    return figure_key(province, subject, period, f"{by}:{row['domain']}" if by else EVERYTHING)


def target_key(province: str, period: str, target: dict[str, Any]) -> str:
    """The same of a promise's figure: of the agency that made it, and of the respondents it speaks about."""
    codes = target.get("agencies") or []
    what = place_words(codes) if codes else EVERYTHING
    kinds = kinds_words(target.get("counted_kinds") or target["respondent_kinds"])
    return figure_key(province, target["subject"], period, what, narrowed=f"kinds {kinds}" if kinds else "")


def evidence(target: dict[str, Any]) -> tuple[str, str] | None:
    """Kind and words of the conclusion; None where none may be drawn."""
    if target["kind"] == "coverage":
        if target["met"] is None:
            return None
        point = Point.MET if target["met"] else Point.NOT_MET
        return str(point), str(POINT[point])
    verdict = target["verdict"]
    if verdict is None or verdict["evidence"] is None:
        return None
    stored_evidence = Evidence(verdict["evidence"])
    return str(stored_evidence), str(EVIDENCE_ALONE[stored_evidence])


def undecided(target: dict[str, Any]) -> str | None:
    """Why no conclusion is drawn although a figure is told; None where one is, or where no figure is told."""
    figure = target.get("figure")
    if not figure or figure["estimate"] is None or evidence(target) is not None:
        return None
    if figure["provisional"]:
        return str(_("Chưa kết luận: trọng số còn tạm tính"))
    if target["verdict"] is None:
        return str(_("Chưa kết luận: dưới 30 phiếu"))
    return str(_("Chưa kết luận: nhiều tháng có quá ít phiếu"))


def subject_name(subject: str) -> str:
    """The full name of a subject."""
    return str(SUBJECTS[subject])
