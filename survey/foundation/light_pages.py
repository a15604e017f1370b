"""Pages light enough for an old phone: one request, the style sheet inside, allowed by its hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, render_template

from survey.foundation.headers import allow_inline_style, style_hash
from survey.foundation.settings import ROOT

SHEETS = ("tokens", "faces", "citizen")


@dataclass(frozen=True)
class LightStyle:
    """The style sheet of all light pages, and the source by which the security headers allow it."""

    css: str
    source: str


def init_light_pages(app: Flask) -> None:
    """Read the style sheet once."""
    css = "".join((ROOT / "static" / "css" / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS)
    app.extensions["light_style"] = LightStyle(css, style_hash(css))


def allow_light_style() -> None:
    """Allow the style sheet in the answer to this request."""
    style: LightStyle = current_app.extensions["light_style"]
    allow_inline_style(style.source)


def light_page(template: str, **values: Any) -> str:
    """A page that extends ``layout/citizen.html``."""
    style: LightStyle = current_app.extensions["light_style"]
    allow_light_style()
    return render_template(template, inline_css=style.css, **values)
