"""Which branches of the program the tests take, told at the end of the run: `make test` asks with TELL_BRANCHES=1.

SlipCover puts a mark into each branch when a module is loaded, so the run costs little more. Its own plugin rewrites
pytest's asserts too and does not know the pytest of today; here only the program is measured. Each worker tells the
controlling process what it met; processes that tests start tell nothing.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest

PROGRAM = ["survey", "kiosk", "analysis"]
# To take out the marks of what was met, SlipCover goes through every function of the program: a quarter of a second
# each time, an eighth of a run. A mark left where it is costs nothing that could be measured.
NEVER = -1
THIN, AT_MOST = 80, 30  # percent of its branches: so many files below are named
LEFT_OUT = ["if TYPE_CHECKING:", "raise NotImplementedError", "@overload", r"\.\.\.$"]
SENT = "branches"


class Branches:
    """What this process met, and what workers told of theirs."""

    def __init__(self) -> None:
        from slipcover import FileMatcher, ImportManager, Slipcover

        self._met = Slipcover(branch=True, source=PROGRAM, exclude_also=LEFT_OUT, d_miss_threshold=NEVER)
        self._told: list[dict[str, Any]] = []
        # Never left: what a test loads late counts too.
        ImportManager(self._met, FileMatcher(sources=PROGRAM)).__enter__()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tell the controlling process."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[SENT] = json.dumps(self._met.get_coverage())

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Keep what a worker told; one that died told nothing."""
        told = getattr(node, "workeroutput", {}).get(SENT)
        if told:
            self._told.append(json.loads(told))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the whole, and each thin file."""
        from slipcover import merge_coverage

        whole, *others = self._told or [self._met.get_coverage()]
        for other in others:
            whole = merge_coverage(whole, other)
        terminalreporter.section("branches of the program that tests take")
        for line in told_lines(whole["files"]):
            terminalreporter.write_line(line)


def told_lines(files: dict[str, Any]) -> Iterator[str]:
    """The whole share, then the thinnest files: those of which less than THIN percent of the branches were taken."""
    counted = {}
    for name, file in files.items():
        taken, missed = len(file["executed_branches"]), len(file["missing_branches"])
        if taken + missed:
            counted[name] = (taken, taken + missed)
    taken, there = (sum(column) for column in zip(*counted.values(), strict=True))
    yield f"{100 * taken / there:.1f} % of {there:,} branches in {len(counted):,} files"
    thin = sorted((100 * of[0] / of[1], name, of) for name, of in counted.items() if 100 * of[0] < THIN * of[1])
    yield from (f"{share:5.1f} % {name} ({of[0]} of {of[1]})" for share, name, of in thin[:AT_MOST])
    if thin[AT_MOST:]:
        yield f"and {len(thin) - AT_MOST} more below {THIN} %"


ASKED = os.environ.get("TELL_BRANCHES") == "1"
if ASKED:
    loaded = [name for name in sys.modules if name.partition(".")[0] in PROGRAM]
    assert not loaded, f"loaded before it could be measured: {loaded}"
    MEASURED = Branches()


def pytest_configure(config: pytest.Config) -> None:
    """Measure where asked."""
    if ASKED:
        config.pluginmanager.register(MEASURED, SENT)
