"""Pages light enough for an old phone: one request, the style sheet inside, allowed by its hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, render_template

from survey.foundation.configuration.settings import ROOT
from survey.foundation.languages.language import current_language
from survey.foundation.pages.headers import allow_inline_style, style_hash
from survey.foundation.vocabulary import LANGUAGES

SHEETS = ("tokens", "faces", "citizen")
SCRIPTS = ("scripts",)  # fonts of languages from packs, which old phones lack


@dataclass(frozen=True)
class LightStyle:
    """A style sheet of light pages, and the source by which the security headers allow it."""

    css: str
    source: str


def init_light_pages(app: Flask) -> None:
    """Read the style sheets once: of Vietnamese and English pages, and of pages in a language from a pack."""
    app.extensions["light_style"] = {False: _style(SHEETS), True: _style(SHEETS + SCRIPTS)}


def _style(sheets: tuple[str, ...]) -> LightStyle:
    css = "".join((ROOT / "static" / "css" / f"{name}.css").read_text(encoding="utf-8") for name in sheets)
    css = css.replace("../fonts/", "/static/fonts/")
    return LightStyle(css, style_hash(css))


def _light_style(language: str) -> LightStyle:
    style: LightStyle = current_app.extensions["light_style"][language not in LANGUAGES]
    return style


def allow_light_style(language: str) -> None:
    """Allow the style sheet of pages in a language in the answer to this request."""
    allow_inline_style(_light_style(language).source)


def light_page(template: str, **values: Any) -> str:
    """A page that extends ``layout/citizen.html``."""
    style = _light_style(current_language())
    allow_inline_style(style.source)
    return render_template(template, inline_css=style.css, **values)
