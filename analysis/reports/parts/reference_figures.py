"""Official figures (SIPAS) beside ours in half-years and years: another method, in a table of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.reference.service import SIPAS, Official, ReferenceFigures, ReferenceYear, fetch_reference_figures
from analysis.reports.context import Brief
from analysis.reports.document import Block, Bullets, Column, DocumentTable, Paragraph
from survey.foundation.formatting import ABSENT, percent

KINDS = ("half", "year")


def official(brief: Brief) -> tuple[Block, ...]:
    """A table for each method of theirs, cut in 2022, and every source; nothing in shorter periods."""
    figures = _figures(brief)
    if figures is None:
        return ()
    blocks: list[Block] = [Paragraph(figures.method)]
    if figures.before:
        blocks.append(_table(brief, figures.before, f"{figures.label} đến năm 2021"))
    if figures.break_words:
        blocks.append(Paragraph(figures.break_words))
    if figures.since:
        blocks.append(_table(brief, figures.since, f"{figures.label} từ năm 2022"))
    return (*blocks, Paragraph("Nguồn:"), Bullets(figures.sources))


def _table(brief: Brief, years: Sequence[ReferenceYear], what: str) -> DocumentTable:
    merged = any(year.merged for year in years)
    columns = (
        Column("Năm", 0.7),
        Column(f"Tỉnh {brief.province_name}", 1.8, "right"),
        *((Column("Tỉnh đã sáp nhập vào", 1.8, "right"),) if merged else ()),
        Column("Cả nước", 1.0, "right"),
    )
    caption = brief.captions.table(f"Số liệu chính thức ({what}) – phương pháp khác")
    return DocumentTable(caption, columns, tuple(_row(year, merged=merged) for year in years))


def official_json(brief: Brief) -> list[dict[str, Any]]:
    """Every published figure that is shown."""
    figures = _figures(brief)
    return [_stored(brief.province_key, brief.period.year)] if figures else []


def recount(_province_id: int, stored: dict[str, Any]) -> dict[str, Any]:
    """The stored figures as the database holds them now."""
    return _stored(stored["province"], stored["until"])


def _figures(brief: Brief) -> ReferenceFigures | None:
    if brief.recipient.agencies is not None or brief.period.kind not in KINDS:
        return None
    return _until(brief.province_key, brief.period.year) or None


def _until(province: str, year: int) -> ReferenceFigures:
    """What was published about the years up to the report's own."""
    reference_figures = fetch_reference_figures(province, SIPAS)
    return ReferenceFigures(
        reference_figures.indicator,
        reference_figures.province,
        tuple(figure for figure in reference_figures.before if figure.year <= year),
        tuple(figure for figure in reference_figures.since if figure.year <= year),
    )


def _stored(province: str, year: int) -> dict[str, Any]:
    reference_figures = _until(province, year)
    figures = {
        f"{reference_year.year} {part}": [None if who.share is None else str(who.share), who.rank]
        for reference_year in (*reference_figures.before, *reference_figures.since)
        for part, who in _parts(reference_year)
    }
    return {"indicator": reference_figures.indicator, "province": province, "until": year, "figures": figures}


def _parts(reference_year: ReferenceYear) -> list[tuple[str, Official]]:
    pairs = [
        ("own", reference_year.own),
        *((who.name, who) for who in reference_year.merged),
        ("country", reference_year.country),
    ]
    return [(part, who) for part, who in pairs if who is not None]


def _row(reference_year: ReferenceYear, *, merged: bool) -> tuple[str, ...]:
    others = "; ".join(f"{who.name}: {_told(who)}" for who in reference_year.merged) or ABSENT
    return (
        str(reference_year.year),
        _told(reference_year.own),
        *((others,) if merged else ()),
        _told(reference_year.country),
    )


def _told(figure: Official | None) -> str:
    if figure is None:
        return ABSENT
    parts = [percent(float(figure.share), 2) if figure.share is not None else ""]
    parts += [f"hạng {figure.rank}" if figure.rank is not None else "", figure.note]
    return "; ".join(part for part in parts if part) or ABSENT
