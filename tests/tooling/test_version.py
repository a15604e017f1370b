"""Every place that says which program made something says the same version and commit."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from analysis.exports.table import ExportTable, dictionary
from analysis.reports.versions import versions
from survey.foundation import version
from survey.foundation.configuration.settings import ROOT
from survey.foundation.periods import Period

GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.org")


def run(*arguments: str, place: Path) -> str:
    return subprocess.run([*GIT, *arguments], cwd=place, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of one commit with the file that a package carries."""
    (tmp_path / version.COMMIT_FILE).parent.mkdir(parents=True)
    for name in (version.COMMIT_FILE, ".gitattributes"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    run("init", "--quiet", "--initial-branch=main", place=tmp_path)
    run("add", ".", place=tmp_path)
    run("commit", "--quiet", "--message=first", place=tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "change",
    [
        [],
        [("pack-refs", "--all")],
        [("tag", "-a", "-m", "one", "v1"), ("checkout", "--quiet", "-b", "other/branch"), ("pack-refs", "--all")],
        [("checkout", "--quiet", "--detach")],
        [("pack-refs", "--all"), ("commit", "--quiet", "--allow-empty", "--message=second")],
    ],
    ids=["a branch", "packed references", "another branch, packed", "no branch", "newer than the packed references"],
)
def test_the_commit_of_a_checkout_is_read_as_git_says_it(checkout: Path, change: list[tuple[str, ...]]) -> None:
    for arguments in change:
        run(*arguments, place=checkout)
    assert version.commit_of(checkout) == run("rev-parse", "HEAD", place=checkout)


def test_the_commit_of_a_worktree_is_its_own(checkout: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    run("worktree", "add", "--quiet", "-b", "beside", str(tree), place=checkout)
    run("commit", "--quiet", "--allow-empty", "--message=second", place=tree)
    assert version.commit_of(tree) == run("rev-parse", "HEAD", place=tree)
    assert version.commit_of(tree) != version.commit_of(checkout)


def test_a_package_made_by_git_archive_carries_its_commit(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    run("archive", "--output=package.tar", "HEAD", place=checkout)
    subprocess.run(["tar", "-xf", str(checkout / "package.tar"), "-C", str(tmp_path / "package")], check=True)
    assert version.commit_of(tmp_path / "package") == run("rev-parse", "HEAD", place=checkout)


@pytest.mark.parametrize("head", [None, b"", b"ref: refs/heads/gone\n", b"\xff\xfe", b"ref: ../../../etc\n"])
def test_without_a_readable_checkout_there_is_no_commit_and_no_failure(tmp_path: Path, head: bytes | None) -> None:
    if head is not None:
        (tmp_path / ".git").mkdir()
        (tmp_path / ".git" / "HEAD").write_bytes(head)
    assert version.commit_of(tmp_path) is None


def test_readyz_metrics_documents_and_exports_name_the_same_program(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    for module in ("server.health", "server.metrics_page", "version"):
        monkeypatch.setattr(f"survey.foundation.{module}.program_commit", lambda: commit)
    named = f"{version.program_version()} (0123456789ab)"
    answer = client.get("/readyz").json
    assert (answer["version"], answer["commit"]) == (version.program_version(), commit)
    (sample,) = re.findall(r"^hai_long_build_info\{(.*)\} 1\.0$", client.get("/metrics").text, flags=re.MULTILINE)
    assert sample == f'commit="{commit}",version="{version.program_version()}"'
    with client.application.test_request_context():
        assert versions(0, Period.parse("2026-10"))["chương trình"] == named
        words = [row[2] for row in dictionary(ExportTable((), iter(()), (), 0))]
    assert any(named in str(text) for text in words)


def test_where_no_commit_is_known_only_the_version_is_said(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("server.health", "server.metrics_page", "version"):
        monkeypatch.setattr(f"survey.foundation.{module}.program_commit", lambda: None)
    assert client.get("/readyz").json["commit"] is None
    assert version.program_name() == version.program_version()
    assert 'hai_long_build_info{commit="",version=' in client.get("/metrics").text


def test_no_other_file_names_the_version() -> None:
    number = re.escape(version.program_version())
    sources = [path for part in ("survey", "kiosk", "analysis", "deploy") for path in (ROOT / part).rglob("*.py")]
    assert len(sources) > 100
    said = re.compile(rf"(?<![\d.]){number}(?![\d.])")
    assert [path for path in (*sources, ROOT / "wsgi.py") if said.search(path.read_text(encoding="utf-8"))] == []
