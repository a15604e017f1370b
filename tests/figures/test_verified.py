"""How many answers were one a dossier stands beside every figure they are in."""

from __future__ import annotations

import pytest
from flask import Flask

from analysis.statistics.ratio import Method
from tests.desk import world
from tests.figures.test_figures import ask


@pytest.fixture
def asked(small_world: Flask) -> Flask:
    return small_world


def answers(count: int, channel: str, day: str = "2026-10-12") -> None:
    ratings = {"overall_service": 5, "overall_procedures": 5}
    world.answer("ubnd-ea-tam", "ho-tich", day, count, 5, answers=ratings, channel=channel)


def verified(**more: object) -> list[str]:
    notes = ask("agency_service", **more).notes
    return [note.message.rpartition(": ")[2] for note in notes if note.code == "verified"]


def test_their_number_and_share_of_all_that_came_are_told(asked: Flask) -> None:
    with asked.app_context():
        assert verified() == []  # 90 answers, all by the counter's own code
        answers(10, "ticket", "2026-10-13")
        told = ["10 phiếu (10,0 %)."]
        assert verified() == told
        assert verified(by="channel") == verified(by="agency") == told
        assert verified(languages=frozenset({"vi"})) == told
        assert verified(method=Method.ALL_ITEMS) == told
        assert verified(channels=frozenset({"ticket"})) == ["10 phiếu (100,0 %)."]
        assert verified(channels=frozenset({"qr"})) == []


def test_fewer_than_five_are_not_counted_out(asked: Flask) -> None:
    with asked.app_context():
        answers(4, "ticket", "2026-10-13")
        assert verified() == ["dưới 5 phiếu."]
