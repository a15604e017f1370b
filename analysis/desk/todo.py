"""What waits at the desk: replies, silent kiosks, months owed and signals of a scope, for who may do them."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, url_for
from flask_babel import ngettext
from flask_login import current_user

from analysis.figures.register import register_stamp
from analysis.figures.store.change_stamps import months_state
from analysis.presentation.scope import Scope
from analysis.presentation.todo import TODOS, Todo, sectors_to_do
from analysis.signals.queries import count_open
from survey.accounts.permissions import Action
from survey.devices.queries import silent_devices
from survey.feedback.queries import count_waiting
from survey.feedback.reach_queries import reached
from survey.foundation.caching.transaction_cache import is_writing, read_once
from survey.foundation.caching.weighted_lru import State, WeightedLru
from survey.foundation.clock import today
from survey.foundation.formatting import date, number, with_count
from survey.foundation.storage.database import db
from survey.registry_pages.agency_overview import past_months
from survey.registry_pages.caseloads.missing_page import lines_of

fetch_silent = read_once(silent_devices)  # the page says them twice: in words, and as something to do
_OWING: WeightedLru[int] = WeightedLru(10_000, lambda _: 1)
MONTHS = 3  # owed months that a reminder still helps; older ones stand on the page of caseloads


def register(app: Flask) -> None:
    """Let the first page show these lines."""
    for part in (replies, kiosks, caseloads, signals):
        TODOS.add(app, part.__name__, part)


def replies(scope: Scope) -> Iterator[Todo]:
    """Comments that wait for an answer, overdue ones and those of floods apart."""
    reach = reached(db.session(), current_user, Action.ANSWER_FEEDBACK)
    waiting = [
        count_waiting(reach, scope.province.id, today(), sector, scope.agencies)
        for sector in sectors_to_do(scope, Action.ANSWER_FEEDBACK)
    ]
    late = sum(part.overdue for part in waiting)
    if late:
        words = with_count("Trả lời %(n)s phản ánh quá hạn", late)
        yield Todo(0, words, url_for("feedback.index", state="overdue"))
    rest = sum(part.open for part in waiting) - late
    if rest:
        words = with_count("Trả lời %(n)s phản ánh còn hạn", rest)
        yield Todo(2, words, url_for("feedback.index"))
    apart = sum(part.apart for part in waiting)
    if apart:
        words = with_count("Sàng lọc %(n)s phản ánh đến dồn dập", apart)
        yield Todo(1, words, url_for("feedback.index", state="screening"))


def kiosks(scope: Scope) -> Iterator[Todo]:
    """Kiosks not heard of, or unfit to take answers."""
    silent = {
        device.device_id: device
        for sector in sectors_to_do(scope, Action.MANAGE_DEVICES)
        for device in fetch_silent(scope.province.id, agency_ids=scope.agencies, sector=sector)
    }
    if not silent:
        return
    count = len(silent)
    since = min((device.last_contact_at for device in silent.values() if device.last_contact_at), default=None)
    if since is None:
        words = with_count("Xem %(n)s kiosk chưa liên lạc được", count)
    else:
        words = ngettext(
            "Gọi về %(n)s kiosk mất liên lạc từ %(day)s",
            "Gọi về %(n)s kiosk mất liên lạc, lâu nhất từ %(day)s",
            count,
            n=number(count),
            day=date(since),
        )
    yield Todo(1, words, url_for("fleet.index"))


def caseloads(scope: Scope) -> Iterator[Todo]:
    """Agencies that have not sent the caseload of a past month."""
    if not sectors_to_do(scope, Action.MANAGE_CASELOADS):
        return
    owing = _count_owing(scope)
    if owing:
        words = with_count("Nhắc %(n)s đơn vị chưa gửi số hồ sơ", owing)
        yield Todo(1, words, url_for("caseloads.owed", province=scope.province.key))


def _count_owing(scope: Scope) -> int:
    """Agencies of the scope that owe a month; remembered, since months that are over seldom change."""
    months, stamp = tuple(past_months(MONTHS)), register_stamp()
    reach = frozenset((grant.role, grant.province_id, grant.sector, grant.agency_id) for grant in current_user.grants)
    state = State((scope.province.id, scope.agencies, reach), (stamp, months, months_state(scope.province.id, months)))

    def count() -> int:
        lines = lines_of(scope.province, current_user, months)
        return sum(bool(line.missing) for line in lines if scope.agencies is None or line.agency.id in scope.agencies)

    return _OWING.get_in(None if is_writing() else state, count)


def signals(scope: Scope) -> Iterator[Todo]:
    """Signals nobody has explained."""
    sectors = sectors_to_do(scope, Action.EXPLAIN_SIGNALS)
    waiting = sum(count_open(scope.province.id, sector, scope.agencies) for sector in sectors)
    if waiting:
        words = with_count("Giải trình %(n)s tín hiệu", waiting)
        yield Todo(1, words, url_for("signals.index"))
