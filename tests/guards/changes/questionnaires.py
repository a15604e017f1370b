"""Versions, where they are put to use, and languages: one real change for every address."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.questionnaires.models import QuestionnaireUse
from tests.guards.changes.desk import Desk, press
from tests.guards.forms import form_on
from tests.support.language_packs import make_pack, zipped


def edit_draft(desk: Desk) -> TestResponse:
    page = "/desk/questionnaires/health/draft"
    fields = form_on(desk.client, page)
    question = next(name for name in fields if name.startswith("items-") and name.endswith("-vi"))
    return desk.send(page, **(fields | {question: "Ông/Bà thấy thế nào về dịch vụ hôm nay?"}))


def end_use(desk: Desk) -> TestResponse:
    page = "/desk/questionnaires/byt-outpatient/uses/dak-lak"
    use = desk.one(select(QuestionnaireUse.id).order_by(QuestionnaireUse.id.desc()).limit(1))
    return desk.submit(f"{page}/{use}/end", page)


def install_language(desk: Desk) -> TestResponse:
    with TemporaryDirectory() as folder:
        pack = zipped(make_pack(desk.app, Path(folder), keys=["education"]))  # that of health was edited above
    return desk.submit("/desk/languages", file=(io.BytesIO(pack), "pack.zip"))


CHANGES: Mapping[str, Callable[[Desk], TestResponse]] = {
    "questionnaires.start": press(lambda desk: "/desk/questionnaires/health", "draft/start"),
    "questionnaires.draft": edit_draft,
    "questionnaires.publish": lambda desk: desk.submit(
        "/desk/questionnaires/health/draft/publish", "/desk/questionnaires/health/draft"
    ),
    "questionnaires.discard": lambda desk: (
        desk.submit("/desk/questionnaires/education/draft/start", "/desk/questionnaires/education")
        and desk.submit("/desk/questionnaires/education/draft/discard", "/desk/questionnaires/education/draft")
    ),
    "questionnaires.uses": lambda desk: desk.submit(
        "/desk/questionnaires/byt-outpatient/uses/dak-lak", counter=desk.place.counter
    ),
    "questionnaires.end": end_use,
    "languages.install": install_language,
    "languages.remove": lambda desk: desk.submit("/desk/languages/vi-x-mau/remove", "/desk/languages"),
}
