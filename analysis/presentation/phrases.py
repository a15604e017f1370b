"""Figures and verdicts as sentences: the same words at the desk, in documents and in published results."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from markupsafe import Markup, escape

from analysis.figures.figure import Figure
from analysis.figures.suppression.complement import is_untold
from analysis.presentation.settling import Settling, what_settles
from analysis.statistics.domains import DomainEstimate
from analysis.statistics.verdicts.verdict import Evidence, Point, Verdict
from survey.foundation.formatting import VISIBLE, number, percent, percent_range, points, sentence_case, with_count

SHORT_SUBJECTS: dict[str, LazyString] = {
    "procedures": lazy_gettext("Thủ tục hành chính"),
    "agency_service": lazy_gettext("Sự phục vụ của cơ quan hành chính"),
    "procedures_and_service": lazy_gettext("Thủ tục hành chính và sự phục vụ"),
    "health_service": lazy_gettext("Y tế"),
    "education_service": lazy_gettext("Giáo dục"),
    "health_and_education": lazy_gettext("Y tế và giáo dục (gộp)"),
}
COMPARATORS = {">": ">", ">=": "≥", "=": "="}
EVIDENCE: dict[Evidence, LazyString] = {  # in a sentence, or beside the point verdict
    Evidence.MET: lazy_gettext("đủ căn cứ kết luận đạt"),
    Evidence.NOT_MET: lazy_gettext("đủ căn cứ kết luận chưa đạt"),
    Evidence.INCONCLUSIVE: lazy_gettext("chưa đủ căn cứ kết luận"),
    Evidence.INSUFFICIENT: lazy_gettext("chưa đủ phiếu để đánh giá"),
}
EVIDENCE_ALONE: dict[Evidence, LazyString] = {  # beside its mark; the public's pages have no other verdict
    Evidence.MET: lazy_gettext("Đủ căn cứ kết luận đạt"),
    Evidence.NOT_MET: lazy_gettext("Đủ căn cứ kết luận chưa đạt"),
    Evidence.INCONCLUSIVE: lazy_gettext("Chưa đủ căn cứ kết luận"),
    Evidence.INSUFFICIENT: lazy_gettext("Chưa đủ phiếu để đánh giá"),
}
EVIDENCE_SHORT: dict[Evidence, LazyString] = {  # beside its mark in a narrow column headed by the target
    Evidence.MET: lazy_gettext("Đạt"),
    Evidence.NOT_MET: lazy_gettext("Chưa đạt"),
    Evidence.INCONCLUSIVE: lazy_gettext("Chưa kết luận được"),
    Evidence.INSUFFICIENT: lazy_gettext("Chưa đủ phiếu"),
}
POINT: dict[Point, LazyString] = {
    Point.MET: lazy_gettext("Đạt chỉ tiêu"),
    Point.NOT_MET: lazy_gettext("Chưa đạt chỉ tiêu"),
}

LEFT_OUT: dict[str, LazyString] = {
    "service_unknown": lazy_gettext("không rõ dịch vụ"),
    "no_caseload": lazy_gettext("dịch vụ chưa có số hồ sơ"),
    "kind_unknown": lazy_gettext("không rõ cá nhân hay tổ chức"),
    "not_covered": lazy_gettext("nhóm quá ít phiếu, không gộp được"),
    "several_reasons": lazy_gettext("vì những lý do khác nhau"),
}


def deciding_decimals(share: float, level: float) -> int:
    """The fewest decimals of a percentage, at least 1, at which it reads on its own side of the level, or like it."""
    if share == level:
        return max(1, _level_decimals(Fraction(str(level))))
    return next(d for d in range(1, 20) if percent(share, d) != percent(level, d))


Beside = Verdict | Sequence[float] | None  # a verdict, the levels of targets, or nothing


def share_beside(share: float | None, beside: Beside) -> str:
    """79,98 % beside "chưa đạt > 80 %": with as many decimals as show on which side of the level it lies."""
    return percent(share, _decimals(beside, share))


def range_beside(low: float | None, high: float | None, beside: Beside) -> str:
    """The same of an interval, both bounds with the same decimals."""
    return percent_range(low, high, _decimals(beside, low, high))


def _decimals(beside: Beside, *shares: float | None) -> int:
    levels = [float(beside.target.threshold)] if isinstance(beside, Verdict) else beside or ()
    pairs = [(share, level) for share in shares if share is not None for level in levels]
    return max((deciding_decimals(share, level) for share, level in pairs), default=1)


def moved_words(difference: float | None) -> str:
    """A difference of shares as "+2,1 điểm"; what would print as 0,0 says how little: an unsure step is no rest."""
    if difference is not None and abs(difference) < VISIBLE:
        return str(_("chênh chưa đến 0,1 điểm"))
    return points(difference)


def threshold_words(comparator: str, threshold: float | Fraction | str) -> str:
    """``>``, 0.8 as "> 80 %"; as many decimals as the threshold has."""
    return f"{COMPARATORS[comparator]} {_level(threshold)}"


def level_words(comparator: str, threshold: float | Fraction | str) -> str:
    """The same behind the word "mức", which says "=" already: "100 %", but "≥ 50 %"."""
    return _level(threshold) if comparator == "=" else threshold_words(comparator, threshold)


def _level(threshold: float | Fraction | str) -> str:
    share = Fraction(str(threshold))
    return percent(float(share), _level_decimals(share))


def _level_decimals(level: Fraction) -> int:
    return next((d for d in range(4) if (level * 100 * 10**d).denominator == 1), 4)


def mark_words(status: str, comparator: str, threshold: float | Fraction | str, due_year: int) -> str:
    """What the figure is set beside: a target that is due or coming, or a mark left by one that has expired."""
    words = threshold_words(comparator, threshold)
    match status:
        case "reference":
            return str(_("mốc %(threshold)s", threshold=words))
        case "on_the_way":
            return str(_("chỉ tiêu %(threshold)s đến hạn năm %(year)s", threshold=words, year=due_year))
        case _:
            return str(_("chỉ tiêu %(threshold)s", threshold=words))


def unbroken(text: str) -> str:
    """The same text for the screen: a figure and its sign stay on one line. In one marked safe ">" stands escaped."""
    for sign in COMPARATORS.values():
        written = escape(sign) if isinstance(text, Markup) else sign
        text = text.replace(written + " ", written + "\N{NO-BREAK SPACE}")
    text = text.replace("n =\N{NO-BREAK SPACE}", "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")
    return text.replace(" %", "\N{NO-BREAK SPACE}%").replace(" điểm", "\N{NO-BREAK SPACE}điểm")


def share_words(estimate: DomainEstimate, beside: Beside = None) -> str:
    """As "76,4 % hài lòng (khoảng 90 %: 74,1-78,6 %)"; without an interval where none can be given."""
    share = share_beside(estimate.estimate, beside)
    if estimate.interval_90 is None:
        return str(_("%(share)s hài lòng", share=share))
    within = range_beside(estimate.interval_90.low, estimate.interval_90.high, beside)
    return str(_("%(share)s hài lòng (khoảng 90 %%: %(range)s)", share=share, range=within))


def counts_words(n: int | None, received: int | None) -> str:
    """How many answers a figure is made of, and how many came: always both."""
    return str(_("n = %(n)s trong %(received)s phiếu nhận được", n=count_words(n), received=count_words(received)))


def count_words(count: int | None) -> str:
    """A count of answers; what is fewer than 5, or would tell such a count, is not told."""
    return str(_("không nêu")) if count is None else number(count)


def left_out_words(figure: Figure) -> str:
    """What became of the answers that came and are not in the figure; '' where all are."""
    return "; ".join(f"{LEFT_OUT[reason]}: {count_words(n)}" for reason, n in figure.left_out.items())


def evidence_words(evidence: Evidence, where: str = "alone") -> str:
    """What the answers support, where a mark stands before it: `alone`, `beside` the point verdict, or `short`."""
    words = {"alone": EVIDENCE_ALONE, "beside": EVIDENCE, "short": EVIDENCE_SHORT}[where][evidence]
    return sentence_case(str(words))


def verdict_words(figure: Figure) -> str:
    """The conclusion the evidence allows, in the words of the law's reader; '' where none may be drawn."""
    verdict = figure.verdict
    if verdict is None:
        return ""
    if verdict.evidence is None:
        return why_not_judged(figure)
    return _with_advice(str(EVIDENCE[verdict.evidence]), what_settles(figure))


