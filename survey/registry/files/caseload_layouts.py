"""Caseloads as offices keep them: services down and months across, or one agency's or month's list."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from flask_babel import gettext as _

from survey.foundation.formatting import period, with_count
from survey.foundation.vocabulary import CASELOAD_UNITS
from survey.registry.files.agency_names import Days
from survey.registry.files.caseload_parts import (
    agency_lines,
    behind_agency_title,
    month_named,
    months_named,
    refuse_parts,
    stored_month,
    without_number,
    year_named,
    years_named,
)
from survey.registry.files.caseload_units import USUAL_UNIT
from survey.registry.files.dates import is_month_heading, month_alone
from survey.registry.files.given import Given, refuse_for_more
from survey.registry.files.month_columns import (
    MonthColumns,
    below_month,
    columns_of_months,
    month_over,
    months_over,
)
from survey.registry.files.problems import Problems, shortened
from survey.registry.files.spelling import Spelling, days_of_months
from survey.registry.files.stated_unit import stated_unit
from survey.registry.files.tables import FileTable
from survey.registry.files.words import plain_words

_YEAR = re.compile(r"^20\d\d$")
_EMPTY = frozenset(("", "-", "\u2013", "\u2014"))
SECTORS = Callable[[str], str | None]  # a service's code -> its sector


def month_headings(cells: Sequence[str]) -> int:
    """How many months a line names, if it is the header of a matrix: two alone, or one with columns under it."""
    months = sum(is_month_heading(cell) for cell in cells if cell)
    return (months if months >= 2 else 0) + len(months_over(cells))


def is_matrix(table: FileTable) -> bool:
    """Whether the months stand across."""
    return "month" not in table.header and month_headings(table.header) > 0


@dataclass(frozen=True)
class Unfolding:
    """What turns a table of another layout into agency, service, month, unit, count and so on."""

    spelling: Spelling
    sector_of: SECTORS
    given: Given
    problems: Problems

    def unfold(self, table: FileTable) -> FileTable:
        """The table with a column for everything a caseload needs.

        Raises:
            MoreNeeded: the file does not say the agency, year or month, and nobody did.
            ImportRefused: it counts by thousands.
        """
        unit = stated_unit(table, self.problems)
        table = self._without_matrix(table) if is_matrix(table) else self._with_years(self._joined(table))
        return self._with_unit(self._with_agency(self._with_month(table)), unit)

    def _without_matrix(self, table: FileTable) -> FileTable:
        alone = [MonthColumns(name, (place,)) for place, name in enumerate(table.header) if is_month_heading(name)]
        under = columns_of_months(table.header, table.line, self.problems)
        self._tell_columns(under, table.header)
        columns = sorted([*alone, *under], key=lambda column: column.handled)
        places = [place for column in columns for place in column.places]
        dated = [(self._dated(column.month, table), column) for column in columns]
        kept = [
            place for place, name in enumerate(table.header) if name in ("agency", "service", "respondent_kind", "unit")
        ]
        left = [name for place, name in enumerate(table.header) if place not in {*places, *kept}]
        self._pass_over([*dict.fromkeys(below_month(name) if month_over(name) else name for name in left)])
        service = table.header.index("service") if "service" in table.header else None
        rows, dashes, empty = [], 0, []
        for line, cells in table.rows:
            if not any(cells[place].strip() for place in places):
                empty.append((line, cells))
            if service is not None and not any(cells[place].strip() for place in (service, *places)):
                text = next((cell for cell in cells if cell.strip()), "")
                self.problems.note(_("Bỏ qua dòng %(n)s (tiêu đề nhóm): “%(text)s”.", n=line, text=shortened(text)))
                continue
            rows += [
                (line, [*(cells[place] for place in kept), month, column.count(cells, _EMPTY), late])
                for month, column in dated
                if (late := _number(cells, column.overdue)) or any(_number(cells, at) for at in column.handled)
            ]
            dashes += sum(cells[place].strip() in _EMPTY and bool(cells[place].strip()) for place in places)
        header = [*(table.header[place] for place in kept), "month", "count", "overdue"]
        if all(column.overdue is None for column in columns):
            header, rows = header[:-1], [(line, cells[:-1]) for line, cells in rows]
        if dashes:
            self.problems.note(with_count("%(n)s ô chỉ có dấu gạch: coi như không có số.", dashes))
        self.problems.note(_("Đọc bảng dịch vụ × tháng: %(n)s tháng, %(m)s ô có số.", n=len(columns), m=len(rows)))
        unfolded = replace(table, header=header, rows=rows, between=[*table.between, *empty])
        if any(month_alone(column.month) for column in columns) and (year := self._year(table)):
            refuse_parts(unfolded, self.problems, "month", year_named, year)
        return unfolded

    def _tell_columns(self, under: Sequence[MonthColumns], header: Sequence[str]) -> None:
        def named(places: Sequence[int]) -> str:
            return " + ".join(f"“{shortened(below_month(header[place]))}”" for place in places)

        for names in dict.fromkeys(named(column.handled) for column in under):
            self.problems.note(_("Dưới mỗi tháng, số đã giải quyết là %(names)s.", names=names))
        for names in dict.fromkeys(named((column.overdue,)) for column in under if column.overdue is not None):
            self.problems.note(_("Dưới mỗi tháng, số quá hạn là %(names)s.", names=names))

    def _pass_over(self, names: Sequence[str]) -> None:
        if shown := [f"“{shortened(name)}”" for name in names if name]:
            self.problems.note(_("Bỏ qua cột %(names)s.", names=", ".join(shown)))

    def _dated(self, cell: str, table: FileTable) -> str:
        number = month_alone(cell)
        if number is None:
            return cell
        year = self._year(table)
        return f"{year}-{number:02d}" if year else cell

    def _year(self, table: FileTable) -> str:
        in_titles = {year for title in table.titles for year in years_named(title)}
        if self.given.year or len(in_titles) != 1:
            return self.given.year
        (year,) = in_titles
        self.problems.note(_("Năm ghi ở đầu tệp: %(year)s.", year=year))
        return year

    def _joined(self, table: FileTable) -> FileTable:
        """Year and month in columns of their own are one."""
        years = [place for place, name in enumerate(table.header) if plain_words(name) == "nam"]
        if len(years) != 1 or "month" not in table.header:
            return table
        (year,), month = years, table.header.index("month")
        rows = []
        for line, cells in table.rows:
            number = month_alone(cells[month])
            if number is not None and _YEAR.match(cells[year].strip()):
                cells[month] = f"{cells[year].strip()}-{number:02d}"
            rows.append((line, [cell for place, cell in enumerate(cells) if place != year]))
        return replace(table, header=[name for place, name in enumerate(table.header) if place != year], rows=rows)

    def _with_years(self, table: FileTable) -> FileTable:
        if "month" not in table.header:
            return table
        place = table.header.index("month")
        alone = [cells for _line, cells in table.rows if place < len(cells) and month_alone(cells[place]) is not None]
        if alone and (year := self._year(table)):
            refuse_parts(table, self.problems, "month", year_named, year)
        for cells in alone:
            cells[place] = self._dated(cells[place], table)
        return table

    def _with_month(self, table: FileTable) -> FileTable:
        if "month" in table.header:
            place = table.header.index("month")
            if any(month_alone(cells[place]) is not None for _line, cells in table.rows):
                self._ask("year", "month", _("Tệp ghi tháng nhưng không ghi năm."), "--year 2026", table)
            return table
        months = {month for title in table.titles for month in months_named(title)}
        month = self.given.month or (months.pop() if len(months) == 1 else "")
        if month and not self.given.month:
            self.problems.note(_("Tháng ghi ở đầu tệp: %(month)s.", month=period(month)))
        if not month and "service" in table.header and "count" in table.header:
            self._ask("month", "month", _("Tệp không ghi tháng."), "--month 2026-10", table)
        if whole := stored_month(month):
            refuse_parts(table, self.problems, "month", partial(month_named, whole[:4]), whole)
        return _with(table, "month", month) if month else table

    def _with_agency(self, table: FileTable) -> FileTable:
        if "agency" in table.header:
            return table
        months = [cells[table.header.index("month")] for _line, cells in table.rows] if "month" in table.header else []
        days = days_of_months(sorted({*months}))
        code = self.given.agency or self._agency_in(table.titles, days)
        if not code and "service" in table.header:
            self._ask(
                "agency",
                "agency",
                _("Tệp không ghi cơ quan, ghi nhiều cơ quan, hoặc tên ghi ở đầu tệp chưa có trong danh sách."),
                "--agency SNV",
                table,
            )
        if code:
            headed = partial(self._agency_headed, days)
            refuse_parts(table, self.problems, "agency", headed, self.spelling.of("agencies", code))
        return _with(table, "agency", code) if code else table

    def _ask(self, what: str, column: str, message: str, option: str, table: FileTable) -> None:
        mend = _("Chọn một lần cho cả tệp (trên dòng lệnh: %(option)s).", option=option)
        self.problems.add(message, mend, line=table.line, column=column)
        refuse_for_more(self.problems, [what])

    def _agency_in(self, titles: Sequence[str], days: Days | None) -> str:
        named = {code: line for line in reversed(agency_lines(titles)) if (code := self._agency_named(days, line))}
        if len(named) != 1:
            return ""
        ((code, line),) = named.items()
        text = shortened((line.partition(":")[2] or line).strip())
        self.problems.note(_("Cơ quan ghi ở đầu tệp: %(text)s (%(code)s).", text=text, code=code))
        return code

    def _agency_named(self, days: Days | None, title: str) -> str:
        """The code of the agency that a line names, with a number or "Đơn vị:" before it; empty if none."""
        for name in (behind_agency_title(title), without_number(title)):
            code = self.spelling.of("agencies", name, days=days) if name else ""
            if code != name:
                return code
        return ""

    def _agency_headed(self, days: Days | None, title: str) -> str:
        """The same; the name of an agency that nobody knows, or that several have, stands for itself."""
        several = self.spelling.all_named("agencies", without_number(title), days)
        return self._agency_named(days, title) or behind_agency_title(title) or ", ".join(several)

    def _with_unit(self, table: FileTable, stated: str) -> FileTable:
        if "unit" in table.header or "service" not in table.header:
            return table
        if stated:
            self.problems.note(_("Đơn vị tính của cả tệp: %(unit)s.", unit=CASELOAD_UNITS[stated]))
            return _with(table, "unit", stated)
        place = table.header.index("service")
        rows = []
        for line, cells in table.rows:
            sector = self.sector_of(self.spelling.of("services", cells[place].strip()))
            rows.append((line, [*cells, USUAL_UNIT.get(sector or "", "dossier")]))
        self.problems.note(_("Tệp không ghi đơn vị tính: lấy theo ngành của dịch vụ (hồ sơ, lượt khám, học sinh)."))
        return replace(table, header=[*table.header, "unit"], rows=rows)


def _number(cells: Sequence[str], place: int | None) -> str:
    """What a cell holds; '' for a dash and for no cell."""
    text = "" if place is None else cells[place]
    return "" if text.strip() in _EMPTY else text


def _with(table: FileTable, column: str, value: str) -> FileTable:
    rows = [(line, [*cells, value]) for line, cells in table.rows]
    return replace(table, header=[*table.header, column], rows=rows)
