"""What the name of a document's file says about its kind."""

from __future__ import annotations

from analysis.reports.context import COVERAGE, PLAN, SATISFACTION, SCORING, WORK_SHEET

IN_FILE_NAME = {
    SATISFACTION: "",
    COVERAGE: "-do-bao-phu",
    SCORING: "-cham-diem",
    PLAN: "-ke-hoach",
    WORK_SHEET: "-cong-viec",
}


def kind_named(file_name: str) -> str:
    """The kind of report that a file's name tells (`builder.report_name`)."""
    own = (kind for kind, words in IN_FILE_NAME.items() if words and file_name.startswith(f"bao-cao{words}-"))
    return next(own, SATISFACTION)
