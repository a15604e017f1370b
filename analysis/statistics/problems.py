"""What can be wrong with the input, and what is worth saying about a result: errors and typed warnings.

The sentences are the Vietnamese msgids shown to officials; `values` are kept apart so that pages can translate the
template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

LISTED = 5


class StatisticsError(ValueError):
    """Input that no number may be computed from.

    `code` is stable and machine-readable; `template % values` is the Vietnamese sentence, which says how to mend it.
    """

    def __init__(self, code: str, template: str, **values: object) -> None:
        super().__init__(template % values)
        self.code = code
        self.template = template
        self.values = values


class CaveatCode(StrEnum):
    """Stable names of everything a result may be flagged with."""

    NO_CASELOAD = "no_caseload"
    OVER_RESPONSE = "over_response"
    LONELY_PSU = "lonely_psu"
    FEW_COUNTER_DAYS = "few_counter_days"
    FEW_DEGREES = "few_degrees"
    LOW_COVERAGE = "low_coverage"
    NOT_COVERED = "not_covered"
    NO_FPC = "no_fpc"
    DUPLICATE_CELLS = "duplicate_cells"
    RAKING_NOT_CONVERGED = "raking_not_converged"
    NO_RESPONSES = "no_responses"
    NO_CELLS = "no_cells"
    UNUSED_COLUMNS = "unused_columns"


def translatable(template: str) -> str:
    """The same text: this only marks it for `make translate`, since nothing here may know who reads it."""
    return template


_TEMPLATES: Mapping[CaveatCode, str] = {
    CaveatCode.NO_CASELOAD: translatable(
        "%(responses)d lượt đánh giá thuộc %(count)d nhóm chưa có số hồ sơ đã giải quyết (%(names)s): chỉ được tính "
        "trong tỷ lệ chưa gia quyền. Hãy nhập số hồ sơ của các nhóm này."
    ),
    CaveatCode.OVER_RESPONSE: translatable(
        "Số lượt đánh giá nhiều hơn số hồ sơ đã giải quyết ở %(count)d nhóm (%(names)s): hãy kiểm tra lại số liệu; "
        "không áp dụng hiệu chỉnh tổng thể hữu hạn ở đó."
    ),
    CaveatCode.LONELY_PSU: translatable(
        "%(count)d tầng chỉ có phiếu của một ngày (hoặc tuần), hoặc một lượt đánh giá (%(names)s) nên không góp vào "
        "phương sai; cả tầng chỉ được coi như một lượt đánh giá khi tính cỡ mẫu hiệu dụng."
    ),
    CaveatCode.FEW_COUNTER_DAYS: translatable(
        "Ở %(count)d miền kết quả (%(names)s), phiếu dồn vào quá ít ngày (hoặc tuần) nên không đo được các ngày khác "
        "nhau đến đâu: không kết luận. Hãy thu phiếu vào nhiều ngày hơn, đều hơn."
    ),
    CaveatCode.FEW_DEGREES: translatable(
        "Ở %(count)d miền kết quả (%(names)s), kết luận dựa trên ít ngày (hoặc tuần) có phiếu: nên thận trọng, và thu "
        "phiếu vào nhiều ngày hơn."
    ),
    CaveatCode.LOW_COVERAGE: translatable(
        "Ở %(count)d miền kết quả (%(names)s), các nhóm có từ 5 lượt đánh giá trở lên chiếm chưa đến 80 %% số hồ sơ."
    ),
    CaveatCode.NOT_COVERED: translatable(
        "%(count)d nhóm (%(names)s) có quá ít lượt đánh giá và không gộp được với nhóm nào: không nằm trong kết quả "
        "gia quyền."
    ),
    CaveatCode.NO_FPC: translatable(
        "Không áp dụng hiệu chỉnh tổng thể hữu hạn ở %(count)d tầng (%(names)s) vì không biết tổng số hồ sơ của tầng."
    ),
    CaveatCode.DUPLICATE_CELLS: translatable(
        "%(count)d ô số liệu trùng khoá với ô khác; số đếm của chúng được cộng lại."
    ),
    CaveatCode.RAKING_NOT_CONVERGED: translatable(
        "Phép gia quyền theo các tổng biên chưa hội tụ sau %(count)d vòng; các tổng biên có thể mâu thuẫn với nhau."
    ),
    CaveatCode.NO_RESPONSES: translatable("%(count)d miền kết quả (%(names)s) chưa có lượt đánh giá nào tính được."),
    CaveatCode.NO_CELLS: translatable("Bảng ô số liệu không có dòng nào."),
    CaveatCode.UNUSED_COLUMNS: translatable("%(count)d cột không được dùng đến (%(names)s); hãy kiểm tra lại tên cột."),
}


@dataclass(frozen=True)
class Caveat:
    """One thing a reader of the result must know; the figure is still given."""

    code: CaveatCode
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    labels: tuple[str, ...] = ()  # what `names` lists, all of it

    @property
    def template(self) -> str:
        """The Vietnamese msgid, with %(name)s placeholders for `values`."""
        return _TEMPLATES[self.code]

    @property
    def message(self) -> str:
        """The Vietnamese words with their values."""
        return self.template % self.values


def warn(code: CaveatCode, names: tuple[str, ...] = (), **values: object) -> Caveat:
    """A warning that lists the first of `names`."""
    named = [name or "tất cả" for name in names]
    return Caveat(code, MappingProxyType({"count": len(names), "names": listed(named), **values}), names)


def listed(names: Sequence[str], between: str = ", ") -> str:
    """At most five names, and a sign that there are more."""
    return between.join([*names[:LISTED], *(["…"] if len(names) > LISTED else [])])
