"""A device's signing key, as its browser would make and use it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from survey.foundation.clock import now


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

    def signature(self, method: str, path: str, body: bytes = b"", at: float | None = None) -> dict[str, str]:
        """The headers that sign a request now, or at `at` (seconds since 1970)."""
        created = int(now().timestamp() if at is None else at)
        digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
        signed = f'("@method" "@path" "content-digest");created={created};alg="ecdsa-p256-sha256"'
        base = (f'"@method": {method}', f'"@path": {path}', f'"content-digest": {digest}')
        made = bytes.fromhex(self.sign("\n".join((*base, f'"@signature-params": {signed}'))))
        return {
            "Content-Digest": digest,
            "Signature-Input": f"kiosk={signed}",
            "Signature": f"kiosk=:{base64.b64encode(made).decode()}:",
        }


def queue_file_of(device_id: str, keys: DeviceKeys, answers: list[Any], **changes: Any) -> bytes:
    """A device's queue as the file it writes."""
    payload = json.dumps(
        {"format": "hai-long-kiosk-queue", "device": device_id, "offsets": {}, "responses": answers, **changes}
    )
    return json.dumps({"payload": payload, "signature": keys.sign(payload)}).encode()
