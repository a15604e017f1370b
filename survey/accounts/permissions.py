"""The one permission decision: who may do what, on which object, and why.

A grant gives a role within a scope: a province, maybe one sector, maybe one agency with all below it. The country's
figures are a scope of their own (`CountryGrant`): who holds it sees no province, and no province's role sees it.
Whoever may not view an object learns not even that it exists (404); who may view it but not act is told so (403).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask import abort
from flask_babel import gettext as _
from flask_login import current_user

from survey.accounts.models import RoleGrant, User
from survey.foundation.caching.transaction_cache import read_once
from survey.registry.tree import subtree_of


class Action(StrEnum):
    """What somebody may be allowed to do. The values are names in templates and tests, never stored."""

    VIEW = "view"
    VIEW_COMMENTS = "view_comments"
    MAKE_REPORT = "make_report"
    EDIT_REPORTS = "edit_reports"
    EXPORT_FIGURES = "export_figures"
    IMPORT_QUEUE_FILE = "import_queue_file"
    OPEN_FEEDBACK = "open_feedback"
    MANAGE_DEVICES = "manage_devices"
    MANAGE_MEASURES = "manage_measures"
    ENTER_FORMS = "enter_forms"
    MAKE_TICKETS = "make_tickets"
    ANSWER_FEEDBACK = "answer_feedback"
    EXPLAIN_SIGNALS = "explain_signals"
    DOWNLOAD_CELLS = "download_cells"
    EXPORT_RESPONSES = "export_responses"
    EXPORT_COMMENTS = "export_comments"
    CLOSE_PERIOD = "close_period"
    PUBLISH_PERIOD = "publish_period"
    MANAGE_CASELOADS = "manage_caseloads"
    CONFIRM_CASELOADS = "confirm_caseloads"
    EDIT_QUESTIONNAIRES = "edit_questionnaires"
    MANAGE_TARGETS = "manage_targets"
    VIEW_AUDIT = "view_audit"
    MANAGE_AGENCIES = "manage_agencies"
    MANAGE_USERS = "manage_users"
    CHANGE_SETTINGS = "change_settings"


VIEW = Action.VIEW
READ = frozenset({VIEW, Action.VIEW_COMMENTS, Action.MAKE_REPORT, Action.EXPORT_FIGURES})
SERVE = READ | {Action.IMPORT_QUEUE_FILE, Action.OPEN_FEEDBACK, Action.ENTER_FORMS}
MANAGE = SERVE | {
    Action.EDIT_REPORTS,
    Action.MANAGE_DEVICES,
    Action.MANAGE_MEASURES,
    Action.MANAGE_CASELOADS,
    Action.MAKE_TICKETS,
    Action.ANSWER_FEEDBACK,
    Action.EXPLAIN_SIGNALS,
}
ACTIONS: dict[str, frozenset[Action]] = {
    "officer": SERVE,
    "agency_manager": MANAGE,
    "method_owner": MANAGE
    | {
        Action.DOWNLOAD_CELLS,
        Action.EXPORT_RESPONSES,
        Action.EXPORT_COMMENTS,
        Action.CLOSE_PERIOD,
        Action.PUBLISH_PERIOD,
        Action.CONFIRM_CASELOADS,
        Action.EDIT_QUESTIONNAIRES,
        Action.MANAGE_TARGETS,
    },
    "auditor": READ | {Action.DOWNLOAD_CELLS, Action.EXPORT_RESPONSES, Action.VIEW_AUDIT},
    "administrator": frozenset(Action),
}
ROLES = tuple(ACTIONS)


@dataclass(frozen=True)
class Resource:
    """What an action touches. `sector` None: all sectors at once; `agency_id` None: the whole province."""

    province_id: int
    sector: str | None = None
    agency_id: int | None = None


@dataclass(frozen=True)
class Decision:
    """The answer, with the grant that allowed it or the reason why none did."""

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


def decide(user: User, action: Action, resource: Resource) -> Decision:
    """Whether `user` may do `action` on `resource`.

    An agency's own object may be reached through a grant on any agency above it. A question about all sectors
    needs a grant for all sectors; a question about the whole province needs a grant that names no agency.
    """
    if not user.is_authenticated or not user.active:
        return Decision(False, _("Chưa đăng nhập hoặc tài khoản đã khóa."))
    in_scope = [grant for grant in user.grants if _covers(grant, resource)]
    if not in_scope:
        return Decision(False, _("Không có vai trò nào trong phạm vi này."))
    for grant in in_scope:
        if action in ACTIONS[grant.role]:
            return Decision(True, _("Được phép với vai trò %(role)s.", role=grant.role))
    return Decision(False, _("Vai trò hiện có chỉ được xem, không được thực hiện thao tác này."))


def allowed(action: Action, resource: Resource) -> bool:
    """`decide` for the signed-in user, for templates and menus."""
    return bool(decide(current_user, action, resource))


def require(action: Action, resource: Resource) -> None:
    """Let the request go on only if the signed-in user may do `action`.

    Raises:
        NotFound: the user may not even view the object.
        Forbidden: the user may view it but not do this.
    """
    if not decide(current_user, VIEW, resource):
        abort(404)
    decision = decide(current_user, action, resource)
    if not decision:
        abort(403, decision.reason)


def holds_country(action: Action) -> bool:
    """Whether the signed-in user may do `action` on the country's figures."""
    held = current_user.is_authenticated and current_user.active and current_user.country_grants
    return bool(held) and any(action in ACTIONS[grant.role] for grant in current_user.country_grants)


def require_country(action: Action) -> None:
    """Let the request go on only if the signed-in user may do `action` on the country's figures.

    Raises:
        NotFound: the user may not even view them.
        Forbidden: the user may view them but not do this.
    """
    if not holds_country(VIEW):
        abort(404)
    if not holds_country(action):
        abort(403, _("Vai trò hiện có chỉ được xem, không được thực hiện thao tác này."))


def grants_allowing(user: User, action: Action) -> list[RoleGrant]:
    """The grants of a user under which an action is allowed: what menus and default filters start from."""
    return [grant for grant in user.grants if action in ACTIONS[grant.role]]


def can_anywhere(action: Action) -> bool:
    """Whether the signed-in user may do `action` on anything at all (menus)."""
    return bool(current_user.is_authenticated and grants_allowing(current_user, action))


def _covers(grant: RoleGrant, resource: Resource) -> bool:
    return (
        grant.province_id == resource.province_id
        and (grant.sector is None or grant.sector == resource.sector)
        and (grant.agency_id is None or _is_within(resource.agency_id, grant.agency_id))
    )


def _is_within(agency_id: int | None, above: int) -> bool:
    return agency_id is not None and agency_id in _reached_from(above)


@read_once
def _reached_from(agency_id: int) -> frozenset[int]:
    """The agency and all below it: read once, for a list asks about each of its rows."""
    return frozenset(subtree_of(agency_id))
