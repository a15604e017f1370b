"""One's own second factor: getting one, new recovery codes, doing without it again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts import second_factor, second_factor_rule, sessions
from survey.accounts.authentication import check_credentials
from survey.accounts.first_steps import enrolment_page, safe_next
from survey.accounts.forms import CodeForm, EnrolmentForm, TurnOffForm
from survey.accounts.held_forms import release
from survey.accounts.permissions import Action
from survey.accounts.second_factor_queries import count_recovery_codes
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.storage.database import writing

blueprint = Blueprint("second_factor", __name__, url_prefix="/desk/account/second-factor")
Page = str | Response | tuple[str, int]


@blueprint.route("", methods=["GET", "POST"])
@needs(Action.VIEW, Of.ANYTHING, names=NOTHING)  # one's own
def page() -> Page:
    """Get a second factor; who has one sees what can be done with it."""
    user = current_user._get_current_object()
    if user.second_factor is not None:
        return _status_page(CodeForm(formdata=None), TurnOffForm(formdata=None))
    form = EnrolmentForm(asks_password=not sessions.is_fresh())
    if not form.validate_on_submit() or not _knows_password(form):
        return enrolment_page(form, user), 422 if form.errors else 200
    codes = second_factor.turn_on(user.id, form.sealed.data or "", form.code.data or "", sessions.current_id())
    if codes is None:
        form.code.errors = [_("Mã không đúng. Kiểm tra giờ của điện thoại, chờ mã mới rồi nhập lại.")]
        return enrolment_page(form, user), 422
    return _codes_page(codes, form.held.data, safe_next(request.args.get("next")))


@blueprint.post("/codes")
@needs(Action.VIEW, Of.ANYTHING, names=NOTHING)  # one's own
def renew_codes() -> Page:
    """New recovery codes, against a code."""
    form, user = CodeForm(), current_user._get_current_object()
    if user.second_factor is None:
        return _back()
    if form.validate_on_submit() and second_factor.accept(user, form.code.data or ""):
        return _codes_page(second_factor.renew_codes(user.id))
    form.code.errors = form.code.errors or [_wrong()]
    return _status_page(form, TurnOffForm(formdata=None)), 422


@blueprint.post("/off")
@needs(Action.VIEW, Of.ANYTHING, names=NOTHING)  # one's own
def turn_off() -> Page:
    """Do without it again, against password and code."""
    form, user = TurnOffForm(), current_user._get_current_object()
    if user.second_factor is None:
        return _back()
    if not form.validate_on_submit() or not _proved(form):
        return _status_page(CodeForm(formdata=None), form), 422
    user_id = user.id
    with writing() as session:
        second_factor.turn_off(session, user_id, "switch_own_second_factor", but=sessions.current_id())
    flash(
        _("Đã tắt xác thực hai bước. Mã dự phòng cũ không còn giá trị; các phiên đăng nhập khác đã kết thúc."),
        "success",
    )
    return _back()


def _knows_password(form: EnrolmentForm | TurnOffForm) -> bool:
    """Whether the password is right, where it is asked for."""
    if not form.current:
        return True
    current, session_id = form.current.data or "", sessions.current_id()
    if check_credentials(current_user.username, current, session_id=session_id) is None:
        form.current.errors = [_("Mật khẩu hiện tại không đúng.")]
        return False
    return True


def _proved(form: TurnOffForm) -> bool:
    """Whether both are right; the code is looked at, and used up, only after the password."""
    if not _knows_password(form):
        return False
    if not second_factor.accept(current_user._get_current_object(), form.code.data or ""):
        form.code.errors = [_wrong()]
        return False
    return True


def _status_page(codes: CodeForm, off: TurnOffForm) -> str:
    user = current_user._get_current_object()
    left, is_asked = count_recovery_codes(user.id), second_factor_rule.is_asked(user)
    return render_template("accounts/second_factor.html", codes=codes, off=off, left=left, is_asked=is_asked)


def _codes_page(codes: list[str], held: str | None = None, target: str | None = None) -> str:
    grouped = [f"{code[:5]}-{code[5:]}" for code in codes]
    onward = target or url_for("second_factor.page")
    shown = {"held": release(held, current_user.id), "target": onward, "is_new": target is not None}
    return render_template("accounts/recovery_codes.html", codes=grouped, **shown)


def _wrong() -> str:
    return str(_("Mã không đúng, đã dùng hoặc đã hết hạn. Chờ ứng dụng hiện mã mới rồi nhập lại."))


def _back() -> Response:
    return redirect(url_for("second_factor.page"))
