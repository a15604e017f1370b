"""The staff's own objects, and what belongs to no part alone, as the audit log's page calls and links them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from flask_babel import lazy_gettext as _

from survey.accounts.administration import MANAGE
from survey.accounts.approvals.approvals import SWITCH
from survey.accounts.audit_log.objects import AuditedKind
from survey.accounts.page_queries import fetch_proposal_names, fetch_user_names
from survey.accounts.permissions import Action

KINDS: Mapping[str, AuditedKind] = {
    "user": AuditedKind(
        _("Tài khoản"),
        fetch_user_names,
        lambda province, line: url_for("users.user_page", province=province.key, user_id=int(line.object_id)),
        MANAGE,
    ),
    "province": AuditedKind(
        _("Tỉnh"), address=lambda province, _line: url_for("proposals.index", province=province.key), permission=SWITCH
    ),
    "proposal": AuditedKind(
        _("Đề nghị"),
        fetch_proposal_names,
        lambda province, _line: url_for("proposals.index", province=province.key),
        Action.CLOSE_PERIOD,
    ),
    "sign_in": AuditedKind(_("Đăng nhập")),
    "audit": AuditedKind(_("Nhật ký")),
    "database": AuditedKind(_("Cơ sở dữ liệu")),
    "responses": AuditedKind(_("Phiếu trả lời")),
}
