"""The kinds of what citizens report, and where each goes.

Nghị định 20/2008/NĐ-CP (amended by 48/2013 and 92/2017) is for phản ánh, kiến nghị on administrative regulations, not
for khiếu nại, tố cáo: those have laws of their own (02/2011/QH13, 25/2018/QH14), are not handled here, and are closed
with the right door shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

SERVICE, REGULATION, CONDUCT, THANKS = "service", "regulation", "conduct", "thanks"
COMPLAINT, DENUNCIATION = "complaint", "denunciation"

KIND_WORDS: Mapping[str, LazyString] = {
    SERVICE: _("Góp ý về dịch vụ"),
    REGULATION: _("Phản ánh, kiến nghị về quy định hành chính"),
    CONDUCT: _("Phản ánh về thái độ, hành vi của người phục vụ"),
    THANKS: _("Lời cảm ơn"),
    COMPLAINT: _("Khiếu nại"),
    DENUNCIATION: _("Tố cáo"),
}
ELSEWHERE = frozenset({COMPLAINT, DENUNCIATION})  # not handled here by law
ACCUSING = frozenset({CONDUCT, DENUNCIATION})  # never read by the agency it accuses

KEPT, CHANGED, SENT_ON = "kept", "changed", "sent_on"
OUTCOME_WORDS: Mapping[str, LazyString] = {
    KEPT: _("Giữ nguyên quy định"),
    CHANGED: _("Sửa đổi, bổ sung hoặc bãi bỏ quy định"),
    SENT_ON: _("Chuyển cơ quan có thẩm quyền"),
}
