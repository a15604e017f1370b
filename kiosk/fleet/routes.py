"""Pages of the fleet: every kiosk, one kiosk, pairing, and the import of a queue file."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from kiosk import pairing
from kiosk.fleet import changes
from kiosk.fleet.access import (
    IMPORT_QUEUE_FILE,
    StandingDevice,
    counters_to_manage,
    device_seen,
    device_to_import_from,
    device_to_manage,
    devices_seen,
)
from kiosk.fleet.device_health import condition_of, reports_of, span_words
from kiosk.fleet.forms import ActionForm, KioskCounterForm, NameForm, QueueFileForm
from kiosk.fleet.queue_file import QueueFileError, import_queue_file, read_queue_file
from kiosk.pages.assets import current_shell
from kiosk.pairing_failures import Refusal, refusals
from kiosk.queries import count_corrected_dates
from survey.accounts.permissions import Action, can_anywhere
from survey.devices.queries import fetch_counters_held, fetch_open_counters, fetch_places
from survey.foundation.access import NOTHING, Names, Of, needs
from survey.foundation.clock import now, today
from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Counter

blueprint = Blueprint("fleet", __name__, url_prefix="/desk/devices")


@blueprint.get("")
@needs(Action.VIEW, Of.ANYTHING)
def index() -> str:
    """Every kiosk the user may see, with what needs a look."""
    at, version = now(), current_shell().version
    lines = [(standing, condition_of(standing.device, at, version)) for standing in devices_seen(current_user)]
    states = [condition.state for _standing, condition in lines]
    return render_template(
        "kiosk/fleet/index.html",
        lines=lines,
        count={state: states.count(state) for state in ("well", "silent", "never", "unfit", "revoked")},
        unsent=sum(standing.device.queue_depth or 0 for standing, _condition in lines),
        may_pair=bool(_manageable_counters()),
        may_import=can_anywhere(IMPORT_QUEUE_FILE),
        refusals=_refusals_seen(),
    )


@blueprint.get("/<uuid:device_id>")
@needs(Action.VIEW, Of.OBJECT)
def device_page(device_id: uuid.UUID) -> str:
    """One kiosk: how it is, what it refused, where it stood, what may be done."""
    return _device_page(device_seen(device_id))


@blueprint.route("/pair", methods=["GET", "POST"])
@needs(Action.MANAGE_DEVICES, Of.ANYTHING, names={"counter": Names.COUNTER})
def pair() -> str | tuple[str, int]:
    """Show a pairing code for a counter."""
    counters = _manageable_counters()
    if not counters:
        abort(403)
    form = KioskCounterForm()
    form.offer(counters)
    if request.method == "GET":
        form.counter.data = request.args.get("counter", "")
    if not form.validate_on_submit():
        return render_template("kiosk/fleet/pair.html", form=form, code=None), 422 if form.errors else 200
    counter, agency = _chosen(counters, form.counter.data)
    return _code_page(counter, agency, None)


@blueprint.post("/<uuid:device_id>/code")
@needs(Action.MANAGE_DEVICES, Of.OBJECT, names=NOTHING)
def pair_again(device_id: uuid.UUID) -> str:
    """Show a code that gives this kiosk a new key at the counter where it stands."""
    standing = _submitted(device_id, ActionForm())
    return _code_page(standing.counter, standing.agency, device_id)


@blueprint.post("/<uuid:device_id>/name")
@needs(Action.MANAGE_DEVICES, Of.OBJECT, names=NOTHING)
def rename(device_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Rename a kiosk."""
    standing = device_to_manage(device_id)
    form = NameForm()
    if not form.validate_on_submit():
        return _device_page(standing, name_form=form), 422
    changes.rename(device_id, standing.agency.province_id, form.name.data or "")
    flash(_("Đã đổi tên kiosk."), "success")
    return redirect(url_for("fleet.device_page", device_id=device_id))


