"""One reader of the environment file: what it holds is what the program gets, whoever starts it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.foundation.configuration.environment_file import EnvironmentProblem, add_file, read_file
from survey.foundation.configuration.settings import SettingError, Settings, known_settings
from tests.support.applications import application

VIETNAMESE = re.compile("[À-ỹ]")
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
        ({"ALARM_MAIL": "a@tinh.gov.vn;b@tinh.gov.vn"}, "ALARM_MAIL.*commas between"),
        ({"ALARM_MAIL": "a@tinh.gov.vn, abc"}, "ALARM_MAIL.*commas between"),
        ({"TRUSTED_PROXIES": "²"}, "TRUSTED_PROXIES must be a whole number"),
        ({"BACKUP_DAYS": "9" * 5000}, "BACKUP_DAYS must be a whole number"),
        ({"DATABASE_URL": "postgresql://u:p@host:many/name"}, "DATABASE_URL has no usable port"),
        ({"BACKUP_RECIPIENT": "AGE-SECRET-KEY-1QQ"}, "BACKUP_RECIPIENT must be the public key"),
        ({"BACKUP_COPY_TO": "mnt/copies", "BACKUP_RECIPIENT": f"age1{'q' * 58}"}, "BACKUP_COPY_TO must name a folder"),
        ({"SMPT_URL": "smtp://host"}, "SMPT_URL is no setting.*SMTP_URL"),
        ({"DATABASE_URI": "x"}, "DATABASE_URI is no setting"),
    ],
)
def test_a_wrong_or_misspelt_setting_is_refused_by_name(wrong: dict[str, str], said: str) -> None:
    environment = {
        key: value for key, value in SERVICE.items() if wrong.keys() != {"DATABASE_URI"} or key != "DATABASE_URL"
    }
    with pytest.raises(SettingError, match=said) as told:
        Settings.from_environment(environment | wrong)
    assert_said_in_both(str(told.value), next(iter(wrong.items())))


def assert_said_in_both(message: str, wrong: tuple[str, str]) -> None:
    vietnamese, english = message.splitlines()
    assert VIETNAMESE.search(vietnamese.replace(wrong[1], ""))
    assert not VIETNAMESE.search(english.replace(wrong[1], ""))
    assert wrong[0] in vietnamese
    assert wrong[0] in english


@pytest.mark.parametrize(
    "wrong",
    [
        {"SECRET_KEY": "short"},
        {"DATABASE_URL": ""},
        {"DATABASE_URL": "no address"},
        {"DATABASE_URL": "mysql://h/x"},
        {"DATABASE_POOLED": "yes"},
        {"DATABASE_READ_URL": "sqlite:///x"},
        {"PUBLIC_URL": "https://[::1"},
        {"PUBLIC_URL": "https://a.vn:99999"},
        {"PUBLIC_URL": "https://a.vn/x"},
        {"PORT": "80000"},
        {"ALLOWED_HOSTS": "a@b"},
        {"BACKUP_COPY_TO": "/mnt/x"},
        {"FEEDBACK_RULES": "/nowhere"},
        {"REPORT_CALENDARS": "/"},
        {"EMBLEM": "/etc/hostname"},
        {"SECRET_KEY_FILE": "/nowhere", "SECRET_KEY": ""},
    ],
)
def test_what_is_wrong_is_said_in_vietnamese_and_in_english_under_it(wrong: dict[str, str]) -> None:
    environment = {"MAIL_FROM": "a@b.vn", **SERVICE, **wrong}
    with pytest.raises(SettingError) as told:
        Settings.from_environment(environment)
    assert_said_in_both(str(told.value), next(iter(wrong.items())))


def test_a_number_of_the_server_and_a_file_are_refused_in_both_languages_too(tmp_path: Path) -> None:
    missing = {"HAI_LONG_ENVIRONMENT": str(tmp_path / "none")}
    threads = {"HAI_LONG_ENVIRONMENT": "", "SECRET_KEY": "s" * 40, "THREADS": "many"}
    serve = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--check-config", "wsgi:app"]
    for environment, name in ((threads, "THREADS"), (missing, str(tmp_path / "none"))):
        done = started(serve, ROOT, **environment)
        assert done.returncode != 0
        assert_said_in_both(done.stderr, (name, ""))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("REPORT_CALENDARS", {"son-la": 5}),
        ("REPORT_CALENDARS", {"son-la": {"rules": [{"kind": "year", "month": 2, "before_day": 30}]}}),
        ("REPORT_CALENDARS", {"son-la": {"rules": {"kind": "year"}}}),
        ("FEEDBACK_RULES", {"version": "1"}),
        ("FEEDBACK_RULES", {"version": "1", "kinds": [{"kind": "wish", "words": ["x"]}]}),
        ("COUNTRY_TARGETS", "health_service85"),
        ("COUNTRY_TARGETS", "heath_service>=85"),
    ],
)
def test_what_a_file_of_a_setting_holds_is_checked_when_the_program_starts(
    tmp_path: Path, name: str, content: object
) -> None:
    """Else the first report that is due, or the first citizen who writes something, meets the mistake."""
    file = tmp_path / "own.json"
    file.write_text(json.dumps(content))
    value = content if isinstance(content, str) else str(file)
    settings = Settings.from_environment({**SERVICE, "DATABASE_URL": "sqlite://", name: value})
    with pytest.raises(SettingError, match=name), application(settings):
        pass


@pytest.mark.parametrize("address", [{"DATABASE_URL": "postgresql://u:{}@host"}, {"SMTP_URL": "smtp://u:{}@host"}])
@pytest.mark.parametrize("password", ["geheim#word", "geheim/word", "geheim?word", "geheim:word"])
def test_a_wrong_address_is_refused_without_its_password(address: dict[str, str], password: str) -> None:
    wrong = {name: value.format(password) for name, value in address.items()}
    said = ""
    try:
        Settings.from_environment(SERVICE | wrong)
    except SettingError as error:
        said = str(error)
    assert "geheim" not in said


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
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from survey.foundation.configuration.settings import *; "
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


def test_a_place_that_keeps_nothing_ends_them_with_one_sentence_too(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = {"HAI_LONG_ENVIRONMENT": str(written(tmp_path, "")), "SECRET_KEY": "s" * 40}
    flask = [sys.executable, "-m", "flask", "--app", "wsgi", "addresses"]
    serve = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--check-config", "wsgi:app"]
    for command, url, said in (
        (flask, f"sqlite:///{tmp_path}/file/answers.sqlite3", f"the folder {tmp_path}/file cannot be made"),
        (serve, f"sqlite:///{tmp_path}/file/answers.sqlite3", f"the folder {tmp_path}/file cannot be made"),
        (serve, "sqlite:///", "DATABASE_URL names no file"),
    ):
        done = started(command, ROOT, **settings, DATABASE_URL=url)
        assert done.returncode != 0
        assert said in done.stderr
        assert "Traceback" not in done.stderr


SECRET = {"SECRET_KEY": "s" * 20, "DATABASE_URL": "postgresql://u:p@h/x", "METRICS_TOKEN": "m", "SMTP_URL": "smtp://a"}


def kept(folder: Path, secrets: dict[str, str]) -> Path:
    folder.mkdir()
    for name, value in secrets.items():
        (folder / name).write_text(f"{value}\n")
    return folder


def test_secrets_come_from_files_of_a_vault_and_stand_in_no_environment(tmp_path: Path) -> None:
    folder = kept(tmp_path / "run", {**SECRET, "SECRET_KEY_FALLBACKS": "first second"})
    environment = {f"{path.name}_FILE": str(path) for path in folder.iterdir()}
    settings = Settings.from_environment(environment)
    assert (settings.secret_key, settings.metrics_token) == (SECRET["SECRET_KEY"], "m")
    assert settings.secret_key_fallbacks == ("first", "second")
    assert settings.database_url == "postgresql+psycopg://u:p@h/x"
    assert not set(SECRET) & set(environment)


def test_secrets_come_as_credentials_of_systemd_after_what_is_said_by_name(tmp_path: Path) -> None:
    credentials = {"CREDENTIALS_DIRECTORY": str(kept(tmp_path / "given", SECRET))}
    assert Settings.from_environment(credentials).smtp_url == SECRET["SMTP_URL"]
    other = kept(tmp_path / "other", {"METRICS_TOKEN": "other"}) / "METRICS_TOKEN"
    assert Settings.from_environment({**credentials, "METRICS_TOKEN_FILE": str(other)}).metrics_token == "other"
    assert Settings.from_environment({**credentials, "METRICS_TOKEN": "said"}).metrics_token == "said"


def test_a_file_of_a_secret_that_cannot_be_read_is_named_and_not_quoted(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="SMTP_URL_FILE: there is no file /nowhere"):
        Settings.from_environment({**SERVICE, "SMTP_URL_FILE": "/nowhere"})
    (tmp_path / "key").write_bytes(b"KHOA-RIENG \xff")
    with pytest.raises(SettingError, match=r"SMTP_URL_FILE: .*it is no UTF-8 text") as told:
        Settings.from_environment({**SERVICE, "SMTP_URL_FILE": str(tmp_path / "key")})
    assert "KHOA-RIENG" not in str(told.value)


def test_a_file_of_a_secret_without_which_a_service_would_fall_back_to_sqlite_counts(tmp_path: Path) -> None:
    url = kept(tmp_path / "run", SECRET) / "DATABASE_URL"
    settings = Settings.from_environment({"SECRET_KEY": "x" * 16, "MAIL_FROM": "a@b.vn", "DATABASE_URL_FILE": str(url)})
    assert settings.database_url.endswith("@h/x")
