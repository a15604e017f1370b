"""What can be exported: each kind's words, its table and the right it asks, said once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from analysis.exports.estimates import estimates_table
from analysis.exports.facts import facts_table
from analysis.exports.questions import questions_table
from analysis.exports.responses import responses_table
from analysis.exports.table import ExportTable
from analysis.exports.tallies import tallies_table
from analysis.presentation.scope import Scope
from survey.accounts.permissions import Action
from survey.foundation.periods import Period
from survey.foundation.registered import Registered

RESPONSES = "responses"


class MakeTable(Protocol):
    """Makes a table; `comments` counts where single answers are given."""

    def __call__(self, scope: Scope, period: Period, *, comments: bool) -> ExportTable:
        """The rows come one by one."""


@dataclass(frozen=True)
class Export:
    """A kind of file: its name on the page, in its dictionary and in the log; what the page says of it."""

    title: LazyString
    about: LazyString
    make: MakeTable
    action: Action = Action.EXPORT_FIGURES


EXPORTS: Registered[Export] = Registered(
    "export",
    {
        "estimates": Export(
            _("Tỷ lệ hài lòng"),
            _("Tỷ lệ gia quyền với khoảng bất định, chung và theo cơ quan, dịch vụ, tháng; ô ít phiếu được giữ lại."),
            lambda scope, period, *, comments: estimates_table(scope, period),
        ),
        "questions": Export(
            _("Kết quả theo tiêu chí và câu hỏi"),
            _(
                "Từng phiếu hỏi, nhóm tiêu chí và câu hỏi: tỷ lệ gia quyền với khoảng bất định, cách tính, điểm trung "
                "bình và số phiếu theo năm mức."
            ),
            lambda scope, period, *, comments: questions_table(scope, period),
        ),
        "facts": Export(
            _("Sự việc và lý do"),
            _(
                "Số lần đi lại, trễ hẹn, chi phí, lý do chưa hài lòng: số người, phần, trung vị, trung bình; không "
                "tính vào mức hài lòng."
            ),
            lambda scope, period, *, comments: facts_table(scope, period),
        ),
        "tallies": Export(
            _("Số đếm theo câu hỏi"),
            _("Mỗi mức được chọn bao nhiêu lần, theo tháng, cơ quan, dịch vụ và câu hỏi; số đếm nhỏ được giữ lại."),
            lambda scope, period, *, comments: tallies_table(scope, period),
        ),
        RESPONSES: Export(
            _("Phiếu đã ẩn danh"),
            _("Từng phiếu, không có mã, giờ hay thiết bị; ngày, dịch vụ và đối tượng chỉ nêu khi đủ phiếu giống nhau."),
            responses_table,
            Action.EXPORT_RESPONSES,
        ),
    },
)
FIGURES = {kind: export for kind, export in EXPORTS.items() if export.action is Action.EXPORT_FIGURES}
