"""Agencies, services, counters, caseloads and the files that bring them: one real change for every address."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from survey.registry.files.models import ImportRun
from tests.guards.changes.desk import Desk, agency_page, change_name
from tests.guards.forms import form_on


def edit_caseloads(desk: Desk) -> TestResponse:
    page = f"{agency_page(desk)}/caseloads/2026-10"
    fields = form_on(desk.client, page)
    count = next(name for name in fields if "count" in name)
    return desk.send(page, **(fields | {count: "4321"}))


def confirm_caseloads(desk: Desk) -> TestResponse:
    """What stands in the hidden field of the page is what was seen."""
    page = f"{agency_page(desk)}/caseloads/2026-10"
    return desk.send(f"{page}/confirm", seen=form_on(desk.client, page)["seen"])


def import_services(desk: Desk) -> TestResponse:
    """Upload, then confirm: only the second changes anything."""
    file = io.BytesIO("code,name,sector,field\nTHU-1,Dịch vụ thử,health,Khám bệnh\n".encode())
    upload = desk.submit("/desk/imports", kind="services", file=(file, "dich-vu.csv"))
    return desk.submit(urlsplit(upload.headers["Location"]).path)


def choose_columns(desk: Desk) -> TestResponse:
    """A file whose headings nobody knows yet: which column each means is asked, and remembered."""
    file = io.BytesIO("Ký hiệu,Việc,Ngành\nTHU-3,Dịch vụ thử ba,Y tế\n".encode())
    upload = desk.submit("/desk/imports", kind="services", file=(file, "xuat.csv"))
    page = f"{urlsplit(upload.headers['Location']).path}/columns"
    return desk.submit(page, **{"column-0": "code", "column-1": "name"})


def undo_import(desk: Desk) -> TestResponse:
    """One's latest import, whole."""
    run = desk.one(select(func.max(ImportRun.id)))
    return desk.submit(f"/desk/imports/runs/{run}/undo", "/desk/imports")


def new_agency(desk: Desk) -> TestResponse:
    return desk.submit("/desk/new-agency", code="DL-THU", name="Đơn vị thử")


CHANGES: Mapping[str, Callable[[Desk], TestResponse]] = {
    "agencies.new_agency": new_agency,
    "agencies.edit_agency": change_name(lambda desk: f"{agency_page(desk)}/edit"),
    "services.new_service": lambda desk: desk.submit("/desk/new-service", code="THU-2", name="Dịch vụ thử hai"),
    "services.edit_service": change_name(lambda desk: "/desk/services/KB-NGOAITRU/edit"),
    "counters.new_counter": lambda desk: desk.submit(
        f"{agency_page(desk)}/new-counter", code="thu-quay", name="Quầy thử"
    ),
    "counters.edit_counter": change_name(lambda desk: f"{agency_page(desk)}/counters/{desk.place.counter}"),
    "caseloads.month_page": edit_caseloads,
    "caseloads.confirm_month": confirm_caseloads,
    "caseloads.remind_owing": lambda desk: desk.send("/desk/caseloads/owed/remind?province=dak-lak"),
    "imports.confirm": import_services,
    "imports.undo_run": undo_import,
    "import_columns.choose": choose_columns,
}
