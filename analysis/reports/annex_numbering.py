"""What ties annexes to their document (Decree 30/2020/NĐ-CP, annex I): numbers, the line below a name, the closing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from analysis.reports.context import Brief
from analysis.reports.document import Annex

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
MOST_NAMED = 2  # beyond, the closing words would be a table of contents


def labelled(brief: Brief, annexes: tuple[Annex, ...]) -> tuple[Annex, ...]:
    """Annexes with their numbers, where there are several, and the line that ties each to its document."""
    enclosed = (
        f"(Kèm theo Báo cáo số ……/{brief.recipient.symbol} ngày …… tháng …… năm {signed_in(brief)} "
        f"của {brief.recipient.name})"
    )
    numbers = [f" {ROMAN[index]}" for index in range(len(annexes))] if len(annexes) > 1 else [""]
    return tuple(
        replace(annex, label=annex.label + number, enclosed=enclosed)
        for annex, number in zip(annexes, numbers, strict=False)
    )


def with_annexes(annexes: tuple[Annex, ...]) -> str:
    """What the closing words add: "; kèm theo Phụ lục I (…), Phụ lục II (…)", of more than two "các Phụ lục I-V"."""
    if len(annexes) > MOST_NAMED:
        return f"; kèm theo các Phụ lục {ROMAN[0]}-{ROMAN[len(annexes) - 1]}"
    named = ", ".join(f"{annex.label} ({annex.title})" for annex in annexes)
    return f"; kèm theo {named}" if named else ""


def signed_in(brief: Brief) -> int:
    """The year in which it will be signed: nobody signs before the counting has stopped."""
    return (brief.cut_off + dt.timedelta(days=1)).year
