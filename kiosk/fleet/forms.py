"""Forms of the fleet's pages."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.validators import Length

from survey.foundation.pages.form_fields import NEEDED, LineField
from survey.registry.models import Agency, Counter


class KioskCounterForm(FlaskForm):
    """Which counter a kiosk is for."""

    counter = SelectField(_("Quầy"), [NEEDED])

    def offer(self, counters: Iterable[tuple[Counter, Agency]]) -> None:
        """The counters to choose from."""
        self.counter.choices = [("", _("(chọn quầy)"))] + [
            (counter.code, f"{agency.name} - {counter.name} ({counter.code})") for counter, agency in counters
        ]


class NameForm(FlaskForm):
    """A kiosk's name."""

    name = LineField(_("Tên kiosk"), [NEEDED, Length(max=120)], filters=[lambda text: (text or "").strip()])


class QueueFileForm(FlaskForm):
    """The file that a kiosk wrote."""

    file = FileField(_("Tệp do kiosk xuất (.json)"), [FileRequired(_("Hãy chọn tệp."))])


class ActionForm(FlaskForm):
    """A button: nothing but the token that proves the page is ours."""
