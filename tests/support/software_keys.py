"""A security key in software, for tests: what an authenticator and a browser make of what a page asks (WebAuthn)."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import struct
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

ORIGIN = "http://localhost"
KEYS = "/desk/account/security-keys"


def asked(page: str, name: str) -> dict[str, Any]:
    """What a page asks the browser's keys for."""
    options = re.search(rf'data-key-{name}="([^"]*)"', page)
    assert options, page
    said: dict[str, Any] = json.loads(unescape(options[1]))
    return said


@dataclass
class SoftwareKey:
    """One credential; `origin`: the page that the browser shows when the key is touched."""

    origin: str = ORIGIN
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def make(self, asked: dict[str, Any]) -> str:
        """What the browser sends for `navigator.credentials.create`."""
        public = cbor.encode(ES256.from_cryptography_key(self.private.public_key()))
        credential = b"\0" * 16 + struct.pack(">H", len(self.id)) + self.id + public
        data = self._data(asked["rp"]["id"], 0x41) + credential
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._sent({"attestationObject": websafe_encode(attested)}, "webauthn.create", asked["challenge"])

    def sign(self, asked: dict[str, Any]) -> str:
        """What the browser sends for `navigator.credentials.get`."""
        data = self._data(asked["rpId"], 0x01)
        client_data = self._client_data("webauthn.get", asked["challenge"])
        signed = self.private.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        told = {"authenticatorData": websafe_encode(data), "signature": websafe_encode(signed)}
        return self._sent(told, "webauthn.get", asked["challenge"])

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, 0)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _sent(self, told: dict[str, str], kind: str, challenge: str) -> str:
        response = {**told, "clientDataJSON": websafe_encode(self._client_data(kind, challenge))}
        own = websafe_encode(self.id)
        return json.dumps(
            {"id": own, "rawId": own, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )
