"""What a reader must know beside the figures of a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from flask_babel import LazyString, force_locale, lazy_gettext
from flask_babel import gettext as _

from analysis.figures.figure import Note
from analysis.figures.warnings_text import caveat_words
from analysis.figures.weighting.disposition import KIND_UNKNOWN, Unevenness
from analysis.figures.weighting.names import by_label
from analysis.figures.weighting.prepare import Prepared
from analysis.figures.weighting.proportion import proportion_words
from analysis.statistics import CaveatCode
from analysis.statistics.counts import share_of
from analysis.statistics.disclosure.primary import FEWEST_COUNT, FEWEST_PUBLIC
from analysis.statistics.estimation import Estimation
from survey.foundation.clock import month_of, today
from survey.foundation.formatting import number, percent
from survey.foundation.periods import Period, month_label

PLAIN_MEAN = lazy_gettext("Trung bình cộng của y tế và giáo dục: lượt khám và học sinh không cộng được với nhau.")


def note_of(code: str, text: LazyString, *, public: bool) -> Note:
    """A note as the reader's pages speak; where everybody may read it, with its English."""
    if not public:
        return Note(code, str(text))
    with force_locale("en"):
        english = str(text)
    return Note(code, str(text), english=english)


def notes_of(
    period: Period, prepared: Prepared, estimation: Estimation, label: Callable[[str], str], *, public: bool = False
) -> tuple[Note, ...]:
    """All notes of a question; `label` names a domain.

    `public`: how many answers they speak of is told roughly, no group is named for having few, and English stands by.
    """
    said = _said(period, prepared, estimation, label, public=public)
    if not public:
        return said
    with force_locale("en"):
        in_english = _said(period, prepared, estimation, label, public=True)
    return tuple(replace(note, english=other.message) for note, other in zip(said, in_english, strict=True))


def _said(
    period: Period, prepared: Prepared, estimation: Estimation, label: Callable[[str], str], *, public: bool
) -> tuple[Note, ...]:
    share = _public_share if public else _share
    names_by_label = by_label(prepared.table.names, prepared.register) if estimation.warnings else {}
    own = [
        Note(
            str(warning.code),
            str(_OF_FEW[warning.code]) if public and warning.code in _OF_FEW else caveat_words(warning, names_by_label),
        )
        for warning in estimation.warnings
        if warning.code not in _OUR_WORDS
    ]
    assignment, agencies = prepared.assignment, prepared.register.agencies

    def names(ids: Iterable[int]) -> str:
        return _listed(sorted(agencies[agency_id].name for agency_id in set(ids)))

    running = month_of(today())  # its caseload comes when it is over
    missing = {
        agencies[agency_id].name: finished
        for agency_id, months in prepared.months_missing.items()
        if (finished := [month for month in months if month < running])
    }
    causes = {
        "no_caseload": share(sum(assignment.unassigned.values()), prepared),
        "kind_unknown": share(_left_out(KIND_UNKNOWN, prepared), prepared),
        "one_sided": share(prepared.one_sided, prepared),
        "provisional_weights": names(p.agency_id for p in assignment.provisional),
        "caseload_in_proportion": proportion_words(period) if assignment.in_proportion else "",
        "agency_without_caseload": names(assignment.without_caseload),
        "service_unknown": names(assignment.whole_sector),
        "caseload_incomplete": _listed([f"{name} ({_months(months)})" for name, months in sorted(missing.items())]),
        "months_uneven": _uneven(prepared.unevenness, label),
        "split_not_prorated": names(prepared.split()),
        "queue_file": share(prepared.marked.from_files, prepared),
        "beyond_capacity": share(prepared.marked.beyond_capacity, prepared),
        "verified": _public_share(prepared.marked.verified, prepared) if public else _verified(prepared),
        "interviews": "" if public else _interviews(prepared),
    }
    held = [Note("newest_held_back", str(_HELD_BACK))] if prepared.holds_back else []
    return (*own, *(Note(code, f"{_NOTES[code]}: {text}.") for code, text in causes.items() if text), *held)


