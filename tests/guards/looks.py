"""Everything somebody may read about a place, as text: pages, files, documents and what commands print."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.routing import AnyConverter, Rule
from werkzeug.test import TestResponse

from analysis.figures.breakdowns import BREAKDOWNS
from survey.foundation.vocabulary import SUBJECTS
from tests.guards.addresses import path_of, takes

# Made anew for each page, or by chance: the number of a case, the sealed place where a list goes on.
PASSING = re.compile(r'nonce="[^"]*"|value="[^"]{40,}"|(?<=/feedback/)\d+|(?<=after=)[\w%-]{40,}')
# About the reader or the process alone.
OF_NOBODY = {"static", "metrics.metrics", "second_factor.page"}
PASSING_HEADS = re.compile(r"'nonce-[^']*'")
OF_ONE_ANSWER = {"Content-Length", "Set-Cookie", "X-Request-ID"}  # lengths and tokens of what is made by chance
Look = Mapping[str, list[str]]


def addresses_about(app: Flask, values: Mapping[str, Any], period: str, year: str) -> list[str]:
    """Every address that can be read about an agency, or the sector around it, in a period and its year."""
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return sorted(
        {
            address
            for rule in rules
            if rule.endpoint not in OF_NOBODY
            for address in _about(app, rule, values, period, year)
        }
    )


def look(client: FlaskClient, addresses: list[str]) -> Look:
    """What each address that opens says; in lines sorted, for rows of files of answers come in chance order."""
    opened = {address: client.get(address) for address in addresses}
    return {address: sorted(said(answer)) for address, answer in opened.items() if answer.status_code == 200}


def said(answer: TestResponse) -> Iterator[str]:
    """The lines of an answer, whatever its kind, and what its head says: a file's name, a date, a digest of it."""
    yield from (
        f"{name}: {PASSING_HEADS.sub('', value)}" for name, value in answer.headers if name not in OF_ONE_ANSWER
    )
    yield from _lines(answer.data)


def differing(first: Look, other: Look) -> dict[str, list[str]]:
    """The addresses that do not say the same, with the lines that only the first says."""
    return {
        address: sorted(set(first.get(address, [])) - set(other.get(address, [])))[:5]
        for address in sorted(first.keys() | other.keys())
        if first.get(address) != other.get(address)
    }


def _lines(body: bytes) -> Iterator[str]:
    if body.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(body))
        for page in reader.pages:
            yield from page.extract_text().splitlines()
        for contents in reader.attachments.values():
            yield from (line for content in contents for line in content.decode().splitlines())
    elif body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield from _lines(archive.read(name))
    else:
        yield from re.split(r"\n|(?<=>)(?=<)", PASSING.sub("", body.decode(errors="replace")))


def _about(app: Flask, rule: Rule, values: Mapping[str, Any], period: str, year: str) -> Iterator[str]:
    own = {name: value for name, value in values.items() if name in rule.arguments and takes(rule, name, value)}
    agency = {"agency": str(values["code"])}
    questions: list[dict[str, str]] = [{}]
    if "sector" in rule.arguments and rule.rule.startswith("/desk"):
        questions = [{"period": period}, {"period": period, **agency}, {"period": year, **agency}]
    if rule.endpoint == "explore.page":
        questions += [{"period": period, "by": by, **agency} for by in BREAKDOWNS]
    if rule.endpoint == "explore.questions":
        questions += [{"period": period, "subject": subject, **agency} for subject in SUBJECTS]
    for when, kind in product((period, year), _kinds(rule)):
        path = path_of(app, rule, own | kind | ({"period": when} if "period" in rule.arguments else {}))
        yield from (f"{path}?{urlencode(question)}" if question else path for question in questions)


def _kinds(rule: Rule) -> list[dict[str, str]]:
    """Every kind of file that a rule lists."""
    converter = rule._converters.get("kind")
    return [{"kind": kind} for kind in converter.items] if isinstance(converter, AnyConverter) else [{}]
