"""Limits on attempts, over all processes and servers: who guesses is stopped, wherever each guess arrives.

Stored are keyed digests of what is counted (an address, an account), never the thing itself, until the limit's time is
over.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flask import has_request_context, request
from sqlalchemy.orm import Session

from survey.foundation.clock import now
from survey.foundation.security import throttle_queries as queries
from survey.foundation.security.keyed import keyed_digest
from survey.foundation.storage.database import writing


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts `within` a time that begins with the first of them."""

    purpose: str
    most: int
    within: dt.timedelta


Counted = tuple[Limit, str]  # and who or what is counted


def network() -> str:
    """Where a request comes from: the IPv4 address, or the IPv6 network a household or an office is given.

    A server that listens to both writes the first within the second: taken for one network, all of them would be one.
    """
    address = (request.remote_addr or "") if has_request_context() else ""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])  # behind it: by which of our own ports it came
    except ValueError:
        return address
    of_version_4 = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else parsed
    return str(of_version_4 or ipaddress.ip_network(f"{parsed}/64", strict=False))


def take(counted: Iterable[Counted]) -> bool:
    """Count an attempt against each limit, durably, before it is made; whether all of them still allow it."""
    at, allowed = now(), True
    with writing() as session:
        queries.forget_expired(session, at)
        for limit, who in counted:
            count = queries.count_one(session, _key(limit, who), at, at + limit.within)
            allowed = allowed and count <= limit.most
    return allowed


def is_beyond(session: Session, limit: Limit, who: str) -> bool:
    """Count what happens anyway, inside the caller's transaction; whether it is beyond the limit."""
    at = now()
    queries.forget_expired(session, at)
    return queries.count_one(session, _key(limit, who), at, at + limit.within) > limit.most


def give_back(counted: Iterable[Counted], cleared: Iterable[Counted] = ()) -> None:
    """The attempt succeeded: it is not counted; against `cleared` nothing is counted any more."""
    with writing() as session:
        for limit, who in counted:
            queries.uncount_one(session, _key(limit, who))
        for limit, who in cleared:
            queries.forget(session, _key(limit, who))


def exhausted_until(limit: Limit, whos: Collection[str]) -> dict[str, dt.datetime]:
    """Those against whom no attempt is allowed at present, and until when."""
    keys = {_key(limit, who): who for who in whos}
    counts = queries.fetch_counts(keys, now())
    return {keys[key]: end for key, (count, end) in counts.items() if count >= limit.most}


def _key(limit: Limit, who: str) -> str:
    return keyed_digest("throttle", f"{limit.purpose}|{who}")
