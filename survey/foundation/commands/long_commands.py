"""Commands that may take more than a few seconds: they show how far they are, and interrupted they say how to go on."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from survey.foundation.commands.progress import shown
from survey.foundation.languages.language import for_terminal

P = ParamSpec("P")
T = TypeVar("T")
INTERRUPTED = 130  # the exit status of what Ctrl-C ended
SAME_AGAIN = _l("Đã dừng; chưa có gì thay đổi. Chạy lại đúng lệnh này để làm từ đầu.")
GOES_ON = _l("Đã dừng; phần đã xong được giữ. Chạy lại đúng lệnh này để làm tiếp.")


def takes_long(how_to_go_on: str | LazyString) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Stands next to the function of a command. The work itself asks `progress`, and leaves nothing half done."""

    def mark(callback: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(callback)
        def run(*arguments: P.args, **options: P.kwargs) -> T:
            try:
                with shown():
                    return callback(*arguments, **options)
            except KeyboardInterrupt:
                said = for_terminal(how_to_go_on) if isinstance(how_to_go_on, LazyString) else how_to_go_on
                click.echo(f"\n{said}", err=True)
                raise SystemExit(INTERRUPTED) from None

        vars(run)["how_to_go_on"] = how_to_go_on
        return run

    return mark
