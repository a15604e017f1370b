"""An edition in the reader's language; templates are given this module as `words`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from analysis.results.publication import phrases
from analysis.results.publication.certainty import certainty_lines, overturn_line, turned
from analysis.results.publication.phrases import subject_name
from analysis.results.tables import domain_of
from analysis.statistics.verdicts.verdict import Threshold
from survey.foundation.formatting import number
from survey.foundation.text.vietnamese import sort_key
from survey.foundation.vocabulary import AREAS, CHANNELS

__all__ = ["subject_name"]

Row = dict[str, Any]
HEADINGS: dict[str, LazyString] = {
    "province": lazy_gettext("Tỉnh"),
    "area": lazy_gettext("Địa bàn"),
    "channel": lazy_gettext("Cách trả lời"),
    "service": lazy_gettext("Dịch vụ"),
}
LABELS = {"area": AREAS, "channel": CHANNELS}


def label(by: str, row: Row) -> str:
    """A row's name: areas and channels in the reader's language, the rest as registered."""
    known = LABELS.get(by)
    return str(known[row["domain"]]) if known and row["domain"] in known else str(row["label"])


def shown(entry: dict[str, Any], by: str) -> list[Row]:
    """The rows of a breakdown that have a figure, by name."""
    rows = [row for row in entry["by"].get(by, []) if row["estimate"] is not None]
    return sorted(rows, key=lambda row: sort_key(label(by, row)))


def held_back(entry: dict[str, Any], by: str) -> list[str]:
    """The names of the rows that have too few answers to be told, or would give such a row away."""
    return sorted((label(by, row) for row in entry["by"].get(by, []) if row["suppressed"]), key=sort_key)


def without_figure(entry: dict[str, Any], by: str) -> list[str]:
    """The names of the rows that nobody rated, or whose answers cannot be weighted."""
    rows = (row for row in entry["by"].get(by, []) if row["estimate"] is None and not row["suppressed"])
    return sorted((label(by, row) for row in rows), key=sort_key)


def target_of(entry: dict[str, Any]) -> dict[str, Any] | None:
    """The country's target as the drawing macros take it."""
    if entry["target"] is None:
        return None
    threshold = Threshold.parse(entry["target"])
    return {"comparator": threshold.comparator, "threshold": float(threshold.threshold), "status": None}


def levels(entry: dict[str, Any]) -> list[float]:
    """The level that figures are held to, if any."""
    target = target_of(entry)
    return [] if target is None else [target["threshold"]]


def lede(entry: dict[str, Any], withheld: bool) -> str:
    """The country's figure of a subject in a sentence, or why there is none."""
    if withheld:
        return str(_("Chưa có số cả nước: còn tỉnh thiếu số liệu."))
    if entry["total"]["suppressed"]:
        return str(_("Không nêu số cả nước: lấy cả nước trừ các tỉnh đã công bố sẽ lộ tỉnh có quá ít phiếu."))
    return phrases.figure_sentence(entry["total"], levels(entry))


def domain(row: Row) -> dict[str, Any]:
    """A row as the drawing macros take it."""
    return domain_of(row)


def conclusion(row: Row) -> tuple[str, str] | None:
    """Kind and words of a row's verdict; None where none may be drawn."""
    return phrases.evidence({"kind": "satisfaction", "verdict": row["verdict"]})


def overturn(row: Row) -> str | None:
    """How wrong the volunteers would have to be for the conclusion to turn."""
    return overturn_line({"verdict": row["verdict"]})


def turned_by(row: Row) -> str | None:
    """The same in a table's cell."""
    return turned({"verdict": row["verdict"]})


def certainty(subject: str, row: Row) -> list[str]:
    """What stands beside a verdict."""
    return certainty_lines({"verdict": row["verdict"], "figure": row, "subject": subject})


def low_end(rows: Iterable[Row]) -> float:
    """Where the axis of some rows begins."""
    lows = [row["interval_90"]["low"] for row in rows if row["interval_90"]]
    return 0.5 if lows and min(lows) >= 0.5 else 0.0


def marked(entry: dict[str, Any]) -> str | None:
    """Which answers came from kiosks' files, and beyond what counters can serve; None where none did."""
    by_file, beyond = entry["marked"]["queue_file"], entry["marked"]["beyond_capacity"]
    if not by_file and not beyond:
        return None
    return str(
        _(
            "Trong đó %(files)s phiếu nhập từ tệp của kiosk, %(beyond)s phiếu vượt sức phục vụ của quầy.",
            files=number(by_file),
            beyond=number(beyond),
        )
    )


def notes(figures: dict[str, Any], entry: dict[str, Any]) -> dict[str, list[str]]:
    """What must be told beside the figures, as each province's own figure says it, by the province's name."""
    by_province: dict[str, list[str]] = {}
    for note in entry["notes"]:
        by_province.setdefault(figures["provinces"].get(note["province"], note["province"]), []).append(note["message"])
    return {name: list(dict.fromkeys(lines)) for name, lines in by_province.items()}


def withheld(figures: dict[str, Any]) -> list[str]:
    """Which provinces have no figure, of which month, and why."""
    return [
        " ".join(filter(None, (figures["provinces"].get(reason["province"], reason["province"]), reason["month"])))
        + f": {reason['reason']}"
        for reason in figures["withheld"]
    ]
