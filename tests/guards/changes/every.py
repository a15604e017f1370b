"""One real change for every address of the desk that makes one, in an order in which each is possible."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.accounts.models import RecoveryCode, SecondFactor, User
from survey.channels.tickets.models import TicketKey
from survey.devices.models import Device
from survey.foundation.storage.database import db
from tests.guards.changes.accounts import CHANGES as OF_ACCOUNTS
from tests.guards.changes.channels import CHANGES as OF_CHANNELS
from tests.guards.changes.desk import Desk
from tests.guards.changes.devices import CHANGES as OF_DEVICES
from tests.guards.changes.feedback import CHANGES as OF_FEEDBACK
from tests.guards.changes.questionnaires import CHANGES as OF_QUESTIONNAIRES
from tests.guards.changes.registry import CHANGES as OF_REGISTRY
from tests.guards.changes.reports import CHANGES as OF_REPORTS
from tests.guards.changes.results import CHANGES as OF_RESULTS

CHANGES: Mapping[str, Callable[[Desk], TestResponse]] = {
    **OF_REGISTRY,
    **OF_REPORTS,
    **OF_FEEDBACK,
    **OF_CHANNELS,
    **OF_DEVICES,
    **OF_QUESTIONNAIRES,
    **OF_RESULTS,
    **OF_ACCOUNTS,
}


def known_secrets(desk: Desk) -> set[str]:
    """What must never stand in the log: digests and hashes from the database, what pages have shown once."""
    with desk.app.app_context():
        columns = (User.password_hash, Device.key_digest, Device.pin_hash, Device.pin_salt)
        columns = (*columns, SecondFactor.sealed_secret, RecoveryCode.code_digest, TicketKey.key_digest)
        stored = {value for column in columns for value in db.session.scalars(select(column)) if value}
    return stored | desk.secrets