def _with_advice(words: str, settling: Settling | None) -> str:
    match settling:
        case Settling(what="days"):
            return str(_("phiếu dồn vào quá ít ngày, chưa kết luận"))
        case Settling(what="answers", count=int(needed)):
            return str(_("%(verdict)s, cần thêm khoảng %(n)s phiếu", verdict=words, n=number(about(needed))))
        case Settling(what="drawn_sample", count=int(drawn)):
            said = {"verdict": words, "n": number(about(drawn))}
            return str(_("%(verdict)s, cần khảo sát chọn ngẫu nhiên khoảng %(n)s hồ sơ", **said))
        case Settling(what="nothing"):
            return str(_("%(verdict)s, quá sát mốc nên thêm phiếu trong kỳ cũng khó kết luận", verdict=words))
        case _:
            return words


def why_not_judged(figure: Figure) -> str:
    """Why the evidence is not judged although there is a figure."""
    if figure.provisional:
        return str(_("trọng số tạm tính, chưa kết luận"))
    return str(_("nhiều tháng có quá ít phiếu, chưa kết luận"))


def why_hidden(figure: Figure) -> str:
    """Why a figure has no share: too few answers of its own, or another's few would follow from it."""
    if is_untold(figure):
        return str(_("không nêu, vì quá ít phiếu hoặc để không lộ nơi có quá ít phiếu"))
    return str(_("quá ít phiếu nên không hiển thị"))


