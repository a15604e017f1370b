"""The database: one engine, one session, SQLite and PostgreSQL alike.

SQLite runs in WAL mode with foreign keys on and full durability, so that a rating acknowledged is on disk.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, ClassVar, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, CursorResult, DateTime, Dialect, Engine, MetaData, Result, Table, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from survey.foundation.bilingual import bilingual as _
from survey.foundation.bilingual import reason
from survey.foundation.clock import UTC
from survey.foundation.configuration.settings import ROOT, SettingError, Settings
from survey.foundation.storage.driver_statements import run
from survey.foundation.storage.read_replica import READ, RoutedSession, init_read_replica, to_primary
from survey.foundation.storage.sqlite_writers import QueueingConnection
from survey.foundation.storage.turns import is_of_the_desk, note_commit, take_turn, turn

# A server whose machine lost its power never says so: without these a connection to it waits for a quarter of an hour,
# and with it a thread.
_NOTICING = {"tcp_user_timeout": 10_000, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
REST = 1.0  # seconds after which a connection of the pool is asked whether it still is one
CACHE, MUCH = 1024, 64 * 1024  # KiB of SQLite's pages that a connection, and one that writes much, keeps
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base of every model; named constraints keep migrations reversible on both databases.

    Models derive from it and not from `db.Model`, which mypy takes for `Any`: a misspelt column would pass.
    """

    metadata = MetaData(naming_convention=NAMING)
    __table__: ClassVar[Table]


Row = TypeVar("Row", bound=Base)


class Instant(TypeDecorator[dt.datetime]):
    """An aware instant, stored in UTC. A naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuse naive values; SQLite keeps UTC without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Give back aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")

db = SQLAlchemy(model_class=Base, session_options={"class_": RoutedSession})
MIGRATIONS = ROOT / "migrations"


def init_database(app: Flask, settings: Settings) -> None:
    """Attach the engine; make the folder of an embedded database; keep SQLite strict and durable."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(settings.database_url, pooled=settings.database_pooled)
    if settings.database_read_url:
        options = _engine_options(settings.database_read_url, pooled=settings.database_pooled)
        options["connect_args"]["connect_timeout"] = (
            2  # one that is away is asked beside a page that somebody waits for
        )
        app.config["SQLALCHEMY_BINDS"] = {READ: {"url": settings.database_read_url, **options}}
    db.init_app(app)
    init_read_replica(app, settings.database_read_url, settings.database_read_lag)
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            _make_folder(engine)
            event.listen(engine, "connect", _on_sqlite_connect)
            event.listen(engine, "begin", _on_sqlite_begin)
        else:
            for server in db.engines.values():
                event.listen(server, "connect", _on_postgresql_connect)
                event.listen(server, "checkin", _note_rest)
                event.listen(server, "checkout", _ping_after_rest)


