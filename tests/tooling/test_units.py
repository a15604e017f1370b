"""What systemd is given is valid, says whom to tell, and may do little; the scripts of deploy/ parse."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from survey.foundation.configuration.environment_file import read_file
from survey.foundation.configuration.settings import known_settings

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
EXPOSURE = 25  # tenths
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")


@needs_systemd
def test_a_unit_is_exposed_by_little() -> None:
    for unit in SERVICES:
        checked = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", str(unit)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert checked.returncode == 0, f"{unit.name}: {checked.stdout[-300:]}{checked.stderr}"


def test_every_unit_that_can_fail_tells_somebody_and_reads_the_settings_by_the_program() -> None:
    assert len(SERVICES) >= 6
    for unit in SERVICES:
        text = unit.read_text(encoding="utf-8")
        assert ("OnFailure=hai-long-alarm@%n.service" in text) == ("alarm@" not in unit.name), unit.name
        assert "\nEnvironmentFile=" not in text, unit.name
        assert "Environment=HAI_LONG_ENVIRONMENT=/etc/hai-long/environment" in text, unit.name


def test_a_rehearsal_makes_its_database_on_a_disk_and_not_in_memory() -> None:
    assert "\nEnvironment=TMPDIR=/var/tmp\n" in (DEPLOY / "hai-long-rehearsal.service").read_text(encoding="utf-8")


def test_every_timer_has_its_service_and_is_installed() -> None:
    install = (DEPLOY / "install").read_text(encoding="utf-8")
    listed = re.search(r'^TIMERS="(.*)"$', install, re.MULTILINE)
    assert listed
    assert sorted(listed[1].split()) == sorted(timer.name for timer in DEPLOY.glob("*.timer"))
    assert all((DEPLOY / name.replace(".timer", ".service")).is_file() for name in listed[1].split())


def test_the_sample_of_the_environment_holds_only_settings_also_those_in_comments(tmp_path: Path) -> None:
    text = (DEPLOY / "environment.sample").read_text(encoding="utf-8")
    file = tmp_path / "environment"
    file.write_text(re.sub(r"^#(?=[A-Z])", "", text, flags=re.MULTILINE), encoding="utf-8")
    assert {"SMTP_URL", "BACKUP_COPY_TO", "DATABASE_URL"} <= read_file(file, known_settings()).keys()


def test_the_journal_goes_to_another_machine_by_tls_that_both_sides_prove() -> None:
    sample = configparser.ConfigParser(interpolation=None)
    sample.optionxform = str  # type: ignore[assignment, method-assign]
    sample.read(DEPLOY / "journal-upload.conf.example", encoding="utf-8")
    upload = dict(sample["Upload"])
    assert upload.pop("URL").startswith("https://")
    assert upload.keys() == {"ServerKeyFile", "ServerCertificateFile", "TrustedCertificateFile"}
    assert all(path.startswith("/etc/ssl/") for path in upload.values())


def test_what_the_program_tells_goes_to_the_journal_and_nowhere_else() -> None:
    for unit in SERVICES:
        text = unit.read_text(encoding="utf-8")
        assert not re.search(r"^Standard(Output|Error)=|^LogNamespace=", text, re.MULTILINE), unit.name
    server = (DEPLOY / "gunicorn.conf.py").read_text(encoding="utf-8")
    assert not re.search(r"^(errorlog|logfile)\s*=\s*[\"'](?!-)", server, re.MULTILINE)
    assert "FileHandler" not in Path(DEPLOY.parent, "survey/foundation/server/logs.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["install", "upgrade", "settings.sh", "hai-long", "run-demo", "install-test-tools"])
def test_a_script_parses(name: str) -> None:
    assert subprocess.run(["sh", "-n", str(DEPLOY / name)], check=False).returncode == 0


def test_the_container_copies_what_there_is_and_both_are_given_settings_alone() -> None:
    container = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    compose = (DEPLOY / "compose.yml").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (\S+) \S+$", container, re.MULTILINE)
    assert copied
    for name in copied + re.findall(r"--config (\S+)", container) + re.findall(r"dockerfile: ([^\s}]+)", compose):
        assert (DEPLOY.parent / name).exists(), name
    given = re.findall(r"^      ([A-Z_]+): ", compose, re.MULTILINE) + re.findall(
        r"^ENV ([A-Z_]+)=", container, re.MULTILINE
    )
    assert {"DATABASE_URL", "SECRET_KEY", "PUBLIC_URL"} <= set(given) <= set(known_settings())
    assert '"127.0.0.1:8000:8000"' in compose  # TLS stands before it


def test_every_command_that_the_documents_run_by_itself_is_run_by_a_unit() -> None:
    """A line of cron in a document is for machines without systemd: what it runs a unit runs as well."""
    documents = "\n".join(page.read_text(encoding="utf-8") for page in (DEPLOY.parent / "docs").glob("*.md"))
    by_cron = set(
        re.findall(r"^[\d*/]+ [\d*/,-]+ \S+ \S+ \S+ hai-long \S*hai-long ((?:\w[\w-]* ?)+)", documents, re.MULTILINE)
    )
    assert "analysis detect" in {command.strip() for command in by_cron}
    started = "\n".join(re.findall(r"^ExecStart=.*--app wsgi (.*)", "\n".join(map(_text, SERVICES)), re.MULTILINE))
    assert [command for command in by_cron if command.strip() not in started] == []


def _text(unit: Path) -> str:
    return unit.read_text(encoding="utf-8")
