"""Every English text is written as if it had been thought of in English: one of a thing or many, and its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.guards.test_texts import catalogue, placeholders

PLACE = r"(?:%\((?P<name>\w+)\)s|\{(?P<field>\w+)\})"
NOUNS = re.compile(PLACE + r" (?!of )(?P<words>(?:[a-z]+ ){0,2}[a-z]+s)\b(?! of| as)")
NO_NOUNS = {"is", "was", "has", "does", "its", "this", "less", "us", "as", "says", "means", "across", "always", "asks"}
NO_NOUNS |= {"stands", "owes", "exists", "belongs", "applies", "lacks", "needs", "begins", "ends", "becomes", "holds"}
# What is no count of things: shares, names, days, decimals.
NO_COUNTS = {"share", "name", "what", "who", "why", "when", "day", "month", "period", "year", "province", "table"}
NO_COUNTS |= {"points", "high", "rate", "key", "code", "path", "column", "subject", "service", "level", "range"}
NO_COUNTS |= {"agency", "times", "start", "since"}
# A number before which this stands is a limit, or all of something: never one.
LIMIT = re.compile(
    r"(?:at most|at least|more than|longer than|larger than|fewer than|up to|of|the last|the first|within|to) $",
    re.IGNORECASE,
)
NEVER_ONE = {  # Vietnamese texts by how they begin, and why
    "Xu hướng qua": "three months or more",
    "Tên này là của": "a name of one place would be taken",
    "%(subject)s, %(month)s: %(share)s hài lòng (chưa gia quyền": "ten answers, twelve months",
    "Có %(n)s phiếu: quá nhiều": "too many",
    "%(n)s điểm": "with a decimal",
    "Phiếu có %(n)s câu, tối đa": "too many",
    "tệp có %(n)s byte": "too many",
    "Ý kiến dài %(n)s ký tự": "too many",
    "%(n)s lỗi đầu tiên": "a limit",
    "%(n)s thay đổi đầu tiên": "a limit",
    "Sau %(attempts)s lần sai": "five attempts, fifteen minutes",
    "Một phiên kết thúc": "twelve hours",
    "%(verdict)s, cần khảo sát": "thirty or more",
    "Muốn kết luận: cần từ": "a limit",
    "Muốn kết luận: cần khảo sát": "thirty or more",
    "Bản sao lưu mới nhất": "a day or more",
    "Ngày %(day)s, %(hours)s: %(n)s phiếu": "a burst",
    "Hạng là khoảng hạng": "two or more are ranked",
    "%(n)s đơn vị": "too many to name",
    "%(period)s: đã công bố": "thirty or more are published",
    "%(month)s: %(n)s trên %(all)s phiếu": "a channel's share is judged of thirty; eight weeks",
    "service: quầy %(counter)s": "a counter's code",
    "số %(n)s: %(size)s nhóm": "what is pooled is several",
    "%(n)s câu hỏi chi tiết": "one is called by its words",
}
UNENGLISH = {
    "a decimal comma": re.compile(r"\d,\d{1,2} ?(?:%|points?\b)"),
    "thousands with a point": re.compile(r"(?<![\d.v])[1-9]\d{0,2}\.\d{3}(?![\d.])"),
    "both at once": re.compile(r"\(e?s\)"),
}
UNVIETNAMESE = {
    "a decimal point": re.compile(r"(?<![\d./v])\d+\.\d{1,2}(?![\d.])(?=\s?(?:%|điểm|lần))"),
    "thousands with a comma": re.compile(r"(?<![\d,])\d{1,3},\d{3}(?![\d,])"),
    "no space before the sign": re.compile(r"\d%%"),
}


def texts() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each Vietnamese text with its English one, or with those of one and of many."""
    for message in catalogue("en"):
        if message.id:
            strings = message.string if isinstance(message.string, tuple) else (str(message.string),)
            yield message.id[0] if isinstance(message.id, tuple) else message.id, strings


def many_of_one(english: str) -> Iterator[str]:
    """Each place where a number that may be one stands before many of something."""
    for place in NOUNS.finditer(english):
        name, words = place["name"] or place["field"], place["words"].split()
        nouns = [word for word in words if word.endswith("s") and word not in NO_NOUNS]
        if nouns and name not in NO_COUNTS and not LIMIT.search(english[: place.start()]):
            yield place.group()


def test_a_number_of_things_has_a_form_for_one() -> None:
    faults = {
        vietnamese: places
        for vietnamese, english in texts()
        if len(english) == 1
        and not vietnamese.startswith(tuple(NEVER_ONE))
        and (places := list(many_of_one(english[0])))
    }
    assert faults == {}


def test_the_form_of_one_differs_from_that_of_many_and_both_hold_what_is_counted() -> None:
    counted = {vietnamese: english for vietnamese, english in texts() if len(english) > 1}
    assert len(counted) > 20
    for vietnamese, english in counted.items():
        single, many = english
        assert single != many, vietnamese
        assert placeholders(many) == placeholders(vietnamese), vietnamese
        assert placeholders(single) <= placeholders(many), vietnamese
        assert list(many_of_one(single)) == [], single


def test_numbers_are_written_as_each_language_writes_them() -> None:
    assert [
        (what, text)
        for vietnamese, english in texts()
        for shapes, said in ((UNENGLISH, english), (UNVIETNAMESE, (vietnamese,)))
        for text in said
        for what, shape in shapes.items()
        if shape.search(text)
    ] == []


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("%(n)s answers", True),
        ("{n} more short questions", True),
        ("At most %(n)s characters.", False),
        ("%(share)s of dossiers", False),
        ("%(n)s is given", False),
        ("answers: %(n)s", False),
        ("{n} {n:second|seconds}", False),
    ],
)
def test_a_number_before_many_is_seen_and_a_limit_is_none(text: str, seen: bool) -> None:
    assert bool(list(many_of_one(text))) is seen
