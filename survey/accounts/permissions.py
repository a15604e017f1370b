"""The one permission decision: who may do what, on which object, and why.

A grant gives a role within a scope: a province, maybe one sector, maybe one agency with all below it.
Whoever may not view an object learns not even that it exists (404); who may view it but not act is told so (403).
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, g, has_request_context
from flask_babel import gettext as _
from flask_login import current_user

from survey.accounts.models import RoleGrant, User
from survey.registry.tree import subtree_of

VIEW = "view"
READ = frozenset({VIEW, "view_comments", "make_report", "export_figures"})
ACTIONS: dict[str, frozenset[str]] = {
    "officer": READ | {"import_queue_file", "open_feedback"},
    "agency_manager": READ
    | {
        "import_queue_file",
        "manage_devices",
        "manage_measures",
        "make_tickets",
        "open_feedback",
        "answer_feedback",
        "explain_signals",
    },
    "method_owner": READ
    | {
        "download_cells",
        "export_responses",
        "export_comments",
        "close_period",
        "publish_period",
        "import_queue_file",
        "manage_devices",
        "manage_measures",
        "manage_caseloads",
        "make_tickets",
        "open_feedback",
        "answer_feedback",
        "explain_signals",
        "edit_questionnaires",
        "manage_targets",
    },
    "auditor": READ | {"download_cells", "export_responses", "view_audit"},
}
ACTIONS["administrator"] = frozenset().union(*ACTIONS.values(), {"manage_agencies", "manage_users", "change_settings"})
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


def decide(user: User, action: str, resource: Resource) -> Decision:
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


def allowed(action: str, resource: Resource) -> bool:
    """`decide` for the signed-in user, for templates and menus."""
    return bool(decide(current_user, action, resource))


def require(action: str, resource: Resource) -> None:
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


def grants_allowing(user: User, action: str) -> list[RoleGrant]:
    """The grants of a user under which an action is allowed: what menus and default filters start from."""
    return [grant for grant in user.grants if action in ACTIONS[grant.role]]


def can_anywhere(action: str) -> bool:
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


def _reached_from(agency_id: int) -> frozenset[int]:
    """The agency and all below it: read once a request, for a list asks about each of its rows."""
    if not has_request_context():
        return frozenset(subtree_of(agency_id))
    known: dict[int, frozenset[int]] = g.setdefault("agencies_reached", {})
    if agency_id not in known:
        known[agency_id] = frozenset(subtree_of(agency_id))
    return known[agency_id]
