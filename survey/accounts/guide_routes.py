"""The user guide at the desk; the "?" of every page leads to the section that explains it."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, abort, render_template, request, send_from_directory, url_for

from survey.accounts.permissions import Action
from survey.foundation.access import Of, needs
from survey.foundation.pages.guide import PICTURES, section_of, sections

blueprint = Blueprint("guide", __name__)


def init_guide(app: Flask) -> None:
    """The pages, and `help_address()` for the head of every page of the desk."""
    app.register_blueprint(blueprint)
    app.template_global()(help_address)


def help_address() -> str:
    """Where the guide explains the page being made."""
    section = section_of(request.blueprint)
    return url_for("guide.page", _anchor=section.anchor if section else None)


@blueprint.get("/desk/guide")
@needs(Action.VIEW, Of.ANYTHING)
def page() -> str:
    """The whole guide, in Vietnamese like its readers' work."""
    return render_template("accounts/guide.html", sections=sections())


@blueprint.get("/desk/guide/<name>")
@needs(Action.VIEW, Of.ANYTHING)
def picture(name: str) -> Response:
    """A picture of the guide."""
    shown = {str(block.lines[1]) for section in sections() for block in section.blocks if block.kind == "picture"}
    if name not in shown:
        abort(404)
    return send_from_directory(PICTURES, name)
