"""The files of the shell, under addresses that carry their version: a new release never mixes with an old one.

The version is a digest of every file and of the page itself, and what was digested is what is served: an address means
the same bytes for ever, so browsers may keep them. Only the present version is served, so a service worker that starts
to fetch during an upgrade gets all of one version or fails and tries again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import current_app, json, render_template
from flask_babel import force_locale

from kiosk.pages.js_bundle import joined
from kiosk.pages.texts import TEXTS
from survey.foundation.caching.shared_pages import visitorless_request
from survey.foundation.installation_flags import is_demo
from survey.foundation.languages.citizen_languages import installed_packs, packs_stamp, source_text
from survey.foundation.vocabulary import LANGUAGES

PAGE = "kiosk.html"
SCRIPT = "kiosk/main.js"
STYLE = "css/kiosk.css"
_SHEETS = ("css/fonts.css", "css/tokens.css", "css/faces.css", "css/kiosk.css")
_SCRIPTS = ("css/scripts.css",)  # where packs bring languages: their fonts
_SCRIPT_FONTS = "fonts/NotoSans*-400.woff2"
_PATTERNS = (
    "kiosk/*.png",
    "fonts/BeVietnamPro*.woff2",
    "img/favicon.svg",
    "img/wordmark.svg",
)


@dataclass(frozen=True)
class Shell:
    """One release of the shell: its version, its files by name, the code of its service worker, and what packs add.

    `sounds`: addresses of recordings; `packs`: their stamp. A pack that comes or goes makes another release.
    """

    version: str
    files: Mapping[str, bytes]
    worker: str
    sounds: tuple[str, ...]
    packs: str


def current_shell() -> Shell:
    """The shell this process serves, built at first use (again and again while debugging)."""
    shells: dict[bool, Shell] = current_app.extensions.setdefault("kiosk_shells", {})
    demo = is_demo()
    if current_app.debug or demo not in shells or shells[demo].packs != packs_stamp():
        with visitorless_request("/kiosk/", {}, demo=demo):
            shells[demo] = _build()
    return shells[demo]


def texts_by_language() -> dict[str, dict[str, str]]:
    """Every text of the shell in every language: the page carries them all, for a kiosk without network."""
    texts = {}
    for language in LANGUAGES:
        with force_locale(language):
            texts[language] = {name: str(text) for name, text in TEXTS.items()}
    for code, pack in installed_packs().items():
        if code not in LANGUAGES:  # what staff read stays Vietnamese
            named = ((name, pack.texts.get(source_text(text))) for name, text in TEXTS.items())
            texts[code] = {name: text for name, text in named if text}
    return texts


def sounds_by_language() -> dict[str, dict[str, str]]:
    """Addresses of recordings by language and by the Vietnamese of what they say."""
    return {code: dict(pack.sounds) for code, pack in installed_packs().items() if pack.sounds}


def _build() -> Shell:
    root = Path(current_app.static_folder or "")
    has_packs = any(code not in LANGUAGES for code in installed_packs())
    patterns, sheets = (*_PATTERNS, *[_SCRIPT_FONTS] * has_packs), (*_SHEETS, *_SCRIPTS * has_packs)
    files = {str(path.relative_to(root)): path.read_bytes() for name in patterns for path in sorted(root.glob(name))}
    files[SCRIPT] = joined(root, SCRIPT).encode()
    files[STYLE] = b"".join((root / name).read_bytes() for name in sheets)
    worker = (root / "kiosk" / "worker.js").read_text(encoding="utf-8")
    version = _digest([*files.items(), ("worker", worker.encode()), ("page", _page("").encode())])
    sounds = {address for spoken in sounds_by_language().values() for address in spoken.values()}
    return Shell(version, {PAGE: _page(version).encode(), **files}, worker, tuple(sorted(sounds)), packs_stamp())


def _digest(parts: Iterable[tuple[str, bytes]]) -> str:
    whole = hashlib.sha256()
    for name, content in parts:
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:12]


def _page(version: str) -> str:
    texts, sounds = _block(texts_by_language()), _block(sounds_by_language())
    return render_template("kiosk/shell.html", version=version, texts=texts, sounds=sounds)


def _block(data: object) -> str:
    # "<" cannot end the data block early; everything else in JSON is harmless inside it.
    return json.dumps(data, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
