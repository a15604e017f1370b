"""/desk/languages: the packs of languages, what each lacks, and a form to put one in; /sounds/: their recordings."""

from __future__ import annotations

import io

from flask import Blueprint, Response, abort, flash, redirect, render_template, send_file, url_for
from flask_babel import force_locale, lazy_gettext
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import VIEW, Action, can_anywhere, grants_allowing
from survey.foundation.access import NOTHING, Of, needs, public
from survey.questionnaires.packs import queries, service
from survey.questionnaires.packs.checking import CheckedPack
from survey.questionnaires.packs.known import known_languages
from survey.questionnaires.packs.listing import listed_languages
from survey.questionnaires.packs.reading import LARGEST_PACK, PackProblem, read_pack
from survey.questionnaires.packs.template import po_template

EDIT = Action.EDIT_QUESTIONNAIRES
STATES = {
    "built_in": lazy_gettext("có sẵn"),
    "offered": lazy_gettext("đang dùng"),
    "incomplete": lazy_gettext("thiếu lời: tạm không hiện cho người dân"),
    "removed": lazy_gettext("đã gỡ"),
}

blueprint = Blueprint("languages", __name__, url_prefix="/desk/languages")
sounds = Blueprint("sounds", __name__)


class PackForm(FlaskForm):
    """A pack as a zip file."""

    file = FileField(lazy_gettext("Gói ngôn ngữ (tệp .zip)"), [FileRequired(lazy_gettext("Chọn một tệp."))])


@blueprint.get("")
@needs(Action.VIEW, Of.ANYTHING)
def index() -> str:
    """Every language: in use, incomplete, taken away, awaited."""
    if not can_anywhere(VIEW):
        abort(404)
    return _page(PackForm())


@blueprint.post("")
@needs(Action.EDIT_QUESTIONNAIRES, Of.ANYTHING, names=NOTHING)  # languages are shared by all provinces
def install() -> AnyResponse | tuple[str, int]:
    """Put a pack in if it is complete; else say everything that is missing or wrong."""
    _require_owner()
    form = PackForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        checked = service.check(read_pack(form.file.data.stream.read(LARGEST_PACK + 1)))
    except PackProblem as problem:
        form.file.errors = list(problem.problems)
        return _page(form), 422
    if not checked.is_complete:
        return _page(form, checked), 422
    said = {"name": checked.manifest.name}
    if service.install(checked):
        flash(_("Đã cài gói ngôn ngữ %(name)s; người dân chọn được ngay.", **said), "success")
    else:
        flash(_("Gói ngôn ngữ %(name)s đã có, không có gì thay đổi.", **said), "success")
    return redirect(url_for("languages.index"))


@blueprint.post("/<code>/remove")
@needs(Action.EDIT_QUESTIONNAIRES, Of.ANYTHING, names=NOTHING)
def remove(code: str) -> AnyResponse:
    """Offer a language no more."""
    _require_owner()
    if not service.remove(code):
        abort(404)
    flash(_("Đã gỡ gói ngôn ngữ; các đánh giá bằng ngôn ngữ này giữ nguyên."), "success")
    return redirect(url_for("languages.index"))


@blueprint.get("/template.po")
@needs(Action.VIEW, Of.ANYTHING)
def template() -> Response:
    """All that has to be translated, as a PO file."""
    if not can_anywhere(VIEW):
        abort(404)
    texts = service.needed_texts(service.asked_texts())
    with force_locale("en"):
        english = {text.vietnamese: _(text.vietnamese) for text in texts}
    answer = Response(po_template(texts, {}, english), mimetype="text/x-gettext-translation")
    answer.headers["Content-Disposition"] = 'attachment; filename="texts.po"'
    return answer


@sounds.get("/sounds/<digest>.<ending>")
@public("recordings of what citizens' pages say; the same for everybody")
def sound(digest: str, ending: str) -> AnyResponse:
    """A recording. Its address is made from its bytes, so browsers may keep it for ever; parts may be asked for."""
    stored = queries.fetch_sound(digest) if len(digest) == 64 and digest.isalnum() else None
    if stored is None or ending != service.ending_of(stored[0]):
        abort(404)
    answer = send_file(io.BytesIO(stored[1]), mimetype=stored[0], conditional=True, etag=digest, max_age=31536000)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def _require_owner() -> None:
    if not any(grant.agency_id is None for grant in grants_allowing(current_user, EDIT)):
        abort(403)


def _page(form: PackForm, refused: CheckedPack | None = None) -> str:
    languages = listed_languages()
    return render_template(
        "questionnaires/languages.html",
        form=form,
        refused=refused,
        languages=[language for language in languages if language["state"] != "no_pack"],
        awaited=[language for language in known_languages() if language.code in _without_pack(languages)],
        states=STATES,
        may_edit=any(grant.agency_id is None for grant in grants_allowing(current_user, EDIT)),
    )


def _without_pack(languages: list[dict[str, object]]) -> set[object]:
    return {language["code"] for language in languages if language["state"] == "no_pack"}
