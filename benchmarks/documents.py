"""Every document as a file, every page of it as a picture, each verified: for eyes, before somebody signs.

    python -m benchmarks.documents --out var/documents [--only WORDS]

Documents of the demonstration that DATABASE_URL holds (`flask demo` fills it), then of an invented province of 300
units with long names, of one with three, and of units with one answer, seven, none, or no caseload. Where LibreOffice
is installed the Word file is laid out too. `index.html` shows all pages beside each other.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reports_data import MONTHS, fill, long_named
from tests.support import libreoffice

DPI = 70
ANSWERS = 14  # a unit and month of the invented province
LAST = MONTHS[-1]
AFTER = "2026-11"


@dataclass(frozen=True)
class Case:
    """A document to make; `cut_off` as in `analysis report`."""

    name: str
    recipient: str
    period: str
    kind: str = "satisfaction"
    cut_off: str | None = None
    province: str = "dak-lak"


DEMONSTRATION = (
    Case("month-so-y-te", "so-y-te", LAST),
    Case("month-so-gddt", "so-gddt", LAST),
    Case("month-so-noi-vu-consolidated", "so-noi-vu", LAST),
    Case("month-hospital", "DL-BVDK", LAST),
    Case("month-one-stop-shop", "DL-XM01", LAST),
    Case("month-son-la", "so-noi-vu", LAST, province="son-la"),
    Case("month-an-giang", "so-y-te", LAST, province="an-giang"),
    Case("quarter", "so-y-te", "2026-Q3"),
    Case("half-year", "so-gddt", "2026-H1"),
    Case("year", "so-noi-vu", "2025"),
    Case("year-of-the-programme", "so-y-te", "2026", cut_off="2026-11-27"),
    Case("coverage", "so-noi-vu", "2025", "coverage"),
    Case("scoring-so-noi-vu", "so-noi-vu", "2026", "scoring", "2026-11-10"),
    Case("scoring-agency", "DL-XM01", "2026", "scoring", "2026-11-10"),
    Case("plan-so-noi-vu", "so-noi-vu", "2026", "plan", "2026-07-26"),
    Case("plan-agency", "DL-BVDK", "2026", "plan", "2026-07-26"),
    Case("work-sheet", "DL-XM01", LAST, "work-sheet"),
)
MANY = (
    Case("300-month-so-y-te", "so-y-te", LAST),
    Case("300-month-so-gddt", "so-gddt", LAST),
    Case("300-month-so-noi-vu", "so-noi-vu", LAST),
    Case("300-year-so-noi-vu", "so-noi-vu", "2026", cut_off="2026-10-31"),
    Case("300-coverage", "so-noi-vu", "2026", "coverage", "2026-10-31"),
    Case("empty-month", "so-y-te", AFTER),
    Case("empty-year", "so-y-te", "2024"),
    Case("one-answer", "mot-phieu", LAST),
    Case("seven-answers", "bay-phieu", LAST),
    Case("no-caseload", "thieu-ho-so", LAST),
    Case("work-sheet-long-name", "dv-002", LAST, "work-sheet"),
)
FEW = (Case("3-month-so-y-te", "so-y-te", LAST), Case("3-month-so-noi-vu", "so-noi-vu", LAST))


def make(case: Case, folder: Path) -> str:
    """Write a case's files; one line that says what came out."""
    from analysis.reports.builder import build_report
    from analysis.reports.rendering import pdf, word
    from analysis.reports.verify import verify
    from survey.foundation.periods import Period

    day = dt.date.fromisoformat(case.cut_off) if case.cut_off else None
    report = build_report(case.province, case.recipient, Period.parse(case.period), day, kind=case.kind)
    folder.mkdir(parents=True, exist_ok=True)
    content = pdf.render(report)
    (folder / f"{case.name}.pdf").write_bytes(content)
    (folder / f"{case.name}.docx").write_bytes(word.render(report))
    used = draw_pages(content, folder, case.name)
    verification = verify(content)
    said = "verified" if not verification.differences else f"DIFFERS: {verification.differences}"
    filled = " ".join(f"{share:.0%}" for share in used)
    return f"{case.name}: {len(used)} pages, filled {filled}; {verification.figures} figures {said}"


def draw_pages(content: bytes, folder: Path, name: str) -> list[float]:
    """A picture of every page; how far down between its margins each is filled, 0 to 1."""
    import pypdfium2

    used = []
    document = pypdfium2.PdfDocument(content)
    for number, page in enumerate(document, start=1):
        image = page.render(scale=DPI / 72).to_pil()
        image.save(folder / f"{name}-{number:02d}.png")
        dark = image.convert("L").point(lambda grey: 255 if grey < 160 else 0)
        top, bottom = round(20 / 25.4 * DPI), round(image.height - 22 / 25.4 * DPI)
        box = dark.crop((0, top, image.width, bottom)).getbbox()
        used.append(box[3] / (bottom - top) if box else 0.0)
    document.close()
    return used


def lay_out_word(folder: Path) -> None:
    """Each Word file as LibreOffice sees it, its pages as pictures."""
    files = sorted(folder.glob("*.docx"))
    if not files or not libreoffice.is_there():
        return
    with tempfile.TemporaryDirectory() as made:
        for file, content in zip(files, libreoffice.pdf_of(files, Path(made)), strict=True):
            draw_pages(content, folder, f"{file.stem}-word")


def index(folder: Path, lines: list[str]) -> None:
    """One page with all pictures."""
    shown = []
    for line in lines:
        name = line.partition(":")[0]
        pages = "".join(
            f'<img src="{path.name}" width="330" alt="">' for path in sorted(folder.glob(f"{name}-[0-9w]*.png"))
        )
        shown.append(f"<h2>{line}</h2>{pages}")
    (folder / "index.html").write_text(f'<!doctype html><meta charset="utf-8">{"".join(shown)}', encoding="utf-8")


def run(step: str, folder: Path, only: str) -> None:
    """The cases of one database, inside the application."""
    from wsgi import create_app

    cases = {"demonstration": DEMONSTRATION, "many": MANY, "few": FEW}[step]
    with create_app().app_context():
        if step != "demonstration":
            fill(long_named(300 if step == "many" else 3, ANSWERS))
        for case in cases:
            if only in case.name:
                print(make(case, folder), flush=True)


def steps(folder: Path, only: str) -> Iterator[str]:
    """Run each step in a process with its own database; the lines they print."""
    own = [sys.executable, "-m", "benchmarks.documents", "--out", str(folder), "--only", only, "--step"]
    with tempfile.TemporaryDirectory() as databases:
        for step in ("demonstration", "many", "few"):
            environment: dict[str, Any] = {**os.environ}
            environment.setdefault("SECRET_KEY", "only for pictures of documents")
            if step != "demonstration":
                environment["DATABASE_URL"] = f"sqlite:///{databases}/{step}.sqlite3"
                upgrade = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
                subprocess.run(upgrade, env=environment, check=True, capture_output=True)
            done = subprocess.run([*own, step], env=environment, check=True, stdout=subprocess.PIPE, text=True)
            yield from done.stdout.splitlines()


def main() -> None:
    """Make them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="cases whose name holds these words")
    parser.add_argument("--step", choices=["demonstration", "many", "few"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        run(arguments.step, arguments.out, arguments.only)
        return
    arguments.out.mkdir(parents=True, exist_ok=True)
    lines = []
    for line in steps(arguments.out, arguments.only):
        print(line, flush=True)
        lines.append(line)
    lay_out_word(arguments.out)
    index(arguments.out, lines)


if __name__ == "__main__":
    main()
