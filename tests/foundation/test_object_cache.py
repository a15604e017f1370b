"""What is asked several times of one object is worked out once (decision 16)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from survey.foundation.caching.object_cache import once_for_each

ASKED: list[tuple[str, int]] = []


@dataclass(frozen=True)
class Document:
    """Stands for a report's brief: frozen, and not hashable for what it holds."""

    name: str
    parts: dict[str, int]


@once_for_each
def total(document: Document, times: int = 1) -> int:
    ASKED.append((document.name, times))
    return sum(document.parts.values()) * times


@once_for_each
def refused(document: Document) -> int:
    ASKED.append((document.name, 0))
    raise LookupError


@pytest.fixture(autouse=True)
def _begin() -> None:
    ASKED.clear()


def test_what_two_parts_ask_of_a_document_is_worked_out_once() -> None:
    document = Document("a", {"x": 2, "y": 3})
    assert [total(document), total(document), total(document, 2), total(document, times=2)] == [5, 5, 10, 10]
    assert ASKED == [("a", 1), ("a", 2), ("a", 2)]  # by place or by name, an argument asks for itself


def test_another_document_and_a_changed_copy_ask_for_themselves() -> None:
    document = Document("a", {"x": 2})
    copy = replace(document, parts={"x": 7})
    assert [total(document), total(copy), total(Document("a", {"x": 2}))] == [2, 7, 2]
    assert len(ASKED) == 3


def test_what_failed_is_tried_again() -> None:
    document = Document("a", {})
    for _time in range(2):
        with pytest.raises(LookupError):
            refused(document)
    assert len(ASKED) == 2
