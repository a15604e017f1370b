"""Packs of languages for tests: no translations, but the Vietnamese with every text marked, so that none can hide."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Flask

SHORT = ("administration", "health", "education")


def marked(text: str) -> str:
    """A text as it stands in a marked language."""
    return f"«{text}»"


def make_pack(
    app: Flask,
    folder: Path,
    *,
    code: str = "vi-x-mau",
    name: str = "Gói mẫu",
    keys: Sequence[str] = SHORT,
    write: Callable[[str], str] = marked,
    **said: Any,
) -> Path:
    """A complete pack in a folder; `said` changes its manifest."""
    from survey.questionnaires.packs.sample import write_sample

    with app.test_request_context("/"):
        write_sample(folder, keys, code=code, name=name, write=write)
    if said:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8")) | said
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def install_pack(app: Flask, folder: Path) -> None:
    """Put a pack in, as the command does."""
    from survey.questionnaires.packs import service
    from survey.questionnaires.packs.reading import read_pack

    with app.test_request_context("/"):
        checked = service.check(read_pack(folder))
        assert checked.is_complete, (checked.wrong, checked.missing, checked.unspoken)
        service.install(checked)


def zipped(folder: Path) -> bytes:
    """A pack as a zip file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return file.getvalue()
