"""A command whose database is away, was never migrated or stands elsewhere ends in one sentence and exit status 2.

It is asked before anything is done: on another program's tables most of a command may well work, and store what that
program does not mean.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from survey.foundation.commands.new_files import NotWritten, in_words
from survey.foundation.storage.database import db
from survey.foundation.storage.outage import is_outage
from survey.foundation.storage.schema_revision import (
    asked_revision,
    database_revision,
    is_of_later_program,
    program_revision,
)

C = TypeVar("C", bound=Callable[..., Any])
MIGRATION_COMMANDS = "db"  # Flask-Migrate's group
READ_ONLY = ("readonly database", "read-only transaction")  # of SQLite, of PostgreSQL


class DatabaseProblem(click.ClickException):
    """What is said instead of a traceback."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """The sentence alone, on standard error."""
        click.echo(self.format_message(), err=True, file=file)


@contextmanager
def in_one_sentence(*, migrating: bool = False) -> Iterator[None]:
    """Give an error of the database or a disk back as a sentence that says what to do; any other error as it is.

    `migrating`: the schema is on its way, so only a database that cannot be reached is told.

    Raises:
        DatabaseProblem: the database cannot serve, its schema is not this program's, or a file cannot be written.
    """
    try:
        yield
    except SQLAlchemyError as error:
        with suppress(SQLAlchemyError):
            db.session.rollback()
        sentence: str | None = _sentence(error, migrating)
        if sentence is None:
            raise
        raise DatabaseProblem(sentence) from error
    except OSError as error:
        if not (isinstance(error, NotWritten | PermissionError) or is_outage(error)):
            raise
        raise DatabaseProblem(in_words(error)) from error


def on_any_schema(callback: C) -> C:
    """Mark a command that needs none of the service's tables, or that creates them."""
    vars(callback)["on_any_schema"] = True
    return callback


def explain_in(command: click.Command, *, migrates: bool = False) -> None:
    """Have a command, or each of a group, end so. `migrates`: it moves the schema, or tells where it stands."""
    if isinstance(command, click.Group):
        for name, subcommand in command.commands.items():
            explain_in(subcommand, migrates=migrates or name == MIGRATION_COMMANDS)
    elif command.callback is not None and not hasattr(command.callback, "explains"):
        command.callback = _explained(command.callback, migrates or hasattr(command.callback, "on_any_schema"))


def _explained(callback: Any, on_any: bool) -> Any:
    asked = callback if on_any else with_appcontext(_on_this_schema(callback))

    @functools.wraps(callback)
    def explained(*arguments: Any, **options: Any) -> Any:
        with in_one_sentence():
            return asked(*arguments, **options)

    vars(explained)["explains"] = True
    return explained


def _on_this_schema(callback: Any) -> Any:
    def on_this_schema(*arguments: Any, **options: Any) -> Any:
        if sentence := wrong_schema(asked_revision()):
            raise DatabaseProblem(sentence)
        return callback(*arguments, **options)

    return on_this_schema


def wrong_schema(stored: str | None) -> Any:
    """What to do about a database that stands at a migration; None: nothing, it stands where this program wants it."""
    place, wanted = db.engine.url.render_as_string(hide_password=True), program_revision()
    if stored is None:
        return _("Cơ sở dữ liệu %(db)s chưa có bảng nào của chương trình. Chạy: flask --app wsgi db upgrade", db=place)
    if is_of_later_program(stored):
        return _(
            "Cơ sở dữ liệu %(db)s đã ở phiên bản %(r)s, mới hơn chương trình này (%(h)s): hãy nâng cấp chương trình.",
            db=place,
            r=stored,
            h=wanted,
        )
    if stored != wanted:
        return _(
            "Cơ sở dữ liệu %(db)s ở phiên bản %(r)s, chương trình ở %(h)s. Chạy: flask --app wsgi db upgrade",
            db=place,
            r=stored,
            h=wanted,
        )
    return None


def _sentence(error: SQLAlchemyError, migrating: bool) -> Any:
    place = db.engine.url.render_as_string(hide_password=True)
    try:
        with db.engine.connect():
            pass
    except SQLAlchemyError as cause:
        said = _reason(cause)
        return _(
            "Không vào được cơ sở dữ liệu %(db)s: %(said)s. Xem DATABASE_URL và máy chủ cơ sở dữ liệu.",
            db=place,
            said=said,
        )
    if migrating:
        return None
    if sentence := wrong_schema(database_revision()):
        return sentence
    if is_outage(error):
        said = _reason(error)
        if any(words in said for words in READ_ONLY):
            return _("Cơ sở dữ liệu %(db)s chỉ đọc được: %(said)s. Xem quyền ghi của nơi chứa nó.", db=place, said=said)
        return _(
            "Cơ sở dữ liệu %(db)s không làm được việc này lúc này: %(said)s. Chờ rồi chạy lại.", db=place, said=said
        )
    return None


def _reason(error: SQLAlchemyError) -> str:
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return " ".join(said.split())[:300].rstrip(".")
