"""The language stands in the URL (``?lang=en``): no cookie, and a link can be shared.

Without it a page speaks the language its reader has chosen (`prefer_language`), and else Vietnamese. Citizens' pages
speak the languages of packs too (`citizen_languages`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import LazyString, force_locale

from survey.foundation.configuration.settings import terminal_locale
from survey.foundation.languages.citizen_languages import PackBabel, installed_packs, speaking, spoken_here
from survey.foundation.vocabulary import LANGUAGES

DEFAULT = "vi"


def current_language() -> str:
    """The language of the page being made; Vietnamese outside a request."""
    if not has_request_context():
        return DEFAULT
    forced: str | None = g.get("language")
    asked = forced or request.args.get("lang", "")
    if asked and (asked in LANGUAGES or (not forced and asked in spoken_here())):
        return asked
    return own_language()


def prefer_language(app: Flask, chosen: Callable[[], str | None]) -> None:
    """Have pages speak the language that `chosen` gives for the request, where the address says none."""
    app.extensions["preferred_language"] = chosen


def own_language() -> str:
    """What the page speaks when its address says no language."""
    chosen = current_app.extensions.get("preferred_language", lambda: None)()
    return chosen if chosen in LANGUAGES else DEFAULT


def direction() -> str:
    """Which way the page's language is written: ``ltr`` or ``rtl``."""
    pack = spoken_here().get(current_language())
    return pack.direction if pack else "ltr"


def _locale() -> str:
    # Numbers and days of a pack's language are written as in Vietnamese: few of these languages are in Unicode's CLDR.
    language = current_language()
    return language if language in LANGUAGES else DEFAULT


def terminal_language() -> str:
    """The language of whoever sits at the terminal, by its locale; Vietnamese where that says none of ours."""
    language = terminal_locale()[:2]
    return language if language in LANGUAGES else DEFAULT


def for_terminal(text: LazyString) -> str:
    """A text in the language of whoever sits at the terminal."""
    with force_locale(terminal_language()):
        return str(text)


@contextmanager
def said_in(language: str) -> Iterator[None]:
    """What is said inside is in a language of the program or of a pack, whatever the page speaks."""
    own = language in LANGUAGES
    with force_locale(language if own else DEFAULT), speaking(None if own else installed_packs().get(language)):
        yield


@contextmanager
def written_in(language: str) -> Iterator[None]:
    """A document is in a language of the program, the questions it names too, whatever its reader's pages speak."""
    before = g.get("language")
    g.language = language
    try:
        with force_locale(language):
            yield
    finally:
        if before is None:
            g.pop("language", None)
        else:
            g.language = before


def direction_of(language: str) -> str:
    """Which way a language is written: ``ltr`` or ``rtl``."""
    pack = installed_packs().get(language)
    return pack.direction if pack else "ltr"


def other_languages() -> list[tuple[str, str, str]]:
    """(code, name, URL of this page) for each language that is not the current one.

    Of the address' parameters those live on that the page has read: others are whoever made the link's (``fbclid``).
    """
    if request.endpoint is None:
        return []
    path = {name: value for name, value in (request.view_args or {}).items() if name != "lang"}
    read: set[str] = getattr(request.args, "read", set()) - {"lang"}
    kept = [(name, value) for name, value in request.args.items(multi=True) if name in read]
    return [
        (code, name, "&".join([url_for(request.endpoint, lang=code, **path), *([urlencode(kept)] if kept else [])]))
        for code, name in ({**LANGUAGES} | {code: pack.name for code, pack in spoken_here().items()}).items()
        if code != current_language()
    ]


def init_language(app: Flask) -> None:
    """Translations from survey/foundation/translations; links keep the language of the page they stand on."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Ho_Chi_Minh"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = f"{app.root_path}/survey/foundation/translations"
    PackBabel(app, locale_selector=_locale)

    @app.url_defaults
    def keep_language(endpoint: str, values: dict[str, Any]) -> None:
        if has_request_context() and not ("lang" in values or "language" in g or "lang" in request.args):
            return  # the page speaks its reader's own language, and so does what it leads to
        own = own_language() if has_request_context() else DEFAULT
        if endpoint != "static" and current_language() != own:
            values.setdefault("lang", current_language())
        elif values.get("lang") == own:
            del values["lang"]

    @app.context_processor
    def language_context() -> dict[str, Any]:
        return {
            "language": current_language(),
            "direction": direction(),
            "is_from_pack": current_language() not in LANGUAGES,
            "own_language": own_language,
            "other_languages": other_languages if request else list,
        }
