"""A program of the system that is missing skips what needs it by name, and fails in continuous integration."""

from __future__ import annotations

import pytest

from tests.support.programs import program


def test_what_is_missing_is_named_and_required_in_continuous_integration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-server is missing: deploy/install-test-tools"):
        program("no-such-server")
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-server is missing"):
        program("no-such-server")
    assert program("sh").endswith("/sh")
