"""Which column each heading of a foreign form of file means: chosen once at the desk, remembered for the next file."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey.accounts.permissions import Action
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.storage.database import writing
from survey.registry.files.given import MoreNeeded
from survey.registry.files.headings import Headings
from survey.registry.files.layout import HeadedTable
from survey.registry.files.mappings import EXAMPLES, foreign_header, remember
from survey.registry.files.models import ImportDraft
from survey.registry.files.problems import ImportRefused
from survey.registry.files.service import RECORD_KINDS
from survey.registry_pages.imports.access import check_draft, draft_of
from survey.registry_pages.imports.column_words import column_words

blueprint = Blueprint("import_columns", __name__, url_prefix="/desk/imports")


@blueprint.route("/<uuid:draft_id>/columns", methods=["GET", "POST"])
@needs(Action.MANAGE_CASELOADS, Of.MAKER, names=NOTHING)
def choose(draft_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Choose for each heading the column it means; headings without one are passed over."""
    draft = draft_of(draft_id)
    kind = RECORD_KINDS[draft.kind]
    headings = kind.headings()
    layout = foreign_header(draft.content, headings, draft.file, draft.given.get("sheet", ""))
    if request.method == "GET":
        return _page(draft, layout, _proposed(layout, headings), None)
    names = [name for name in layout.header if name]
    answers = [request.form.get(f"column-{place}", "") for place in range(len(names))]
    chosen = {name: answer for name, answer in zip(names, answers, strict=True) if answer in headings.names}
    if len(set(chosen.values())) < len(chosen):
        return _page(draft, layout, chosen, _("Hai cột của tệp cùng được chọn cho một mục. Chọn lại.")), 422
    with writing() as session:
        remember(session, draft.kind, layout.header, chosen)
    try:
        check_draft(draft_id)
    except MoreNeeded:
        pass
    except ImportRefused as refusal:
        return _page(draft_of(draft_id), layout, chosen, " ".join(refusal.lines(3)[:3])), 422
    return redirect(url_for("imports.preview", draft_id=draft_id))


def _proposed(layout: HeadedTable, headings: Headings) -> dict[str, str]:
    """The column of each heading that is understood; of two with the same one, the first."""
    proposed: dict[str, str] = {}
    for name in filter(None, layout.header):
        column = headings.column(name) or ""
        proposed[name] = "" if column in proposed.values() else column
    return proposed


def _page(draft: ImportDraft, layout: HeadedTable, chosen: dict[str, str], problem: str | None) -> str:
    lines = [
        {
            "heading": name,
            "chosen": chosen.get(name, ""),
            "examples": [cells[place] for _line, cells in layout.lines[:EXAMPLES] if place < len(cells)],
        }
        for place, name in enumerate(layout.header)
        if name
    ]
    return render_template(
        "registry/import_columns.html",
        draft=draft,
        lines=lines,
        problem=problem,
        columns=RECORD_KINDS[draft.kind].columns,
        column_words=column_words,
    )
