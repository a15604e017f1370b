"""What the command-line library says stands in the language of the terminal, and each sentence can be filled."""

from __future__ import annotations

import os
import string
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from survey.foundation.configuration.settings import ROOT

CATALOGUE = ROOT / "survey/foundation/translations/vi/LC_MESSAGES/click.po"
WRONG = {  # what is typed: what is said in Vietnamese, and in English
    "analysis targets --nope": ("Lỗi: Không có tùy chọn '--nope'.", "Error: No such option '--nope'."),
    "analysis nope": ("Lỗi: Không có lệnh 'nope'.", "Error: No such command 'nope'."),
    "analysis targets more": ("Lỗi: Thừa đối số (more)", "Error: Got unexpected extra argument (more)"),
    "analysis verdicts --province dak-lak": ("Lỗi: Thiếu tùy chọn '--year'.", "Error: Missing option '--year'."),
    "survey backup f --format x": (
        "Lỗi: Giá trị của '--format' không dùng được: 'x' không phải một trong: 'text', 'json'.",
        "Error: Invalid value for '--format': 'x' is not one of 'text', 'json'.",
    ),
}


def said(typed: str, folder: Path, **locale: str) -> tuple[int, str, str]:
    """The exit status, the first line and the last of what a command says on standard error."""
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{folder}/x.sqlite3", **locale}
    program = [sys.executable, "-m", "flask", "--app", "wsgi", *typed.split()]
    ended = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    lines = ended.stderr.splitlines()
    return ended.returncode, lines[0].split()[0], lines[-1]


@pytest.mark.parametrize("typed", WRONG)
def test_a_wrong_command_is_told_in_the_terminals_language(typed: str, tmp_path: Path) -> None:
    vietnamese, english = WRONG[typed]
    assert said(typed, tmp_path, LANG="vi_VN.UTF-8") == (2, "Cách", vietnamese)
    assert said(typed, tmp_path, LANG="en_US.UTF-8") == (2, "Usage:", english)


def test_without_a_locale_it_is_vietnamese_as_what_we_say(tmp_path: Path) -> None:
    assert said("analysis nope", tmp_path, PYTHONUTF8="1")[2] == WRONG["analysis nope"][0]


def test_every_place_in_a_sentence_is_one_its_english_fills() -> None:
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert len(messages) > 30
    for message in messages:
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        vietnamese = message.string if isinstance(message.string, tuple) else (message.string,)
        assert places(*vietnamese) <= places(*english), message.id


def places(*texts: str) -> set[str]:
    return {name for text in texts for _before, name, _format, _how in string.Formatter().parse(text) if name}