def init_migrations(app: Flask) -> None:
    """Let `flask db` and `flask_migrate` find the migrations; a server would carry Alembic in memory for nothing."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS), compare_type=True, render_as_batch=True)


_IN_MEMORY = (None, "", ":memory:")


def _engine_options(url: str, *, pooled: bool = False) -> dict[str, Any]:
    # Of a statement that fails the log tells the text, and not what a citizen wrote. The connection given back last is
    # taken first: it has statements and pages at hand, of which each that takes its turn would come to keep its own.
    every = {"hide_parameters": True, "pool_use_lifo": True}
    if url.startswith("sqlite"):
        sqlite = {"hide_parameters": True, "connect_args": {"timeout": 30, "factory": QueueingConnection}}
        return sqlite if make_url(url).database in _IN_MEMORY else sqlite | every  # in memory there is one connection
    # No column is an hstore, so a new connection need not ask what that is: its slowest question.
    # A server that does not answer must not hold every thread: a citizen is told so within seconds.
    waits: dict[str, Any] = {"connect_args": {"connect_timeout": 5, **_NOTICING}, "pool_timeout": 10}
    if pooled:  # between transactions a pooler gives the connection to others, who know none of our statements
        waits["connect_args"]["prepare_threshold"] = None
    # Who reads sees one state throughout, as SQLite shows it anyway: what one statement counts as received and the next
    # as used would not fit together while answers come in.
    return {
        "pool_size": 8,
        "max_overflow": 8,
        "use_native_hstore": False,
        "isolation_level": "REPEATABLE READ",
        **every,
        **waits,
    }


def _note_rest(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _ping_after_rest(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """A connection that rested may have been ended meanwhile; one used a moment ago need not be asked each time."""
    if time.monotonic() - record.info.get("rests_since", time.monotonic()) < REST:
        return
    import psycopg  # an installation on SQLite does without

    try:
        connection.execute("")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error


def _make_folder(engine: Engine) -> None:
    if engine.url.database and engine.url.database != ":memory:":
        from pathlib import Path

        folder = Path(engine.url.database).parent
        try:
            folder.mkdir(exist_ok=True)  # no tree for a mistyped address
        except OSError as error:
            raise SettingError(
                _("DATABASE_URL: không tạo được thư mục %(path)s: %(why)s", path=folder, why=reason(error))
            ) from error


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    # Python's sqlite3 otherwise opens transactions of its own, late and only for writes.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is erased is written over; Debian's SQLite does so by itself, others do not
        # A megabyte a connection: what others have written empties it anyway, and the system keeps the file at hand.
        # Mapped, the file would count as memory of each process, for a page that costs a microsecond to be read.
        f"cache_size=-{CACHE}",
        "mmap_size=0",
    ):
        connection.execute(f"PRAGMA {pragma}")


# A database or a role may have settings of its own, by which texts, days and numbers would be read differently.
_OF_EACH_CONNECTION = {
    "client_encoding": "UTF8",
    "datestyle": "ISO, YMD",
    "timezone": "UTC",
    "standard_conforming_strings": "on",
    "extra_float_digits": "1",
}


def _on_postgresql_connect(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        for name, value in _OF_EACH_CONNECTION.items():
            cursor.execute(f"SET {name} TO '{value}'")
        # What is thanked for is on disk; who asks for more than that (a standby's, say) is left to it.
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
    connection.commit()


def _on_sqlite_begin(connection: Connection) -> None:
    # A writer takes its lock at once: upgrading a read lock later fails instead of waiting.
    writes = connection.get_execution_options().get("writes", False)
    writer: Any = connection.connection.dbapi_connection
    path = connection.engine.url.database
    if not writes or not path or not isinstance(writer, QueueingConnection):
        run(connection, "BEGIN IMMEDIATE" if writes else "BEGIN", {})
        return
    writer.wait_in_line(path)
    try:
        run(connection, "BEGIN IMMEDIATE", {})
    except BaseException:
        writer.leave_line()
        raise


def rows_changed(result: Result[Any]) -> int:
    """How many rows an update or a delete changed."""
    assert isinstance(result, CursorResult)
    return result.rowcount


def locked(session: Session, model: type[Row], id_: object) -> Row:
    """A row to be changed, as it stands now: nobody else changes it before this transaction ends.

    The same change sent twice at once so becomes one that finds nothing left to do. In SQLite the only writer is alone
    anyway. Raises `sqlalchemy.exc.NoResultFound` if there is no such row.
    """
    return session.get_one(model, id_, with_for_update=True)


def _to_write(engine: Engine, isolation_level: str = "READ COMMITTED") -> dict[str, Any]:
    """The options of a transaction that writes: on PostgreSQL it sees what others have just committed."""
    return {"writes": True} | ({"isolation_level": isolation_level} if engine.dialect.name == "postgresql" else {})


@contextmanager
def writing(*, much: bool = False) -> Iterator[Session]:
    """One write transaction on the session: committed at the end, rolled back on any error.

    Must not be nested; anything the session had begun (only reads) is ended first. `much`: tens of thousands of rows,
    whose pages SQLite would else write out again and again.
    """
    session: Session = db.session()
    session.rollback()
    to_primary(session)
    connection = session.connection(execution_options=_to_write(db.engine))
    try:
        with _room_for_pages(connection) if much else nullcontext():
            if is_of_the_desk():
                take_turn(session, "desk")
            yield session
            session.commit()
            note_commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def _room_for_pages(connection: Connection) -> Iterator[None]:
    writer: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    writer.execute(f"PRAGMA cache_size=-{MUCH}")
    try:
        yield
    finally:
        writer.execute(f"PRAGMA cache_size=-{CACHE}")


@contextmanager
def alone_at(work: str) -> Iterator[None]:
    """Wait until no other process does this long `work`; others may write to the database meanwhile.

    On PostgreSQL by a transaction of its own that keeps no state of the data; for SQLite by a file beside it.
    """
    engine = db.engine
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
            connection.execute(turn(work))
            yield
        return
    path = engine.url.database
    if not path or path == ":memory:":
        yield
        return
    import fcntl

    with open(f"{path}-{work.replace(' ', '-')}", "w") as file:  # noqa: PTH123 - a name, no path of ours
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def end_reading() -> None:
    """Give back the connection that the session reads by, if it has one."""
    if db.session.registry.has():
        db.session.rollback()


@contextmanager
def writing_without_session(*, at_once: bool) -> Iterator[Connection]:
    """The same for fixed statements that no object of the session knows of.

    `at_once`: what is written is one statement on PostgreSQL, which then commits it without being asked, and is waited
    for once instead of thrice.
    """
    end_reading()
    engine = db.engine
    options = _to_write(engine, "AUTOCOMMIT" if at_once else "READ COMMITTED")
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection
    note_commit()
