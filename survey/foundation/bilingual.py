"""What is said before it is known who reads: settings are read before there is a page, a terminal or a catalogue.

Vietnamese first, its English on a line of its own; import `bilingual` as ``_`` and its texts are collected like others.
"""

from __future__ import annotations

import gettext
from json import JSONDecodeError
from pathlib import Path

_TRANSLATIONS = Path(__file__).with_name("translations")


class Bilingual:
    """A text with what is put into it, in both languages; as `str` both, the English on the next line."""

    def __init__(self, text: str, values: dict[str, object]) -> None:
        self.text, self.values = text, values

    def __str__(self) -> str:
        """Vietnamese, then English; Vietnamese alone before catalogues are compiled."""
        said, english = self._in(gettext.NullTranslations()), self._in(_english())
        return said if english == said else f"{said}\n{english}"

    def _in(self, translations: gettext.NullTranslations) -> str:
        values = {
            name: value._in(translations) if isinstance(value, Bilingual) else value
            for name, value in self.values.items()
        }
        text = translations.gettext(self.text)
        return text % values if values else text


def bilingual(text: str, /, **values: object) -> Bilingual:
    """A Vietnamese text with its placeholders' values, which may be such texts themselves."""
    return Bilingual(text, values)


_ = bilingual


def named(name: object, why: object) -> Bilingual:
    """What is wrong, after the name of the setting that is wrong."""
    return Bilingual("%(name)s: %(why)s", {"name": name, "why": why})


def reason(error: Exception) -> object:
    """Why something cannot be read, in both languages where that is known."""
    if error.args and isinstance(error.args[0], Bilingual):
        return error.args[0]
    if isinstance(error, JSONDecodeError):
        return _("sai ở dòng %(line)s, cột %(column)s", line=error.lineno, column=error.colno)
    if isinstance(error, UnicodeDecodeError):
        return _("không phải văn bản UTF-8")
    if isinstance(error, FileNotFoundError):
        return _("không có tệp này")
    if isinstance(error, PermissionError):
        return _("không có quyền đọc")
    if isinstance(error, IsADirectoryError):
        return _("đó là một thư mục")
    return error.strerror if isinstance(error, OSError) and error.strerror else error


def _english() -> gettext.NullTranslations:
    return gettext.translation("messages", _TRANSLATIONS, ["en"], fallback=True)
