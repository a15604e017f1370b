"""A promise over the years in words: what was promised until when, where the last figure stands, whether it rises."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from analysis.presentation.phrases import SHORT_SUBJECTS, range_beside, share_beside, threshold_words
from analysis.results.publication.certainty import turned, turned_words
from analysis.results.publication.phrases import COVERAGE, evidence, target_key, units_said
from analysis.results.years.promise_years import FALLEN, RISEN, PromiseYears, Step, YearCell
from analysis.targets.coverage_queries import ON_TIME
from survey.foundation.formatting import percent, with_count

__all__ = ["target_key", "turned", "turned_words"]  # templates are given this module as `year_words`


def years_heading(years: PromiseYears) -> str:
    """What the promises are about."""
    return str(COVERAGE[years.coverage_of or ""] if years.subject is None else SHORT_SUBJECTS[years.subject])


def step_words(step: Step) -> str:
    """A level with its year: "> 80 % đến 2020"."""
    return level_words(step.target)


def against(target: dict[str, Any]) -> str:
    """What a verdict is set against, and whether that is still promised."""
    words = threshold_words(target["comparator"], target["threshold"])
    said = {"threshold": words, "year": target["due_year"]}
    match target["status"]:
        case "reference":
            return str(_("so với mốc %(threshold)s (chỉ tiêu hết hạn năm %(year)s)", **said))
        case "on_the_way":
            return str(_("so với chỉ tiêu %(threshold)s (chưa đến hạn, năm %(year)s)", **said))
        case _:
            return str(_("so với chỉ tiêu %(threshold)s (đến hạn năm %(year)s)", **said))


def standing(target: dict[str, Any]) -> tuple[str, str]:
    """Mark and words of the conclusion; what may not be judged says so."""
    if target["kind"] == "coverage":
        return evidence(target) or ("insufficient", str(_("Chưa có số liệu")))
    figure = target["figure"]
    if figure["suppressed"]:
        return "insufficient", str(_("Không nêu kết luận"))
    if figure["estimate"] is None:
        return "insufficient", str(_("Chưa có số liệu"))
    return evidence(target) or ("inconclusive", str(_("Chưa kết luận")))


def share_of_units(target: dict[str, Any]) -> str:
    """A promise about units, or dossiers: "42,0 % (21/50 đơn vị)"."""
    if target["share"] is None:
        return str(_("Chưa có số liệu"))
    said = {"share": percent(target["share"])} | units_said(target)
    if target["coverage_of"] == ON_TIME:
        return with_count("%(share)s (%(reached)s/%(units)s hồ sơ)", target["units"], **said)
    return with_count("%(share)s (%(reached)s/%(units)s đơn vị)", target["units"], **said)


def trend_line(years: PromiseYears) -> str:
    """Whether it is getting better: the last year beside the one before, with both intervals."""
    before, now = years.drawn[-2:]
    said = {"now": now.year, "share": _figure(now), "before": before.year, "then": _figure(before)}
    if years.trend == RISEN:
        return str(_("Tốt hơn: năm %(now)s %(share)s, năm %(before)s %(then)s; hai khoảng tách rời.", **said))
    if years.trend == FALLEN:
        return str(_("Kém hơn: năm %(now)s %(share)s, năm %(before)s %(then)s; hai khoảng tách rời.", **said))
    return str(
        _(
            "Chưa thể nói tốt hơn hay kém hơn: năm %(now)s %(share)s, năm %(before)s %(then)s; "
            "hai khoảng chồng lên nhau.",
            **said,
        )
    )


def why_two(cell: YearCell) -> str:
    """Why one year carries two promises, and why their conclusions may differ."""
    earlier, later = cell.targets[0], cell.targets[-1]
    said = {"year": cell.year, "earlier": level_words(earlier), "later": level_words(later)}
    if earlier["counted_kinds"] != later["counted_kinds"]:
        return str(
            _(
                "Năm %(year)s có hai mức: %(earlier)s và %(later)s. "
                "Hai văn bản hỏi hai nhóm người trả lời khác nhau nên hai con số khác nhau.",
                **said,
            )
        )
    if earlier["document"] == later["document"]:
        return str(
            _(
                "Năm %(year)s có hai mức vì cùng văn bản hứa hai giai đoạn: %(earlier)s (mục %(first)s), rồi "
                "%(later)s (mục %(second)s). Con số là một; kết luận khác nhau vì mức khác nhau.",
                first=earlier["clause"],
                second=later["clause"],
                **said,
            )
        )
    return str(
        _(
            "Năm %(year)s có hai mức vì hai văn bản cùng nói về năm ấy: %(earlier)s và %(later)s. "
            "Con số là một; kết luận khác nhau vì mức khác nhau.",
            **said,
        )
    )


def level_words(target: dict[str, Any]) -> str:
    """A promised level with its year: "> 80 % đến 2020"."""
    words = threshold_words(target["comparator"], target["threshold"])
    return str(_("%(threshold)s đến %(year)s", threshold=words, year=target["due_year"]))


def _figure(cell: YearCell) -> str:
    interval = cell.interval or {}
    share = share_beside((cell.row or {})["estimate"], cell.levels)
    return f"{share} ({range_beside(interval['low'], interval['high'], cell.levels)})"
