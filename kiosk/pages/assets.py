"""The files of the shell, under addresses that carry their version: a new release never mixes with an old one.

The version is a digest of every file and of the page itself, and what was digested is what is served: an address means
the same bytes for ever, so browsers may keep them. Only the present version is served, so a service worker that starts
to fetch during an upgrade gets all of one version or fails and tries again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask import current_app, json, render_template
from flask_babel import force_locale

from kiosk.pages.js_bundle import joined
from kiosk.pages.texts import TEXTS
from survey.foundation.installation_flags import is_demo
from survey.foundation.shared_pages import visitorless_request
from survey.foundation.vocabulary import LANGUAGES

PAGE = "kiosk.html"
SCRIPT = "kiosk/main.js"
STYLE = "css/kiosk.css"
_SHEETS = ("css/fonts.css", "css/tokens.css", "css/faces.css", "css/kiosk.css")
_PATTERNS = (
    "kiosk/*.png",
    "kiosk/sounds/*/*.mp3",
    "fonts/BeVietnamPro*.woff2",
    "img/favicon.svg",
    "img/wordmark.svg",
)


@dataclass(frozen=True)
class Shell:
    """One release of the shell: its version, its files by name, and the code of its service worker."""

    version: str
    files: Mapping[str, bytes]
    worker: str


def current_shell() -> Shell:
    """The shell this process serves, built at first use (again and again while debugging)."""
    shells: dict[bool, Shell] = current_app.extensions.setdefault("kiosk_shells", {})
    demo = is_demo()
    if current_app.debug or demo not in shells:
        with visitorless_request("/kiosk/", {}, demo=demo):
            shells[demo] = _build()
    return shells[demo]


def texts_by_language() -> dict[str, dict[str, str]]:
    """Every text of the shell in every language: the page carries them all, for a kiosk without network."""
    texts = {}
    for language in LANGUAGES:
        with force_locale(language):
            texts[language] = {name: str(text) for name, text in TEXTS.items()}
    return texts


def sounds_by_language(files: Iterable[str], version: str) -> dict[str, dict[str, str]]:
    """Addresses of recorded prompts: static/kiosk/sounds/<language>/<item code or text name>.mp3."""
    sounds: dict[str, dict[str, str]] = {}
    for name in files:
        path = PurePosixPath(name)
        if path.match("kiosk/sounds/*/*.mp3"):
            sounds.setdefault(path.parent.name, {})[path.stem] = f"/kiosk/assets/{version}/{name}"
    return sounds


def _build() -> Shell:
    root = Path(current_app.static_folder or "")
    files = {str(path.relative_to(root)): path.read_bytes() for name in _PATTERNS for path in sorted(root.glob(name))}
    files[SCRIPT] = joined(root, SCRIPT).encode()
    files[STYLE] = b"".join((root / name).read_bytes() for name in _SHEETS)
    worker = (root / "kiosk" / "worker.js").read_text(encoding="utf-8")
    version = _digest([*files.items(), ("worker", worker.encode()), ("page", _page("", ()).encode())])
    return Shell(version, {PAGE: _page(version, files).encode(), **files}, worker)


def _digest(parts: Iterable[tuple[str, bytes]]) -> str:
    whole = hashlib.sha256()
    for name, content in parts:
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:12]


def _page(version: str, files: Iterable[str]) -> str:
    texts, sounds = _block(texts_by_language()), _block(sounds_by_language(files, version))
    return render_template("kiosk/shell.html", version=version, texts=texts, sounds=sounds)


def _block(data: object) -> str:
    # "<" cannot end the data block early; everything else in JSON is harmless inside it.
    return json.dumps(data, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
