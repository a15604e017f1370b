"""What the filters of the explore page offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from analysis.figures.register import fetch_agencies
from analysis.presentation.scope import visible_agencies
from analysis.presentation.selection import (
    Selection,
    counters_of,
    definition_of,
    detailed_items,
    services_of,
    subjects_of,
)
from survey.foundation.clock import month_of, today
from survey.foundation.formatting import sentence_case
from survey.foundation.languages.language import current_language
from survey.foundation.periods import Period
from survey.foundation.text.vietnamese import in_order, sort_key
from survey.foundation.vocabulary import AGENCY_LEVELS, AREAS, CHANNELS, RESPONDENT_KINDS, SUBJECTS
from survey.questionnaires.packs.service import language_names

BREAKDOWNS = {
    "agency": lazy_gettext("Cơ quan, đơn vị"),
    "service": lazy_gettext("Dịch vụ"),
    "field": lazy_gettext("Lĩnh vực"),
    "area": lazy_gettext("Vùng"),
    "counter": lazy_gettext("Quầy"),
    "month": lazy_gettext("Tháng"),
    "year": lazy_gettext("Năm"),
    "channel": lazy_gettext("Kênh"),
    "respondent_kind": lazy_gettext("Đối tượng trả lời"),
    "language": lazy_gettext("Ngôn ngữ"),
    "sector": lazy_gettext("Ngành"),
}
METHODS = {
    "top2": lazy_gettext("Tỷ lệ trả lời 4-5 ở câu hỏi chung"),
    "item_pooled": lazy_gettext("Gộp mọi câu hỏi (Bộ Y tế)"),
    "mean_rescaled": lazy_gettext("Điểm trung bình / 5"),
    "all_items": lazy_gettext("Mọi câu trả lời đều 4-5"),
}
# In a column beside the name of what was asked.
SHORT_METHODS = {
    "top2": lazy_gettext("Một câu"),
    "item_pooled": lazy_gettext("Gộp các câu"),
    "mean_rescaled": lazy_gettext("Điểm trung bình"),
    "all_items": lazy_gettext("Hài lòng mọi câu"),
}


@dataclass(frozen=True)
class Choice:
    """One list of the form: its name in the address, its label, and (value, words) pairs; groups have a heading."""

    name: str
    label: str
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    chosen: str


def choices(selection: Selection, years: list[int]) -> list[Choice]:
    """Every filter with what is chosen now."""
    services = services_of(selection)
    fields = sorted({service.field for service in services if service.field}, key=sort_key)
    everything, question = ("", str(_("Tất cả"))), ("", str(_("Câu hỏi chung")))
    subjects = tuple((subject, str(SUBJECTS[subject])) for subject in subjects_of(selection.scope))
    agency = selection.scope.agency.code if selection.scope.agency else ""
    return [
        Choice("subject", _("Đối tượng đánh giá"), (("", subjects),), selection.subject),
        Choice("period", _("Kỳ"), periods(years), selection.period.code),
        Choice("by", _("Chia theo"), (("", _pairs(BREAKDOWNS)),), selection.by),
        Choice("agency", _("Cơ quan (và cấp dưới)"), agency_tree(selection), agency),
        _narrowing("service", _("Dịch vụ"), [(s.code, s.name) for s in services], selection.service, everything),
        _narrowing("field", _("Lĩnh vực"), [(name, name) for name in fields], selection.field, everything),
        _narrowing("counter", _("Quầy"), _counters(selection), selection.counter, everything),
        _narrowing("level", _("Cấp"), _pairs(AGENCY_LEVELS), selection.level, everything),
        _narrowing("area", _("Vùng"), _pairs(AREAS), selection.area, everything),
        _narrowing("channel", _("Kênh"), _pairs(CHANNELS), selection.channel, everything),
        _narrowing("kind", _("Đối tượng trả lời"), _pairs(RESPONDENT_KINDS), selection.kind, everything),
        _narrowing("language", _("Ngôn ngữ"), _pairs(language_names()), selection.language, everything),
        _narrowing("factor", _("Nhóm tiêu chí"), _factors(selection), selection.factor, question),
        _narrowing("item", _("Câu hỏi chi tiết"), _items(selection), selection.item, question),
        Choice("method", _("Phương pháp"), (("", _pairs(METHODS)),), str(selection.method)),
        Choice("boundaries", _("Địa giới"), (("", _boundaries()),), selection.boundaries),
    ]


def _counters(selection: Selection) -> list[tuple[str, str]]:
    """Those of the agency that is chosen: a province has hundreds."""
    if selection.scope.agency is None and not selection.counter:
        return []
    counters = [
        counter
        for counter in counters_of(selection.scope).values()
        if selection.scope.agency is not None or counter.code == selection.counter
    ]
    return [(counter.code, counter.name) for counter in in_order(counters, lambda counter: (counter.name,))]


def _factors(selection: Selection) -> list[tuple[str, str]]:
    definition = definition_of(selection.subject)
    used = {item.factor for item in detailed_items(selection.subject)}
    language = current_language()
    return [
        (factor.code, factor.label(language))
        for factor in (definition.factors if definition else ())
        if factor.code in used
    ]


def _items(selection: Selection) -> list[tuple[str, str]]:
    language = current_language()
    return [(item.code, item.label(language)) for item in detailed_items(selection.subject)]


def _narrowing(name: str, label: str, pairs: object, chosen: str, everything: tuple[str, str]) -> Choice:
    assert isinstance(pairs, list | tuple)
    return Choice(name, label, (("", (everything, *pairs)),), chosen)


def _pairs(words: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((code, str(label)) for code, label in words.items())


def _boundaries() -> tuple[tuple[str, str], ...]:
    return (("then", str(_("Như khi trả lời"))), ("today", str(_("Theo đơn vị hiện nay"))))


def periods(years: list[int]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Each year with its halves, quarters and months, the latest year first; nothing that has not begun."""
    this_month = month_of(today())
    groups = []
    for year in reversed(years or [today().year]):
        codes = [
            str(year),
            *(f"{year}-H{half}" for half in (1, 2)),
            *(f"{year}-Q{quarter}" for quarter in (1, 2, 3, 4)),
            *(f"{year}-{month:02d}" for month in range(1, 13)),
        ]
        begun = [period for period in map(Period.parse, codes) if period.first <= this_month]
        groups.append((str(year), tuple((period.code, sentence_case(period.label())) for period in begun)))
    return tuple(groups)


def agency_tree(selection: Selection) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The agencies the user may choose, children indented under their parents."""
    scope = selection.scope
    visible = visible_agencies(scope, current_user)
    rows = [row for row in fetch_agencies(scope.province.id) if visible is None or row.id in visible]
    ids = {row.id for row in rows}
    children: dict[int | None, list[tuple[int, str, str]]] = {}
    for row in rows:
        children.setdefault(row.parent_id if row.parent_id in ids else None, []).append((row.id, row.code, row.name))
    pairs: list[tuple[str, str]] = []

    def walk(parent: int | None, depth: int) -> None:
        for id_, code, name in sorted(children.get(parent, []), key=lambda child: sort_key(child[2])):
            pairs.append((code, "\N{NO-BREAK SPACE}" * 3 * depth + name))
            walk(id_, depth + 1)

    walk(None, 0)
    return (("", tuple(pairs if visible is not None else [("", str(_("Toàn tỉnh"))), *pairs])),)
