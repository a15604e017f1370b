"""CELLS.csv and MARGINS.csv: read whole, or refused with the file, line, column and value at fault and the mend."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.weights import Margin
from analysis.statistics.problems import Caveat, CaveatCode, warn

REQUIRED = ("stratum", "responses", "satisfied")
WEIGHTING = ("post_stratum", "caseload")  # margins know the caseload: with them these may be empty or missing
LEFT_OUT = "left_out"  # answers that came for the domain and stand in no figure of it, not even unweighted
OPTIONAL = ("psu", "domain", LEFT_OUT)
MARGIN_COLUMNS = ("margin", "category", "total")


class CellsProblem(ValueError):
    """What is wrong in a file and how to mend it, in Vietnamese."""

    def __init__(
        self, file: str, problem: str, *, line: int | None = None, column: str | None = None, value: str | None = None
    ) -> None:
        place = [file]
        place += [f"dòng {line}"] if line is not None else []
        place += [f"cột {column}"] if column is not None else []
        shown = "" if value is None else (f"“{value}” " if value else "ô trống ")
        super().__init__(f"{', '.join(place)}: {shown}{problem}")
        self.file, self.line, self.column, self.value = file, line, column, value


@dataclass(frozen=True)
class CellsRow:
    """One line of a file by column name, with the number of the line it ends on."""

    file: str
    line: int
    values: Mapping[str, str]

    def problem(self, column: str, problem: str) -> CellsProblem:
        """What is wrong with the value of a column, to be raised."""
        return CellsProblem(self.file, problem, line=self.line, column=column, value=self.values[column])

    def label(self, column: str) -> str:
        """A name or code; raises FileProblem where it is empty."""
        if not self.values[column]:
            raise self.problem(column, "là không được; hãy ghi tên hoặc mã.")
        return self.values[column]

    def count(self, column: str) -> int:
        """A whole number from 0, of at most 15 digits; raises FileProblem."""
        if not re.fullmatch(r"\d{1,15}", self.values[column], flags=re.ASCII):
            raise self.problem(
                column, "không phải số nguyên từ 0 trở lên; hãy ghi như 125, không dấu chấm, không dấu phẩy."
            )
        return int(self.values[column])

    def amount(self, column: str) -> float | Fraction:
        """A number from 0 with a decimal point, or a ratio such as 2900/3, which is kept exact.

        Raises FileProblem, also where the point may group thousands.
        """
        text = self.values[column]
        if re.fullmatch(r"\d{1,15}/0*[1-9]\d{0,14}", text, flags=re.ASCII):
            return Fraction(text)
        if re.fullmatch(r"\d{1,3}(\.\d{3})+", text, flags=re.ASCII):
            raise self.problem(column, "có thể là dấu phân nhóm nghìn; hãy viết liền như 1234 (số lẻ viết như 1234.5).")
        if not re.fullmatch(r"\d{1,15}(\.\d+)?", text, flags=re.ASCII):
            raise self.problem(column, "không phải số từ 0 trở lên; hãy ghi như 1234 hoặc 1234.5.")
        return float(text)


def read_cells(path: Path, margins: Sequence[MarginFile] = ()) -> tuple[Cells, tuple[Caveat, ...]]:
    """The cells of a file, coded; raises FileProblem. `margins` name the extra columns that raking needs."""
    rows = list(_rows(path, REQUIRED if margins else (*REQUIRED, *WEIGHTING)))
    if not rows:
        raise CellsProblem(path.name, "không có dòng số liệu nào dưới dòng tiêu đề.")
    post_strata = [row.values.get("post_stratum", "") if margins else row.label("post_stratum") for row in rows]
    caseload = _caseloads(rows, post_strata)
    for row in rows:
        if row.count("satisfied") > row.count("responses"):
            raise row.problem(
                "satisfied", f"lớn hơn số lượt đánh giá ({row.values['responses']}); hãy sửa một trong hai số."
            )
    columns = {margin.name: _margin_column(rows, margin) for margin in margins}
    cells = Cells.from_columns(
        stratum=[row.label("stratum") for row in rows],
        post_stratum=post_strata,
        caseload=caseload,
        psu=[row.values.get("psu", "") for row in rows],
        domain=[row.values.get("domain", "") for row in rows],
        responses=[row.count("responses") for row in rows],
        satisfied=[row.count("satisfied") for row in rows],
        margins=columns,
    )
    unused = tuple(name for name in rows[0].values if name not in {*REQUIRED, *WEIGHTING, *OPTIONAL, *columns})
    return cells, (warn(CaveatCode.UNUSED_COLUMNS, unused),) if unused else ()


def read_left_out(path: Path) -> dict[str, int]:
    """By domain, how many answers a file names as left out in a column of that name; raises FileProblem."""
    totals: dict[str, int] = {}
    for row in _rows(path, REQUIRED):
        if row.values.get(LEFT_OUT):
            domain = row.values.get("domain", "")
            totals[domain] = totals.get(domain, 0) + row.count(LEFT_OUT)
    return totals


@dataclass(frozen=True)
class MarginFile:
    """One margin of MARGINS.csv with the line of each category."""

    file: str
    margin: Margin
    lines: Mapping[str, int]

    @property
    def name(self) -> str:
        """How the file calls the margin."""
        return self.margin.name


def read_margins(path: Path) -> list[MarginFile]:
    """The margins in order of appearance; raises FileProblem, also when their sums disagree."""
    totals: dict[str, dict[str, float]] = {}
    lines: dict[str, dict[str, int]] = {}
    for row in _rows(path, MARGIN_COLUMNS):
        name, category = row.label("margin"), row.label("category")
        if category in totals.setdefault(name, {}):
            first = lines[name][category]
            raise row.problem("category", f"của “{name}” đã có ở dòng {first}; hãy giữ một dòng.")
        totals[name][category] = float(row.amount("total"))
        lines.setdefault(name, {})[category] = row.line
    if not totals:
        raise CellsProblem(path.name, "không có dòng số liệu nào dưới dòng tiêu đề.")
    _same_sums(path.name, totals, lines)
    return [MarginFile(path.name, Margin(name, totals[name]), lines[name]) for name in totals]


def _same_sums(file: str, totals: Mapping[str, Mapping[str, float]], lines: Mapping[str, Mapping[str, int]]) -> None:
    first, *others = totals
    expected = sum(totals[first].values())
    for name in others:
        total = sum(totals[name].values())
        if abs(total - expected) > 1e-9 * max(total, expected):
            raise CellsProblem(
                file,
                f"cộng các tổng của “{name}” được {total:.15g}, của “{first}” được {expected:.15g}; "
                "hai biên mô tả cùng một tổng thể nên phải bằng nhau, hãy sửa lại.",
                line=max(lines[name].values()),
                column="total",
            )


def _margin_column(rows: Sequence[CellsRow], file: MarginFile) -> list[str]:
    margin = file.margin
    if margin.name not in rows[0].values:
        raise CellsProblem(
            file.file,
            f"không phải tên một cột của {rows[0].file}; hãy thêm cột đó hoặc sửa tên biên.",
            line=min(file.lines.values()),
            column="margin",
            value=margin.name,
        )
    for row in rows:
        if row.count("responses") and not margin.totals.get(row.values[margin.name]):
            raise row.problem(
                margin.name, f"không có tổng (hoặc tổng bằng 0) trong {file.file}; hãy bổ sung hoặc sửa tên loại."
            )
    answered = {row.values[margin.name] for row in rows if row.count("responses")}
    for category, total in margin.totals.items():
        if total > 0 and category not in answered:
            raise CellsProblem(
                file.file,
                f"không có lượt đánh giá nào trong {rows[0].file}; hãy gộp loại này với loại khác.",
                line=file.lines[category],
                column="category",
                value=category,
            )
    return [row.values[margin.name] for row in rows]


def _caseloads(rows: Sequence[CellsRow], post_strata: Sequence[str]) -> list[float | Fraction | None]:
    """N of each row's post-stratum; an empty cell means unknown, but all rows of a post-stratum must agree."""
    seen: dict[str, CellsRow] = {}
    caseloads: list[float | Fraction | None] = []
    for row, post_stratum in zip(rows, post_strata, strict=True):
        first = seen.setdefault(post_stratum, row)
        amount, earlier = _caseload(row), _caseload(first)
        if amount != earlier:
            raise row.problem(
                "caseload",
                f"khác với “{first.values['caseload']}” ở dòng {first.line} của cùng nhóm "
                f"“{post_stratum}”; hãy ghi một số như nhau trên mọi dòng của nhóm.",
            )
        caseloads.append(amount)
    return caseloads


