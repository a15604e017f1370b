"""Keeping the selection of a page by a name, and dropping it again."""

from __future__ import annotations

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SubmitField
from wtforms.validators import DataRequired, Length

from analysis.desk.compare import read_beside
from analysis.desk.explore_routes import blueprint, selection_from
from analysis.desk.kept import queries
from analysis.desk.kept.models import LONGEST_ADDRESS, LONGEST_NAME, KeptSelection
from analysis.figures.query import BadQuery
from survey.accounts.permissions import Action
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.pages.form_fields import NEEDED, LineField
from survey.foundation.storage.database import writing
from survey.foundation.text.vietnamese import in_order

MOST = 50  # that one keeps


class KeptForm(FlaskForm):
    """The name, and whether it is to be dropped."""

    name = LineField(lazy_gettext("Tên"), [DataRequired(NEEDED.message), Length(max=LONGEST_NAME)])
    drop = SubmitField(lazy_gettext("Bỏ"))


@blueprint.app_template_global()
def kept_selections() -> list[KeptSelection]:
    """What the user keeps, by name."""
    return in_order(queries.fetch_kept(current_user.id), lambda kept: (kept.name,))


@blueprint.post("/<province>/<sector>/explore/kept")
@needs(Action.VIEW, Of.OBJECT, names=NOTHING, unaudited="somebody's own list of addresses they may open anyway")
def keep_selection(province: str, sector: str) -> Response:
    """Keep the selection that stands in the address, or drop the one named; back to the page it was."""
    try:
        selection, _years = selection_from(province, sector)
    except BadQuery as problem:
        abort(400, str(problem))
    form, user_id = KeptForm(), current_user.id
    beside = read_beside(request.args)
    address = selection.url(**beside)
    if not form.validate_on_submit():
        for error in form.name.errors:
            flash(str(error), "error")
    elif form.drop.data:
        with writing() as session:
            queries.drop(session, user_id, form.name.data or "")
        flash(_("Đã bỏ “%(name)s”.", name=form.name.data), "success")
    elif len(address) > LONGEST_ADDRESS or len(queries.fetch_kept(user_id)) >= MOST:
        flash(_("Chưa giữ được: mỗi người giữ đến %(most)s lựa chọn; hãy bỏ bớt.", most=MOST), "error")
    else:
        with writing() as session:
            queries.keep(session, user_id, form.name.data or "", address)
        flash(_("Đã giữ “%(name)s”.", name=form.name.data), "success")
    return redirect(address)
