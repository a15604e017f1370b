"""Warnings name agencies and services as officials know them, never by their codes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask

from analysis.figures.register import UnitRegister
from analysis.figures.warnings_text import caveat_words
from analysis.figures.weighting.names import PostStratumName, by_label
from analysis.statistics.problems import CaveatCode, warn

pytestmark = pytest.mark.one_database

REGISTER = cast(
    UnitRegister,
    SimpleNamespace(
        agencies={1: SimpleNamespace(code="DL-TYT5", name="Trạm Y tế xã Ea Lâm, cơ sở 2")},
        services={7: SimpleNamespace(code="KB", name="Khám bệnh")},
    ),
)

GROUPS = (PostStratumName("DL-TYT5", "KB"), PostStratumName("DL-TYT5", "KB", "individual"))


def said(app: Flask, code: CaveatCode, *names: str, **values: Any) -> str:
    with app.test_request_context():
        return caveat_words(warn(code, names, **values), by_label(GROUPS, REGISTER))


def test_groups_are_named(app: Flask) -> None:
    words = said(app, CaveatCode.NOT_COVERED, "DL-TYT5/KB", "DL-TYT5/KB/individual")
    assert words.startswith(
        "2 nhóm (Trạm Y tế xã Ea Lâm, cơ sở 2 · Khám bệnh; Trạm Y tế xã Ea Lâm, cơ sở 2 · Khám bệnh · Cá nhân)"
    )


def test_what_has_no_name_stays(app: Flask) -> None:
    assert "(DL-TYT5-X; …)" in said(app, CaveatCode.NO_FPC, "DL-TYT5-X", *["DL-TYT5-X"] * 5).replace(
        "DL-TYT5-X; " * 4, ""
    )


def test_a_warning_without_names_is_said_as_it_is(app: Flask) -> None:
    assert said(app, CaveatCode.DUPLICATE_CELLS, count=3).startswith("3 ô số liệu trùng khoá")