def _caseload(row: CellsRow) -> float | Fraction | None:
    return row.amount("caseload") if row.values.get("caseload") else None


def _rows(path: Path, required: Sequence[str]) -> Iterator[CellsRow]:
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(path.name, header, required)
        for values in reader:
            if any(value.strip() for value in values):
                yield _row(path.name, reader.line_num, header, values)
    except csv.Error as error:
        raise CellsProblem(
            path.name, f"không đọc được dòng CSV này ({error}); hãy kiểm tra dấu ngoặc kép.", line=reader.line_num
        ) from error


def _row(file: str, line: int, header: Sequence[str], values: Sequence[str]) -> CellsRow:
    if len(values) != len(header):
        raise CellsProblem(
            file, f"có {len(values)} ô, dòng tiêu đề có {len(header)}; hãy kiểm tra dấu phẩy.", line=line
        )
    return CellsRow(file, line, dict(zip(header, (value.strip() for value in values), strict=True)))


def _check_header(file: str, header: Sequence[str], required: Sequence[str]) -> None:
    for name in required:
        if name not in header:
            hint = " Các cột phải cách nhau bằng dấu phẩy." if len(header) == 1 else ""
            raise CellsProblem(file, f"thiếu cột này trong dòng tiêu đề; hãy thêm vào.{hint}", line=1, column=name)
    for name in header:
        if header.count(name) > 1:
            raise CellsProblem(
                file, "xuất hiện nhiều lần trong dòng tiêu đề; hãy giữ một cột.", line=1, column=name or "(không tên)"
            )


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CellsProblem(str(path), f"không mở được tệp ({error.strerror}); hãy kiểm tra đường dẫn.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CellsProblem(
            path.name, "có ký tự không phải UTF-8; hãy lưu lại tệp dạng CSV UTF-8.", line=line
        ) from error
