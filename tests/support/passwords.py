"""Quick hashes for tests: the program's take a tenth of a second and 64 MB each, which is their purpose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher

from survey.accounts import passwords

_QUICK = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
_REAL = passwords._hasher


def hash_quickly() -> None:
    """Let the program hash passwords with the least effort for the rest of this process."""
    passwords._hasher = _QUICK


@contextmanager
def real_hashes() -> Iterator[None]:
    """Let the program hash passwords as it does outside tests."""
    passwords._hasher = _REAL
    try:
        yield
    finally:
        hash_quickly()
