"""The first hour at the desk: what a province still has to do, each with its page, its template and its state."""

from __future__ import annotations

import dataclasses
import html
import re
from pathlib import Path

import pytest
from flask import Flask

from tests.registry_files.files import AGENCIES, importer
from tests.support.staff import signed_in

PAGE = "/desk/setup/dak-lak/"
STEPS = ("Tên của tỉnh", "Biểu trưng của tỉnh",
         "Các cơ quan, đơn vị", "Dịch vụ, thủ tục", "Các quầy", "Số hồ sơ đã giải quyết", "Phiếu hỏi đã công bố",
         "Tài khoản của cán bộ", "Kiosk", "Các chỉ tiêu", "Các nơi nhận báo cáo")  # fmt: skip


def states(page: str) -> dict[str, str]:
    """What stands beside each step."""
    rows = re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a></th>\s*<td[^>]*>(.*?)</td>', page, re.DOTALL)
    return {html.unescape(step): re.sub(r"<[^>]+>", "", state).strip() for step, state in rows}


def test_an_empty_desk_leads_to_what_is_to_be_done_and_each_step_says_what_there_is(app: Flask, tmp_path: Path) -> None:
    client = signed_in(app, "quan-tri-tinh", "administrator")
    assert client.get("/desk/", follow_redirects=True).request.path == PAGE
    page = client.get(PAGE).text
    before = states(page)
    assert [step for step in STEPS if step not in before] == []
    assert {before[step] for step in ("Các cơ quan, đơn vị", "Các quầy", "Kiosk")} == {"Chưa có"}
    templates = re.findall(r'href="(/desk/[^"]*)"[^>]*>Mẫu XLSX', page)
    assert len(templates) >= 5
    assert {client.get(address).status_code for address in templates} == {200}
    pages = re.findall(r'<th scope="row"><a href="([^"]+)">', page)
    assert {client.get(address, follow_redirects=True).status_code for address in pages} == {200}

    assert importer(app.test_cli_runner(), tmp_path)("agencies", AGENCIES).exit_code == 0
    after = states(client.get(PAGE).text)
    assert after["Các cơ quan, đơn vị"] == "5"
    assert after["Các quầy"] == "Chưa có"


def test_the_province_s_name_and_emblem_are_there_once_the_server_has_them(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(app, "quan-tri-tinh", "administrator")
    assert states(client.get(PAGE).text)["Tên của tỉnh"] == "Chưa có"
    picture = tmp_path / "bieu-trung.svg"
    picture.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    named = dataclasses.replace(app.extensions["settings"], organisation="Tỉnh Đắk Lắk", emblem=str(picture))
    monkeypatch.setitem(app.extensions, "settings", named)
    after = states(client.get(PAGE).text)
    assert (after["Tên của tỉnh"], after["Biểu trưng của tỉnh"]) == ("1", "1")