_HELD_BACK = lazy_gettext(
    "Tháng đang chạy: nội dung phiếu được nêu theo từng bước từ 10 phiếu của mỗi cơ quan, mỗi ngày nhiều nhất một lần, "
    "và các phiếu mới nhất còn giữ lại, để không ai đọc được phiếu của một người. Hết tháng thì nêu đủ."
)
_OUR_WORDS = frozenset({CaveatCode.NO_CASELOAD})
_OF_FEW = {  # whose names, or number, would say that a hidden row holds 1-4 answers, one day's, more than its dossiers
    CaveatCode.LONELY_PSU: lazy_gettext(
        "Có tầng chỉ có phiếu của một ngày (hoặc tuần) nên không góp vào phương sai; cả tầng chỉ được coi như một lượt "
        "đánh giá khi tính cỡ mẫu hiệu dụng."
    ),
    CaveatCode.NOT_COVERED: lazy_gettext(
        "Có nhóm quá ít lượt đánh giá và không gộp được với nhóm nào: không nằm trong kết quả gia quyền."
    ),
    CaveatCode.OVER_RESPONSE: lazy_gettext(
        "Có nhóm nhiều lượt đánh giá hơn số hồ sơ đã giải quyết; không áp dụng hiệu chỉnh tổng thể hữu hạn ở đó."
    ),
    CaveatCode.NO_FPC: lazy_gettext(
        "Có tầng không áp dụng hiệu chỉnh tổng thể hữu hạn vì không biết tổng số hồ sơ của tầng."
    ),
}
_NOTES = {
    "no_caseload": lazy_gettext(
        "Không rõ dịch vụ, hoặc dịch vụ chưa có số hồ sơ, nên chỉ tính trong tỷ lệ chưa gia quyền"
    ),
    "provisional_weights": lazy_gettext("Trọng số tạm tính, chờ số hồ sơ của kỳ"),
    "caseload_in_proportion": lazy_gettext(
        "Trọng số tạm tính: kỳ không trọn tháng, số hồ sơ, lượt khám lấy theo phần ngày làm việc nằm trong kỳ"
    ),
    "agency_without_caseload": lazy_gettext("Chưa có số hồ sơ, chỉ có tỷ lệ chưa gia quyền"),
    "service_unknown": lazy_gettext("Trên 10 % phiếu không rõ dịch vụ hoặc thiếu số hồ sơ, gia quyền theo cả ngành"),
    "caseload_incomplete": lazy_gettext("Thiếu số hồ sơ của một số tháng"),
    "queue_file": lazy_gettext("Lấy từ tệp hàng chờ của kiosk, không do kiosk tự gửi"),
    "beyond_capacity": lazy_gettext("Nhiều hơn mức một quầy phục vụ được trong một giờ, vẫn được tính"),
    "verified": lazy_gettext("Đã xác thực: mỗi hồ sơ một phiếu, bằng mã một lần in trên giấy hẹn"),
    "interviews": lazy_gettext("Phỏng vấn qua điện thoại, theo các danh sách lập trong kỳ"),
    "kind_unknown": lazy_gettext("Không rõ cá nhân hay tổ chức nên không tính"),
    "one_sided": lazy_gettext("Chỉ đánh giá một trong hai nội dung của chỉ tiêu gộp nên không tính"),
    "months_uneven": lazy_gettext(
        "Phần khối lượng thuộc những tháng có dưới 5 phiếu ở cơ quan có phiếu; trên 20 % thì không kết luận"
    ),
    "split_not_prorated": lazy_gettext("Đơn vị đã chia tách được để riêng, không phân bổ cho các đơn vị kế thừa"),
}


def _share(part: int, prepared: Prepared) -> str:
    """So many answers and their share of all that came; nothing where there are none."""
    everything = int(prepared.cells.responses.sum()) + _left_out(KIND_UNKNOWN, prepared) + prepared.one_sided
    share = share_of(part, everything)
    return _("%(n)s phiếu (%(share)s)", n=number(part), share=percent(share)) if part else ""


def _public_share(part: int, prepared: Prepared) -> str:
    """The same in steps of 30 answers: exact counts of several publications would be subtracted from each other."""
    if 0 < part < FEWEST_PUBLIC:
        return str(_("dưới %(n)s phiếu", n=FEWEST_PUBLIC))
    at_least = _share(part - part % FEWEST_PUBLIC, prepared)
    return str(_("từ %(answers)s trở lên", answers=at_least)) if at_least else ""


def _verified(prepared: Prepared) -> str:
    few = 0 < prepared.marked.verified < FEWEST_COUNT
    return _("dưới %(n)s phiếu", n=FEWEST_COUNT) if few else _share(prepared.marked.verified, prepared)


def _interviews(prepared: Prepared) -> str:
    if prepared.marked.interviews is None or prepared.marked.interviews[0] < FEWEST_COUNT:
        return ""
    answered, drawn = prepared.marked.interviews
    said = {"n": number(answered), "drawn": number(drawn), "share": percent(share_of(answered, drawn))}
    return str(_("%(n)s trong %(drawn)s người được rút trả lời (%(share)s)", **said))


def _left_out(reason: str, prepared: Prepared) -> int:
    return sum(disposition.left_out.get(reason, 0) for disposition in prepared.dispositions.values())


def _months(months: Iterable[str]) -> str:
    return ", ".join(map(month_label, months))


def _uneven(unevenness_of: Mapping[str, Unevenness], label: Callable[[str], str]) -> str:
    """As "12,5 % (tháng 1/2026, tháng 2/2026)", with the domain's name where there are several."""
    mentioned = {domain: unevenness for domain, unevenness in unevenness_of.items() if unevenness.is_mentioned}
    words = {
        domain: f"{percent(unevenness.share)} ({_months(unevenness.months)})"
        for domain, unevenness in mentioned.items()
    }
    return _listed([f"{label(domain)} {text}" if domain else text for domain, text in sorted(words.items())])


def _listed(names: list[str], most: int = 8) -> str:
    listed = ", ".join(names[:most])
    return _("%(names)s và %(n)s đơn vị khác", names=listed, n=len(names) - most) if len(names) > most else listed


def distinct(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Each note once."""
    return tuple(dict.fromkeys(notes))
