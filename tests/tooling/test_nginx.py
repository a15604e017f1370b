"""nginx as our example sets it up agrees with gunicorn, and says what it must say itself in the product's words."""

from __future__ import annotations

import http.client
import os
import re
import runpy
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from survey.foundation.configuration.settings import ROOT

DEPLOY = ROOT / "deploy"
EXAMPLE = (DEPLOY / "nginx.conf.example").read_text(encoding="utf-8")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
WORDS = {503: "tạm ngừng phục vụ", 429: "Quá nhiều lượt gửi cùng lúc", 413: "quá lớn"}


def seconds(name: str) -> int:
    """The value of a directive of the example."""
    (value,) = re.findall(rf"^\s*{name} (\d+)s?;", EXAMPLE, flags=re.MULTILINE)
    return int(value)


@pytest.fixture
def gunicorn(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the configuration we ship says."""
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    monkeypatch.setenv("DATABASE_URL", "sqlite:////tmp/never.sqlite3")
    for name in ("PROMETHEUS_MULTIPROC_DIR", "HAI_LONG_COUNTING"):
        monkeypatch.setenv(name, "")
    settings = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
    return settings


def test_the_limits_of_nginx_and_gunicorn_agree(app: Flask, gunicorn: dict[str, object]) -> None:
    keepalive, timeout = gunicorn["keepalive"], gunicorn["timeout"]
    assert isinstance(keepalive, int)
    assert isinstance(timeout, int)
    assert seconds("keepalive_timeout") < keepalive  # whoever reuses a connection is the one who closes it
    assert seconds("proxy_read_timeout") >= timeout  # nginx does not give up while a worker may still answer
    (size,) = re.findall(r"client_max_body_size (\d+)m;", EXAMPLE)
    assert int(size) * 1024 * 1024 == app.config["MAX_CONTENT_LENGTH"]
    assert gunicorn["accesslog"] is None


def test_no_log_of_nginx_holds_an_address() -> None:
    servers = re.findall(r"^server \{.*?^\}", EXAMPLE, flags=re.MULTILINE | re.DOTALL)
    assert len(servers) == 3
    assert [server for server in servers if "access_log off;" not in server] == []
    assert set(re.findall(r"error_log \S+ (\w+);", EXAMPLE)) == {"emerg"}  # lesser ones name visitors


def test_plain_http_sends_people_on_and_refuses_programs() -> None:
    (plain,) = re.findall(r"^server \{\n    listen 80;\n.*?^\}", EXAMPLE, flags=re.MULTILINE | re.DOTALL)
    (programs,) = re.findall(r"location ~ (\S+) \{\s+return 403;", plain)
    assert re.search(r"location / \{\s+return 301 https://\$host\$request_uri;", plain)
    assert len(re.findall(r"\breturn\b", plain)) == 2, "none beside the locations, which would come before them"
    for path in ("/kiosk/api/responses", "/kiosk/api/config", "/api/v1/provinces", "/metrics"):
        assert re.match(programs, path), path
    for path in ("/", "/c/DL-SNV-Q1", "/t/ABC", "/kiosk/", "/results/dak-lak/", "/desk/", "/metricsx"):
        assert not re.match(programs, path), path


@contextmanager
def behind_nginx(folder: Path, upstream: int) -> Iterator[int]:
    """nginx with the example's own site, without its certificate, on a free port; few requests are too many."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (site,) = re.findall(r"^server \{\n    listen 443 ssl http2;\n.*?^\}", EXAMPLE, flags=re.MULTILINE | re.DOTALL)
    site = re.sub(r"^\s*(ssl_\w+ .*|listen \[::\].*)\n", "", site, flags=re.MULTILINE)
    site = site.replace("listen 443 ssl http2", f"listen 127.0.0.1:{port}").replace("/opt/hai-long", str(ROOT))
    site = site.replace("/var/log/nginx", str(folder)).replace("burst=100", "burst=3")
    before = EXAMPLE[EXAMPLE.index("limit_req_zone") : EXAMPLE.index("# Whoever asks for another name")]
    before = before.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}").replace("rate=20r/s", "rate=1r/m")
    temporary = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    text = f"user root;\npid {folder}/pid;\nerror_log {folder}/error emerg;\nevents {{}}\nhttp {{\n{temporary}\n"
    (folder / "nginx.conf").write_text(f"{text}{before}\n{site}\n}}\n", encoding="utf-8")
    command = [str(NGINX), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            wait_for(port, process)
            yield port
        finally:
            process.terminate()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(100):
        assert process.poll() is None, process.stderr and process.stderr.read()
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def ask(port: int, body: bytes | None = None) -> tuple[int, str, str | None]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    length = {"Content-Length": str(100 * 1024 * 1024)} if body else {}
    connection.request("POST" if body else "GET", "/c/DL-SNV-Q1", body, {"Host": "hailong.tinh.gov.vn", **length})
    answer = connection.getresponse()
    said = (answer.status, answer.read().decode(), answer.headers["Retry-After"])
    connection.close()
    return said


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed here")
def test_a_stopped_server_too_many_requests_and_too_much_are_told_in_vietnamese(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        nobody = probe.getsockname()[1]
    told: dict[int, tuple[str, str | None]] = {}
    with behind_nginx(tmp_path, nobody) as port:
        for body in (b"x", *[None] * 12):
            status, page, again = ask(port, body)
            told[status] = (page, again)
    assert told.keys() == WORDS.keys()
    for status, words in WORDS.items():
        assert words in told[status][0], status
        assert 'lang="vi"' in told[status][0]
        assert "nginx" not in told[status][0]
    assert told[503][1] == "10"
    assert "127.0.0.1" not in (tmp_path / "error").read_text()
