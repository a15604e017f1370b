"""The environment file: one reader for systemd, cron, a shell and containers, so that all of them start one program.

A line is `NAME=value`; the value is what follows, to the end of the line, as it stands: `&`, `#`, `$`, spaces and
quotes inside mean themselves. Quotes around the whole value are taken off.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, MutableMapping
from difflib import get_close_matches
from pathlib import Path

from survey.foundation.bilingual import Bilingual, reason
from survey.foundation.bilingual import bilingual as _

DEFAULT_PLACE = Path("/etc/hai-long/environment")
_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)")
# What libraries of ours read by themselves: PostgreSQL's client, Python, the C library, numerical libraries.
FOREIGN = re.compile(r"PG|PYTHON|FLASK_|GUNICORN_|LC_|LANG|TZ$|TMPDIR$|MALLOC_|OPENBLAS|OMP_|SSL_|(?i:\w+_proxy$)")
NEARLY = 0.82  # share of letters in common from which a name is taken for a misspelt one
LONG_ENOUGH = 7  # a shorter name may be another program's


class EnvironmentProblem(ValueError):
    """The file cannot be read, or a name in it is none of ours."""


def read_file(path: Path, known: Collection[str]) -> dict[str, str]:
    """Names and values of the file.

    Raises:
        EnvironmentProblem: naming the line and how to mend it.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except PermissionError as error:
        raise EnvironmentProblem(
            _("Chỉ dịch vụ đọc được %(path)s: chạy lệnh này như dịch vụ, `sudo hai-long …`", path=path)
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise EnvironmentProblem(_("Không đọc được %(path)s: %(why)s", path=path, why=reason(error))) from error
    values: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            where = _("%(path)s, dòng %(number)s", path=path, number=number)
            name, value = _read_line(line.strip(), where)
            _refuse_unknown(name, known, where)
            if values.setdefault(name, value) != value:
                raise EnvironmentProblem(
                    _("%(where)s: %(name)s có hai lần với hai giá trị khác nhau", where=where, name=name)
                )
    return values


def add_file(environment: MutableMapping[str, str], named: str | None, known: Collection[str]) -> None:
    """Add what the file says and the environment does not. `named`: its path; '' for none; None for the usual place.

    Raises:
        EnvironmentProblem: it cannot be read, or holds what is no setting.
    """
    if named == "" or (named is None and not DEFAULT_PLACE.exists()):
        return
    environment["HAI_LONG_ENVIRONMENT"] = named or str(DEFAULT_PLACE)  # processes that we start read the same
    for name, value in read_file(Path(environment["HAI_LONG_ENVIRONMENT"]), known).items():
        if not environment.get(name):
            environment[name] = value


def with_secrets(environment: Mapping[str, str], secrets: Collection[str]) -> dict[str, str]:
    """The environment, and the secrets it does not hold itself: from `NAME_FILE`, else from systemd's credentials.

    Raises:
        EnvironmentProblem: a file that is named is not there or cannot be read.
    """
    merged = dict(environment)
    credentials = environment.get("CREDENTIALS_DIRECTORY")
    for name in secrets:
        named = environment.get(f"{name}_FILE")
        given = Path(credentials, name) if credentials else None
        if environment.get(name):
            continue
        if named:
            merged[name] = _read_secret(f"{name}_FILE", Path(named))
        elif given and given.exists():
            merged[name] = _read_secret("CREDENTIALS_DIRECTORY", given)
    return merged


def refuse_misspelt(environment: Mapping[str, str], known: Collection[str]) -> None:
    """Refuse a variable that is nearly the name of a setting which is not there.

    Raises:
        EnvironmentProblem: naming both.
    """
    unset = [name for name in known if name not in environment and len(name) >= LONG_ENOUGH]
    for name in environment:
        meant = _meant(name, unset)
        if name not in known and len(name) >= LONG_ENOUGH and meant:
            raise EnvironmentProblem(
                _("%(name)s không phải thiết lập của chương trình; có phải %(meant)s không?", name=name, meant=meant)
            )


def _read_secret(setting: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").strip()
    except FileNotFoundError as error:
        raise EnvironmentProblem(_("%(name)s: không có tệp %(path)s", name=setting, path=path)) from error
    except (OSError, UnicodeDecodeError) as error:
        why = reason(error)
        raise EnvironmentProblem(
            _("%(name)s: không đọc được %(path)s: %(why)s", name=setting, path=path, why=why)
        ) from error


def _read_line(line: str, where: Bilingual) -> tuple[str, str]:
    match = _LINE.fullmatch(line)
    if match is None:
        given = repr(line.split("=")[0][:40])
        raise EnvironmentProblem(_("%(where)s: viết TÊN=giá trị, không phải %(given)s", where=where, given=given))
    name, value = match[1], match[2].strip()
    quote = value[:1]
    if quote not in ("'", '"'):
        return name, value
    if len(value) < 2 or value[-1] != quote:
        raise EnvironmentProblem(
            _("%(where)s: dấu nháy mở đầu %(name)s không được đóng ở cuối dòng", where=where, name=name)
        )
    inside = value[1:-1]
    return name, re.sub(r'\\(["\\$`])', r"\1", inside) if quote == '"' else inside


def _refuse_unknown(name: str, known: Collection[str], where: Bilingual) -> None:
    if name in known or FOREIGN.match(name):
        return
    meant = _meant(name, known)
    hint = _("có phải %(meant)s không?", meant=meant) if meant else _("danh sách ở docs/settings.md")
    raise EnvironmentProblem(
        _("%(where)s: %(name)s không phải thiết lập của chương trình; %(hint)s", where=where, name=name, hint=hint)
    )


def _meant(name: str, known: Collection[str]) -> str:
    return next(iter(get_close_matches(name.upper(), known, 1, NEARLY)), "")
