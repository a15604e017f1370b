"""Whoever gets the project learns what they may do with it, and with each thing in it that others made."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
VENDORED = ("static/vendor", "static/fonts", "tests/vendor")
OUR_OWN_WORDS = {"README.md"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def vendored() -> list[str]:
    """Every file that others made."""
    files = (path for place in VENDORED for path in (ROOT / place).rglob("*") if path.is_file())
    return [str(path.relative_to(ROOT)) for path in files if path.name not in OUR_OWN_WORDS]


def named() -> list[str]:
    """The files, folders and patterns of others' works that NOTICE names."""
    names = re.findall(rf"(?:{'|'.join(VENDORED)})/[\w./*-]*[\w/*]", text("NOTICE"))
    return [name for name in names if Path(name).name not in OUR_OWN_WORDS]


def test_the_licence_is_the_one_that_the_package_names() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    assert (project["license"], project["license-files"]) == ("Apache-2.0", ["LICENSE", "NOTICE"])
    assert re.search(r"Apache License\s+Version 2\.0, January 2004", text("LICENSE"))
    assert "END OF TERMS AND CONDITIONS" in text("LICENSE")


def test_the_notice_names_every_file_that_others_made_and_nothing_that_is_gone() -> None:
    patterns = [f"{name}*" if name.endswith("/") else name for name in named()]
    files = vendored()
    assert len(files) > 10
    assert [file for file in files if not any(fnmatch.fnmatch(file, pattern) for pattern in patterns)] == []
    assert [pattern for pattern in patterns if not any(fnmatch.fnmatch(file, pattern) for file in files)] == []


def test_each_vendored_work_has_the_text_of_its_licence_beside_it_and_its_true_version() -> None:
    licences = {name for name in named() if re.search(r"LICENSE|OFL", name)}
    assert {Path(name).parent.as_posix() for name in licences} == {
        *("static/vendor/idb", "static/vendor/uqr", "static/fonts", "tests/vendor/axe-core")
    }
    for name, version in re.findall(r"^ {4}(idb|uqr|axe-core) ([\d.]+),", text("NOTICE"), flags=re.MULTILINE):
        (page,) = [path for place in VENDORED for path in (ROOT / place).glob(f"{name}/README.md")]
        assert f"{name} {version}" in page.read_text(encoding="utf-8")


def test_readme_leads_to_licence_and_to_how_weaknesses_are_reported() -> None:
    for page in ("README.md", "README.vi.md"):
        assert "(LICENSE)" in text(page)
        assert "(SECURITY.md)" in text(page)
