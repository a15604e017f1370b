"""Results by factor and by question as published: of a year and a whole province alone, and coarse.

Nothing can be subtracted from them: no month and no agency has such rows, shares are told to a tenth of a percent and
how many answered in tens, and a revision keeps a row until 30 more or fewer answered (docs/statistics.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from analysis.figures.questions import FormResults, QuestionResult, question_results
from analysis.results.publication.differencing import Figures
from analysis.results.publication.publication_builder import PublicationBasis, question_of
from analysis.results.publication.rounding import POINT, rounded_verdict
from analysis.statistics.disclosure.primary import FEWEST_PUBLIC, tens_below
from survey.foundation.formatting import as_printed
from survey.foundation.languages.language import DEFAULT

Row = dict[str, Any]


def questions_json(basis: PublicationBasis, figures: Figures, earlier: Figures | None) -> dict[str, list[Row]]:
    """Rows by subject, of those whose total is told in `figures`; none but of a year."""
    if basis.period.kind != "year":
        return {}
    subjects = [subject for subject, entry in figures["subjects"].items() if not entry["total"]["suppressed"]]
    told = {subject: list(_rows(basis, subject)) for subject in subjects}
    before = (earlier or {}).get("questions", {})
    return {subject: [_carried(row, before.get(subject, [])) for row in rows] for subject, rows in told.items() if rows}


def _rows(basis: PublicationBasis, subject: str) -> Iterator[Row]:
    for form in question_results(question_of(basis, subject), language=DEFAULT, rescaled=False):
        for of, results in (("form", form.whole), ("factor", form.factors), ("question", form.questions)):
            yield from (_row(form, of, result) for result in results if _is_told(result))


def _is_told(result: QuestionResult) -> bool:
    figure = result.figure
    return not figure.suppressed and figure.estimate is not None and figure.estimate.estimate is not None


def _row(form: FormResults, of: str, result: QuestionResult) -> Row:
    figure, estimate = result.figure, result.figure.estimate
    assert estimate is not None
    assert estimate.estimate is not None
    interval = estimate.interval_90
    return {
        "form": form.key,
        "of": of,
        "domain": result.code,
        "label": result.text,
        "method": str(result.method),
        "estimate": as_printed(estimate.estimate, POINT),
        "interval_90": None if interval is None else rounded_verdict(asdict(interval)),
        "n": tens_below(figure.n or 0),
    }


def _carried(row: Row, earlier: list[Row]) -> Row:
    name = ("form", "of", "domain", "method")
    before = next((told for told in earlier if all(told[part] == row[part] for part in name)), None)
    return row if before is None or abs(row["n"] - before["n"]) >= FEWEST_PUBLIC else {**before, "kept": True}
