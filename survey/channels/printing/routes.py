"""The page of a file that is being made: how far it is, and the file; nobody else's."""

from __future__ import annotations

import io
import uuid
from typing import Any

from flask import Blueprint, Flask, Response, abort, render_template, send_file
from flask_login import current_user

from survey.accounts.permissions import VIEW
from survey.channels.printing.jobs import KEPT_FOR, is_running
from survey.channels.printing.kinds import kind_of
from survey.channels.printing.models import PrintJob
from survey.channels.printing.queries import find_job
from survey.foundation.access import Of, needs
from survey.foundation.clock import now

blueprint = Blueprint("prints", __name__, url_prefix="/desk/prints")


def init_printing(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)


@blueprint.get("/<uuid:job_id>")
@needs(VIEW, Of.MAKER)
def page(job_id: uuid.UUID) -> str:
    """How far a file is, the file, or that nothing came of it."""
    job = _job_of(job_id)
    kind = kind_of(job)
    return render_template(
        "desk/print_job.html", job=job, runs=is_running(job), title=kind.title, back=kind.back(job.asked)
    )


@blueprint.get("/<uuid:job_id>/progress")
@needs(VIEW, Of.MAKER)
def progress(job_id: uuid.UUID) -> dict[str, Any]:
    """How far it is, for the page that shows it."""
    job = _job_of(job_id)
    return {"runs": is_running(job), "stage": job.stage, "done": job.done, "total": job.total}


@blueprint.get("/<uuid:job_id>/file")
@needs(VIEW, Of.MAKER)
def file(job_id: uuid.UUID) -> Response:
    """The file."""
    job = _job_of(job_id)
    if job.name is None or job.content is None:
        abort(404)
    is_pdf = job.name.endswith(".pdf")
    return send_file(
        io.BytesIO(job.content),
        mimetype="application/pdf" if is_pdf else "application/zip",
        as_attachment=not is_pdf,
        download_name=job.name,
    )


def _job_of(job_id: uuid.UUID) -> PrintJob:
    job = find_job(job_id, current_user.id, now() - KEPT_FOR)
    if job is None:
        abort(404)
    return job
