"""How offices write the names of columns and closed values: the glossary's words, whatever marks, case or signs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from survey.foundation.text.vietnamese import fold
from survey.foundation.text.vietnamese_text import normal

_BRACKETS = re.compile(r"\([^)]*\)")
_SIGNS = re.compile(r"[\W_]+")
# With marks: "cộng" begins a total, "công" a name; enumerators may stand before it ("I. Cộng", "a) Tổng …").
_TOTAL = re.compile(r"^(?:(?:[ivx]+|\d+|[a-d])[.)]?\s+)?(?:tổng|cộng|t\.?\s?cộng|tc|σ)\b")

_UNIT_SAID = re.compile(r"^(?:don vi(?: tinh| dem)?|dvt)\b ?")
_THOUSANDS = re.compile(r"^(?:nghin|ngan|trieu|tram|chuc|phan tram|ty le|x ?1 ?0)\b|^$")  # refused in stated_unit.py
_GROUP = re.compile(r"^(?:[IVX]+|[A-H])(?:[.)/](?:\s*\S.*)?)?$")
_NOTE = re.compile(r"^(?:\(?\*+\)?\s*\S|(?:ghi chú|chú thích|lưu ý|nguồn|nguồn số liệu)\s*:)")


LONGEST_KEPT = 300  # letters: no name is longer, and a hostile file must not stay in memory

_NOT_HANDLED = re.compile(
    r"\b(?:tiep nhan|nhan giai quyet|nhan moi|dang (?:giai quyet|xu ly)|chua (?:giai quyet|xu ly|den han)|ky truoc"
    r"|ton dong|ho so ton|ke hoach|tu choi|tra lai)\b"
)
_HANDLED = re.compile(r"\b(?:da giai quyet|ket qua)\b")
_OTHER_TIME = re.compile(r"\b(?:luy ke|cong don|cung ky|tu dau nam|(?:nam|quy|thang|ky) truoc)\b")


def plain_words(text: str) -> str:
    """A name as it is compared: no marks, no case, no signs, nothing in brackets unless it is all there is."""
    return _plain_words(text) if len(text) <= LONGEST_KEPT else _worked_out(text)


def _worked_out(text: str) -> str:
    folded = fold(text)
    return _flat(_without_brackets(folded)) or _flat(folded)


def _without_brackets(text: str) -> str:
    """A bracket that never closes is looked for no further: a cell of nothing else would take minutes."""
    end = text.rfind(")") + 1
    return _BRACKETS.sub(" ", text[:end]) + text[end:]


_plain_words = lru_cache(8192)(_worked_out)  # in long files the same cells come again and again


def counts_others(words: str) -> bool:
    """Whether plain words over counts tell of others than those handled then: received, waiting, of another time."""
    return bool(_NOT_HANDLED.search(words) and not _HANDLED.search(words)) or bool(_OTHER_TIME.search(words))


def all_words(text: str) -> str:
    """A name as it is compared where brackets tell one from another: no marks, no case, no signs."""
    return _flat(fold(text))


def in_brackets(text: str) -> list[str]:
    """What stands in brackets in a heading, as it is compared, without "ĐVT"; not where these hold all there is."""
    folded = fold(text)
    parts = _BRACKETS.findall(folded) if _flat(_without_brackets(folded)) else []
    return [_UNIT_SAID.sub("", _flat(part)) for part in parts]


def says_nothing_more(words: str) -> bool:
    """Whether words in the brackets of a heading of counts leave it what it is: "(1)", "(nếu có)", "(nghìn)"."""
    return words.replace(" ", "").isdigit() or words in _list("in_brackets") or bool(_THOUSANDS.match(words))


def _flat(text: str) -> str:
    return _SIGNS.sub(" ", text).strip()


@cache
def _words() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
    return content


@cache
def header_words(kind: str) -> Mapping[str, str]:
    """The column each usual heading stands for, in files of a kind."""
    return {**names_beside_codes(kind), **_columns_by_word("headers", kind)}


@cache
def names_beside_codes(kind: str) -> Mapping[str, str]:
    """The headings under which files name what a column knows by its code: needless where the code stands."""
    return _columns_by_word("names_beside_codes", kind)


def _columns_by_word(section: str, kind: str) -> dict[str, str]:
    columns: dict[str, list[str]] = _words()[section].get(kind, {})
    return {plain_words(word): column for column, words in columns.items() for word in words}


@cache
def value_words(code: str) -> frozenset[str]:
    """The ways of writing a closed value."""
    return frozenset(plain_words(word) for word in (code, *_words()["values"].get(code, ())))


def value_of(text: str, codes: Iterable[str]) -> str | None:
    """The one of `codes` a cell means; None if none."""
    wanted = plain_words(text)
    return next((code for code in codes if wanted and wanted in value_words(code)), None)


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(plain_words(word) for word in _words()[name])


def is_ordinal(heading: str) -> bool:
    """Whether a column holds nothing but the numbers of the lines."""
    return plain_words(heading) in _list("passed_over")


def is_heading_of_codes(heading: str) -> bool:
    """Whether a heading says itself that codes stand below it: "Mã cơ quan", "Agency code"."""
    words = plain_words(heading).split()
    return bool(words) and (words[0] == "ma" or words[-1] == "code")


def is_said_by_the_way(heading: str) -> bool:
    """Whether a column holds what no import asks for: notes, addresses, telephone numbers."""
    return plain_words(heading) in _list("said_by_the_way")


def is_everything(text: str) -> bool:
    """Whether a list says that it holds all there is: "Tất cả", "Toàn bộ dịch vụ"."""
    return plain_words(text) in _list("everything")


def is_group(text: str) -> bool:
    """Whether a cell numbers a group of lines: "I", "II.", "A. Cấp tỉnh"."""
    return bool(_GROUP.match(text.strip()))


def is_note(text: str) -> bool:
    """Whether a cell is a note under a table: "Ghi chú: …", "Nguồn: …", "(*) …"."""
    return bool(_NOTE.match(normal(text).strip().casefold()))


def is_total(text: str) -> bool:
    """Whether a cell says that its line sums up others."""
    plain = plain_words(text)
    return plain in _list("totals") or plain.startswith(("tong cong ", "tong so ", "cong don ", "grand total "))


def begins_as_total(text: str) -> bool:
    """Whether a cell is named as totals are ("Cộng tháng 10", "Tổng toàn tỉnh", "T.Cộng", Excel's "SNV Total")."""
    return bool(_TOTAL.match(normal(text).strip().casefold())) or plain_words(text).endswith(" total")


def is_closing(text: str) -> bool:
    """Whether a cell belongs to what stands under a table: signatures, place and day, notes."""
    plain = plain_words(text)
    return plain in _list("closing_lines") or bool(re.search(r"\bngay (\d+ )?thang (\d+ )?nam\b", plain))


def usual_heading(kind: str, column: str) -> str:
    """How offices call a column; its name where no word is known."""
    words: list[str] = _words()["headers"].get(kind, {}).get(column, [column])
    return words[0]


def usual_value(code: str) -> str:
    """How offices write a closed value; its code where no word is known."""
    words: list[str] = _words()["values"].get(code, [code])
    return words[0]


def is_example(text: str) -> bool:
    """Whether a line is the example of a template."""
    return plain_words(text).startswith("vi du ")
