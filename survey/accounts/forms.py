"""The forms of the staff's own pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from survey.accounts.words import ROLE_WORDS
from survey.foundation.mail import is_address
from survey.foundation.pages.form_fields import LineField, choices
from survey.foundation.vocabulary import SECTORS


class LoginForm(FlaskForm):
    """User name and password."""

    username = LineField(
        _("Tên đăng nhập"),
        [InputRequired(_("Xin nhập tên đăng nhập.")), Length(max=60)],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    held = HiddenField()  # a form that was being sent when the session ended
    password = PasswordField(
        _("Mật khẩu"), [InputRequired(_("Xin nhập mật khẩu."))], render_kw={"autocomplete": "current-password"}
    )


class PasswordForm(FlaskForm):
    """Changing one's own password."""

    held = HiddenField()
    current = PasswordField(
        _("Mật khẩu hiện tại"),
        [InputRequired(_("Xin nhập mật khẩu hiện tại."))],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _("Mật khẩu mới"), [InputRequired(_("Xin nhập mật khẩu mới."))], render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(
        _("Nhập lại mật khẩu mới"),
        [EqualTo("new", _("Hai lần nhập mật khẩu mới chưa giống nhau."))],
        render_kw={"autocomplete": "new-password"},
    )


class FirstPasswordForm(PasswordForm):
    """The first password of an account that was invited by mail: there is none to begin with."""

    def __init__(self, **values: object) -> None:
        """Without the fields of the present password: there is none yet."""
        super().__init__(**values)
        del self.held, self.current


ONE_TIME = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}


class CodeForm(FlaskForm):
    """A code of the authenticator application, or where it may stand in for one, a recovery code."""

    code = LineField(_("Mã xác thực"), [InputRequired(_("Xin nhập mã.")), Length(max=40)], render_kw=ONE_TIME)


class SecondStepForm(CodeForm):
    """The second step of signing in; `step`: who gave the right password."""

    step = HiddenField()
    held = HiddenField()


class KeyStepForm(FlaskForm):
    """The second step with a security key: what it answered to which challenge."""

    step = HiddenField()
    held = HiddenField()
    sealed = HiddenField()
    answer = HiddenField()


class AddKeyForm(CodeForm):
    """A new security key."""

    name = LineField(_("Tên của khóa"), [InputRequired(_("Xin đặt tên cho khóa.")), Length(max=60)])
    sealed = HiddenField()
    answer = HiddenField()


class RemoveKeyForm(CodeForm):
    """Taking a security key away."""

    code = LineField(
        _("Mã xác thực"), [InputRequired(_("Xin nhập mã.")), Length(max=40)], id="removal-code", render_kw=ONE_TIME
    )
    key = SelectField(_("Khóa"))


class EnrolmentForm(CodeForm):
    """Confirming an authenticator application; `sealed`: its secret."""

    code = LineField(
        _("Mã 6 số ứng dụng đang hiện"),
        [InputRequired(_("Xin nhập mã.")), Length(max=40)],
        render_kw=ONE_TIME | {"inputmode": "numeric"},
    )
    sealed = HiddenField()
    held = HiddenField()
    current = PasswordField(
        _("Mật khẩu hiện tại"),
        [InputRequired(_("Xin nhập mật khẩu hiện tại."))],
        render_kw={"autocomplete": "current-password"},
    )

    def __init__(self, *, asks_password: bool, **values: object) -> None:
        """With the password, or without it for who gave it just now."""
        super().__init__(**values)
        if not asks_password:
            del self.current


class TurnOffForm(CodeForm):
    """Doing without a second factor again."""

    code = LineField(
        _("Mã xác thực"), [InputRequired(_("Xin nhập mã.")), Length(max=40)], id="off-code", render_kw=ONE_TIME
    )
    current = PasswordField(
        _("Mật khẩu hiện tại"),
        [InputRequired(_("Xin nhập mật khẩu hiện tại."))],
        render_kw={"autocomplete": "current-password"},
    )


class UserForm(FlaskForm):
    """A new account."""

    username = LineField(_("Tên đăng nhập"), [InputRequired(_("Xin nhập tên đăng nhập.")), Length(max=60)])
    name = LineField(_("Họ tên hoặc đơn vị"), [InputRequired(_("Xin nhập họ tên hoặc đơn vị.")), Length(max=120)])
    email = LineField(_("Thư điện tử"), [Length(max=200)])

    def validate_email(self, field: LineField) -> None:
        """One address, or none."""
        address = (field.data or "").strip()
        if address and not is_address(address):
            raise ValidationError(_("Không phải địa chỉ thư.") + " " + _("Viết dạng ten@donvi.gov.vn, hoặc để trống."))


class GrantForm(FlaskForm):
    """A role with its scope."""

    role = SelectField(_("Vai trò"), choices=choices(ROLE_WORDS), default="officer")  # the one that changes nothing
    sector = SelectField(_("Ngành"), choices=choices({"": _("Mọi ngành"), **SECTORS}))
    # Whether the province has the agency is told by name when the role is given.
    agency = SelectField(_("Phạm vi"), validate_choice=False)
