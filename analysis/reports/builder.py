"""Builds the report: one model from `analysis.figures.service` alone, for every engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.figures.query import BadQuery
from analysis.figures.register import fetch_province
from analysis.periods.closings import fetch_closing_instant
from analysis.presentation import labels
from analysis.reports.annex_numbering import ROMAN, labelled, signed_in, with_annexes
from analysis.reports.context import SATISFACTION, Brief
from analysis.reports.document import Annex, Document, Report, Section
from analysis.reports.file_names import IN_FILE_NAME
from analysis.reports.kinds import KINDS, Part, misfit
from analysis.reports.office.queries import fetch_words
from analysis.reports.parts import drafts
from analysis.reports.parts.coverage_table import coverage_json
from analysis.reports.recipients import Recipient, find_recipient
from analysis.reports.recorded_queries import Inquiry, Shared
from analysis.reports.versions import versions
from analysis.targets.service import TargetInYear, targets_in_force
from analysis.targets.words import mark_of
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.clock import today
from survey.foundation.commands.progress import progress
from survey.foundation.formatting import date
from survey.foundation.identifiers import content_hash
from survey.foundation.installation_flags import is_demo
from survey.foundation.languages.language import written_in
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.registry.models import Province

SCHEMA = "hai-long/report/1"
_targets, _demo = read_once(targets_in_force), read_once(is_demo)


def build_report(
    province_key: str,
    recipient: str,
    period: Period,
    cut_off: dt.date | None = None,
    *,
    kind: str = SATISFACTION,
    shared: Shared | None = None,
) -> Report:
    """The report of a recipient on a period.

    Args:
        province_key: ``dak-lak``, …
        recipient: ``so-y-te``, ``so-gddt``, ``so-noi-vu`` or an agency's code.
        period: month, quarter, half, year, or at need a span of months or days.
        cut_off: the last day whose answers count; by default the period's last day, or today while it runs.
        kind: ``satisfaction``, or ``coverage`` for the department that sums up the province.
        shared: answers that the reports of one run have in common; they change nothing but the time it takes.

    Raises:
        UnknownProvince: no such province.
        UnknownRecipient: neither department nor agency of the province.
        BadQuery: the cut-off lies outside the period, the period has not begun, or nobody reports coverage there.
    """
    with written_in("vi"):
        province = fetch_province(province_key)
        closed_at = fetch_closing_instant(province.id, period.code) if cut_off is None else None
        return _report(_brief(province, recipient, period, _check(period, cut_off), closed_at, kind, shared), shared)


def rebuild(figures: dict[str, Any]) -> Report:
    """The report that an attachment belongs to, made again from the database as it is now.

    Raises:
        LookupError: its province or recipient does not exist here.
    """
    closed_at = figures["closed_at"]
    asked = [figure["question"] for figure in figures["answers"]]
    closings = {query["period"]: parse_moment(query["received_before"]) for query in asked}
    with written_in("vi"):
        brief = _brief(
            fetch_province(figures["province"]),
            figures["recipient"],
            Period.parse(figures["period"], days=True),
            dt.date.fromisoformat(figures["cut_off"]),
            parse_moment(closed_at),
            figures.get("kind", SATISFACTION),
            None,
            closings,
            beside=figures.get("beside", False),
        )
        return _report(brief)


def draft_words(province_key: str, recipient: str, period: Period) -> dict[str, str]:
    """What the program would say in the parts that an office may write itself, a paragraph a line.

    Raises:
        BadQuery, UnknownProvince, UnknownRecipient: see `build_report`.
    """
    with written_in("vi"):
        province = fetch_province(province_key)
        closed_at = fetch_closing_instant(province.id, period.code)
        brief = _brief(province, recipient, period, _check(period, None), closed_at, SATISFACTION, None)
        return {part: "\n".join(draft(brief)) for part, draft in drafts.DRAFTS.items()}


def _binds(target_in_year: TargetInYear, recipient: Recipient) -> bool:
    # Another agency's own promise says nothing about this recipient, nor about the province as a whole.
    return target_in_year.target.agency is None or target_in_year.target.agency.code == recipient.key


def _brief(
    province: Province,
    recipient_key: str,
    period: Period,
    day: dt.date,
    closed_at: dt.datetime | None,
    kind: str,
    shared: Shared | None,
    closings: Mapping[str, dt.datetime | None] | None = None,
    *,
    beside: bool = True,
) -> Brief:
    recipient = find_recipient(province.key, province.id, province.name, recipient_key, period)
    if wrong := misfit(kind, recipient.agencies is not None, recipient.overview, period):
        raise BadQuery(str(wrong))
    until = day if day < period.last_day else None
    stored_words = fetch_words(db.session(), province.id, recipient.key, period.code)
    return Brief(
        province_key=province.key,
        province_id=province.id,
        province_name=province.name,
        recipient=recipient,
        period=period,
        cut_off=day,
        closed_at=closed_at,
        targets=tuple(
            target_in_year
            for target_in_year in _targets(province.key, period.year)
            if _binds(target_in_year, recipient)
        ),
        inquiry=Inquiry(
            province.key, period, until=until, closed_at=closed_at, closings=closings, shared=shared, beside=beside
        ),
        demo=_demo(),
        versions=versions(province.id, period),
        kind=kind,
        words={part: row.text for part, row in stored_words.items()},
    )


def parse_moment(text: str | None) -> dt.datetime | None:
    """An instant as attachments hold it."""
    return dt.datetime.fromisoformat(text) if text else None


def _check(period: Period, cut_off: dt.date | None) -> dt.date:
    now = today()
    if period.first_day > now:
        raise BadQuery(f"Kỳ {period.label()} chưa bắt đầu.")
    day = cut_off or min(period.last_day, now)
    if not period.first_day <= day <= period.last_day:
        raise BadQuery(
            f"Ngày chốt số liệu {date(day)} nằm ngoài kỳ {period.label()} "
            f"({date(period.first_day)}-{date(period.last_day)})."
        )
    return day


def _report(brief: Brief, shared: Shared | None = None) -> Report:
    kind = KINDS[brief.kind]
    written: Iterable[Part] = kind.parts.values()
    if shared is None:  # of many reports each one counts, not its parts
        written = progress(written, "Lập các phần của báo cáo", len(kind.parts))
    parts = [(part.title, part.blocks(brief)) for part in written]
    extra = tuple(annex for of in kind.annexes for annex in of(brief))
    present = [(title, blocks) for title, blocks in parts if blocks]
    sections = tuple(Section(ROMAN[i], title, blocks) for i, (title, blocks) in enumerate(present))
    figures = _figures(brief)
    name = report_name(brief.province_key, brief.recipient.key, brief.period, brief.cut_off, brief.kind)
    digest = content_hash(figures)
    figures["digest"] = digest
    return Report(name, _document(brief, sections, labelled(brief, extra), digest), brief.cut_off, figures, digest)


def _document(brief: Brief, sections: tuple[Section, ...], extra: tuple[Annex, ...], digest: str) -> Document:
    recipient, label, kind = brief.recipient, brief.period.label(), KINDS[brief.kind]
    title, subject = kind.title, f"{kind.subject(brief)} {label}"
    whole = label.replace(" ", "\N{NO-BREAK SPACE}")  # "quý" at the end of a title's line, "III/2026" alone on the next
    called = f"{kind.closing} {label}" if kind.closing else f"{title.lower()} {subject[0].lower()}{subject[1:]}"
    return Document(
        letterhead=recipient.letterhead(brief.province_name, signed_in(brief), kind.symbol),
        kind_name=title,
        subject=f"{kind.subject(brief)} {whole}",
        addressees=recipient.addressed(kind.symbol),
        marks=_marks(brief),
        sections=sections,
        closing=f"Trên đây là {called}{with_annexes(extra)}./.",
        copies_to=recipient.copies_to(kind.symbol),
        signature=recipient.signature,
        annexes=extra,
        footer=f"Số liệu đến hết ngày {date(brief.cut_off)} · Mã số liệu {digest[:16]}",
    )


def _marks(brief: Brief) -> tuple[str, ...]:
    marks = ["DỰ THẢO"]
    if brief.closed_at is None:
        marks.append(f"Số liệu tạm thời, đến hết ngày {date(brief.cut_off)}")
    if brief.demo:
        marks.append(labels.DEMO)
    return tuple(marks)


def _figures(brief: Brief) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "kind": brief.kind,
        "province": brief.province_key,
        "recipient": brief.recipient.key,
        "period": brief.period.code,
        "cut_off": brief.cut_off.isoformat(),
        "closed_at": brief.closed_at.isoformat() if brief.closed_at else None,
        "demo": brief.demo,
        "beside": brief.inquiry.beside,
        "versions": brief.versions,
        "targets": [_target_json(target_in_year) for target_in_year in brief.targets],
        "answers": brief.inquiry.as_json(),
        "coverage": coverage_json(brief),
        **{name: of(brief) for name, of in KINDS[brief.kind].attached.items()},
        "words": dict(brief.words),
        "derived": brief.derived,
    }


def _target_json(target_in_year: TargetInYear) -> dict[str, Any]:
    """What the answers are set beside, and whose it is: `agency` null for the province's, else its owner's code."""
    target = target_in_year.target
    return {
        "id": target.code,
        "agency": target.agency and target.agency.code,
        "label": mark_of(target_in_year) if target.kind == "satisfaction" else None,
        "kind": target.kind,
        "subject": target.subject,
        "coverage_of": target.coverage_of,
        "threshold": str(target_in_year.threshold),
        "due_year": target.due_year,
        "status": target_in_year.status,
        "document": target.document,
        "clause": target.clause,
    }


def report_name(
    province_key: str,
    recipient_key: str,
    period: Period,
    cut_off: dt.date | None = None,
    kind: str = SATISFACTION,
) -> str:
    """Name of a report's file, without its ending."""
    cut = f"-den-{cut_off:%Y%m%d}" if cut_off and cut_off < period.last_day else ""
    return f"bao-cao{IN_FILE_NAME[kind]}-{province_key}-{recipient_key}-{period.code}{cut}"
