"""What can be printed behind the page: each kind says how its file is made, and where its page leads back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import LazyString

from survey.channels.printing.models import PrintJob
from survey.foundation.registered import PerApp

Asked = Mapping[str, Any]


class Printed(NamedTuple):
    """A file: its name, whose ending says what it is, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class PrintKind:
    """`make` runs as the user who asked and ends as a page would (404, 403) where that user may not."""

    title: LazyString
    make: Callable[[Asked], Printed]
    back: Callable[[Asked], str]


PRINT_KINDS: PerApp[PrintKind] = PerApp("kinds of files to print")


def kind_of(job: PrintJob) -> PrintKind:
    """The kind of a job."""
    return PRINT_KINDS.members()[job.kind]
