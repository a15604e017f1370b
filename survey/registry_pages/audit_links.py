"""Agencies, services, counters and caseloads as the audit log's page calls and links them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import url_for
from flask_babel import lazy_gettext as _

from survey.accounts.agency_access import MANAGE_CASELOADS
from survey.accounts.audit_log.objects import AuditedKind
from survey.accounts.page_queries import AuditLine
from survey.foundation.periods import month_label
from survey.registry.models import Agency, Counter, Province, Service
from survey.registry_pages.caseloads.audit_object import agency_and_month
from survey.registry_pages.page_queries import fetch_names_by_code


def _agency_url(_province: Province, line: AuditLine) -> str:
    return url_for("agencies.agency_page", code=line.object_id)


def _caseload_url(_province: Province, line: AuditLine) -> str | None:
    named = agency_and_month(line.object_id)
    return url_for("caseloads.month_page", code=named[0], month=named[1]) if named else None


def _caseload_names(ids: Collection[str]) -> Mapping[str, str]:
    months = {id_: named for id_ in ids if (named := agency_and_month(id_)) is not None}
    names = fetch_names_by_code(Agency, {code for code, _month in months.values()})
    return {id_: f"{names.get(code, code)}, {month_label(month)}" for id_, (code, month) in months.items()}


KINDS: Mapping[str, AuditedKind] = {
    "agencies": AuditedKind(_("Cơ quan, đơn vị"), lambda ids: fetch_names_by_code(Agency, ids), _agency_url),
    "services": AuditedKind(
        _("Dịch vụ"),
        lambda ids: fetch_names_by_code(Service, ids),
        lambda _province, line: url_for("services.service_page", code=line.object_id),
    ),
    "counters": AuditedKind(
        _("Quầy"),
        lambda ids: fetch_names_by_code(Counter, ids),
        lambda _province, line: url_for("agencies.counter_page", counter=line.object_id),
    ),
    "caseloads": AuditedKind(_("Số hồ sơ"), _caseload_names, _caseload_url, MANAGE_CASELOADS),
}
