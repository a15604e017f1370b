"""The forms of a run as a file; those of a long run as several, so that no process lays out all of them at once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from flask import Flask, abort, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.accounts.permissions import Action, Resource, require
from survey.channels.paper.numbers import printed, serials_of
from survey.channels.paper.printing import PaperForm, render_forms
from survey.channels.paper.queries import RunRow, fetch_run
from survey.channels.printing.kinds import PRINT_KINDS, Asked, Printed, PrintKind
from survey.foundation.commands.progress import counting
from survey.foundation.storage.database import db
from survey.questionnaires.definition import Definition

KIND = "paper"
FEW = 60  # forms: what a request lays out in a few seconds
PIECE = 200  # forms in one PDF: some 800 pages


def init_run_printing(app: Flask) -> None:
    """Let the forms of long runs be made behind the page."""
    PRINT_KINDS.add(app, KIND, PrintKind(_l("In phiếu giấy"), _make, _back))


def render_run(row: RunRow, serials: Sequence[int]) -> bytes:
    """The PDF of some forms of a run."""
    definition = Definition.parse(row.definition)
    asks_kind = definition.asks_kind or row.sector == "administration"
    place = f"{row.counter_name} · {row.counter}"
    form = PaperForm(definition, row.title, row.agency, place, asks_kind, row.run.language)
    return render_forms(form, [printed(serial) for serial in serials])


def _make(asked: Asked) -> Printed:
    row = fetch_run(db.session(), asked["run"])
    if row is None:
        abort(404)
    require(Action.ENTER_FORMS, Resource(row.province_id, row.sector, row.agency_id))
    return Printed(f"phieu-giay-{row.run.id}.zip", _in_pieces(row))


def _in_pieces(row: RunRow) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, counting(_("phiếu"), row.run.count) as step:
        for first in range(0, row.run.count, PIECE):
            serials = serials_of(row.run.id, row.run.count)[first : first + PIECE]
            name = f"phieu-giay-{row.run.id}-{first + 1}-{first + len(serials)}.pdf"
            archive.writestr(name, render_run(row, serials), zipfile.ZIP_DEFLATED)
            step(len(serials))
    return file.getvalue()


def _back(asked: Asked) -> str:
    return url_for("paper.run", run_id=asked["run"])
