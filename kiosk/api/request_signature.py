"""A device's signature over one request: HTTP Message Signatures (RFC 9421), ECDSA on P-256.

One profile of it: method, path, a digest of the body (RFC 9530) and the second of signing. Whoever copies a key, or a
whole request, can make no other request of it, and the same one only for a while.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from flask import Request

from survey.devices.signatures import is_made_by
from survey.foundation.clock import from_timestamp, now

# A copied request is the same once more: its answers are duplicates. After this long it is not even heard.
LASTS = dt.timedelta(minutes=5)
_INPUT = re.compile(r'kiosk=(\("@method" "@path" "content-digest"\);created=(\d{1,11});alg="ecdsa-p256-sha256")')
_SIGNATURE = re.compile(r"kiosk=:([A-Za-z0-9+/]{86}==):")


class RequestSignature(NamedTuple):
    """What was signed (the signature base), the signature (r and s) and when it says it was made."""

    base: bytes
    made: bytes
    created: dt.datetime

    def is_of(self, key: EllipticCurvePublicKey) -> bool:
        """Whether this key made it."""
        return is_made_by(key, self.base, self.made)

    @property
    def is_timely(self) -> bool:
        """Whether it was made just now, by our clock."""
        return abs(now() - self.created) <= LASTS


def signature_of(request: Request) -> RequestSignature | None:
    """The signature a request carries; None if it carries none of this form. The body's digest is worked out anew."""
    signed = _INPUT.fullmatch(request.headers.get("Signature-Input", ""))
    made = _SIGNATURE.fullmatch(request.headers.get("Signature", ""))
    if signed is None or made is None:
        return None
    parameters, created = signed.groups()
    body = base64.b64encode(hashlib.sha256(request.get_data()).digest()).decode()
    lines = (
        f'"@method": {request.method}',
        f'"@path": {request.script_root}{request.path}',
        f'"content-digest": sha-256=:{body}:',
        f'"@signature-params": {parameters}',
    )
    moment = from_timestamp(int(created))
    return RequestSignature("\n".join(lines).encode(), base64.b64decode(made[1]), moment)
