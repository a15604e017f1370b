"""Languages from packs: spoken on the pages of citizens and by kiosks, beside those that come with the program.

A pack holds what a citizen meets and no more, so the desk, documents and published results do not speak its language.
`survey.questionnaires.packs` fills this in from the database; nothing here knows where packs come from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from babel.support import NullTranslations
from flask import Flask, current_app, g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain, LazyString, get_translations
from markupsafe import escape
from werkzeug.utils import cached_property

from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.languages.page_locale import page_locale
from survey.foundation.vocabulary import LANGUAGES

# BCP 47 with at most 10 signs: a language of ISO 639, maybe a script, a region or a private part.
LANGUAGE_CODE = "(?=.{2,10}$)[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}"
_CODE = re.compile(LANGUAGE_CODE)
# Addresses of citizens' pages: the form, its thanks, single-use codes, what becomes of a report, and their errors.
PAGES = ("/c/", "/t/", "/p/")


@dataclass(frozen=True)
class CitizenLanguage:
    """One language of a pack.

    `texts`: by the Vietnamese; `sounds`: addresses of recordings, by the Vietnamese; `direction`: ``ltr`` or ``rtl``;
    `script`: by ISO 15924; `stamp`: another for other content.
    """

    code: str
    name: str
    direction: str = "ltr"
    script: str = "Latn"
    texts: Mapping[str, str] = field(default_factory=dict)
    sounds: Mapping[str, str] = field(default_factory=dict)
    stamp: str = ""


Packs = Mapping[str, CitizenLanguage]
NONE: Packs = MappingProxyType({})


def is_language_code(text: str) -> bool:
    """Whether a text can be the code of a language."""
    return _CODE.fullmatch(text) is not None


def init_citizen_languages(app: Flask, packs: Callable[[], Packs]) -> None:
    """Have `packs` give every pack that is complete, by its code; asked once a request."""
    app.extensions["citizen_languages"] = packs


def installed_packs() -> Packs:
    """Every complete pack by its code, those too that only add sounds to a language of the program."""
    if "language_packs" not in g:
        g.language_packs = current_app.extensions.get("citizen_languages", lambda: NONE)()
    packs: Packs = g.language_packs
    return packs


def spoken_here() -> Packs:
    """The packs' languages that this page can be read in: on citizens' pages, those that have all it says."""
    if not has_request_context() or not request.path.startswith(PAGES):
        return NONE
    if "spoken_here" in g:
        narrowed: Packs = g.spoken_here
        return narrowed
    return MappingProxyType({code: pack for code, pack in installed_packs().items() if code not in LANGUAGES})


def speak_only(says_all: Callable[[CitizenLanguage], bool]) -> None:
    """The page being made is read only in languages that say all of it."""
    g.pop("spoken_here", None)
    g.spoken_here = {code: pack for code, pack in spoken_here().items() if says_all(pack)}


@contextmanager
def speaking(pack: CitizenLanguage | None) -> Iterator[None]:
    """What is said inside is in a pack's language, whatever the page speaks; None: in the program's own."""
    before = g.get("said_in_pack")
    g.said_in_pack = pack
    try:
        yield
    finally:
        g.said_in_pack = before


def languages_and_packs() -> dict[str, str]:
    """Names of all languages that citizens can be asked in, by code: the program's and those of complete packs."""
    return {**LANGUAGES, **{code: pack.name for code, pack in installed_packs().items() if code not in LANGUAGES}}


def sound_of(vietnamese: str, language: str) -> str | None:
    """The address of a recording that says a text in a language; None where there is none."""
    pack = installed_packs().get(language)
    return pack.sounds.get(vietnamese) if pack else None


def packs_stamp() -> str:
    """Another text whenever a pack comes, changes or goes: a part of the key of whatever is kept of pages."""
    return ".".join(sorted(pack.stamp for pack in installed_packs().values()))


def source_text(text: LazyString) -> str:
    """The Vietnamese that stands in the program, by which packs give texts and sounds."""
    return str(text._args[0])


class PackTranslations(NullTranslations):
    """A pack's texts as gettext reads them; what it lacks stays Vietnamese."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__()
        self._texts = texts

    def gettext(self, message: str) -> str:
        """The text."""
        return self._texts.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The same for every number, as in Vietnamese."""
        return self.gettext(msgid1)

    ugettext, ungettext = gettext, ngettext


class _PackDomain(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Texts of the page's language: from its pack, else from the program's catalogues."""

    def get_translations(self) -> NullTranslations:
        """What translates on this page."""
        pack = _speaking()
        return PackTranslations(pack.texts) if pack else self.of_program()

    def of_program(self) -> NullTranslations:
        """What translates where no pack speaks."""
        locale = page_locale()
        return self._of_program(None if locale is None else locale.language)

    @once_for_each
    def _of_program(self, _language: str | None) -> NullTranslations:
        translations: NullTranslations = super().get_translations()
        return translations


class PackBabel(Babel):  # type: ignore[misc]  # Flask-Babel has no types
    """Flask-Babel that also speaks packs' languages, whose texts are never trusted as HTML."""

    def init_app(self, app: Flask, *args: object, **options: object) -> None:
        """Set up the application; templates escape what comes from a pack."""
        super().init_app(app, *args, **options)
        app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of Jinja's extension
            gettext=self._said,
            ngettext=lambda single, many, n: _escaped(get_translations().ungettext(single, many, n)),
            newstyle=True,
        )

    def _said(self, text: str) -> str:
        pack = _speaking()
        if pack:
            return escape(PackTranslations(pack.texts).gettext(text))
        said: str = self.domain_instance.of_program().ugettext(text)
        return said

    @cached_property
    def domain_instance(self) -> Domain:
        """The domain of all texts."""
        return _PackDomain(domain=self.domain)


def _as_text(text: LazyString) -> str:
    return escape(str(text))


LazyString.__html__ = _as_text  # Flask-Babel's own trusts a lazy text as HTML, which a pack's must never be


def _escaped(text: str) -> str:
    return escape(text) if _speaking() else text


def _speaking() -> CitizenLanguage | None:
    said: CitizenLanguage | None = g.get("said_in_pack") if has_app_context() else None
    if said is not None:
        return said
    packs = spoken_here()
    if not packs or "language" in g:
        return None
    return packs.get(request.args.get("lang", ""))
