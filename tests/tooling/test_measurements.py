"""Measured times stand in one page that only the benchmarks write."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys

from benchmarks import record
from survey.foundation.configuration.settings import ROOT


def test_a_benchmark_measured_again_replaces_its_own_section_only() -> None:
    day = dt.date(2026, 11, 29)
    page = ""
    for name, said in (("desk", "12 ms"), ("bulk", "kept\n## not a section"), ("desk", "34 ms")):
        page = record.put(page, name, record.section(name, ["--quick"], said, day, 1.5))
    assert re.findall(r"^## (\w+)$", page, flags=re.MULTILINE) == ["bulk", "desk"]
    assert "12 ms" not in page
    assert all(word in page for word in ("kept", "34 ms", "29/11/2026", "load 1.5", "benchmarks.desk --quick"))
    assert page.startswith(record.INTRODUCTION)
    assert page.count("# Measurements\n") == 1


def test_what_is_no_benchmark_is_named_and_nothing_is_written() -> None:
    before = record.PAGE.read_bytes()
    for arguments in ([], ["record"], ["nothing"]):
        asked = [sys.executable, "-m", "benchmarks.record", *arguments]
        done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "estimation" in done.stderr
    assert record.PAGE.read_bytes() == before


def test_every_section_of_the_page_is_as_the_tool_writes_it() -> None:
    page = record.PAGE.read_text(encoding="utf-8")
    sections = {match[1]: match[0] for match in record.SECTION.finditer(page)}
    assert sections
    asked = {module for text in sections.values() for module in re.findall(r"-m benchmarks\.(\w+)", text)}
    assert len(asked) > 5
    assert [module for module in asked if not (ROOT / "benchmarks" / f"{module}.py").is_file()] == []
    (name, *_others) = sections
    assert record.put(page, name, sections[name].strip() + "\n") == page


def test_no_other_page_says_at_what_load_of_a_machine_something_took_how_long() -> None:
    """Who measures says the load; so a page that does has a measurement that belongs into the one generated page."""
    loads = re.compile(r"\bload (?:average )?(?:of )?\d", flags=re.IGNORECASE)
    pages = [page for page in (ROOT / "docs").rglob("*.md") if page != record.PAGE]
    assert len(pages) > 20
    assert loads.search(record.PAGE.read_text(encoding="utf-8"))
    texts = {page.name: page.read_text(encoding="utf-8") for page in pages}
    assert [name for name, text in texts.items() if loads.search(text) or "milliseconds by the clock" in text] == []


def test_every_section_says_when_and_from_which_commit_it_is() -> None:
    page = record.PAGE.read_text(encoding="utf-8")
    dated = re.compile(r"^\d{2}/\d{2}/\d{4}, (?:version \S+ \(|commits? )[0-9a-f]{7,12}\b", flags=re.MULTILINE)
    assert [match[1] for match in record.SECTION.finditer(page) if not dated.search(match[0])] == []
