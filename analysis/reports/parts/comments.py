"""What citizens wrote, by theme: counts only, small ones held back, nobody's words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from analysis.presentation import labels
from analysis.reports.context import Brief
from analysis.reports.document import Block, Column, DocumentTable, Paragraph
from analysis.reports.recorded_queries import agency_codes, agency_ids
from analysis.themes.queries import CommentScope
from analysis.themes.service import ThemeCount, ThemeCounts, count_by_agency, count_themes, shown
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.formatting import number
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT, SECTORS
from survey.responses.dropped_words import has_all_words

FEW = "dưới 5"
HELD_BACK = "không nêu"
NOTE = (
    "Một ý kiến có thể nói về nhiều chủ đề. Chủ đề được xếp theo từ điển cụm từ của hệ thống, cho biết ý kiến nói về "
    "việc gì chứ không nói khen hay chê; cột cuối đếm ý kiến của người chọn mức 1-3 ở câu hỏi chung. Số dưới 5, và số "
    "có thể làm lộ số dưới 5, không nêu. Báo cáo không trích lời của ai."
)
NOT_KEPT = "Ý kiến góp ý bằng lời chỉ được giữ hai năm, nên của {when} không còn đủ để đếm."
COLUMNS = (
    Column("Chủ đề", 3.4),
    Column("Số ý kiến", 1, "right"),
    Column("Trong đó: người chọn mức 1-3", 1.6, "right"),
)


def comments(brief: Brief) -> tuple[Block, ...]:
    """One table a sector; a sentence where nobody wrote, or where what was written is not kept any more."""
    if not has_all_words(brief.period.first_day):
        return (Paragraph(NOT_KEPT.format(when=labels.within(brief.period))),)
    blocks: list[Block] = []
    several = len(brief.sectors) > 1
    for sector, counts in theme_counts(brief).items():
        name = f" ({SECTORS[sector]})" if several else ""
        if counts.silent:
            blocks.append(Paragraph(f"Trong {labels.within(brief.period)} không có ý kiến góp ý bằng lời nào{name}."))
            continue
        blocks.append(Paragraph(_sentence(brief, counts, name)))
        rows = [_row(theme) for theme in counts.themes if theme.comments is not None]
        if rows:
            caption = brief.captions.table(f"Ý kiến góp ý theo chủ đề{name}")
            blocks.append(DocumentTable(caption, COLUMNS, tuple(rows), _rest(counts) + NOTE))
    blocks += [Paragraph(f"Ý kiến góp ý ({SECTORS[sector]}): {labels.HELD_BACK}.") for sector in _untold(brief)]
    return tuple(blocks)


def themes_json(brief: Brief) -> list[dict[str, Any]]:
    """The counts as shown, with what is needed to count again."""
    agencies = brief.recipient.agencies
    asked = {
        "period": brief.period.code,
        "agencies": None if agencies is None else agency_codes(agencies),
        "until": brief.cut_off.isoformat(),
        "received_before": brief.closed_at.isoformat() if brief.closed_at else None,
    }
    kept = theme_counts(brief) if has_all_words(brief.period.first_day) else {}
    return [{"sector": sector, **asked, **_plain(counts)} for sector, counts in kept.items()]


def recount(province_id: int, stored: dict[str, Any]) -> dict[str, Any] | None:
    """Stored counts made anew from the database; None where what was written is not kept any more."""
    asked = {name: stored[name] for name in ("sector", "period", "agencies", "until", "received_before")}
    before = asked["received_before"]
    scope = CommentScope(
        province_id=province_id,
        **_days(Period.parse(asked["period"], days=True)),
        sector=asked["sector"],
        agencies=None if asked["agencies"] is None else agency_ids(asked["agencies"]),
        until=dt.date.fromisoformat(asked["until"]),
        received_before=dt.datetime.fromisoformat(before) if before else None,
    )
    return {**asked, **_plain(count_themes(scope))} if scope.is_whole else None


def _days(period: Period) -> dict[str, Any]:
    return {"months": period.months, "since": period.first_day if period.cut_months else None}


@once_for_each
def theme_counts(brief: Brief) -> dict[str, ThemeCounts]:
    """The themes of each sector of the report that may be told of, small counts held back."""
    return {sector: _counted(brief, sector) for sector in brief.sectors if sector not in _untold(brief)}


def _untold(brief: Brief) -> tuple[str, ...]:
    return tuple({SECTOR_OF_SUBJECT[subject] or "": 1 for subject in brief.subjects if not brief.tells(subject)})


def _counted(brief: Brief, sector: str) -> ThemeCounts:
    agencies = brief.recipient.agencies
    scope = CommentScope(
        province_id=brief.province_id,
        **_days(brief.period),
        sector=sector,
        agencies=None if brief.inquiry.many else agencies,  # the comments of the province are then read once
        until=brief.cut_off,
        received_before=brief.closed_at,
    )
    by_agency = count_by_agency(scope)
    return shown(counts for id_, counts in by_agency.items() if agencies is None or id_ in agencies)


def _plain(counts: ThemeCounts) -> dict[str, Any]:
    by_theme = {theme.key: [theme.comments, theme.wanting] for theme in counts.themes}
    return {
        "silent": counts.silent,
        "comments": counts.comments,
        "wanting": counts.wanting,
        "by_theme": by_theme,
    }


def _sentence(brief: Brief, counts: ThemeCounts, name: str) -> str:
    if counts.comments is None:
        return f"Trong {labels.within(brief.period)} có {FEW} ý kiến góp ý bằng lời{name} nên không nêu theo chủ đề."
    wanting = "" if counts.wanting is None else f", trong đó {number(counts.wanting)} của người chọn mức 1-3"
    most = next((theme for theme in counts.themes if theme.key != "unsorted" and theme.comments), None)
    about = "" if most is None else f" Nhiều nhất là về “{most.name}”: {number(most.comments)} ý kiến."
    comments = number(counts.comments)
    return f"Trong {labels.within(brief.period)} có {comments} ý kiến góp ý bằng lời{name}{wanting}.{about}"


def _row(theme: ThemeCount) -> tuple[str, ...]:
    return theme.name, number(theme.comments), HELD_BACK if theme.wanting is None else number(theme.wanting)


def _rest(counts: ThemeCounts) -> str:
    few = [theme.name for theme in counts.themes if theme.comments is None]
    return f"Mỗi chủ đề sau có dưới 5 ý kiến: {'; '.join(few)}. " if few else ""
