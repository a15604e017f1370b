"""What an office reads in its mailbox."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from flask import current_app

from analysis.presentation import labels
from analysis.reports.delivery.reminders import LAST_CALLED, REMINDER
from analysis.reports.kinds import KINDS
from analysis.reports.models import ArchivedReport, DueReport, ReportDelivery
from survey.foundation import mail, working_days
from survey.foundation.clock import now
from survey.foundation.formatting import date, period
from survey.foundation.installation_flags import is_demo
from survey.foundation.periods import Period

# Folding a long header, Python 3.11 loses spaces between Vietnamese words ("quý IV/2026:ngày").
UNFOLDED = SMTP.clone(max_line_length=990)


def letter(delivery: ReportDelivery, due: DueReport, archived: ArchivedReport | None, *, sender: str) -> EmailMessage:
    """The announcement of a deadline, the call on its last day, a reminder after it, or the report with the PDF.

    The message's id follows from the delivery, so that a mailbox shows it once even if it had to be sent again.
    """
    message = EmailMessage(policy=UNFOLDED)
    message["From"], message["To"] = sender, mail.receiver(delivery.email)
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{delivery.kind}-{delivery.id}-{due.period}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "vi"
    message["Subject"], lines = _said(delivery, due, archived)
    message.set_content("\n".join(lines + ([f"{labels.DEMO}."] if is_demo() else [])) + "\n")
    if archived is not None:
        message.add_attachment(archived.content, maintype="application", subtype="pdf", filename=f"{archived.name}.pdf")
    return message


def _said(delivery: ReportDelivery, due: DueReport, archived: ArchivedReport | None) -> tuple[str, list[str]]:
    """Subject and lines: of the report itself, a reminder, or the announcement of the deadline."""
    words, when = KINDS[due.kind].letter, period(due.period)
    desk = f"{current_app.extensions['settings'].public_url}/desk/reports/"
    if archived is not None:
        lines = [
            f"Kèm theo là dự thảo báo cáo {words.full} {when}.",
            f"Số liệu đến hết ngày {date(archived.cut_off)}; mã số liệu {archived.digest[:16]}.",
            f"Bản Word để sửa và các báo cáo khác: {desk}",
            *([due.problem] if due.problem else []),  # what the document could not show as it was written
        ]
        return f"Dự thảo báo cáo {words.about} {when}", lines
    if delivery.kind == LAST_CALLED:
        lines = [
            f"Đến hạn gửi báo cáo về {words.about} {when}: ngày cuối cùng {date(due.last_day)}{_rule(due)}.",
            f"Sổ báo cáo chưa ghi ngày gửi. Nếu đã gửi, xin ghi số, ngày ký và ngày gửi: {desk}",
        ]
        return f"Đến hạn gửi báo cáo {words.short}{when}, ngày cuối cùng {date(due.last_day)}", lines
    if delivery.kind == REMINDER:
        lines = [
            f"Sở Nội vụ chưa nhận được báo cáo về {words.about} {when}, hạn cuối {date(due.last_day)}.",
            f"Nếu đã gửi, xin ghi số, ngày ký và ngày gửi vào sổ báo cáo: {desk}",
        ]
        return f"Nhắc gửi báo cáo {words.short}{when}, hạn {date(due.last_day)}", lines
    lines = [
        f"Báo cáo về {words.about} {when} phải gửi chậm nhất ngày {date(due.last_day)}{_rule(due)}.",
        f"Số liệu được chốt hết ngày {date(due.cut_off)}; bản dự thảo sẽ được gửi từ ngày {date(due.make_on)}.",
        f"Có thể xem trước tại: {desk}",
    ]
    return f"Sắp đến hạn báo cáo {words.short}{when}: ngày cuối cùng {date(due.last_day)}", lines


def _rule(due: DueReport) -> str:
    """Whose deadline it is, and where it falls on a day off."""
    if due.cut_off >= Period.parse(due.period).last_day:
        return " (hạn nội bộ: văn bản của tỉnh không ghi ngày)"
    work_until = working_days.on_or_before(due.last_day)
    if work_until == due.last_day:
        return ""
    return f", là ngày nghỉ: việc phải xong trong ngày làm việc {date(work_until)}"
