"""The files of the shell, under addresses that carry their version: a new release never mixes with an old one.

The version is a digest of every file and of the page itself. Only the present version is served, so a service worker
that starts to fetch during an upgrade gets all of one version or fails and tries again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask import current_app, json, render_template
from flask_babel import force_locale

from kiosk.texts import TEXTS
from survey.foundation.vocabulary import LANGUAGES

_PATTERNS = (
    "kiosk/**/*.js",
    "kiosk/*.png",
    "kiosk/sounds/*/*.mp3",
    "vendor/idb/index.js",
    "css/fonts.css",
    "css/tokens.css",
    "css/faces.css",
    "css/kiosk.css",
    "fonts/BeVietnamPro*.woff2",
    "img/favicon.svg",
    "img/wordmark.svg",
)
_NOT_IN_SHELL = ("kiosk/worker.js",)


@dataclass(frozen=True)
class Shell:
    """One release of the shell: its version, its page, and its files by their path below static/."""

    version: str
    page: str
    files: tuple[str, ...]


def current_shell() -> Shell:
    """The shell this process serves, built at first use (again and again while debugging)."""
    if current_app.debug or "kiosk_shell" not in current_app.extensions:
        current_app.extensions["kiosk_shell"] = _build()
    shell: Shell = current_app.extensions["kiosk_shell"]
    return shell


def texts_by_language() -> dict[str, dict[str, str]]:
    """Every text of the shell in every language: the page carries them all, for a kiosk without network."""
    found = {}
    for language in LANGUAGES:
        with force_locale(language):
            found[language] = {name: str(text) for name, text in TEXTS.items()}
    return found


def sounds_by_language(files: Iterable[str], version: str) -> dict[str, dict[str, str]]:
    """Addresses of recorded prompts: static/kiosk/sounds/<language>/<item code or text name>.mp3."""
    found: dict[str, dict[str, str]] = {}
    for name in files:
        path = PurePosixPath(name)
        if path.match("kiosk/sounds/*/*.mp3"):
            found.setdefault(path.parent.name, {})[path.stem] = f"/kiosk/assets/{version}/{name}"
    return found


def _build() -> Shell:
    root = Path(current_app.static_folder or "")
    files = tuple(sorted({str(p.relative_to(root)) for pattern in _PATTERNS for p in root.glob(pattern)}))
    shell_files = tuple(name for name in files if name not in _NOT_IN_SHELL)
    whole = hashlib.sha256()
    for name in files:
        whole.update(f"{name}\0".encode() + (root / name).read_bytes())
    whole.update(_page("", ()).encode())
    version = whole.hexdigest()[:12]
    return Shell(version, _page(version, shell_files), shell_files)


def _page(version: str, files: Iterable[str]) -> str:
    texts, sounds = _block(texts_by_language()), _block(sounds_by_language(files, version))
    return render_template("kiosk/shell.html", version=version, texts=texts, sounds=sounds)


def _block(data: object) -> str:
    # "<" cannot end the data block early; everything else in JSON is harmless inside it.
    return json.dumps(data, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
