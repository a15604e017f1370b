"""Official figures of a province year by year, cut where the official method changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import LazyString, lazy_gettext

from analysis.reference.models import COUNTRY, ReferenceFigure
from analysis.reference.queries import fetch_figures_about

SIPAS = "sipas"
INDICATORS: dict[str, LazyString] = {
    SIPAS: lazy_gettext("Chỉ số SIPAS"),
    "sipas_policy": lazy_gettext("Chỉ số SIPAS: xây dựng, thực hiện chính sách"),
    "sipas_service": lazy_gettext("Chỉ số SIPAS: cung ứng dịch vụ hành chính công"),
}
NEW_METHOD_FROM = 2022  # households instead of people who just finished a procedure, policies rated too
METHOD = lazy_gettext(
    "Chỉ số do Bộ Nội vụ công bố, đo bằng phương pháp khác (mẫu điều tra, bộ câu hỏi khác). "
    "Chỉ đặt cạnh để tham khảo: không cộng, không lấy trung bình, không xếp hạng chung với kết quả của hệ thống này."
)
BREAK = lazy_gettext("Phương pháp khác từ năm 2022: không so sánh các năm trước với các năm sau.")


@dataclass(frozen=True)
class Official:
    """One published figure. `share` is 0-1 exactly as published, None where only the rank was found."""

    name: str
    share: Decimal | None
    rank: int | None
    note: str
    source: str


@dataclass(frozen=True)
class ReferenceYear:
    """What was published about a year: the province, the provinces since merged into it, and the country."""

    year: int
    own: Official | None
    merged: tuple[Official, ...]
    country: Official | None


@dataclass(frozen=True)
class ReferenceFigures:
    """The years in order; no line is ever drawn from `before` to `since` (2022 and later: another method)."""

    indicator: str
    province: str
    before: tuple[ReferenceYear, ...]
    since: tuple[ReferenceYear, ...]

    def __bool__(self) -> bool:
        return bool(self.before or self.since)

    @property
    def label(self) -> str:
        """What the indicator is called."""
        return str(INDICATORS[self.indicator])

    @property
    def method(self) -> str:
        """Why these figures stand apart."""
        return str(METHOD)

    @property
    def break_words(self) -> str:
        """What separates the two parts; '' where there is only one."""
        return str(BREAK) if self.before and self.since else ""

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source once, in the order of the years."""
        years = (*self.before, *self.since)
        used = (figure for year in years for figure in (year.own, *year.merged, year.country) if figure)
        return tuple(dict.fromkeys(figure.source for figure in used))


def fetch_reference_figures(province_key: str, indicator: str = SIPAS) -> ReferenceFigures:
    """The official figures to set beside a province's own, empty where none is known."""
    by_year: dict[int, list[ReferenceFigure]] = defaultdict(list)
    for row in fetch_figures_about(province_key, indicator):
        by_year[row.year].append(row)
    years = [_year(year, province_key, rows) for year, rows in sorted(by_year.items())]
    return ReferenceFigures(
        indicator,
        province_key,
        before=tuple(year for year in years if year.year < NEW_METHOD_FROM),
        since=tuple(year for year in years if year.year >= NEW_METHOD_FROM),
    )


def _year(year: int, province_key: str, rows: list[ReferenceFigure]) -> ReferenceYear:
    by_place = {row.province: _official(row) for row in rows}
    own, country = by_place.pop(province_key, None), by_place.pop(COUNTRY, None)
    return ReferenceYear(year, own, tuple(by_place.values()), country)


def _official(row: ReferenceFigure) -> Official:
    share = None if row.value is None else Decimal(row.value) / 100
    return Official(row.name, share, row.rank, row.note, row.source)
