"""A device's signing key, as its browser would make and use it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True)
class DeviceKeys:
    """A new pair of keys."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public(self) -> str:
        """What the server is told at pairing."""
        der = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def sign(self, text: str) -> str:
        """Hex of r and s."""
        r, s = decode_dss_signature(self.private.sign(text.encode(), ec.ECDSA(SHA256())))
        return (r.to_bytes(32, "big") + s.to_bytes(32, "big")).hex()


def queue_file_of(device_id: str, keys: DeviceKeys, answers: list[Any], **changes: Any) -> bytes:
    """A device's queue as the file it writes."""
    payload = json.dumps(
        {"format": "hai-long-kiosk-queue", "device": device_id, "offsets": {}, "responses": answers, **changes}
    )
    return json.dumps({"payload": payload, "signature": keys.sign(payload)}).encode()
