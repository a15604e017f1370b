"""Every text that people read on a page can be translated, and its English is complete."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from tests.guards.source import ROOT, Module, modules, within

VIETNAMESE = re.compile("[àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", flags=re.IGNORECASE)
GETTEXT = {"_", "gettext", "lazy_gettext", "_l", "with_count", "ngettext", "pgettext"}

# Vietnamese that is not translated, and why.
STAYS_VIETNAMESE = {
    "analysis.presentation.labels": "cells of documents, which are Vietnamese by law",
    "analysis.presentation.charts": "drawings of documents, which are Vietnamese by law",
    "analysis.results.years.picture_files": "drawings to take along, in Vietnamese like documents",
    "analysis.presentation.caseload_units": "words of either language in what has been said already",
    "analysis.reports": "documents follow Decree 30/2020 and are Vietnamese by law",
    "analysis.national.document": "documents are Vietnamese by law",
    "analysis.national.making": "what a terminal prints; pages say the country in words of their own",
    "survey.registry.files.words": "how offices call totals in their files",
    "survey.registry.files.two_levels": "how offices call months in their files",
    "survey.registry.files.stated_unit": "how offices call units in their files",
    "analysis.statistics": "pure functions without Flask; each message goes with a stable code",
    "survey.demo": "invented data and what a terminal prints",
    "analysis.measures.demo": "invented data",
    "analysis.figures.store.commands": "what a terminal prints",
    "analysis.archive": "what a terminal prints",
    "analysis.country": "what a terminal prints",
    "survey.registry.catalogue": "names of provinces",
    "survey.questionnaires.packs.sample": "a pack whose texts are the Vietnamese themselves",
    "survey.foundation.periods": "numbers and dates as Vietnamese officials write them",
    "survey.foundation.formatting": "numbers and dates as Vietnamese officials write them",
    "survey.foundation.text.vietnamese": "the Vietnamese alphabet itself",
    "survey.registry.files.template": "an example line in the language of the offices that fill it in",
    "survey.foundation.text.syllables": "the shape of Vietnamese syllables",
    "survey.foundation.text.telex": "letters, and the keys that give them",
    "survey.foundation.text.vietnamese_text": "letters, and what only looks like them",
    "survey.foundation.text.written_in_ascii": "letters, and the signs that stand for them",
    "survey.foundation.text.misread": "letters, and what they are misread as",
    "survey.foundation.text.old_fonts": "the letters of old fonts",
    "survey.foundation.vocabulary": "a language is called by its own name",
    "survey.responses.masking": "how names and papers look in citizens' comments",
    "survey.responses.personal_names": "how names look in citizens' comments",
    "analysis.figures.register": "an unknown key, told on a terminal; pages answer 404",
}
ON_A_TERMINAL = re.compile(r"\.(?:commands?|cli|cli_\w+|\w+_command)$")  # administrators' commands: Vietnamese only
LETTERS_ALONE = {
    ("survey.channels.web.posters", "đ"),
    ("analysis.presentation.phrases", " điểm"),
    ("analysis.presentation.phrases", "\N{NO-BREAK SPACE}điểm"),
}

ALIKE_IN_BOTH = {"Kiosk", "kiosk"}
# What Vietnamese writes without a mark, or a figure's own notation.
VIETNAMESE_WITHOUT_MARKS = {
    *("Ai", "Chia theo", "Chia theo %(what)s", "Chung", "Pin", "Sau", "Xem", "Xem nhanh:", "chung", "nay", "nhanh"),
    "%(month)s: %(inside)s trong %(whole)s %(days)s",
    "%(name)s, %(moment)s",
    "%(subject)s: %(figures)s.",
    "95 %%: %(low)s … %(high)s",
    "; Mann-Kendall: τ = %(tau)s, p = %(p)s",
}

VIETNAMESE_BY_LAW = {"reports/document.html"}
TEMPLATES = [
    path
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if str(path.relative_to(ROOT / "templates")) not in VIETNAMESE_BY_LAW
]
READ_ALOUD = {"alt", "title", "aria-label", "placeholder", "content"}
NAMES = {
    "pdf",
    "SHA",
    "SUMS",
    "SVG",
    "PNG",
    "Hài",
    "lòng",
    "API",
    "JSON",
    "CSV",
    "PDF",
    "XLSX",
    "QR",
    "Kiosk",
    "kiosk",
    "SIPAS",
    "English",
    "Tiếng",
    "Việt",
}
NOT_WORDS = re.compile(
    r'[\w-]+="[^"]*"|\b[a-z]+(?:-[a-z]+)+\b'
)  # attributes and class names that a macro or block gives
MACHINE_VALUES = re.compile(r"width=device-width|noindex|#[0-9a-f]{6}|text/html|light")


def test_no_text_hides_inside_another_where_translators_do_not_find_it() -> None:
    """Before Python 3.12 the extractor sees an f-string as one piece."""
    hidden = [
        f"{module.place}:{call.lineno}"
        for module in modules()
        for outer in module.nodes
        if isinstance(outer, ast.JoinedStr)
        for call in ast.walk(outer)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in GETTEXT
    ]
    assert hidden == []


def untranslatable(module: Module) -> Iterator[str]:
    passed = set()
    for node in module.nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))  # a docstring
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in GETTEXT:
                passed.update(id(part) for part in ast.walk(node))
    for node in module.nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in passed:
            continue
        if VIETNAMESE.search(node.value) and (module.name, node.value) not in LETTERS_ALONE:
            yield f"{module.place}:{node.lineno} {node.value[:60]!r}"


def test_every_vietnamese_text_in_the_program_can_be_translated() -> None:
    checked = [
        module
        for module in modules()
        if not ON_A_TERMINAL.search(module.name) and not any(within(module.name, place) for place in STAYS_VIETNAMESE)
    ]
    places = [place for module in checked for place in untranslatable(module)]
    assert not places, "\n".join(places)


class Words(HTMLParser):
    """Collects the words a reader or a screen reader would meet in the literal part of a template.

    What stands in an element that names its language (a poster's English line) or is code is meant to be as it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.skipped: str | None = None

    def collect(self, text: str) -> None:
        plain = NOT_WORDS.sub(" ", text)
        self.words += [word for word in re.findall(r"[^\W\d_]{2,}", plain) if word not in NAMES]

    def handle_data(self, data: str) -> None:
        if self.skipped is None:
            self.collect(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.skipped is None and (tag == "code" or (tag != "html" and dict(attrs).get("lang"))):
            self.skipped = tag
        for name, value in attrs:
            if name in READ_ALOUD and value and not MACHINE_VALUES.search(value):
                self.collect(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == self.skipped:
            self.skipped = None


def literal_part(source: str) -> str:
    """What a template says without running anything: all its Jinja is taken out."""
    return "".join(text for _line, kind, text in Environment().lex(source) if kind == "data")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_word_of_a_template_can_be_translated(path: Path) -> None:
    words = Words()
    words.feed(literal_part(path.read_text(encoding="utf-8")))
    assert words.words == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_vietnamese_text_that_a_template_computes_with_can_be_translated(path: Path) -> None:
    template = Environment().parse(path.read_text(encoding="utf-8"))
    translated = {
        id(text)
        for call in template.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for text in call.find_all(nodes.Const)
    }
    assert [
        f"line {text.lineno}: {text.value}"
        for text in template.find_all(nodes.Const)
        if isinstance(text.value, str) and VIETNAMESE.search(text.value) and id(text) not in translated
    ] == []


def test_no_script_holds_a_text_of_its_own() -> None:
    """Scripts say what the page hands them, in its language; what a comment quotes nobody is shown."""
    string_or_comment = re.compile(r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|//[^\n]*|/\*.*?\*/""", flags=re.DOTALL)
    scripts = [path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts]
    assert len(scripts) > 20
    places = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in scripts
        for line in string_or_comment.sub(r"\1", path.read_text(encoding="utf-8")).splitlines()
        if VIETNAMESE.search(line)
    ]
    assert not places, "\n".join(places)


def catalogue(language: str) -> Catalog:
    path = ROOT / "survey" / "foundation" / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


@cache
def asked() -> set[tuple[str, ...]]:
    """Every text the program and its templates ask to be translated, as `make translate` collects them.

    A text that counts comes with its form for one and its form for several.
    """
    methods = [
        ("survey/**.py", "python"),
        ("kiosk/**.py", "python"),
        ("analysis/**.py", "python"),
        ("wsgi.py", "python"),
    ]
    keywords = dict.fromkeys(("_", "gettext", "lazy_gettext", "_l", "translatable")) | {
        "with_count": (1, 1),
        "ngettext": (1, 2),
    }
    places: set[tuple[str, ...]] = set()
    for package, method in (*methods, ("templates/**.html", "jinja2")):
        folder = package.split("/")[0]
        start = ROOT / folder if (ROOT / folder).is_dir() else ROOT
        pattern = package.partition("/")[2] or package
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(start),
            method_map=[(pattern, method)],
            keywords=keywords,
            directory_filter=lambda name: ".venv" not in name,
        ):
            places.add((message,) if isinstance(message, str) else tuple(message))
    return places - {("",)}


def extracted() -> set[str]:
    """The texts as the catalogue knows them."""
    return {forms[0] for forms in asked()}


def singular(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def texts_of(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sdif]", text)) | {name for _t, name, _f, _c in _fields(text) if name}


def _fields(text: str) -> list[tuple[str, str | None, str | None, str | None]]:
    return list(string.Formatter().parse(text)) if re.fullmatch(r"[^{}]*(\{\w+(:[^{}]*)?\}[^{}]*)+", text) else []


def test_a_text_about_a_number_of_things_stands_once() -> None:
    places = [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in TEMPLATES]
    places += [(module.place, module.path.read_text(encoding="utf-8")) for module in modules()]
    twice = re.compile(r'\bngettext\(\s*("[^"]*"),\s*\1')
    assert [place for place, text in places if twice.search(text)] == [], "with_count takes it once"


def test_every_text_has_its_english() -> None:
    known = {singular(message): message for message in catalogue("en") if message.id}
    missing = sorted(text for text in extracted() if text not in known or not all(texts_of(known[text])))
    assert not missing, f"{len(missing)} texts without English (make translate):\n" + "\n".join(missing)


def test_every_text_is_vietnamese() -> None:
    """There is no Vietnamese catalogue: what the program asks to be translated is what a Vietnamese page shows."""
    exceptions = ALIKE_IN_BOTH | VIETNAMESE_WITHOUT_MARKS
    assert {text for forms in asked() for text in forms if not VIETNAMESE.search(text)} == exceptions


def test_no_translation_is_a_guess_and_none_is_left_over() -> None:
    messages = [message for message in catalogue("en") if message.id]
    assert [message.id for message in messages if message.fuzzy] == []
    left = sorted({singular(message) for message in messages} - extracted())
    assert not left, "no longer used:\n" + "\n".join(left)


def test_a_translation_keeps_the_placeholders_of_its_text() -> None:
    assert [
        (message.id, message.string)
        for message in catalogue("en")
        if message.id
        and isinstance(message.id, str)
        and message.string
        and placeholders(message.id) != placeholders(str(message.string))
    ] == []


def test_an_english_text_holds_no_vietnamese() -> None:
    allowed = re.compile(r"Hài lòng|Đắk Lắk|Sơn La|An Giang|Bộ Nội vụ|UBND|NĐ-CP|Sở \w+")
    assert [
        message.string
        for message in catalogue("en")
        if message.id and isinstance(message.string, str) and VIETNAMESE.search(allowed.sub("", message.string))
    ] == []
