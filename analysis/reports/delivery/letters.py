"""What an office reads in its mailbox."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from flask import current_app

from analysis.presentation import labels
from analysis.reports.kinds import KINDS
from analysis.reports.models import ArchivedReport, DueReport, ReportDelivery
from survey.foundation import working_days
from survey.foundation.clock import now
from survey.foundation.formatting import date, period
from survey.foundation.installation_flags import is_demo
from survey.foundation.periods import Period

# Folding a long header, Python 3.11 loses spaces between Vietnamese words ("quý IV/2026:ngày").
UNFOLDED = SMTP.clone(max_line_length=990)


def letter(delivery: ReportDelivery, due: DueReport, archived: ArchivedReport | None, *, sender: str) -> EmailMessage:
    """The announcement of a deadline, or the report with the PDF.

    The message's id follows from the delivery, so that a mailbox shows it once even if it had to be sent again.
    """
    message = EmailMessage(policy=UNFOLDED)
    message["From"], message["To"] = sender, delivery.email
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{delivery.kind}-{delivery.id}-{due.period}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "vi"
    words = KINDS[due.kind].letter
    desk = f"{current_app.extensions['settings'].public_url}/desk/reports/"
    if archived is None:
        message["Subject"] = (
            f"Sắp đến hạn báo cáo {words.short}{period(due.period)}: ngày cuối cùng {date(due.last_day)}"
        )
        early = due.cut_off < Period.parse(due.period).last_day
        rule = "" if early else " (hạn nội bộ: văn bản của tỉnh không ghi ngày)"
        work_until = working_days.on_or_before(due.last_day)
        if early and work_until != due.last_day:
            rule = f", là ngày nghỉ: việc phải xong trong ngày làm việc {date(work_until)}"
        lines = [
            f"Báo cáo về {words.about} {period(due.period)} phải gửi chậm nhất ngày {date(due.last_day)}{rule}.",
            f"Số liệu được chốt hết ngày {date(due.cut_off)}; bản dự thảo sẽ được gửi từ ngày {date(due.make_on)}.",
            f"Có thể xem trước tại: {desk}",
        ]
    else:
        message["Subject"] = f"Dự thảo báo cáo {words.about} {period(due.period)}"
        lines = [
            f"Kèm theo là dự thảo báo cáo {words.full} {period(due.period)}.",
            f"Số liệu đến hết ngày {date(archived.cut_off)}; mã số liệu {archived.digest[:16]}.",
            f"Bản Word để sửa và các báo cáo khác: {desk}",
        ]
    message.set_content("\n".join(lines + ([f"{labels.DEMO}."] if is_demo() else [])) + "\n")
    if archived is not None:
        message.add_attachment(archived.content, maintype="application", subtype="pdf", filename=f"{archived.name}.pdf")
    return message
