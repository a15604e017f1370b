"""Settings: read from the environment once, checked at start, immutable afterwards.

Every field is documented in docs/settings.md; a test holds the two together.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from email.utils import getaddresses
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from survey.foundation.bilingual import Bilingual, named, reason
from survey.foundation.bilingual import bilingual as _
from survey.foundation.configuration.environment_file import EnvironmentProblem, add_file, refuse_misspelt, with_secrets
from survey.foundation.configuration.pictures import read_picture
from survey.foundation.configuration.web_addresses import listening_origin, read_host, read_origin

ROOT = Path(__file__).resolve().parents[3]
DEFAULT_DATABASE = f"sqlite:///{ROOT / 'var' / 'hai-long.sqlite3'}"

# Read by the server's configuration, or on the way to a setting.
OF_THE_SERVER = ("HOST", "PORT", "WEB_CONCURRENCY", "THREADS", "HAI_LONG_ENVIRONMENT")
# Each may also come from a file of whoever keeps secrets, and then stands in no environment.
SECRETS = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "DATABASE_READ_URL", "METRICS_TOKEN", "SMTP_URL")
# Nobody sets these to try the program out: where one stands, a database is meant that somebody chose.
OF_A_SERVICE = ("PUBLIC_URL", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "METRICS_TOKEN", "SMTP_URL", "MAIL_FROM")
_DATABASES = _("postgresql://NGƯỜI-DÙNG:MẬT-KHẨU@MÁY/TÊN (hoặc sqlite:////THƯ-MỤC/TỆP)")
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;.]+(\.[^\s@<>,;.]+)*")


class SettingError(ValueError):
    """A setting is missing or wrong; the message names the variable and the mend, in Vietnamese and in English."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a running instance needs to know."""

    secret_key: str
    secret_key_fallbacks: tuple[str, ...] = ()
    database_url: str = DEFAULT_DATABASE
    database_pooled: bool = False
    database_read_url: str = ""
    database_read_lag: int = 5
    public_url: str = "http://127.0.0.1:8000"
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    log_level: str = "INFO"
    metrics_token: str = ""
    smtp_url: str = ""
    mail_from: str = ""
    feedback_working_days: int = 10
    feedback_rules: str = ""
    feedback_an_hour: int = 30
    counter_capacity: int = 30
    report_calendars: str = ""
    organisation: str = ""
    emblem: str = ""
    alarm_mail: str = ""
    country_archive: str = ""
    country_provinces: tuple[str, ...] = ()
    country_targets: tuple[str, ...] = ()
    backup_days: int = 30
    backup_copy_to: str = ""
    backup_recipient: str = ""
    testing: bool = False
    release_step: int = 10  # what answers say moves in such steps (analysis.periods.release_gate); for tests

    @property
    def database_passes(self) -> bool:
        """Whether the database lies in memory alone: whatever it is given goes with the process."""
        return self.database_url in ("sqlite://", "sqlite:///", "sqlite:///:memory:")

    @property
    def is_https(self) -> bool:
        """Whether the public address is HTTPS; cookies are then Secure and HSTS is sent."""
        return self.public_url.startswith("https://")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read and check the settings.

        Raises:
            SettingError: naming the variable that is missing or wrong.
        """
        env = os.environ if environment is None else environment
        try:
            refuse_misspelt(env, known_settings())
            env = with_secrets(env, SECRETS)
        except EnvironmentProblem as problem:
            raise SettingError(*problem.args) from problem
        return cls(
            secret_key=_secret_key(env),
            secret_key_fallbacks=tuple(env.get("SECRET_KEY_FALLBACKS", "").split()),
            database_url=(database_url := _database_url(env)),
            database_pooled=_choice(env, "DATABASE_POOLED", "0", ("0", "1")) == "1",
            database_read_url=_database_read_url(env, database_url),
            database_read_lag=_integer(env, "DATABASE_READ_LAG", 5, 0, 3600),
            public_url=_public_url(env),
            allowed_hosts=_allowed_hosts(env),
            trusted_proxies=_integer(env, "TRUSTED_PROXIES", 0, 0, 5),
            log_level=_choice(env, "LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
            metrics_token=env.get("METRICS_TOKEN", ""),
            smtp_url=_smtp_url(env),
            mail_from=_mail_addresses(env, "MAIL_FROM", 1),
            feedback_working_days=_integer(env, "FEEDBACK_WORKING_DAYS", 10, 1, 60),
            feedback_rules=_json_file(env, "FEEDBACK_RULES"),
            feedback_an_hour=_integer(env, "FEEDBACK_AN_HOUR", 30, 1, 1000),
            counter_capacity=_integer(env, "COUNTER_CAPACITY", 30, 1, 1000),
            report_calendars=_json_file(env, "REPORT_CALENDARS"),
            organisation=env.get("ORGANISATION", "").strip()[:100],
            emblem=_picture(env, "EMBLEM"),
            alarm_mail=_mail_addresses(env, "ALARM_MAIL", 10),
            country_archive=env.get("COUNTRY_ARCHIVE", "").strip(),
            country_provinces=tuple(env.get("COUNTRY_PROVINCES", "").split()),
            country_targets=tuple(env.get("COUNTRY_TARGETS", "").split()),
            backup_days=_integer(env, "BACKUP_DAYS", 30, 2, 3650),
            backup_copy_to=_backup_copy_to(env),
            backup_recipient=_backup_recipient(env),
        )

    def but(self, **changes: Any) -> Settings:
        """A copy with some fields changed (for tests)."""
        return replace(self, **changes)


def known_settings() -> tuple[str, ...]:
    """The names of all variables the program reads."""
    ours = (field.name.upper() for field in fields(Settings) if field.name != "testing")
    return (*ours, *OF_THE_SERVER, *(f"{name}_FILE" for name in SECRETS))


def terminal_locale() -> str:
    """The locale of the terminal, as ``vi_VN.UTF-8``; '' where none is set. No setting of ours."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in names if os.environ.get(name)), "")


