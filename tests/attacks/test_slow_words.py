"""A citizen or a clerk writes what a search takes for ever to look through: each text is read in one go, however long.

Pages and files of comments look through hundreds of them: a second for one would stop the desk.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from survey.foundation.configuration.settings import ROOT

pytestmark = pytest.mark.one_database

LETTERS = 60_000  # where the time grows with the square of the length, one of them takes minutes
SECONDS = 20  # of the processor for all that one reader is given, which takes two
READ = """
import json, resource, sys
from contextlib import suppress

from analysis.themes.dictionary import words
from survey.feedback.follow.contacts import read_contact
from survey.foundation.text.damaged_text import damage
from survey.foundation.text.vietnamese_text import normal
from survey.registry.files.agency_names import AgencyNames
from survey.registry.files.dates import day, unusual_day
from survey.registry.files.words import in_brackets, plain_words
from survey.responses.masking import mask

READERS = {
    "comment": (mask, words),
    "field": (lambda text: damage(normal(text)), read_contact),
    "cell": (plain_words, in_brackets, day, unusual_day, lambda text: AgencyNames([]).codes(text, None, None)),
}
seconds, letters = int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
for before, unit, behind in json.load(sys.stdin):
    for read in READERS[sys.argv[1]]:
        with suppress(ValueError):
            read(before + (unit * letters)[:letters] + behind)
    print(unit, flush=True)
"""
TEXTS = {
    "comment": [
        ("@", "_", ""),
        ("@", "a.", ""),
        ("", "Y A ", ""),
        ("", "0l", ""),
        ("", "Nguyễn ", ""),
        ("", "0 ", ""),
        ("", "(0", ""),
    ],
    "field": [("", "é", "?!"), ("", "o", "?!"), ("", "a?", ""), ("/", "x", "é"), ("", "1", "@")],
    "cell": [("", "(", ""), ("1", " ", "x"), ("1", "T", "x"), ("", "0.", ""), ("", "(xã ", "")],
}


@pytest.mark.parametrize("reader", TEXTS)
def test_no_text_takes_longer_than_its_length(reader: str) -> None:
    command = [sys.executable, "-c", READ, reader, str(SECONDS), str(LETTERS)]
    done = subprocess.run(
        command, input=json.dumps(TEXTS[reader]), capture_output=True, cwd=ROOT, text=True, check=False
    )
    assert done.stdout.splitlines() == [unit for _before, unit, _behind in TEXTS[reader]], done.stderr


def test_what_is_compared_often_keeps_nothing_of_a_hostile_file() -> None:
    from analysis.themes import dictionary
    from survey.registry.files import words

    for caller, kept in ((words.plain_words, words._plain_words), (dictionary.syllable, dictionary._syllable)):
        before = kept.cache_info().currsize
        assert caller("x" * 1000)
        assert kept.cache_info().currsize == before
