"""/desk/signals: the tasks that answers gave, each with its evidence; explained, then closed."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from analysis.presentation.phrases import SHORT_SUBJECTS, unbroken
from analysis.signals import phrases, service
from analysis.signals.finding import STUFFING
from analysis.signals.forms import CloseForm, ExplainForm
from analysis.signals.models import CLOSED, Signal
from analysis.signals.queries import fetch_signal, fetch_signals
from analysis.signals.stuffing import four_figures
from survey.accounts.agency_access import UserScope, provinces_seen
from survey.accounts.permissions import VIEW, Action, Resource, can_anywhere, decide, require
from survey.devices.queries import SilentDevice, silent_devices
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.vocabulary import SECTORS

EXPLAIN = Action.EXPLAIN_SIGNALS
PAGE = 50

blueprint = Blueprint("signals", __name__, url_prefix="/desk/signals")


@blueprint.context_processor
def names() -> dict[str, object]:
    """Words for the templates."""
    return {"words": phrases, "sectors": SECTORS, "subjects": SHORT_SUBJECTS, "unbroken": unbroken}


@blueprint.get("")
@needs(Action.VIEW, Of.ANYTHING)
def index() -> str:
    """What waits, then what is closed, narrowed by kind and state; only what the user may see."""
    if not can_anywhere(VIEW):
        abort(404)
    kind, state = request.args.get("kind", ""), request.args.get("state", "waiting")
    if (kind and kind not in phrases.KINDS) or state not in ("waiting", "closed", "all"):
        abort(404)
    visible = _visible()
    shown = [
        signal
        for signal in visible
        if (not kind or signal.kind == kind) and (state == "all" or (signal.status == CLOSED) == (state == "closed"))
    ]
    return render_template(
        "signals/index.html", signals=shown[:PAGE], total=len(shown), kind=kind, state=state, has_any=bool(visible)
    )


@blueprint.get("/<int:signal_id>")
@needs(Action.VIEW, Of.OBJECT)
def page(signal_id: int) -> str:
    """One signal with its evidence."""
    return _page(_signal(signal_id, VIEW), ExplainForm(), CloseForm())


@blueprint.post("/<int:signal_id>/explain")
@needs(Action.EXPLAIN_SIGNALS, Of.OBJECT, names=NOTHING)
def explain(signal_id: int) -> Response | tuple[str, int]:
    """Say why it came about."""
    signal, form = _signal(signal_id, EXPLAIN), ExplainForm()
    if not form.validate_on_submit():
        return _page(signal, form, CloseForm(formdata=None)), 422
    try:
        service.explain(signal_id, (form.text.data or "").strip(), int(current_user.id))
    except service.SignalStepRefused as refusal:
        flash(str(refusal), "error")
    else:
        flash(_("Đã ghi giải trình."), "success")
    return redirect(url_for("signals.page", signal_id=signal_id))


@blueprint.post("/<int:signal_id>/close")
@needs(Action.EXPLAIN_SIGNALS, Of.OBJECT, names=NOTHING)
def close(signal_id: int) -> Response | tuple[str, int]:
    """Close it with what came out."""
    signal, form = _signal(signal_id, EXPLAIN), CloseForm()
    if not form.validate_on_submit():
        return _page(signal, ExplainForm(formdata=None), form), 422
    try:
        service.close(signal_id, form.outcome.data, int(current_user.id))
    except service.SignalStepRefused as refusal:
        flash(str(refusal), "error")
    else:
        flash(_("Đã đóng. Các phiếu vẫn được giữ và vẫn được tính."), "success")
    return redirect(url_for("signals.page", signal_id=signal_id))


def _visible() -> list[Signal]:
    scope = UserScope(current_user, VIEW)
    provinces = {province.id for province in provinces_seen(current_user)}
    signals = fetch_signals(provinces)
    return [signal for signal in signals if scope.allows(signal.province_id, signal.sector, signal.agency_id)]


def _signal(signal_id: int, action: Action) -> Signal:
    signal = fetch_signal(signal_id)
    if signal is None:
        abort(404)
    require(action, _resource(signal))
    return signal


def _resource(signal: Signal) -> Resource:
    return Resource(signal.province_id, signal.sector, signal.agency_id)


def _silent_devices(signal: Signal) -> list[SilentDevice]:
    """Kiosks that are silent now at the signal's counter, while somebody still has to explain it."""
    if signal.counter_id is None or signal.status == CLOSED:
        return []
    return silent_devices(signal.province_id, counter_ids=[signal.counter_id])


def _page(signal: Signal, explain_form: ExplainForm, close_form: CloseForm) -> str:
    return render_template(
        "signals/signal.html",
        signal=signal,
        four=four_figures(signal) if signal.kind in STUFFING else [],
        silent_devices=_silent_devices(signal),
        may_explain=bool(decide(current_user, EXPLAIN, _resource(signal))),
        explain_form=explain_form,
        close_form=close_form,
    )
