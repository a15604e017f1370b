"""`make run` tells whoever starts it what is wrong before it installs anything, and where to go in their language."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from survey.demo.accounts import ACCOUNTS

ROOT = Path(__file__).parents[2]


def port(number: int, language: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHON": sys.executable, "PORT": str(number), "LANG": language}
    command = [ROOT / "deploy" / "run-demo", "port"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("language", "said"), [("vi_VN.UTF-8", "đang được dùng"), ("en_US.UTF-8", "is taken")])
def test_a_second_start_on_a_taken_port_ends_in_one_line(language: str, said: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        refused = port(taken, language)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert str(taken) in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert port(taken, language).returncode == 0


@pytest.mark.parametrize(
    ("language", "said"), [("vi_VN", "mọi việc của tỉnh"), ("en_GB.UTF-8", "everything of the province")]
)
def test_every_login_is_printed_with_what_it_sees(
    demonstration: Flask, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", language)
    printed = demonstration.test_cli_runner().invoke(args=["addresses"]).output
    assert said in printed
    assert all(account.username in printed for account in ACCOUNTS)


@pytest.mark.parametrize("number", [0, 65536, 99999])
def test_a_number_that_is_no_port_ends_in_one_line_too(number: int) -> None:
    refused = port(number, "en_US.UTF-8")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
