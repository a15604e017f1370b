"""One's own security keys: adding one, taking one away."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts import second_factor, security_keys, sessions
from survey.accounts.forms import AddKeyForm, RemoveKeyForm
from survey.accounts.permissions import Action
from survey.accounts.second_factor_queries import fetch_keys
from survey.foundation.access import NOTHING, Of, needs

blueprint = Blueprint("security_keys", __name__, url_prefix="/desk/account/security-keys")
Page = str | Response | tuple[str, int]


@blueprint.route("", methods=["GET", "POST"])
@needs(Action.VIEW, Of.ANYTHING, names=NOTHING)  # one's own
def page() -> Page:
    """One's keys; add one, against a code. Codes come first: they are the way in when a key is lost."""
    form, user = AddKeyForm(), current_user._get_current_object()
    if user.second_factor is None:
        return redirect(url_for("second_factor.page"))
    if not form.validate_on_submit():
        return _page(form, _removal()), 422 if form.errors else 200
    if not second_factor.accept(user, form.code.data or ""):
        form.code.errors = [_wrong()]
        return _page(form, _removal()), 422
    name, answer = form.name.data or "", form.answer.data or ""
    if not security_keys.add(user, form.sealed.data or "", answer, name, sessions.current_id()):
        form.name.errors = [_("Chưa thêm được khóa: trình duyệt không gửi trả lời đúng của khóa. Xin làm lại.")]
        return _page(form, _removal()), 422
    flash(_("Đã thêm khóa bảo mật “%(name)s”. Các phiên đăng nhập khác đã kết thúc.", name=name), "success")
    return _back()


@blueprint.post("/remove")
@needs(Action.VIEW, Of.ANYTHING, names=NOTHING)  # one's own
def remove() -> Page:
    """Take one of one's keys away, against a code."""
    form, user = _removal(fresh=False), current_user._get_current_object()
    if user.second_factor is None:
        return redirect(url_for("second_factor.page"))
    if not form.validate_on_submit():
        return _page(AddKeyForm(formdata=None), form), 422
    if not second_factor.accept(user, form.code.data or ""):
        form.code.errors = [_wrong()]
        return _page(AddKeyForm(formdata=None), form), 422
    if security_keys.remove(user.id, int(form.key.data), sessions.current_id()):
        flash(_("Đã gỡ khóa bảo mật. Các phiên đăng nhập khác đã kết thúc."), "success")
    return _back()


def _removal(*, fresh: bool = True) -> RemoveKeyForm:
    form = RemoveKeyForm(formdata=None) if fresh else RemoveKeyForm()
    form.key.choices = [(str(key.id), key.name) for key in fetch_keys(current_user.id)]
    return form


def _page(form: AddKeyForm, removal: RemoveKeyForm) -> str:
    """A new challenge with each page."""
    user, asked = current_user._get_current_object(), None
    if security_keys.are_possible():
        asked = security_keys.begin_adding(user)
        form.sealed.data, form.answer.data = asked.sealed, ""
    keys = fetch_keys(user.id)
    return render_template("accounts/security_keys.html", form=form, removal=removal, keys=keys, asked=asked)


def _wrong() -> str:
    return str(_("Mã không đúng, đã dùng hoặc đã hết hạn. Chờ ứng dụng hiện mã mới rồi nhập lại."))


def _back() -> Response:
    return redirect(url_for("security_keys.page"))
