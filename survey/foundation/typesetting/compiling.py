"""Typst, run one document at a time: templates with data, the fonts that ship, nothing of the system's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from survey.foundation.typesetting.printable import FONTS

NOTHING = Path(__file__).with_name("nothing.typ")
# Typst remembers the work on a document for ten compilations, 8 MB each; empty ones make it forget sooner.
FORGETTING = 10

_one_at_a_time = Lock()  # a compiler keeps the inputs of its last document


def typeset(template: Path, inputs: Mapping[str, str], standards: list[Any]) -> bytes:
    """The PDF of a template that reads `inputs` (`sys.inputs`): data only, so no text can become code.

    Raises:
        typst.TypstError: the pages cannot be laid out or break one of the standards.
    """
    with _one_at_a_time:
        pdf = compiler(template).compile(format="pdf", sys_inputs=dict(inputs), pdf_standards=standards)
        for _ in range(FORGETTING):
            compiler(NOTHING).compile(format="pdf")
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one file")
    return pdf


@cache
def compiler(template: Path) -> typst.Compiler:
    """One compiler a template and process: fonts and template are read once."""
    return typst.Compiler(template, root=template.parent, font_paths=[FONTS], ignore_system_fonts=True)
