"""Word files as LibreOffice lays them out, with the project's own font where Word would take Times New Roman."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from survey.foundation.configuration.settings import ROOT

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{fonts}</dir><cachedir>{cache}</cachedir>
<match target="pattern"><test name="family"><string>Times New Roman</string></test>
<edit name="family" mode="assign" binding="strong"><string>Tinos</string></edit></match></fontconfig>"""


def is_there() -> bool:
    """Whether LibreOffice is installed."""
    return shutil.which("soffice") is not None


def pdf_of(files: Sequence[Path], folder: Path) -> list[bytes]:
    """Each file as a PDF, in one run of LibreOffice with a profile of its own in `folder`."""
    fonts = folder / "fonts.conf"
    fonts.write_text(FONTS.format(fonts=ROOT / "static" / "fonts", cache=folder / "cache"), encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--convert-to", "pdf"]
    environment = {**os.environ, "FONTCONFIG_FILE": str(fonts), "HOME": str(folder)}
    subprocess.run(
        [*command, "--outdir", str(folder), *map(str, files)],
        check=True, capture_output=True, timeout=300, env=environment,
    )  # fmt: skip
    return [(folder / f"{file.stem}.pdf").read_bytes() for file in files]
