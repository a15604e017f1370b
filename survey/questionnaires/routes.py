"""/desk/questionnaires: what is asked, its versions, and the draft of the next one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts.agency_access import provinces_seen
from survey.accounts.permissions import VIEW, Action, Resource, allowed, can_anywhere, grants_allowing
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.clock import today
from survey.foundation.identifiers import content_hash
from survey.foundation.pages.parameters import whole_number
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.foundation.vocabulary import SECTORS
from survey.questionnaires import drafts, queries
from survey.questionnaires.asked_forms import asked_on, forms_at
from survey.questionnaires.counter_services import offers_at
from survey.questionnaires.definition import Definition
from survey.questionnaires.editor import FURTHER_LANGUAGES, DraftForm, form_of, read
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion
from survey.questionnaires.types import ITEM_TYPES
from survey.questionnaires.versions import VersionName, current_version
from survey.registry.models import Province

CONFIDENCES = {
    "document": lazy_gettext("theo nguyên văn văn bản"),
    "transcribed": lazy_gettext("theo các bản chép độc lập giống nhau"),
    "approximate": lazy_gettext("gần đúng, chưa kiểm chứng"),
    "own": lazy_gettext("lời của hệ thống"),
}
EDIT = Action.EDIT_QUESTIONNAIRES
SHOWN = 300

blueprint = Blueprint("questionnaires", __name__, url_prefix="/desk/questionnaires")


@dataclass(frozen=True)
class WhereAsked:
    """Who is asked a questionnaire today: counters, and (code, name) of services."""

    services: list[tuple[str, str]]
    counters: list[queries.PlaceNames]


@blueprint.context_processor
def words() -> dict[str, object]:
    """Words for the templates."""
    return {"sectors": SECTORS, "shown": SHOWN, "types": ITEM_TYPES}


@blueprint.get("")
@needs(Action.VIEW, Of.ANYTHING)
def index() -> str:
    """Every questionnaire with the version asked now."""
    if not can_anywhere(VIEW):
        abort(404)
    uses = _where_asked()
    rows = [
        (
            questionnaire,
            _current(questionnaire),
            _versions(questionnaire),
            _use(uses, questionnaire),
        )
        for questionnaire in queries.fetch_questionnaires()
    ]
    return render_template("questionnaires/index.html", rows=rows)


@blueprint.get("/<key>")
@needs(Action.VIEW, Of.ANYTHING)
def page(key: str) -> str:
    """One questionnaire: its versions, what each asks, and who is asked."""
    questionnaire = found_questionnaire(key, VIEW)
    versions = _versions(questionnaire)
    current = _current(questionnaire)
    asked = whole_number("version")
    shown = next((version for version in versions if asked in (None, version.version) and version.published_at), None)
    if shown is None:
        abort(404)
    definition = Definition.parse(shown.definition)
    return render_template(
        "questionnaires/questionnaire.html",
        questionnaire=questionnaire,
        versions=versions,
        current=current,
        version=shown,
        definition=definition,
        draft=next((version for version in versions if version.published_at is None), None),
        use=_use(_where_asked(), questionnaire),
        assignable=_assignable(questionnaire),
        further_languages=FURTHER_LANGUAGES,
        doubtful=[item for item in definition.items if item.confidence or item.note],
        confidences=CONFIDENCES,
        may_edit=may_edit(questionnaire),
    )


@blueprint.post("/<key>/draft/start")
@needs(Action.EDIT_QUESTIONNAIRES, Of.ANYTHING, names=NOTHING)  # questionnaires are shared by all provinces
def start(key: str) -> Response:
    """Begin the next version from the one asked now."""
    questionnaire = found_questionnaire(key, EDIT)
    drafts.start_draft(key, _asked(questionnaire))
    return redirect(url_for("questionnaires.draft", key=key))


@blueprint.route("/<key>/draft", methods=["GET", "POST"])
@needs(Action.EDIT_QUESTIONNAIRES, Of.ANYTHING, names=NOTHING)
def draft(key: str) -> str | Response | tuple[str, int]:
    """Edit the draft; every save shows what it would change."""
    questionnaire = found_questionnaire(key, EDIT)
    stored = queries.find_draft(db.session(), key)
    if stored is None:
        return redirect(url_for("questionnaires.page", key=key))
    definition = Definition.parse(stored.definition)
    form = form_of(definition, content_hash(stored.definition))
    if form.validate_on_submit() and _saved(form, definition, questionnaire):
        flash(_("Đã lưu bản nháp."), "success")
        return redirect(url_for("questionnaires.draft", key=key))
    page = _draft_page(questionnaire, stored, definition, form)
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/<key>/draft/publish")
@needs(Action.EDIT_QUESTIONNAIRES, Of.ANYTHING, names=NOTHING)
def publish(key: str) -> Response:
    """Publish the draft."""
    questionnaire = found_questionnaire(key, EDIT)
    try:
        number = drafts.publish_draft(key, request.form.get("seen", ""), _asked(questionnaire))
    except drafts.DraftProblem as problem:
        flash(str(problem), "error")
        return redirect(url_for("questionnaires.draft", key=key))
    flash(_("Đã công bố bản %(n)s; từ nay người dân được hỏi theo bản này.", n=number), "success")
    return redirect(url_for("questionnaires.page", key=key))


@blueprint.post("/<key>/draft/discard")
@needs(Action.EDIT_QUESTIONNAIRES, Of.ANYTHING, names=NOTHING)
def discard(key: str) -> Response:
    """Throw the draft away."""
    found_questionnaire(key, EDIT)
    drafts.discard_draft(key)
    flash(_("Đã bỏ bản nháp; bản đang dùng giữ nguyên."), "success")
    return redirect(url_for("questionnaires.page", key=key))


def found_questionnaire(key: str, action: Action) -> Questionnaire:
    """The questionnaire of a key, if the user may do this with it; else the request ends with 404 or 403."""
    questionnaire = queries.fetch_questionnaire(key)
    if questionnaire is None or not can_anywhere(VIEW):
        abort(404)
    if action == EDIT and not may_edit(questionnaire):
        abort(403)
    return questionnaire


def may_edit(questionnaire: Questionnaire) -> bool:
    """Whether the user may change what is asked."""
    # A questionnaire is asked everywhere, so one agency's role is not enough.
    return any(
        grant.agency_id is None and grant.sector in (None, questionnaire.sector)
        for grant in grants_allowing(current_user, EDIT)
    )


def _current(questionnaire: Questionnaire) -> VersionName | None:
    return current_version(db.session(), questionnaire.sector)


def _asked(questionnaire: Questionnaire) -> VersionName:
    published = [version for version in _versions(questionnaire) if version.published_at]
    if not published:
        abort(404)
    return VersionName(questionnaire.key, published[0].version)


def _versions(questionnaire: Questionnaire) -> list[QuestionnaireVersion]:
    return queries.fetch_versions(questionnaire.key)


def _where_asked() -> dict[str, WhereAsked]:
    """Who is asked each questionnaire today, by its key."""
    uses_of: dict[str, WhereAsked] = defaultdict(lambda: WhereAsked([], []))
    services: dict[str, dict[str, str]] = defaultdict(dict)
    places = queries.fetch_places([province.id for province in provinces_seen(current_user)], today())
    points = [place for place, _names in places]
    offers = offers_at(db.session(), points)
    forms = forms_at(db.session(), points)
    for place, names in places:
        for form in asked_on(forms[place.counter_id], offers[place.counter_id], today()):
            uses_of[form.version.key].counters.append(names)
            services[form.version.key].update({service.code: service.name for service in form.services})
    for sector in SECTORS:  # the short form is asked about what no other is, wherever that may be served
        services[sector] = {service.code: service.name for service in queries.fetch_services(sector)}
    for key, asked in services.items():
        uses_of[key].services.extend(in_order(asked.items(), lambda pair: (pair[1], pair[0])))
    return uses_of


def _use(uses: dict[str, WhereAsked], questionnaire: Questionnaire) -> WhereAsked:
    return uses.get(questionnaire.key, WhereAsked([], []))


def _assignable(questionnaire: Questionnaire) -> list[Province]:
    """The provinces in which the user may say where it is asked."""
    seen = provinces_seen(current_user)
    return [province for province in seen if allowed(EDIT, Resource(province.id, questionnaire.sector, None))]


def _saved(form: DraftForm, draft: Definition, questionnaire: Questionnaire) -> bool:
    data = read(form, draft)
    if data is None:
        return False
    try:
        drafts.save_draft(questionnaire.key, data, form.seen.data or "")
    except drafts.DraftProblem as problem:
        form.form_errors.append(str(problem))
        return False
    return True


def _draft_page(
    questionnaire: Questionnaire, stored: QuestionnaireVersion, definition: Definition, form: DraftForm
) -> str:
    asked = queries.fetch_version(*_asked(questionnaire))
    assert asked is not None
    return render_template(
        "questionnaires/draft.html",
        questionnaire=questionnaire,
        draft=stored,
        form=form,
        definition=definition,
        further_languages=FURTHER_LANGUAGES,
        seen=content_hash(stored.definition),
        differences=_differences(Definition.parse(asked.definition), definition),
        earlier=asked.version,
    )


def _differences(before: Definition, after: Definition) -> list[tuple[str, str]]:
    """(item code, what happens to it) of every item that is not as it was."""
    old, new = ({item.code: item for item in definition.items} for definition in (before, after))
    differences = [(code, _("bỏ: %(text)s", text=item.text["vi"])) for code, item in old.items() if code not in new]
    for code, item in new.items():
        if code not in old:
            differences.append((code, _("thêm: %(text)s", text=item.text["vi"])))
        elif item != old[code]:
            differences.append((code, _("sửa thành: %(text)s", text=item.text["vi"])))
    if not differences and list(old) != list(new):
        differences.append(("", _("đổi thứ tự các câu")))
    return differences