def sentence(subject: str, figure: Figure, mark: str | None = None) -> str:
    """One figure in one sentence; `subject` is its name in words, `mark` what it is compared with (`mark_words`).

    "Y tế: 76,4 % hài lòng (khoảng 90 %: 74,1-78,6 %), so với mốc > 80 %: đủ căn cứ kết luận chưa đạt."
    """
    estimate = figure.estimate
    if estimate is None:
        return f"{subject}: {why_hidden(figure)}."
    if figure.unweighted_only:
        share = percent(estimate.unweighted)
        if figure.only_thin_groups:
            return str(
                _(
                    "%(subject)s: từng nhóm quá ít phiếu để gia quyền; tỷ lệ chưa gia quyền %(share)s, không kết luận.",
                    subject=subject,
                    share=share,
                )
            )
        return str(
            _(
                "%(subject)s: chưa có số hồ sơ để gia quyền; tỷ lệ chưa gia quyền %(share)s, không kết luận.",
                subject=subject,
                share=share,
            )
        )
    if estimate.estimate is None:
        return str(_("%(subject)s: chưa có phiếu.", subject=subject))
    figures = share_words(estimate, figure.verdict)
    if figure.reference_only:
        return with_count(
            "%(subject)s: %(figures)s - chỉ để tham khảo, mới có %(n)s phiếu.",
            estimate.responses,
            subject=subject,
            figures=figures,
        )
    words = verdict_words(figure)
    if not mark or not words:
        return str(_("%(subject)s: %(figures)s.", subject=subject, figures=figures))
    return str(
        _(
            "%(subject)s: %(figures)s, so với %(mark)s: %(verdict)s.",
            subject=subject,
            figures=figures,
            mark=mark,
            verdict=words,
        )
    )


def about(count: int) -> int:
    """1,234 as 1,300: "about" should not look exact, and too few would be a false promise."""
    step: int = 10 ** max(len(str(count)) - 2, 0)
    return -(-count // step) * step
