"""An edition as a document, of the same model as every report; its numbers are those of the edition."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from flask import current_app
from flask_babel import force_locale

from analysis.national import words
from analysis.national.models import CountryEdition
from analysis.presentation import labels
from analysis.presentation.caseload_units import caseload_unit
from analysis.presentation.charts.model import Chart, Mark
from analysis.presentation.labels import TargetLabel
from analysis.presentation.phrases import range_beside, share_beside, threshold_words
from analysis.reports.document import (
    Annex,
    Block,
    Bullets,
    Column,
    Document,
    DocumentTable,
    Letterhead,
    Paragraph,
    Report,
    Section,
    Signature,
    Subheading,
)
from survey.foundation.clock import local_day
from survey.foundation.formatting import date, number, percent
from survey.foundation.identifiers import content_hash
from survey.foundation.installation_flags import is_demo
from survey.foundation.periods import Period

CHART_ROWS = 12
TOGETHER = (
    "Mỗi tỉnh được tính bằng đúng cách tính ở tỉnh, từ kho lưu trữ các tháng đã qua; cả nước là các tỉnh ghép lại theo "
    "số hồ sơ."
)
HELD_BACK = (
    "Một tỷ lệ chỉ được nêu khi có từ 30 phiếu trở lên và khoảng 95 % hẹp hơn 30 điểm; ô có thể suy ra bằng phép trừ, "
    "kể cả lấy cả nước trừ các tỉnh, cũng được giữ lại."
)
HOW = (TOGETHER, HELD_BACK, labels.VOLUNTEERS, labels.COUNTS)


def report_of(edition: CountryEdition) -> Report:
    """The document of an edition; of one nobody published yet a draft."""
    period, figures = Period.parse(edition.period), edition.figures
    with force_locale("vi"):
        is_published = edition.published_at is not None
        digest = content_hash(figures)
        marks = (f"BẢN {edition.revision}" if is_published else "DỰ THẢO", *((labels.DEMO,) if is_demo() else ()))
        organisation = current_app.extensions["settings"].organisation or "CƠ QUAN CHỦ TRÌ"
        day = local_day(edition.published_at or edition.made_at)
        tables = count(1)
        document = Document(
            letterhead=Letterhead((), organisation, "BC", "…", day.year),
            kind_name="BÁO CÁO",
            subject=f"Mức độ hài lòng cả nước, {period.label()}",
            addressees=("Lãnh đạo cơ quan",),
            marks=marks,
            sections=(
                Section("I", "KẾT QUẢ CẢ NƯỚC", tuple(_results(figures, count(1)))),
                Section("II", "CÁCH TÍNH, ĐIỀU CẦN BIẾT", tuple(_foundations(figures))),
            ),
            closing=f"Trên đây là kết quả {period.label()}.",
            copies_to=("Như trên;", "Lưu: VT."),
            signature=Signature(("THỦ TRƯỞNG CƠ QUAN",)),
            annexes=tuple(
                Annex("Phụ lục", f"{words.subject_name(subject)}: các tỉnh và từng phần", tuple(_tables(entry, tables)))
                for subject, entry in figures["subjects"].items()
            ),
            footer=f"Bản {edition.revision}, lập ngày {date(day)} · Mã {digest[:16]}",
        )
        attached = {"schema": "hai-long/country/1", "period": edition.period, "revision": edition.revision, **figures}
        return Report(f"ca-nuoc-{edition.period}-ban-{edition.revision}", document, day, attached, digest)


def _results(figures: dict[str, Any], charts: Iterator[int]) -> Iterator[Block]:
    if figures["withheld"]:
        yield Paragraph("Chưa có số cả nước vì còn thiếu:", style="lead")
        yield Bullets(tuple(words.withheld(figures)))
    for place, (subject, entry) in enumerate(figures["subjects"].items(), start=1):
        yield Subheading(f"{place}. {words.subject_name(subject)}")
        yield Paragraph(words.lede(entry, bool(figures["withheld"])))
        yield from _verdict(subject, entry)
        yield from _charts(entry, charts)
    if not figures["subjects"]:
        yield Paragraph("Kỳ này không có phiếu nào.")


def _verdict(subject: str, entry: dict[str, Any]) -> Iterator[Block]:
    conclusion = words.conclusion(entry["total"])
    if conclusion is None or entry["target"] is None:
        return
    target = words.target_of(entry) or {}
    level = threshold_words(target["comparator"], str(target["threshold"]))
    yield Paragraph(f"{conclusion[1]} (mốc {level}). {words.overturn(entry['total']) or ''}".strip())
    lines = words.certainty(subject, entry["total"])
    if lines:
        yield Bullets(tuple(lines))


def _charts(entry: dict[str, Any], charts: Iterator[int]) -> Iterator[Block]:
    target = words.target_of(entry)
    rows = words.shown(entry, "province")
    for start in range(0, len(rows), CHART_ROWS):
        marks = tuple(_mark(row, words.levels(entry)) for row in rows[start : start + CHART_ROWS])
        yield Chart(
            caption=f"Hình {next(charts)}. Tỷ lệ hài lòng của {len(marks)} tỉnh. {labels.CHART_KEY}",
            alt="Biểu đồ chấm và khoảng bất định theo tỉnh. "
            + "; ".join(f"{mark.label}: {mark.text} ({mark.under})" for mark in marks),
            form="rows",
            marks=marks,
            target=None if target is None else target["threshold"],
            target_label=TargetLabel() if target is None else _target_label(target),
        )


def _target_label(target: dict[str, Any]) -> TargetLabel:
    return TargetLabel(f"Mốc {threshold_words(target['comparator'], str(target['threshold']))}")


def _mark(row: dict[str, Any], levels: list[float]) -> Mark:
    interval = row["interval_90"] or {}
    share = share_beside(row["estimate"], levels)
    return Mark(
        row["label"], f"n = {number(row['n'])}", share, row["estimate"], interval.get("low"), interval.get("high")
    )


def _tables(entry: dict[str, Any], tables: Iterator[int]) -> Iterator[Block]:
    for by in entry["by"]:
        rows = words.shown(entry, by)
        note = " ".join(_untold(entry, by))
        if not rows:
            yield from (Paragraph(note),) if note else ()
            continue
        heading = str(words.HEADINGS[by])
        yield DocumentTable(
            f"Bảng {next(tables)}. Theo {heading.lower()}",
            (
                Column(heading, 2.2),
                Column("Hài lòng", 1, "right", "share"),
                Column("Khoảng 90 %", 1.4, "right"),
                Column(labels.USED, 1, "right", "n"),
                Column(labels.RECEIVED, 1, "right", "received"),
                Column("Kết luận", 2.8),
            ),
            tuple(_cells(by, row, words.levels(entry)) for row in rows),
            note,
        )


def _untold(entry: dict[str, Any], by: str) -> Iterator[str]:
    """Which rows have no figure, and why."""
    if hidden := words.held_back(entry, by):
        yield f"Không nêu, vì quá ít phiếu hoặc để không lộ nơi có quá ít phiếu: {'; '.join(hidden)}."
    if silent := words.without_figure(entry, by):
        yield f"Chưa có phiếu, hoặc chưa có số hồ sơ để gia quyền: {'; '.join(silent)}."


def _cells(by: str, row: dict[str, Any], levels: list[float]) -> tuple[str, ...]:
    interval = row["interval_90"]
    conclusion, turned = words.conclusion(row), words.turned_by(row)
    return (
        words.label(by, row),
        share_beside(row["estimate"], levels),
        range_beside(interval["low"], interval["high"], levels) if interval else "–",
        number(row["n"]),
        number(row["received"]),
        f"{conclusion[1]}{f' (đảo: {turned})' if turned else ''}" if conclusion else "–",
    )


def _foundations(figures: dict[str, Any]) -> Iterator[Block]:
    yield Bullets(HOW)
    for subject, entry in figures["subjects"].items():
        total = entry["total"]
        if total["coverage"] is not None:
            reach = percent(total["coverage"])
            yield Paragraph(f"{words.subject_name(subject)}: phiếu bao phủ {reach} số {caseload_unit(subject)}.")
        lines = [f"{name}: {' '.join(said)}" for name, said in words.notes(figures, entry).items()]
        if told := words.marked(entry):
            lines.insert(0, told)
        if lines:
            yield Paragraph(f"{words.subject_name(subject)}, điều cần biết theo tỉnh:", style="lead")
            yield Bullets(tuple(lines))
