"""Second factors and recovery codes as stored: SQL only."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from survey.accounts.approvals.province_rules import Rule
from survey.accounts.models import RecoveryCode, SecondFactor, SecurityKey, User
from survey.foundation.installation_flags import Fact
from survey.foundation.storage.database import db, rows_changed
from survey.registry.models import Province


def fetch_user(user_id: int) -> User | None:
    """An account."""
    user: User | None = db.session.get(User, user_id)
    return user


def count_recovery_codes(user_id: int) -> int:
    """How many recovery codes an account has left."""
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return db.session.scalar(query) or 0


def fetch_rules_on(rules: Collection[Rule], province_ids: Collection[int]) -> set[tuple[int, Rule]]:
    """Which of these rules some provinces (ids) have switched on: one statement, for every page asks."""
    named = {rule.name: rule for rule in rules}
    own = or_(*(Fact.key == rule.key("") + Province.key for rule in rules))
    query = select(Province.id, Fact.key, Fact.value).join(Fact, own).where(Province.id.in_(province_ids))
    return {(id_, named[key.partition(":")[0]]) for id_, key, on in db.session.execute(query) if on}


def use_step(session: Session, user_id: int, step: int) -> bool:
    """Note that the code of a step was used; False if it was before, or a later one."""
    mine = (SecondFactor.user_id == user_id) & (SecondFactor.last_step < step)
    return rows_changed(session.execute(update(SecondFactor).where(mine).values(last_step=step))) == 1


def use_recovery_code(session: Session, user_id: int, digests: Collection[str]) -> bool:
    """Use a recovery code up; False if there is none with such a digest."""
    mine = (RecoveryCode.user_id == user_id) & RecoveryCode.code_digest.in_(digests)
    return rows_changed(session.execute(delete(RecoveryCode).where(mine))) == 1


def replace_recovery_codes(session: Session, user_id: int, digests: Collection[str]) -> None:
    """New recovery codes in place of all there were."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    if digests:
        session.execute(insert(RecoveryCode), [{"user_id": user_id, "code_digest": digest} for digest in digests])


def fetch_keys(user_id: int, host: str | None = None) -> list[SecurityKey]:
    """The security keys of an account, the newest last; `host`: those for pages opened by this name."""
    query = select(SecurityKey).where(SecurityKey.user_id == user_id).order_by(SecurityKey.id)
    return list(db.session.scalars(query if host is None else query.where(SecurityKey.host == host)))


def delete_key(session: Session, user_id: int, key_id: int) -> str | None:
    """Take one key away; its name, None where the account has no such key."""
    mine = (SecurityKey.user_id == user_id) & (SecurityKey.id == key_id)
    name: str | None = session.scalar(delete(SecurityKey).where(mine).returning(SecurityKey.name))
    return name


def delete_factor(session: Session, user_id: int) -> bool:
    """Take the second factor away with its recovery codes and security keys; whether there was one."""
    session.execute(delete(SecurityKey).where(SecurityKey.user_id == user_id))
    replace_recovery_codes(session, user_id, ())
    return rows_changed(session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))) == 1
