"""Part II: the result of each subject - in two sentences, in numbers, by service, by agency, by month."""

from __future__ import annotations

from analysis.figures.figure import Figure
from analysis.figures.suppression.complement import is_untold
from analysis.presentation import labels, phrases
from analysis.presentation.overturn_words import overturn_words
from analysis.reports.context import Brief
from analysis.reports.document import Block, Column, DocumentTable, Paragraph, Subheading
from analysis.reports.parts.breakdowns import breakdown_blocks
from analysis.reports.parts.contributions import drag_blocks
from analysis.reports.parts.months import month_blocks
from analysis.statistics import Point
from analysis.targets.service import TargetInYear
from analysis.targets.words import mark_of
from survey.foundation.formatting import ABSENT, number, percent, sentence_case

LETTERS = "abcdđeg"
Titled = tuple[str, tuple[Block, ...]]  # what stands under a numbered heading of an annex


def results(brief: Brief) -> tuple[Titled, ...]:
    """Each subject of the report under its name; of a single one its parts, for nobody takes it for another."""
    subjects = brief.subjects
    if not subjects:
        nothing = Paragraph(f"Trong {labels.within(brief.period)} {labels.NONE_TOLD}.")
        return (("Kết quả chung", (nothing,)),)
    if len(subjects) == 1:
        return tuple((title, tuple(blocks)) for title, blocks in _parts(brief, subjects[0]))
    return tuple((sentence_case(labels.SUBJECT[subject]), _lettered(_parts(brief, subject))) for subject in subjects)


def _lettered(parts: list[tuple[str, list[Block]]]) -> tuple[Block, ...]:
    return tuple(
        block
        for letter, (title, blocks) in zip(LETTERS, parts, strict=False)
        for block in (Subheading(f"{letter}) {title}", 3), *blocks)
    )


def _parts(brief: Brief, subject: str) -> list[tuple[str, list[Block]]]:
    total = brief.ask(subject).total
    parts = [("Kết quả chung", _headline(brief, subject, total))]
    if labels.answered(total):
        parts += [
            ("Theo dịch vụ, lĩnh vực", breakdown_blocks(brief, subject, "service")),
            ("Theo cơ quan, đơn vị", breakdown_blocks(brief, subject, "agency")),
        ]
    parts.append(("Diễn biến theo tháng", month_blocks(brief, subject)))
    if labels.answered(total):
        parts.append(("Nội dung kéo giảm kết quả", drag_blocks(brief, subject)))
    return [(title, blocks) for title, blocks in parts if blocks]


def _headline(brief: Brief, subject: str, total: Figure) -> list[Block]:
    blocks: list[Block] = [Paragraph(two_sentences(brief, subject, total), lead="Kết quả:")]
    if total.estimate is not None:
        blocks.append(_key_figures(brief, subject, total))
    return blocks


def two_sentences(brief: Brief, subject: str, total: Figure) -> str:
    """What was found, and what it means beside the target; what cannot be said is said so."""
    when, what = labels.within(brief.period), labels.SUBJECT[subject]
    estimate = total.estimate
    if not labels.answered(total):
        return f"Trong {when} về {what} {labels.NONE_TOLD}. Chưa có căn cứ so với chỉ tiêu."
    if is_untold(total):
        return f"Trong {when} số liệu về {what} {labels.HELD_BACK}. Chưa có căn cứ so với chỉ tiêu."
    if estimate is None:
        return (
            f"Trong {when} chỉ có {labels.received(total)} phiếu đánh giá về {what}, dưới mức 10 phiếu nên không nêu "
            "tỷ lệ để bảo đảm ẩn danh. Chưa có căn cứ so với chỉ tiêu."
        )
    if estimate.estimate is None:
        return (
            f"Trong {when}, {percent(estimate.unweighted)} của {number(estimate.responses)} phiếu tỏ ý hài lòng với "
            f"{what} (tỷ lệ chưa gia quyền). {sentence_case(labels.why_unweighted(total))} nên chưa gia quyền và chưa "
            "kết luận theo chỉ tiêu."
        )
    base = f" trên {number(total.caseload)} {brief.caseload_unit(subject)}" if total.caseload else ""
    first = (
        f"Trong {when}, ước tính {percent(estimate.estimate)} {_respondents(brief, subject)} hài lòng với {what} "
        f"(khoảng bất định 90 % theo mô hình: {labels.interval(total)}; n = {labels.used(total)} trong "
        f"{labels.received(total)} phiếu nhận được{base})."
    )
    return f"{first} {_second_sentence(brief, subject, total)}"


