"""A picture of published years as a file: drawn as documents draw, and its numbers as CSV with document and clause."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask_babel import force_locale

from analysis.presentation import labels
from analysis.presentation.charts.files import drawing
from analysis.presentation.charts.model import MAX_CHART_ROWS, Chart, Mark
from analysis.presentation.phrases import share_beside
from analysis.results.years.promise_years import PromiseYears, YearCell
from analysis.results.years.year_words import step_words, years_heading
from analysis.statistics import Threshold
from survey.foundation.formatting import number
from survey.foundation.tables.csv_output import csv_text

SOURCE = ("document", "clause")
COLUMNS = (
    *("province", "agency", "subject", "year", "revision", "suppressed", "satisfied_share", "low_90", "high_90"),
    *("n", "received", "target", "due_year", "status", "evidence_verdict", "overturn_points", "overturn_of_point"),
    *SOURCE,
)


def drawn(years: PromiseYears, whose: str, ending: str) -> bytes:
    """The picture as SVG or PNG, in Vietnamese like every document; `whose`: province or agency."""
    with force_locale("vi"):
        return drawing(_chart(years, whose), ending, *_clauses(years))


def of_province(name: str) -> str:
    """Whose picture it is."""
    return f"tỉnh {name}"


def csv_of(years: PromiseYears, province: str, agency: str | None = None) -> bytes:
    """One row for each year and each target that speaks then; shares 0-1, an empty cell where there is no figure."""
    rows = (
        [province, agency, years.code, cell.year, cell.revision, *_numbers(cell), *_target(target)]
        for cell in years.cells
        for target in (cell.targets or ({},))
    )
    return "".join(csv_text(COLUMNS, rows)).encode()


def _chart(years: PromiseYears, whose: str) -> Chart:
    shown = years.cells[-MAX_CHART_ROWS:]
    levels = tuple(float(Fraction(cell.targets[-1]["threshold"])) if cell.targets else None for cell in shown)
    last = next((cell.targets[-1] for cell in reversed(shown) if cell.targets), None)
    caption = f"{years_heading(years)}: {whose}, từng năm so với cam kết"
    marks = tuple(_mark(cell) for cell in shown)
    return Chart(
        caption=caption,
        alt=f"{caption}. {'; '.join(f'{mark.label}: {mark.text}' for mark in marks)}.",
        form="months",
        marks=marks,
        target=None if last is None else float(Fraction(last["threshold"])),
        target_label=labels.TargetLabel()
        if last is None
        else labels.target_label(Threshold(last["comparator"], Fraction(last["threshold"])), last["status"]),
        levels=levels,
    )


def _mark(cell: YearCell) -> Mark:
    row, interval = cell.row or {}, cell.interval
    if interval is None:
        return Mark(str(cell.year), "", labels.SUPPRESSED if row.get("suppressed") else labels.NO_ANSWERS)
    return Mark(
        label=str(cell.year),
        under=f"n = {number(row['n'])}",
        text=share_beside(row["estimate"], cell.levels),
        value=row["estimate"],
        low=interval["low"],
        high=interval["high"],
    )


def _clauses(years: PromiseYears) -> list[str]:
    return [f"{step_words(step)}: {step.target['document']}, mục {step.target['clause']}" for step in years.steps]


def _numbers(cell: YearCell) -> list[object]:
    row, interval = cell.row or {}, cell.interval or {}
    shown = [row.get("estimate"), interval.get("low"), interval.get("high"), row.get("n"), row.get("received")]
    return ["yes" if row.get("suppressed") else "no", *shown]


def _target(target: dict[str, Any]) -> list[object]:
    verdict = target.get("verdict") or {}
    overturn = verdict.get("overturn") or {}
    level = f"{target['comparator']}{target['threshold']}" if target else None
    promised, written = ([target.get(name) for name in names] for names in (("due_year", "status"), SOURCE))
    return [level, *promised, verdict.get("evidence"), overturn.get("points"), overturn.get("of_point"), *written]
