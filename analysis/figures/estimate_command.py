"""`flask analysis estimate CELLS.csv`: pure estimation from a file of cells, no database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from analysis.command_group import analysis_commands
from analysis.statistics.as_json import estimation_as_json
from analysis.statistics.cells.cells_csv import CellsProblem, read_cells, read_left_out, read_margins
from analysis.statistics.estimation import estimate as estimate_cells
from analysis.statistics.problems import StatisticsError
from analysis.statistics.verdicts.verdict import Threshold
from survey.foundation.commands.command_problems import on_any_schema
from survey.foundation.formatting import distance, percent, percent_range


class BadInput(click.ClickException):
    """Printed on stderr; the command leaves with 2."""

    exit_code = 2


@analysis_commands.command("estimate", with_appcontext=False)  # it needs no settings, no database
@click.argument("cells_file", metavar="CELLS.csv", type=click.Path(path_type=Path))
@click.option("--target", "target_text", metavar="MỐC", help="Mốc để kết luận, ví dụ '>60' hoặc '>=70' (phần trăm).")
@click.option("--no-fpc", is_flag=True, help="Không áp dụng hiệu chỉnh tổng thể hữu hạn.")
@click.option(
    "--margins", "margins_file", metavar="MARGINS.csv", type=click.Path(path_type=Path), help="Các tổng biên."
)
@click.option("--format", "output", type=click.Choice(["json", "text"]), default="json", show_default=True)
@on_any_schema
def estimate(cells_file: Path, target_text: str | None, no_fpc: bool, margins_file: Path | None, output: str) -> None:
    """Ước lượng tỷ lệ hài lòng gia quyền từ tệp ô số liệu."""
    try:
        result = _result(cells_file, target_text, margins_file, fpc=not no_fpc)
    except CellsProblem as problem:
        raise BadInput(str(problem)) from problem
    except StatisticsError as problem:
        raise BadInput(f"{cells_file.name}: {problem}") from problem
    click.echo(json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False) if output == "json" else _text(result))


def _result(cells_file: Path, target_text: str | None, margins_file: Path | None, *, fpc: bool) -> dict[str, Any]:
    target = _target(target_text)
    margin_files = read_margins(margins_file) if margins_file else []
    cells, warnings = read_cells(cells_file, margin_files)
    estimation = estimate_cells(cells, fpc=fpc, margins=[margin_file.margin for margin_file in margin_files] or None)
    return estimation_as_json(estimation, target, warnings=warnings, left_out=read_left_out(cells_file))


def _target(text: str | None) -> Threshold | None:
    if text is None:
        return None
    try:
        return Threshold.parse(text)
    except StatisticsError as problem:
        raise BadInput(f"--target: {problem}") from problem


def _text(result: dict[str, Any]) -> str:
    """One line per domain for people; the JSON holds everything."""
    lines = [f"Phương pháp {result['method']}"]
    for domain in result["domains"]:
        parts = [
            domain["domain"] or "Tất cả",
            percent(domain["estimate"]),
            f"n = {domain['n']}",
            f"nhận được {domain['received']}",
        ]
        if domain["interval"]:
            parts.append(f"khoảng 95 %: {percent_range(domain['interval']['low'], domain['interval']['high'])}")
        if domain["verdict"]:
            parts += _verdict_words(domain["estimate"], domain["verdict"])
        lines.append(" · ".join(parts))
    lines += [f"Lưu ý: {warning['message']}" for warning in result["warnings"]]
    return "\n".join(lines)


def _verdict_words(share: float, verdict: dict[str, Any]) -> list[str]:
    """Both verdicts with the interval that never disagrees with them, and how wrong the volunteers would have to be."""
    words = f"mốc {verdict['target']}: {verdict['point']}, {verdict['evidence']}"
    if verdict["lower"] is not None and verdict["upper"] is not None:
        words += f" (khoảng 90 %: {percent_range(verdict['lower'], verdict['upper'])})"
    return [words, *([] if verdict["overturn"] is None else [_overturn(share, verdict["overturn"]["points"])])]


def _overturn(share: float, points: float) -> str:
    if not share - 1 <= points <= share:
        return "người không trả lời nghĩ thế nào cũng không đảo được"
    how = "kém hài lòng" if points >= 0 else "hài lòng"
    return f"đảo nếu người không trả lời {how} hơn người trả lời {distance(points)}"
