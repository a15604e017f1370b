"""The signed token in a citizen's form: it names the answer before it is given, so that sending twice counts once."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.signer import SigningAlgorithm

from survey.foundation.clock import is_within, now
from survey.foundation.identifiers import new_id, parse_id
from survey.questionnaires.versions import VersionName

LIFETIME = 24 * 3600  # seconds a page may stay open


@dataclass(frozen=True)
class Token:
    """The response's id and the version that was shown. `fresh` is False once the page was open too long."""

    response_id: uuid.UUID
    questionnaire: VersionName
    fresh: bool = True


class _Sha1(SigningAlgorithm):
    """HMAC-SHA1, as by default, in one call."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha1")


class _Signer(TimestampSigner):
    """Signs by our clock, and derives the one key it has once."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._derived_key = super().derive_key()

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        return self._derived_key

    def get_timestamp(self) -> int:
        return int(now().timestamp())


class _Serializer(URLSafeTimedSerializer):
    """Keeps its signer, and never tries whether a payload this short could be compressed: most of making a token."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._signer: Any = super().make_signer()

    def make_signer(self, salt: str | bytes | None = None) -> Any:
        return self._signer

    def dump_payload(self, obj: Any) -> bytes:
        return base64_encode(self.serializer.dumps(obj))


def issue(counter: str, questionnaire: VersionName) -> str:
    """A new token for one answer at a counter (some 110 letters, digits, dots, dashes and underscores)."""
    return issuer(counter, questionnaire)()


def issuer(counter: str, questionnaire: VersionName) -> Callable[[], str]:
    """What makes tokens for a counter's form, outside the application's context too."""
    serializer = _serializer(counter)
    return lambda: str(serializer.dumps([str(new_id()), *questionnaire]))


def read(counter: str, text: str) -> Token | None:
    """What a token says; None when it is missing, was not signed here, or was signed for another counter."""
    try:
        payload, issued_at = _serializer(counter).loads(text, return_timestamp=True)
    except BadData:
        return None
    return _token(payload, fresh=is_within(LIFETIME, issued_at))


def _token(payload: object, *, fresh: bool) -> Token | None:
    match payload:
        case [str(id_), str(key), int(version)]:
            return Token(parse_id(id_), VersionName(key, version), fresh)
    return None


def _serializer(counter: str) -> _Serializer:
    return _serializer_with(current_app.config["SECRET_KEY"], counter)


@lru_cache(2000)
def _serializer_with(key: str, counter: str) -> _Serializer:
    return _Serializer(key, salt=f"citizen:{counter}", signer=_Signer, signer_kwargs={"algorithm": _Sha1()})