@blueprint.post("/<uuid:device_id>/counter")
@needs(Action.MANAGE_DEVICES, Of.OBJECT, names={"counter": Names.COUNTER})
def move(device_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Move a kiosk to another counter of its province; what it counted stays with the old one."""
    standing = device_to_manage(device_id)
    counters = _manageable_counters(standing.agency.province_id)
    form = KioskCounterForm()
    form.offer(counters)
    if not form.validate_on_submit():
        return _device_page(standing, counter_form=form), 422
    counter, _agency = _chosen(counters, form.counter.data)
    changes.move(device_id, standing.agency.province_id, counter.id)
    flash(_("Kiosk chuyển sang %(name)s từ lần liên lạc tới.", name=counter.name), "success")
    return redirect(url_for("fleet.device_page", device_id=device_id))


@blueprint.post("/<uuid:device_id>/revoke")
@needs(Action.MANAGE_DEVICES, Of.OBJECT, names=NOTHING)
def revoke(device_id: uuid.UUID) -> Response:
    """Refuse a kiosk's key from now on."""
    standing = _submitted(device_id, ActionForm())
    changes.revoke(device_id, standing.agency.province_id)
    flash(_("Đã thu hồi khóa của kiosk. Đánh giá đã nhận được giữ nguyên."), "success")
    return redirect(url_for("fleet.device_page", device_id=device_id))


@blueprint.post("/<uuid:device_id>/pin")
@needs(Action.MANAGE_DEVICES, Of.OBJECT, names=NOTHING)
def renew_pin(device_id: uuid.UUID) -> str:
    """Make and show a new PIN."""
    standing = _submitted(device_id, ActionForm())
    pin = changes.renew_pin(device_id, standing.agency.province_id)
    return render_template("kiosk/fleet/pin.html", standing=standing, pin=pin)


@blueprint.route("/import", methods=["GET", "POST"])
@needs(Action.IMPORT_QUEUE_FILE, Of.ANYTHING, names={"file": Names.QUEUE_FILE})
def import_file() -> str | tuple[str, int]:
    """Take in the file of a kiosk that cannot reach the server."""
    if not can_anywhere(IMPORT_QUEUE_FILE):
        abort(403)
    form = QueueFileForm()
    if not form.validate_on_submit():
        return _import_page(form), 422 if form.errors else 200
    try:
        file = read_queue_file(form.file.data.read())
    except QueueFileError as error:
        form.file.errors = [str(error)]
        return _import_page(form), 422
    standing = device_to_import_from(file.device_id)
    counts, problems = import_queue_file(file, standing.agency.province_id)
    return _import_page(form, standing=standing, counts=counts, problems=problems)


def _import_page(form: QueueFileForm, **result: Any) -> str:
    return render_template("kiosk/fleet/import.html", form=form, **result)


def _device_page(
    standing: StandingDevice, name_form: NameForm | None = None, counter_form: KioskCounterForm | None = None
) -> str:
    device = standing.device
    if counter_form is None:
        counter_form = KioskCounterForm(formdata=None)
        counter_form.offer(_manageable_counters(standing.agency.province_id) if standing.may_manage else [])
    skew = device.clock_skew_seconds
    held = fetch_counters_held(db.session(), device.id)
    month_ago = today() - dt.timedelta(days=30)
    return render_template(
        "kiosk/fleet/device.html",
        standing=standing,
        device=device,
        said=device.status or {},
        refused=reports_of(device, "refused", "answered_at"),
        errors=reports_of(device, "errors", "at"),
        condition=condition_of(device, now(), current_shell().version),
        skew=None if skew is None else span_words(skew),
        held=held,
        places=fetch_places(db.session(), {each.counter for each in held}),
        dates=count_corrected_dates(db.session(), device.id, [assignment.counter for assignment in held], month_ago),
        name_form=name_form or NameForm(formdata=None, data={"name": device.name}),
        counter_form=counter_form,
        action_form=ActionForm(formdata=None),
    )


def _code_page(counter: Counter, agency: Agency, device_id: uuid.UUID | None) -> str:
    code = pairing.issue_code(counter.code, device_id)
    return render_template(
        "kiosk/fleet/pair.html", form=None, code=code, counter=counter, agency=agency, kiosk_url=_kiosk_url()
    )


def _kiosk_url() -> str:
    settings: Settings = current_app.extensions["settings"]
    return f"{settings.public_url}{url_for('kiosk.shell')}"


def _submitted(device_id: uuid.UUID, form: ActionForm) -> StandingDevice:
    standing = device_to_manage(device_id)
    if not form.validate_on_submit():
        abort(400)
    return standing


def _refusals_seen() -> list[Refusal]:
    mine = {counter.id for counter, _agency in _manageable_counters()}
    return [refusal for refusal in refusals() if refusal[1].id in mine]


def _manageable_counters(province_id: int | None = None) -> list[tuple[Counter, Agency]]:
    return counters_to_manage(current_user, fetch_open_counters(db.session(), province_id))


def _chosen(counters: list[tuple[Counter, Agency]], code: str | None) -> tuple[Counter, Agency]:
    return next(pair for pair in counters if pair[0].code == code)
