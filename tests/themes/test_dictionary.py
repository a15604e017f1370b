"""What a comment is about is found with and without marks, and a negation never turns it into something else."""

from __future__ import annotations

import unicodedata

import pytest

from analysis.themes.dictionary import says_nothing, themes, themes_of
from analysis.themes.names import NAMES, UNSORTED
from survey.demo.comments import DISCONTENT
from survey.foundation.text.vietnamese import fold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chờ lâu quá, từ sáng đến trưa mới tới lượt.", {"waiting"}),
        ("Phải đi lại ba lần vì thiếu giấy tờ.", {"paperwork"}),
        ("Thái độ tiếp dân chưa niềm nở.", {"attitude"}),
        ("Phòng khám đông, thiếu ghế ngồi cho người già.", {"facilities"}),
        ("Giá dịch vụ không niêm yết rõ.", {"fees", "guidance"}),
        ("Kết quả trả nhầm tên, phải làm lại.", {"results"}),
        ("Nộp hồ sơ qua mạng bị lỗi.", {"online", "paperwork"}),
        ("Gọi đường dây nóng không ai nghe.", {"listening"}),
        ("Mọi việc đều tốt.", set()),
    ],
)
def test_a_comment_is_put_under_what_it_speaks_about(text: str, expected: set[str]) -> None:
    assert themes_of(text) == expected


@pytest.mark.parametrize("text", [text for said in DISCONTENT.values() for text in said if themes_of(text)])
def test_marks_may_be_missing(text: str) -> None:
    several = {theme for theme in themes_of(text) if theme != "fees"}  # "phí" alone is told from "phi" by its mark
    assert several <= themes_of(fold(text))


def test_letters_may_be_composed_decomposed_or_toned_in_the_older_way() -> None:
    assert themes_of(unicodedata.normalize("NFD", "thái độ hòa nhã")) == {"attitude"}
    assert themes_of("rất hoà nhã") == themes_of("rất hòa nhã") == {"attitude"}
    assert themes_of("LỆ PHÍ CAO") == {"fees"}


@pytest.mark.parametrize("text", ["cho tôi hỏi", "toi cho con di hoc", "đi chợ về", "con chó", "phía sau", "phi công"])
def test_one_syllable_needs_its_mark_for_without_it_is_many_words(text: str) -> None:
    assert themes_of(text) == set()


def test_part_of_a_word_is_not_the_word() -> None:
    assert themes_of("happy") == set()  # "app"
    assert themes_of("ghềnh") == set()


@pytest.mark.parametrize(
    ("said", "denied"),
    [("phải chờ lâu", "không phải chờ lâu"), ("thu tiền", "không thu tiền"), ("rườm rà", "chẳng rườm rà chút nào")],
)
def test_a_denied_complaint_is_still_about_the_same_thing(said: str, denied: str) -> None:
    assert themes_of(said) == themes_of(denied) != set()


@pytest.mark.parametrize("text", ["Không có ý kiến", "khong co y kien.", "ko", "...", "👍", "Không"])
def test_saying_that_there_is_nothing_to_say_is_no_comment(text: str) -> None:
    assert says_nothing(text)


def test_no_phrase_stands_under_two_themes() -> None:
    terms = [unicodedata.normalize("NFC", term) for theme in themes() for term in theme.terms]
    assert sorted(terms) == sorted(set(terms))
    assert all(theme.terms for theme in themes())
    assert [*(theme.key for theme in themes()), UNSORTED] == list(NAMES), "every theme has a name, in the same order"
