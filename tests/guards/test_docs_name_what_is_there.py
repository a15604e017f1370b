"""What README and docs name is there: files, sections, kinds, columns, codes; links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from flask import Flask

from analysis.exports.kinds import EXPORTS
from analysis.signals.phrases import KINDS
from survey.channels.paper.response_file import FIXED
from survey.foundation.version import program_version
from survey.foundation.vocabulary import (
    AGENCY_KINDS,
    AGENCY_LEVELS,
    AREAS,
    CHANNELS,
    RESPONDENT_KINDS,
    SECTORS,
    SUBJECTS,
    UNKNOWN_KIND,
)
from survey.registry.files.service import FILE_IMPORTERS, RECORD_KINDS
from tests.guards.shell_blocks import PAGES, PARTS, files, mentioned, sources
from tests.guards.source import ROOT, modules
from tests.guards.test_docs import program

__all__ = ["program"]

EVERY_MENTION = [command for page in PAGES for command in mentioned(page)]


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_page_is_found_from_either_readme() -> None:
    for start in (ROOT / "README.md", ROOT / "README.vi.md"):
        found_pages, waiting = set[Path](), [start]
        while waiting:
            page = waiting.pop()
            found_pages.add(page)
            linked = re.findall(r"\]\(([^)#:]+\.md)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
            waiting += {(page.parent / link).resolve() for link in linked} - found_pages
        assert sorted(page.name for page in set(PAGES) - found_pages if page.parent == ROOT / "docs") == []


def test_every_file_and_module_that_a_page_names_exists() -> None:
    named = [(command, name) for command in EVERY_MENTION for name in files(command)]
    assert len(named) > 150
    assert [f"{command}: {name}" for command, name in named if not (ROOT / name).exists()] == []


def test_every_source_that_a_page_names_by_its_last_parts_exists() -> None:
    folders = [ROOT / part for part in PARTS.split("|") if part != "docs"]
    paths = [path for folder in folders for path in folder.rglob("*.*")]
    known = [f"/{path.relative_to(ROOT)}" for path in [*paths, *ROOT.glob("*.py"), *ROOT.glob(".ci/*.py")]]
    named = [(command, name) for command in EVERY_MENTION for name in sources(command)]
    assert len(named) > 400
    lost = [(command, name) for command, name in named if not any(path.endswith(f"/{name}") for path in known)]
    assert [f"{command}: {name}" for command, name in lost] == []


def test_every_page_that_the_code_names_exists() -> None:
    sources = [module.path for module in modules()] + sorted((ROOT / "tests").rglob("*.py"))
    named = {name for path in sources for name in re.findall(r"docs/[\w/-]+\.md", path.read_text(encoding="utf-8"))}
    assert "docs/architecture.md" in named
    assert sorted(name for name in named if not (ROOT / name).is_file()) == []


def test_every_section_that_the_code_names_stands_in_its_page() -> None:
    """By its heading in quotes, never by a number; a name may be broken over two lines."""
    texts = [" ".join(module.path.read_text(encoding="utf-8").split()) for module in modules()]
    named = {section for text in texts for section in re.findall(r'(docs/[\w/-]+\.md), "([^"]+)"', text)}
    assert len(named) > 3
    headings = {
        (page, heading)
        for page, _heading in named
        for heading in re.findall(r"^#+ (.+)$", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    }
    assert sorted(named - headings) == []
    assert [text for text in texts for _ in re.findall(r"\.md, (?:section )?\d", text)] == []


def test_the_architecture_names_every_part() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    parts = {f"{package.parent.name}/{package.name}" for top in ("survey", "analysis") for package in parts_of(top)}
    assert sorted(part for part in parts if f"`{part}/`" not in text) == []


def test_the_architecture_tells_the_order_of_imports_that_is_held() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = {each["containers"][0]: each["layers"] for each in contracts if "containers" in each}
    text = " ".join((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split())
    assert layers.keys() == {"survey", "analysis"}
    told = {top: f"`{top}`: {' < '.join(reversed(order))}" for top, order in layers.items()}
    assert [order for order in told.values() if order not in text] == []


def parts_of(top: str) -> list[Path]:
    return [path for path in (ROOT / top).iterdir() if (path / "__init__.py").exists()]


def page_entry(page: str, term: str) -> str:
    """The entry of a list that a page has of a term."""
    (entry,) = re.findall(rf"^- [^\n]*{term}((?:.|\n  )*)$", (ROOT / page).read_text("utf-8"), flags=re.MULTILINE)
    return entry


@pytest.mark.parametrize(
    ("term", "codes"),
    [
        ("channel", CHANNELS),
        ("subject", SUBJECTS),
        ("sector", SECTORS),
        ("respondent_kind", [*RESPONDENT_KINDS, UNKNOWN_KIND]),
        ("agency", [*AGENCY_KINDS, *AGENCY_LEVELS, *AREAS]),
    ],
)
def test_the_glossary_lists_the_codes_there_are(term: str, codes: Iterable[str]) -> None:
    assert set(re.findall(r"`(\w+)`", page_entry("docs/glossary.md", rf"\(?`{term}`"))) == set(codes)


@pytest.mark.parametrize(("page", "codes"), [("docs/signals.md", KINDS), ("docs/exports.md", EXPORTS)])
def test_every_kind_has_its_entry_in_the_page_of_its_feature(page: str, codes: Iterable[str]) -> None:
    entries = re.findall(r"^- `(\w+)`$", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(entries) == sorted(codes)


def test_the_page_of_imports_names_every_column_in_order_and_marks_the_required(program: Flask) -> None:
    text = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")
    kinds = {kind.name: kind.columns for kind in RECORD_KINDS.values()} | {"responses": FIXED}
    assert "targets" in kinds, "only an application knows the kinds of its features"
    for kind, columns in kinds.items():
        (row,) = re.findall(rf"^- {kind}: ((?:.|\n  )+)$", text, flags=re.MULTILINE)
        cells = [cell.strip() for cell in re.sub(r"\([^)]*\)", "", row).split(",")]
        names = [f"**{column.name}**" if column.required else column.name for column in columns]
        assert [cell.partition(" ")[0] for cell in cells][: len(names)] == names, kind


def test_the_page_of_imports_names_every_kind_of_file_that_goes_in_and_comes_out(program: Flask) -> None:
    text = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")
    listed = {command: set(kinds.split("|")) for command, kinds in re.findall(r"survey (\w+) --kind (\w+\|\S+)", text)}
    assert listed == {"import": {*RECORD_KINDS, *FILE_IMPORTERS}, "export": {*RECORD_KINDS}}


def test_decisions_are_short_and_numbered() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:4] for path in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]
    assert [path.name for path in files if len(path.read_text(encoding="utf-8").split()) > 450] == []


def test_the_changelog_goes_by_version_and_its_newest_is_the_programs() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert headings[0] == program_version()
    numbers = [tuple(int(part) for part in heading.split(".")) for heading in headings]
    assert numbers == sorted(set(numbers), reverse=True)


def test_no_line_of_our_pages_is_longer_than_120_characters() -> None:
    """Rows of tables and code cannot be broken; `make format` wraps the rest."""
    checked = subprocess.run(
        [sys.executable, ".ci/wrap_docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
