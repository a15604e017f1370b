"""One reader of the environment file: what it holds is what the program gets, whoever starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.foundation.environment_file import EnvironmentProblem, add_file, read_file
from survey.foundation.settings import SettingError, Settings, known_settings

ROOT = Path(__file__).parents[2]
URL = "postgresql://u:p#a$s s@/hai-long?host=/run/postgresql&port=5433&options=-c%20statement_timeout=9"
SERVICE = {"SECRET_KEY": "x" * 16, "DATABASE_URL": "postgresql:///x"}


def written(folder: Path, text: str) -> Path:
    file = folder / "environment"
    file.write_bytes(text.encode())
    return file


@given(value=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1))
@pytest.mark.parametrize("form", ["{}", '"{}"', "'{}'", "  {}  "])
def test_a_value_is_read_as_it_stands(tmp_path_factory: pytest.TempPathFactory, form: str, value: str) -> None:
    if value[0] in "'\"" or "\\" in value:
        return  # quotes around the whole are taken off; what stands in them is another test's
    file = written(tmp_path_factory.mktemp("e"), f"SMTP_URL={form.format(value)}\n")
    assert read_file(file, known_settings()) == {"SMTP_URL": value}


def test_quotes_blanks_comments_and_windows_lines_are_no_part_of_values(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        f'\ufeff# của tỉnh\r\n\r\nexport PUBLIC_URL = https://a.vn \r\nDATABASE_URL="{URL}"\r\nSECRET_KEY="a\\"b"\r\n',
    )
    assert read_file(file, known_settings()) == {
        "PUBLIC_URL": "https://a.vn",
        "DATABASE_URL": URL,
        "SECRET_KEY": 'a"b',
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("DATABSE_URL=postgresql:///x", "line 2: DATABSE_URL is no setting.*was DATABASE_URL meant"),
        ("MAILFROM=a@b.vn", "was MAIL_FROM meant"),
        ("COLOUR=red", "COLOUR is no setting.*docs/settings.md"),
        ("một dòng gì đó", "line 2: write NAME=value"),
        ('SECRET_KEY="abc', "line 2: the quote that SECRET_KEY begins with is not closed"),
        ("PORT=8001", "line 2: PORT stands there twice"),
    ],
)
def test_what_is_no_setting_is_refused_by_its_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(EnvironmentProblem, match=said):
        read_file(written(tmp_path, f"PORT=8000\n{line}\n"), known_settings())


def test_what_libraries_read_may_stand_in_the_file(tmp_path: Path) -> None:
    environment = {"TZ": "UTC"}
    add_file(environment, str(written(tmp_path, "PGSSLROOTCERT=/x y\nTZ=Asia/Ho_Chi_Minh\nhttps_proxy=h\n")), ())
    del environment["HAI_LONG_ENVIRONMENT"]
    assert environment == {"TZ": "UTC", "PGSSLROOTCERT": "/x y", "https_proxy": "h"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"MAIL_FROM": "abc"}, "MAIL_FROM must be an address"),
        ({"MAIL_FROM": "Sở Y tế <abc>"}, "MAIL_FROM"),
        ({"SMTP_URL": "smtp://"}, "SMTP_URL must look like"),
        ({"SMTP_URL": "smtp://u:p#w@host"}, "SMTP_URL.*%23"),
        ({"SMTP_URL": "smtp://host:many"}, "SMTP_URL"),
        ({"SMPT_URL": "smtp://host"}, "SMPT_URL is no setting.*SMTP_URL"),
        ({"DATABASE_URI": "x"}, "DATABASE_URI is no setting"),
    ],
)
def test_a_wrong_or_misspelt_setting_is_refused_by_name(wrong: dict[str, str], said: str) -> None:
    environment = {
        key: value for key, value in SERVICE.items() if wrong.keys() != {"DATABASE_URI"} or key != "DATABASE_URL"
    }
    with pytest.raises(SettingError, match=said):
        Settings.from_environment(environment | wrong)


@pytest.mark.parametrize("name", ["PUBLIC_URL", "TRUSTED_PROXIES", "SMTP_URL", "HAI_LONG_ENVIRONMENT", "METRICS_TOKEN"])
def test_a_service_never_falls_back_to_sqlite(name: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL is missing"):
        Settings.from_environment({"SECRET_KEY": "x" * 16, name: "1"})
    assert Settings.from_environment({"SECRET_KEY": "x" * 16}).database_url.startswith("sqlite")  # `make run`


def started(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


TELL = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from survey.foundation.settings import *; "
    "load_environment(); s = Settings.from_environment(); print(s.database_url, s.smtp_url)"
)


def test_a_shell_that_sources_the_file_and_systemd_and_cron_start_the_same_program(tmp_path: Path) -> None:
    """Sourcing loses an unquoted value with `&`, and used to leave SQLite in its place without a word."""
    url = "postgresql://u:p@/hai-long?host=db.local&port=5433"
    file = written(
        tmp_path, f"DATABASE_URL={url}\nSECRET_KEY={'k' * 20}\nPUBLIC_URL=https://a.vn\nSMTP_URL=smtp://a&b@h\n"
    )
    python, place = sys.executable, {"HAI_LONG_ENVIRONMENT": str(file)}
    by_systemd_or_cron = started([python, "-c", TELL], tmp_path, **place)
    by_shell = started(["sh", "-c", f'set -a; . {file}; exec {python} -c "$0"', TELL], tmp_path, **place)
    assert (
        by_systemd_or_cron.stdout
        == by_shell.stdout
        == f"{url.replace('postgresql:', 'postgresql+psycopg:')} smtp://a&b@h\n"
    )


def test_commands_and_server_end_with_one_sentence_on_a_misspelt_setting(tmp_path: Path) -> None:
    place = {"HAI_LONG_ENVIRONMENT": str(written(tmp_path, "DATABASEURL=x\n"))}
    for command in (
        [sys.executable, "-m", "flask", "--app", "wsgi", "addresses"],
        [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--check-config", "wsgi:app"],
    ):
        done = started(command, ROOT, **place)
        assert done.returncode != 0
        assert "was DATABASE_URL meant?" in done.stderr
        assert "Traceback" not in done.stderr
