"""A browser test must not fail for having to wait."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_browser_tests_wait_without_eval_which_our_security_policy_refuses() -> None:
    """Use `wait_until` of tests.support.browsers, whose docstring says why."""
    sources = [path for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    assert [path.name for path in sources if ".wait_for_function" + "(" in path.read_text(encoding="utf-8")] == []
