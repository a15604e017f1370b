"""Renders the citizen's pages; the untouched form is rendered once and then served from memory with a fresh token.

A page is kept under everything it shows (counter, services, questionnaire version, language), so a change in the
database is a different key and never a stale page.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from flask import Flask, current_app, request
from flask_babel import lazy_gettext

from survey.channels.web.after_thanks import lines_for
from survey.channels.web.compressed import Compressed, compress_halves
from survey.channels.web.counters import FormChoice, NoForm, OpenCounter, choice_of
from survey.channels.web.queries import fetch_counter
from survey.feedback.codes import grouped
from survey.foundation.caching.shared_pages import visitorless_request
from survey.foundation.caching.weighted_lru import WeightedLru
from survey.foundation.clock import now
from survey.foundation.installation_flags import is_demo
from survey.foundation.languages.citizen_languages import (
    installed_packs,
    packs_stamp,
    sound_of,
    source_text,
    speak_only,
    spoken_here,
)
from survey.foundation.languages.language import DEFAULT, current_language
from survey.foundation.pages.light_pages import allow_light_style, light_page
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import LANGUAGES, SCALE, SECTORS
from survey.questionnaires.definition import NO_OPINION, Definition
from survey.questionnaires.form import QuestionnaireForm, form_class
from survey.questionnaires.packs.texts import in_language, vietnamese_of
from survey.questionnaires.versions import VersionName, load_definition

_THANKS = lazy_gettext("Cảm ơn Ông/Bà. Đánh giá đã được ghi nhận.")
_NO_OPINION = lazy_gettext("Không có ý kiến")
KEPT = 2000  # pages in memory, of some 30 KB each
# Going back must show the same form with its token and what was filled in, so that sending it again counts once:
# "no-store" would fetch a new one, or none where the form came in answer to a POST. Every other visit asks the server.
FORM_HEADERS = {"Cache-Control": "private, no-cache"}
# In the address that a form is sent to for another language or, with `TO_FORM`, another form, as `form.html` has it.
SWITCHED, TO_FORM = "switched", "form"


class SendTo(NamedTuple):
    """The endpoint that a form is sent to, and what its address names: counter or ticket, not which of its forms."""

    endpoint: str
    place: Mapping[str, str]


def wanted_form(shown: VersionName | None = None) -> FormChoice:
    """Which of a counter's forms the address of this request asks for; `shown`: a version to be answered instead."""
    return FormChoice(request.args.get("sector"), request.args.get("form"), request.args.get("service"), shown)


def is_to_other_form() -> bool:
    """Whether this request chooses another form in the midst of answering."""
    return request.args.get(SWITCHED) == TO_FORM


@dataclass(frozen=True)
class SplitPage:
    """A page's bytes before and after its token."""

    head: bytes
    tail: bytes
    packed: Compressed

    def around(self, token: str, *, packed: bool) -> bytes:
        """The page with a token."""
        return self.packed.around(token.encode()) if packed else self.head + token.encode() + self.tail


@dataclass
class Pages:
    """What one application keeps in memory: questionnaires and rendered forms."""

    definitions: dict[VersionName, Definition] = field(default_factory=dict)
    texts: WeightedLru[frozenset[str]] = field(default_factory=lambda: WeightedLru(KEPT, lambda _: 1))
    forms: WeightedLru[SplitPage] = field(default_factory=lambda: WeightedLru(KEPT, lambda _: 1))
    form_classes: WeightedLru[type[QuestionnaireForm]] = field(default_factory=lambda: WeightedLru(KEPT, lambda _: 1))
    thanks: WeightedLru[bytes] = field(default_factory=lambda: WeightedLru(KEPT, lambda _: 1))


def init_pages(app: Flask) -> None:
    """Begin with nothing kept."""
    app.extensions["citizen_pages"] = Pages()


def definition_of(name: VersionName) -> Definition | None:
    """What a published version asks; versions never change, so each is read once."""
    pages = _pages()
    if name not in pages.definitions:
        definition = load_definition(db.session(), name)
        if definition is None:
            return None
        pages.definitions[name] = definition
    return pages.definitions[name]


def form_for(counter: OpenCounter, questionnaire: VersionName) -> type[QuestionnaireForm] | None:
    """The form class of a version at a counter, in the page's language; None if there is no such version."""
    definition = definition_of(questionnaire)
    if definition is None:
        return None
    language = language_for(questionnaire, definition)
    pages, key = _pages(), (questionnaire, counter.services, language, packs_stamp())
    return pages.form_classes.get(key, lambda: form_class(_read_in(definition, language), counter.services, language))


def language_for(questionnaire: VersionName, definition: Definition) -> str:
    """The page's language; one of a pack only if it has every text of this questionnaire, else Vietnamese."""
    if installed_packs():
        said = _pages().texts.get(questionnaire, lambda: vietnamese_of(definition.as_json()))
        speak_only(lambda language: said <= language.texts.keys())
    return current_language()


def _read_in(definition: Definition, language: str) -> Definition:
    pack = spoken_here().get(language)
    return in_language(definition, pack) if pack else definition


def split_form(counter: OpenCounter) -> SplitPage:
    """The untouched form, still without a token."""
    language = language_for(counter.questionnaire, _definition(counter))
    key = (counter, language, is_demo())
    allow_light_style(language)
    return _pages().forms.get((*key, packs_stamp()), lambda: _render_split(*key))


