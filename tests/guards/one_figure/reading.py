"""Reads a file by what it holds: which columns, keys, attachments. One with shares is read, or named as unread."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from analysis.reports.verify import NotAReport, attached
from tests.guards.one_figure import files
from tests.guards.one_figure.claims import Claim
from tests.guards.one_figure.sentences import of_document_text

SHARES = ("satisfied_share", "estimate", "Tỷ lệ hài lòng gia quyền", "weighted_share")  # columns of figures
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Unread(AssertionError):
    """A file shows figures and nothing here reads them."""


class Reader:
    """Reads files that a client was given; what one does not say of itself is looked up in what stands beside it."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        """`client`: the visitor."""
        self.app, self.client = app, client
        self._targets: dict[tuple[str, str], Any] = {}

    def of_file(self, place: str, address: str, answer: TestResponse) -> Iterator[Claim]:
        """The figures of a file.

        Raises:
            Unread: it shows figures in a way that is not known.
        """
        kind = answer.mimetype
        if kind == "text/csv":
            yield from self.of_table(place, address, answer.get_data(as_text=True))
        elif kind == WORKBOOK:
            yield from self.of_table(place, address, first_sheet(answer.data))
        elif kind == "application/json":
            yield from self.of_json(place, answer.json)
        elif kind == "application/pdf" and b"/EmbeddedFiles" in answer.data:
            yield from self.of_pdf(place, answer.data)

    def of_table(self, place: str, address: str, text: str) -> Iterator[Claim]:
        """The rows of a table with figures."""
        columns = set(next(csv.reader(io.StringIO(text.removeprefix("\ufeff"))), []))
        path, asked = urlsplit(address).path.split("/"), dict(parse_qsl(urlsplit(address).query))
        if {"table", "satisfied_share"} <= columns:
            yield from files.of_open_table(place, text)
        elif {"status", "satisfied_share"} <= columns:
            province = path[2]
            yield from files.of_picture(place, province, text, _Published(self, province))
        elif {"Phiếu", "Dòng của", *files.ESTIMATES.values()} <= columns:
            yield from files.of_questions(place, path[2], asked.get("period", ""), text, asked.get("agency", ""))
        elif {"Chia theo", *files.ESTIMATES.values()} <= columns:
            yield from files.of_estimates(place, path[2], text, asked.get("agency", ""))
        elif columns & set(SHARES):
            raise Unread(f"a table with the columns {sorted(columns)[:12]}")

    def of_json(self, place: str, document: Any) -> Iterator[Claim]:
        """The figures of a document of the interface."""
        claims: list[Claim] = []
        if isinstance(document, Mapping) and "about" in document:
            claims += (
                files.of_publication(place, document) if "subjects" in document else files.of_ranking(place, document)
            )
        shown = 0 if "openapi" in document else sum(1 for _ in figures_in(document))
        if len(claims) < shown:
            raise Unread(f"{shown} figures, {len(claims)} of them read")
        yield from claims

    def of_pdf(self, place: str, content: bytes) -> Iterator[Claim]:
        """What is attached to a document, and what its sentences say."""
        from tests.reports.pages import text_of

        with self.app.app_context():
            try:
                figures = attached(content)
            except NotAReport:  # what it says of the method is attached to it
                return
            yield from files.of_attachment(f"{place}, attached", figures)
            yield from of_document_text(f"{place}, sentences", "".join(text_of(content)), figures)

    def targets(self, province: str, year: str) -> Any:
        """The promises of a publication."""
        if (province, year) not in self._targets:
            answer = self.client.get(f"/results/{province}/{year}/data.json")
            self._targets[province, year] = answer.json["targets"] if answer.status_code == 200 else []
        return self._targets[province, year]


class _Published(Mapping[str, Any]):
    """The promises of each year's publication of a province."""

    def __init__(self, reader: Reader, province: str) -> None:
        self._reader, self._province = reader, province

    def __getitem__(self, year: str) -> Any:
        return self._reader.targets(self._province, year)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def figures_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """Whatever in a JSON document looks like a figure that is told: a share beside how many answers it stands on."""
    if isinstance(value, Mapping):
        if {"estimate", "n"} <= value.keys() and value["estimate"] is not None:
            yield value
        for inner in value.values():
            yield from figures_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from figures_in(inner)


def first_sheet(content: bytes) -> str:
    """A workbook's first sheet as another program reads it, as CSV."""
    lines = io.StringIO()
    csv.writer(lines).writerows(
        load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True)
    )
    return lines.getvalue()
