"""A document made by the command, read as a reader's program extracts its text."""

from __future__ import annotations

import subprocess
from pathlib import Path

from flask.testing import FlaskCliRunner


def made_report(runner: FlaskCliRunner, folder: Path, *, recipient: str = "so-y-te") -> tuple[Path, str]:
    """Đắk Lắk's report of October 2026: its PDF, and its text laid out as on paper with plain blanks."""
    where = ["--province", "dak-lak", "--period", "2026-10", "--recipient", recipient]
    made = runner.invoke(args=["analysis", "report", *where, "--out", str(folder)])
    assert made.exit_code == 0, made.output
    (file,) = folder.glob("*.pdf")
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    return file, text.replace("\N{NO-BREAK SPACE}", " ")