def answered_form(
    counter: OpenCounter,
    form: QuestionnaireForm,
    token: str,
    notice: str | None = None,
    send_to: SendTo | None = None,
) -> str:
    """The form again, with the answers given and what is to be mended; it is sent to `send_to`, or to the counter."""
    return light_page(
        "channels/form.html",
        counter=counter,
        form=form,
        token=token,
        notice=notice,
        send_to=send_to or SendTo("citizen.send", {"counter": counter.code}),
        sends=_sends(),
        **_levels(form.definition),
        sectors=SECTORS,
        choice_of=choice_of,
        service_groups=_by_field(counter),
    )


def untouched_form(counter: OpenCounter, token: str, send_to: SendTo | None = None) -> str:
    """The untouched form of a counter or, where `send_to` says so, of a ticket."""
    form = form_for(counter, counter.questionnaire)
    if form is None:
        raise LookupError(f"questionnaire {counter.questionnaire} has no published definition")
    return answered_form(counter, form(), token, send_to=send_to)


def preview_form(definition: Definition, sector: str, title: str, back: str) -> str:
    """A questionnaire as citizens meet it, from which nothing can be sent; `back` leads to whoever asked."""
    counter = OpenCounter("", title, "", sector, (), (), VersionName("", 0))
    form = form_class(definition, (), current_language())()
    return light_page(
        "channels/form.html",
        counter=counter,
        form=form,
        **_levels(definition),
        sectors=SECTORS,
        service_groups={},
        preview=back,
    )


def thank(counter: str, agency: str, *, again: bool, case: str | None, rates: bool = True) -> bytes:
    """The thanks that answer what was sent, their links leading to `thanks`; kept but for those with a follow code."""
    language = current_language()
    allow_light_style(language)
    key = (counter, agency, again, rates, language, is_demo())
    kept_under = (*key, packs_stamp())
    hour = now().replace(minute=0, second=0, microsecond=0)  # what is told below the thanks grows old
    return _pages().thanks.get_in(None if case else (*kept_under, hour), lambda: _render_thanks(*key, case or ""))


def thanks(counter: str, agency: str, *, again: bool, case: str = "", rates: bool = True) -> str:
    """The thank-you page; safe to reload. Without a known counter both names are empty.

    `case`: a follow code; `rates`: not words alone, so it counts in what is published.
    """
    words = grouped(case) if case else ""
    row = fetch_counter(db.session(), counter) if counter and rates else None
    # What other rooms tell below the thanks is no part of packs: it leads to pages that packs do not speak for.
    lines = lines_for(row.province_id, row.place.agency_id) if row and current_language() in LANGUAGES else []
    told = {
        "again": again,
        "rates": rates,
        "case": case,
        "case_words": words,
        "lines": lines,
        "sound": sound_of(source_text(_THANKS), current_language()) if rates else None,
    }
    return light_page("channels/thanks.html", counter=counter, agency=agency, **told)


def no_form(why: NoForm) -> str:
    """Why there is no form here, and what to do."""
    return light_page("channels/no_form.html", why=why)


def _render_split(counter: OpenCounter, language: str, demo: bool) -> SplitPage:
    marker = secrets.token_urlsafe(24)
    query = {"lang": language} | counter.choice
    with visitorless_request(f"/c/{counter.code}", query, demo=demo):
        head, tail = untouched_form(counter, marker).split(marker)
    return SplitPage(head.encode(), tail.encode(), compress_halves(head.encode(), tail.encode()))


def _render_thanks(counter: str, agency: str, again: bool, rates: bool, language: str, demo: bool, case: str) -> bytes:
    query = {"lang": language} | ({"again": "1"} if again else {}) | ({"case": case} if case else {})
    query |= {} if rates else {"words": "1"}
    with visitorless_request(f"/c/{counter}/thanks", query, demo=demo):
        for name in ("again", "case", "words"):
            request.args.get(name)  # as the page itself does: its links to other languages keep them
        return thanks(counter, agency, again=again, case=case, rates=rates).encode()


def _sends() -> int:
    """How many times this form will have been sent when it comes back: 1 for a fresh one, 2 after a first try."""
    before = request.args.get("sent", "0") if request.method == "POST" else "0"
    return int(before) + 1 if re.fullmatch("[0-9]{1,3}", before) else 1


def _levels(definition: Definition) -> dict[str, object]:
    """The words of the five levels and of no opinion, the questionnaire's own, else the product's; and their sounds."""
    language = current_language()
    labels = [definition.level(value, language) or words for value, words in SCALE.items()]
    spoken = [definition.level(value, DEFAULT) or source_text(words) for value, words in SCALE.items()]
    return {
        "scale_labels": labels,
        "no_opinion": definition.level(NO_OPINION, language) or _NO_OPINION,
        "scale_sounds": [sound_of(vietnamese, language) for vietnamese in spoken],
        "sound_of": lambda text: sound_of(text[DEFAULT], language),
    }


def _definition(counter: OpenCounter) -> Definition:
    definition = definition_of(counter.questionnaire)
    if definition is None:
        raise LookupError(f"questionnaire {counter.questionnaire} has no published definition")
    return definition


def _by_field(counter: OpenCounter) -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for service in counter.services:
        groups.setdefault(service.field, []).append((service.code, service.name))
    return groups


def _pages() -> Pages:
    pages: Pages = current_app.extensions["citizen_pages"]
    return pages
