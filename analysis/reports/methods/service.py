"""Editions: the draft is saved, then published as a change that may need two people; a published one is retired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from analysis.reports.document import Report
from analysis.reports.methods.checks import Check, checks
from analysis.reports.methods.content import Content, content_of, sections_of
from analysis.reports.methods.method_document import drafted_report, method_report, method_sections
from analysis.reports.methods.models import DRAFT, MethodEdition
from analysis.reports.methods.queries import add_edition, fetch_editions, find_draft, lock_draft, lock_edition
from survey.accounts.approvals.approvals import ChangeKind, NotPossible, Write
from survey.accounts.models import User
from survey.accounts.permissions import Action, Resource
from survey.foundation.changes import audit
from survey.foundation.clock import local_day, now, today
from survey.foundation.formatting import date
from survey.foundation.identifiers import content_hash
from survey.foundation.storage.database import db, writing
from survey.registry.models import Province

EDIT = Action.EDIT_QUESTIONNAIRES


def in_force(editions: Sequence[MethodEdition], day: dt.date) -> MethodEdition | None:
    """The edition that holds on a day."""
    return next((edition for edition in editions if edition.is_in_force(day)), None)


def report_of(province: Province, sector: str, edition: MethodEdition | None) -> Report:
    """An edition as it was published, or, without one, what is in force now as a draft."""
    if edition is None:
        return drafted_report(province, sector)
    day = local_day(edition.published_at) if edition.published_at else edition.since
    footer = f"Bản {edition.number}, {edition.decision}, áp dụng từ ngày {date(edition.since)}"
    if edition.retired_on is not None:
        footer += f", thôi áp dụng từ ngày {date(edition.retired_on)}"
    marks = (f"BẢN {edition.number}",)
    return method_report(province, sector, day, sections_of(edition.content), marks, footer)


def drafted(province: Province, sector: str, decision: str, since: dt.date, own_words: str) -> Content:
    """What would be published now."""
    lines = [line for line in own_words.splitlines() if line.strip()]
    return content_of(method_sections(province, sector, today(), decision=decision, since=since, own_words=lines))


def save_draft(province: Province, sector: str, decision: str, since: dt.date, own_words: str) -> None:
    """Keep the owner's part of the draft."""
    province_id, after = province.id, {"decision": decision, "since": since.isoformat(), "own_words": own_words}
    with writing() as session:
        draft = lock_draft(session, province_id, sector)
        before = None if draft is None else _owners_part(draft)
        if draft is None:
            draft = MethodEdition(province_id=province_id, sector=sector, number=DRAFT, content=[], retired_because="")
            add_edition(session, draft)
        draft.decision, draft.since, draft.own_words = decision, since, own_words
        if before != after:
            audit.record(session, "draft_method", "method", sector, province_id=province_id, before=before, after=after)


def findings(province: Province, sector: str, draft: MethodEdition) -> tuple[Content, list[Check]]:
    """What the draft would say now, and what its checks found."""
    content = drafted(province, sector, draft.decision, draft.since, draft.own_words)
    newest = next(iter(fetch_editions(db.session(), province.id, sector)), None)
    current = [] if newest is None or newest.retired_on else newest.content
    checked = checks(
        province, sector, today(), decision=draft.decision, since=draft.since, draft=content, current=current
    )
    return content, checked


def publication_details(sector: str, draft: MethodEdition, content: Content) -> dict[str, Any]:
    """What a proposal to publish remembers: nothing but what was looked at is published."""
    return {
        "sector": sector,
        "decision": draft.decision,
        "since": draft.since.isoformat(),
        "digest": content_hash(content),
    }


def _prepare_publication(province: Province, details: Mapping[str, Any], user: User | None) -> Write:
    sector, province_id, user_id = str(details["sector"]), province.id, None if user is None else user.id
    draft = find_draft(db.session(), province_id, sector)
    if draft is None:
        raise NotPossible(_("Không có bản nháp nào để công bố."))
    content, checked = findings(province, sector, draft)
    if blocking := [check.words for check in checked if check.blocks]:
        raise NotPossible(" ".join(blocking))
    if content_hash(content) != details["digest"]:
        raise NotPossible(_("Bản nháp đã khác bản Ông/Bà xem; hãy xem lại rồi công bố."))

    def write(session: Session) -> str:
        stored = lock_draft(session, province_id, sector)
        if stored is None:
            raise NotPossible(_("Không có bản nháp nào để công bố."))
        newest = next(iter(fetch_editions(session, province_id, sector)), None)
        stored.number = 1 if newest is None else newest.number + 1
        stored.content, stored.published_at, stored.published_by_id = content, now(), user_id
        after = {"number": stored.number, **_owners_part(stored)}
        audit.record(session, "publish_method", "method", sector, province_id=province_id, after=after)
        return str(_("Đã công bố phương pháp, bản %(n)s.", n=stored.number))

    return write


def _prepare_retirement(province: Province, details: Mapping[str, Any], _user: User | None) -> Write:
    sector, number, province_id = str(details["sector"]), int(details["number"]), province.id
    last, because = dt.date.fromisoformat(details["retired_on"]), str(details["reason"])

    def write(session: Session) -> str:
        edition = lock_edition(session, province_id, sector, number)
        if edition is None or edition.retired_on is not None:
            raise NotPossible(_("Không có bản này, hoặc bản này đã thôi áp dụng."))
        edition.retired_on, edition.retired_because = last, because
        after = {"number": number, "retired_on": last.isoformat(), "reason": because}
        audit.record(session, "retire_method", "method", sector, province_id=province_id, after=after)
        return str(_("Bản %(n)s thôi áp dụng từ ngày %(day)s.", n=number, day=date(last)))

    return write


def _owners_part(edition: MethodEdition) -> dict[str, str]:
    return {"decision": edition.decision, "since": edition.since.isoformat(), "own_words": edition.own_words}


def _resource(province: Province, details: Mapping[str, Any]) -> Resource:
    return Resource(province.id, str(details["sector"]))


PUBLISH = ChangeKind("publish_method", EDIT, lazy_gettext("Công bố phương pháp đo"), _prepare_publication, _resource)
RETIRE = ChangeKind("retire_method", EDIT, lazy_gettext("Thôi áp dụng phương pháp đo"), _prepare_retirement, _resource)
