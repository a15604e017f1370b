"""What keeps a method's draft from being published, and what its owner should know before."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from flask_babel import gettext as _

from analysis.reports.grounds import charge_of
from analysis.reports.methods.content import Content
from analysis.reports.methods.method_document import owner_of
from analysis.reports.methods.method_queries import AskedVersion, fetch_asked
from survey.foundation.formatting import date
from survey.questionnaires.definition import Definition
from survey.registry.models import Province

CONFIRMED = ("document", "own")


class Check(NamedTuple):
    """One finding; `blocks`: it must be mended first."""

    blocks: bool
    words: str


def checks(
    province: Province, sector: str, day: dt.date, *, decision: str, since: dt.date, draft: Content, current: Content
) -> list[Check]:
    """Everything found, what blocks first."""
    asked = fetch_asked(province.id, sector, day)
    findings = []
    if not decision.strip():
        findings.append(Check(True, _("Chưa ghi văn bản ban hành: số, ký hiệu, ngày, cơ quan.")))
    if not asked:
        findings.append(Check(True, _("Ngành này chưa có phiếu hỏi nào được công bố.")))
    if draft == current:
        findings.append(Check(True, _("Bản nháp giống hệt bản đang công bố.")))
    if since < day:
        findings.append(Check(False, _("Ngày áp dụng %(day)s đã qua: bản này nói ngược về trước.", day=date(since))))
    if charge_of(province.key, owner_of(sector)) is None:
        findings.append(Check(False, _("Chưa biết văn bản nào của tỉnh giao việc xây dựng phương pháp.")))
    return findings + [Check(False, words) for version in asked for words in _unconfirmed(version)]


def _unconfirmed(version: AskedVersion) -> list[str]:
    source = Definition.parse(version.definition).source
    if source is None or source.confidence in CONFIRMED:
        return []
    return [_("Phiếu “%(title)s”: lời câu hỏi chưa đối chiếu với văn bản.", title=version.title)]