def child_environment(database_url: str) -> dict[str, str]:
    """What a process of this program started by this one has as its environment: ours, and this database."""
    return {**os.environ, "DATABASE_URL": database_url}


def offer_to_libraries(name: str, value: str) -> None:
    """Set what a library reads from the environment alone, unless the operator has set it."""
    os.environ.setdefault(name, value)


def load_environment() -> None:
    """Add the environment file to the environment of this process, which comes first where both speak.

    `HAI_LONG_ENVIRONMENT` names the file; set but empty: none; without it /etc/hai-long/environment, if there is one.

    Raises:
        SettingError: the file cannot be read, or holds what is no setting.
    """
    try:
        add_file(os.environ, os.environ.get("HAI_LONG_ENVIRONMENT"), known_settings())
    except EnvironmentProblem as problem:
        raise SettingError(*problem.args) from problem


def _secret_key(env: Mapping[str, str]) -> str:
    key = env.get("SECRET_KEY", "")
    if len(key) < 16:
        raise SettingError(
            _(
                "Thiếu SECRET_KEY hoặc nó ngắn hơn 16 ký tự; nó ký phiếu và phiên đăng nhập. "
                "Tạo bằng: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        )
    return key


def _database_url(env: Mapping[str, str]) -> str:
    return _database_address("DATABASE_URL", (env.get("DATABASE_URL") or "").strip() or _database_to_try_out(env))


def _database_read_url(env: Mapping[str, str], database_url: str) -> str:
    text = (env.get("DATABASE_READ_URL") or "").strip()
    if text and not (database_url.startswith("postgresql") and text.startswith("postgres")):
        raise SettingError(_("DATABASE_READ_URL là máy dự phòng của PostgreSQL: cả hai địa chỉ phải là postgresql://…"))
    return _database_address("DATABASE_READ_URL", text) if text else ""


def _database_address(name: str, text: str) -> str:
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise SettingError(
            _("%(name)s không phải địa chỉ cơ sở dữ liệu; viết %(like)s", name=name, like=_DATABASES)
        ) from error
    except ValueError as error:  # which would quote what may be a part of the password
        raise SettingError(
            _(
                "%(name)s không có cổng dùng được; các dấu # / ? : @ %% trong mật khẩu viết %%23, %%2F, %%3F, %%3A, "
                "%%40, %%25",
                name=name,
            )
        ) from error
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise SettingError(_("%(name)s là %(backend)r; viết %(like)s", name=name, backend=backend, like=_DATABASES))
    url = url.set(drivername="postgresql+psycopg" if backend == "postgresql" else backend)  # the driver is ours
    return url.render_as_string(hide_password=False)


def _database_to_try_out(env: Mapping[str, str]) -> str:
    """SQLite in the folder of the program, unless something says that a service is meant."""
    told = [name for name in OF_A_SERVICE if env.get(name)]
    if told or env.get("HAI_LONG_ENVIRONMENT"):
        raise SettingError(
            _(
                "Thiếu DATABASE_URL, tuy đã đặt %(name)s: dịch vụ không bao giờ tự chọn cơ sở dữ liệu. Đặt %(like)s",
                name=told[0] if told else "HAI_LONG_ENVIRONMENT",
                like=_DATABASES,
            )
        )
    return DEFAULT_DATABASE


def _public_url(env: Mapping[str, str]) -> str:
    text = (env.get("PUBLIC_URL") or "").strip()
    try:
        return read_origin(text or listening_origin(env.get("HOST") or "127.0.0.1", env.get("PORT") or "8000"))
    except ValueError as error:
        given: object = f"PUBLIC_URL {text!r}"
        if not text:
            given = _("HOST %(host)r hoặc PORT %(port)r", host=env.get("HOST"), port=env.get("PORT"))
        raise SettingError(named(given, reason(error))) from error


def _allowed_hosts(env: Mapping[str, str]) -> tuple[str, ...]:
    try:
        return tuple(read_host(name) for name in env.get("ALLOWED_HOSTS", "").replace(",", " ").split())
    except ValueError as error:
        raise SettingError(
            _("ALLOWED_HOSTS: %(why)s; viết các tên cách nhau bằng dấu cách hay dấu phẩy", why=reason(error))
        ) from error


def _smtp_url(env: Mapping[str, str]) -> str:
    text = env.get("SMTP_URL", "").strip()
    like = _(
        "SMTP_URL phải có dạng smtp://NGƯỜI-DÙNG:MẬT-KHẨU@MÁY:587 hoặc smtps://MÁY:465; các dấu # / ? % và dấu cách "
        "trong mật khẩu viết %23, %2F, %3F, %25, %20"
    )
    try:
        parts = urlsplit(text)
        complete = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0
    except ValueError as error:  # a port that is none, and may be a part of the password
        raise SettingError(like) from error
    if text and (not complete or parts.path.strip("/") or parts.query or parts.fragment or re.search(r"\s", text)):
        raise SettingError(like)
    return text


def _mail_addresses(env: Mapping[str, str], name: str, most: int) -> str:
    text = env.get(name, "").strip()
    held = [address for _name, address in getaddresses([text])] if text else []
    # A semicolon, as mail programs put between two, would end the header: the second would never be told.
    if ";" in text or len(held) > most or not all(map(_ADDRESS.fullmatch, held)):
        like: object = "hai-long@tinh.gov.vn"
        if most > 1:
            like = _("hai-long@tinh.gov.vn (nhiều địa chỉ: dấu phẩy ở giữa)")
        raise SettingError(
            _("%(name)s phải là địa chỉ thư như %(like)s, không phải %(given)r", name=name, like=like, given=text)
        )
    return text


def _backup_copy_to(env: Mapping[str, str]) -> str:
    folder = env.get("BACKUP_COPY_TO", "").strip()
    if folder and not env.get("BACKUP_RECIPIENT", "").strip().startswith("age1"):
        raise SettingError(
            _(
                "BACKUP_COPY_TO cần BACKUP_RECIPIENT, khóa công khai age1… để mã hóa bản chép "
                "(tạo bằng age-keygen -o khoa.txt; giữ khoa.txt ngoài máy chủ này)"
            )
        )
    if folder and not Path(folder).is_absolute():
        raise SettingError(_("BACKUP_COPY_TO phải là thư mục viết từ /, không phải %(given)r", given=folder))
    return folder


def _backup_recipient(env: Mapping[str, str]) -> str:
    key = env.get("BACKUP_RECIPIENT", "").strip()
    if key and not re.fullmatch(r"age1[02-9ac-hj-np-z]{58}", key):
        raise SettingError(_("BACKUP_RECIPIENT phải là khóa công khai mà age-keygen in ra: age1 và 58 ký tự"))
    return key


def whole_number_wanted(name: str, low: int, high: int, given: str) -> Bilingual:
    """What is said of a setting that is no whole number from `low` to `high`."""
    return _(
        "%(name)s phải là số nguyên từ %(low)s đến %(high)s, không phải %(given)r",
        name=name,
        low=low,
        high=high,
        given=given[:20],
    )


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name) or str(default)
    # Digits of other scripts and longer numbers than Python reads are none to whoever reads the setting.
    if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
        raise SettingError(whole_number_wanted(name, low, high, text))
    return int(text)


def _json_file(env: Mapping[str, str], name: str) -> str:
    text = env.get(name, "")
    if not text:
        return ""
    try:
        content = json.loads(Path(text).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingError(
            _("%(name)s: %(path)s không đọc được như JSON: %(why)s", name=name, path=text, why=reason(error))
        ) from error
    if not isinstance(content, dict):
        raise SettingError(_("%(name)s: %(path)s phải là một đối tượng JSON {…}", name=name, path=text))
    return text


def _picture(env: Mapping[str, str], name: str) -> str:
    text = env.get(name, "").strip()
    if not text:
        return ""
    try:
        read_picture(Path(text))
    except (OSError, ValueError) as error:
        raise SettingError(
            _(
                "%(name)s: %(path)s không phải tệp SVG hay PNG nhỏ hơn 1 MB: %(why)s",
                name=name,
                path=text,
                why=reason(error),
            )
        ) from error
    return text


def _choice(env: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    text = (env.get(name) or default).upper()
    if text not in choices:
        raise SettingError(
            _(
                "%(name)s phải là một trong: %(choices)s, không phải %(given)r",
                name=name,
                choices=", ".join(choices),
                given=text,
            )
        )
    return text
