"""What commands are given is made one text, as what requests bring: a name pasted into a terminal is the same name."""

from __future__ import annotations

import os

import click
from flask.cli import AppGroup

from survey.foundation.text.vietnamese_text import normal


class TextCommand(click.Command):
    """A command whose arguments come `normal`; names of files that exist stay as the disk has them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        return super().parse_args(ctx, [arg if _is_path(arg) else normal(arg) for arg in args])


def _is_path(argument: str) -> bool:
    return any(os.path.lexists(path) for path in (argument, argument.partition("=")[2]) if path)


class TextGroup(AppGroup):
    """A group of such commands."""

    command_class = TextCommand
