"""Whoever reads what answers say passes the release gate; who does not has a reason."""

from __future__ import annotations

from tests.guards.source import imported, modules, within

ANSWERS = {f"survey.responses.models.{name}" for name in ("Response", "Rating", "SearchableComment", "Tally")}
GATE = "analysis.periods.release"  # release_gate, released: the condition itself
# Modules of analysis that read answers past the gate.
EXCEPTIONS = {
    "analysis.figures.rating_queries": "takes the gate's condition in its scope: weighting.prepare asks for it",
    "analysis.figures.store.aggregates": "takes the gate's condition in its scope",
    "analysis.figures.store.counts": "takes the gate's condition in its scope",
    "analysis.figures.marked_queries": "takes the gate's condition in its scope",
    "analysis.presentation.selection_queries": "takes off what is held back (analysis.periods.held_back_queries)",
    "analysis.periods.release_queries": "the gate itself: when answers came, never what they say",
    "analysis.presentation.sensitivity_queries": "how many counters answered may be live; never what they say",
    "analysis.targets.coverage_queries": "counts of answers received may be live",
    "analysis.reports.queries": "which questionnaires were used, never what was answered",
}


def test_whoever_reads_answers_asks_the_release_gate() -> None:
    readers = {
        module.name: {name for _line, name in imported(module)}
        for module in modules()
        if within(module.name, "analysis") and ANSWERS & {name for _line, name in imported(module)}
    }
    past = {name for name, names in readers.items() if not any(one.startswith(GATE) for one in names)}
    assert past - EXCEPTIONS.keys() == set()
    assert EXCEPTIONS.keys() - readers.keys() == set(), "a reason for nothing"
