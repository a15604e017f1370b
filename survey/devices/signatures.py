"""A device's own signature (ECDSA, P-256, SHA-256): it keeps the private key, the server holds the public one alone."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

LONGEST = 200  # a P-256 key has 124 characters
HALF = 32  # bytes of r and of s


def read_public_key(text: str) -> EllipticCurvePublicKey:
    """A public key as WebCrypto exports it: SubjectPublicKeyInfo of P-256 in base64.

    Raises:
        ValueError: anything else.
    """
    if len(text) > LONGEST:
        raise ValueError("too long for a P-256 key")
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64") from error
    except UnsupportedAlgorithm as error:
        raise ValueError("a curve that nobody knows") from error
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise ValueError("not a P-256 key")
    return key


def is_signed_by(public_key: str, text: str, signature: str) -> bool:
    """Whether `signature` (r and s, 32 bytes each, in hex) is the key's over the UTF-8 text."""
    try:
        made = bytes.fromhex(signature)
    except ValueError:
        return False
    return is_made_by(read_public_key(public_key), text.encode("utf-8", "surrogatepass"), made)


def is_made_by(key: EllipticCurvePublicKey, signed: bytes, made: bytes) -> bool:
    """Whether `made` (r and s, 32 bytes each) is the key's signature over these bytes."""
    if len(made) != 2 * HALF:
        return False
    both = encode_dss_signature(int.from_bytes(made[:HALF], "big"), int.from_bytes(made[HALF:], "big"))
    try:
        key.verify(both, signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