def _respondents(brief: Brief, subject: str) -> str:
    main = brief.main_target(subject)
    kinds = tuple(main.target.respondent_kinds) if main else ("individual", "organisation")
    return labels.RESPONDENTS.get(kinds, "người trả lời")


def _second_sentence(brief: Brief, subject: str, total: Figure) -> str:
    main = brief.main_target(subject)
    if main is None:
        return "Tỉnh chưa có chỉ tiêu về nội dung này để so sánh."
    if total.reference_only:
        return "Số phiếu từ 10 đến 29 chỉ để tham khảo, không kết luận theo chỉ tiêu."
    if total.verdict is None:
        return "Chưa kết luận được theo chỉ tiêu."
    said = "đạt" if total.verdict.point is Point.MET else "chưa đạt"
    return f"So với {_mark(brief, main)}, số ước tính {said}; {brief.in_units(subject, phrases.verdict_words(total))}."


def _mark(brief: Brief, target_in_year: TargetInYear) -> str:
    target = target_in_year.target
    of_province = "" if brief.recipient.agencies is None or target.agency_id else " của tỉnh"
    return f"{mark_of(target_in_year)}{of_province} tại mục {target.clause} {target.short_document}"


def _key_figures(brief: Brief, subject: str, total: Figure) -> DocumentTable:
    estimate = total.estimate
    assert estimate is not None
    unit = brief.caseload_unit(subject)
    rows = [
        (f"Tỷ lệ hài lòng, gia quyền theo số {unit}", labels.value(total)),
        ("Khoảng bất định 90 % theo mô hình", labels.interval(total)),
        ("Tỷ lệ hài lòng chưa gia quyền", labels.unweighted(total)),
        ("Phiếu dùng trong con số này (n)", labels.used(total)),
        ("Phiếu nhận được", labels.received(total)),
        *_left_out(brief, subject, total),
        ("Cỡ mẫu hiệu dụng", ABSENT if estimate.n_eff is None else number(int(estimate.n_eff))),
        (f"Số {unit} trong kỳ (N)", labels.caseload(total)),
        ("Tỷ lệ trả lời (n/N)", labels.response_rate(total)),
        (f"Phần {unit} thuộc nhóm có phiếu", percent(estimate.coverage)),
        (f"Phần {unit} thuộc nhóm có từ 5 phiếu", percent(estimate.coverage_adequate)),
    ]
    rows += [row for target in brief.targets_of(subject) for row in _verdict_rows(brief, subject, target)]
    rows = [row for row in rows if row[1] != ABSENT]  # without a caseload there is little to tell
    columns = (Column("Chỉ số", 1.25), Column("Giá trị", 1))
    caption = brief.captions.table(f"Kết quả chung {brief.period.label()}")
    return DocumentTable(caption, columns, tuple(rows), brief.in_units(subject, labels.of_a_part([total])))


def _left_out(brief: Brief, subject: str, total: Figure) -> list[tuple[str, str]]:
    words = brief.in_units(subject, phrases.left_out_words(total))
    return [("Phiếu nhận được nhưng không dùng", words)] if words else []


def _verdict_rows(brief: Brief, subject: str, target_in_year: TargetInYear) -> list[tuple[str, str]]:
    """The verdict, and in a row of its own how wrong the volunteers would have to be for it to turn."""
    kinds = tuple(target_in_year.target.respondent_kinds)
    figure = brief.ask_beside(subject, target_in_year).total
    name = (
        f"Kết luận so với {_mark(brief, target_in_year)} "
        f"({labels.status(target_in_year.status, target_in_year.target.due_year)}; {labels.RESPONDENTS.get(kinds, '')})"
    )
    if figure.verdict is None:
        return [(name, labels.verdict(figure))]
    evidence = brief.in_units(subject, phrases.verdict_words(figure))
    said = f"{phrases.POINT[figure.verdict.point]} (số ước tính); {evidence}"
    turned = overturn_words(figure.verdict)
    return [(name, said), *([("Kết luận này đảo lại khi nào", turned)] if turned else [])]
