"""The only place that knows every part. Nothing imports it but servers, the CLI and tests."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext
from flask.json.provider import DefaultJSONProvider
from flask_babel import lazy_gettext as _l
from sqlalchemy.engine import Connection

from survey.foundation.server.startup_gc import keeping_everything

with keeping_everything():
    import analysis.features
    import kiosk.commands
    import kiosk.features
    import survey.features
    from analysis.measures.demo import register_demo_measures
    from analysis.reference.catalogue import install_reference_figures
    from analysis.results.demo import publish_demo
    from analysis.signals.demo import open_demo_signals
    from analysis.targets.catalogue import install_targets
    from kiosk.demo import place_demo_kiosks
    from survey.channels.web import ready_forms
    from survey.demo import command as demo_command
    from survey.demo.feedback import open_demo_cases
    from survey.demo.fill import NotEmpty
    from survey.demo.finishing import Step, finish, is_unfinished
    from survey.demo.one_start import alone
    from survey.demo.tickets import make_demo_tickets
    from survey.foundation import access, formatting, installation_flags, version
    from survey.foundation.bilingual import bilingual as _
    from survey.foundation.caching import register
    from survey.foundation.changes import collisions
    from survey.foundation.commands import command_problems
    from survey.foundation.commands.command_words import speak_as_the_terminal
    from survey.foundation.commands.long_commands import GOES_ON, takes_long
    from survey.foundation.configuration.settings import ROOT, SettingError, Settings, load_environment
    from survey.foundation.identifiers import secret_key
    from survey.foundation.languages import language
    from survey.foundation.pages import errors, headers, hosts, light_pages, menu, parameters
    from survey.foundation.server import health, logs, metrics, metrics_page
    from survey.foundation.server.rehearsal import rehearse
    from survey.foundation.server.warm_up import warm_up
    from survey.foundation.storage import database, outage
    from survey.foundation.text import text_sanitising
    from survey.questionnaires.catalogue import install_questionnaires
    from survey.registry.catalogue import install_provinces


class _Program(Flask):
    """Flask that never asks of hooks and pages whether they are coroutines (none is), and logs no address.

    Who met somebody else's change at the same moment is answered again.
    """

    def dispatch_request(self) -> Any:
        """The view's answer."""
        return collisions.begun_again(super().dispatch_request)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func

    def log_exception(self, exc_info: Any) -> None:
        """Without the address, which Flask would write: it may hold a code."""
        logs.log_unexpected(exc_info[1])


def create_app(settings: Settings | None = None, *, serves: bool = False) -> Flask:
    """Make the application; one that only `serves` pages does without what migrates a database.

    Raises:
        SettingError: a setting is missing or wrong (names the variable).
    """
    settings = settings or Settings.from_environment()
    if serves and settings.database_passes:
        raise SettingError(_("DATABASE_URL không chỉ tệp nào: phiếu của người dân sẽ mất; dùng sqlite:////THƯ-MỤC/TỆP"))
    app = _Program(__name__, root_path=str(ROOT))
    access.public("style sheets, scripts, fonts")(app.view_functions["static"])
    app.request_class = text_sanitising.PlainRequest
    parameters.init_parameters(app)
    _configure(app, settings)
    logs.init_logs(app, settings)
    ready_forms.init_ready_forms(app)
    hosts.init_hosts(app, settings)
    database.init_database(app, settings)
    if not serves:
        database.init_migrations(app)
    outage.init_outage(app)
    register.init_register(app)
    language.init_language(app)
    headers.init_headers(app, settings)
    light_pages.init_light_pages(app)
    errors.init_errors(app)
    formatting.init_formatting(app)
    menu.init_menu(app)
    installation_flags.init_facts(app)
    metrics.init_metrics(app)
    version.program_commit()  # read now: an upgrade may change the files under a process that runs
    app.register_blueprint(health.blueprint)
    app.register_blueprint(metrics_page.blueprint)
    for feature in (survey.features, kiosk.features, analysis.features):
        feature.register(app)
    app.extensions["reference_data"] = install_reference_data
    app.cli.add_command(demo)
    app.cli.add_command(demo_command.addresses)
    app.cli.add_command(try_out)
    command_problems.explain_in(app.cli)
    return app


AFTER_FILLING = (
    Step("publish", _l("Đang công bố kết quả các kỳ đã qua, chừng nửa phút…"), publish_demo),
    Step("measures", _l("Đang đăng ký biện pháp cải thiện…"), register_demo_measures),
    Step("signals", _l("Đang tìm tín hiệu bất thường…"), open_demo_signals),
    Step("cases", _l("Đang mở phản ánh của người dân…"), open_demo_cases),
    Step("kiosks", _l("Đang đặt kiosk…"), place_demo_kiosks),
    Step("tickets", _l("Đang tạo mã dùng một lần…"), make_demo_tickets),
)


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when there are agencies already.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day of the demonstration (default: today).")
@click.option("--part", type=click.FloatRange(0, 1), default=1.0, help="Only a part of the answers, for a quick look.")
@with_appcontext
@takes_long(GOES_ON)
def demo(if_empty: bool, until: dt.datetime | None, part: float) -> None:
    """Fill an empty database with invented agencies, ratings and caseloads, and publish the past years."""
    try:
        if not is_unfinished(AFTER_FILLING):
            demo_command.fill_and_report(until.date() if until else None, if_empty=if_empty, part=part)
    except NotEmpty as refusal:
        click.echo(str(refusal), err=True)
        raise SystemExit(2) from refusal
    finish(AFTER_FILLING)


@click.command()
@click.pass_context
@with_appcontext
@command_problems.on_any_schema
def try_out(context: click.Context) -> None:
    """Migrate the database, fill it if it is empty, and print where to go: `make run` before it serves.

    The same as `db upgrade`, `demo --if-empty`, `addresses` and `kiosk pair`, for one start of the program.
    """
    import flask_migrate

    with alone():
        flask_migrate.upgrade()
        context.invoke(demo, if_empty=True, until=None)
    context.invoke(demo_command.addresses)
    with suppress(SystemExit):  # no counter yet, as it has said: nothing to pair with
        context.invoke(kiosk.commands.pair)


def install_reference_data(connection: Connection) -> None:
    """What an empty database needs to be ready; migrations/env.py calls this after an upgrade to the head."""
    steps: tuple[Callable[[Connection], None], ...] = (
        install_provinces,
        install_questionnaires,
        install_targets,
        install_reference_figures,
    )
    for step in steps:
        step(connection)


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        TESTING=settings.testing,
        RELEASE_STEP=settings.release_step,
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_NAME="__Host-hai_long" if settings.is_https else "hai_long",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=12 * 3600,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["settings"] = settings
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.ensure_ascii = False
    app.json.sort_keys = False


def __getattr__(name: str) -> Flask:
    # `wsgi:app` for servers and `flask --app wsgi`, made on first use: tests import this module without settings.
    if name == "app":
        made = globals()["app"] = _app_for_commands() if os.environ.get("FLASK_RUN_FROM_CLI") else _app_to_serve()
        return made
    raise AttributeError(name)


def _app_to_serve() -> Flask:
    try:
        load_environment()
        app = create_app(serves=True)
    except SettingError as error:
        sys.exit(str(error))
    warm_up(app)
    rehearse(app)
    return app


def _app_for_commands() -> Flask:
    speak_as_the_terminal()
    # Few commands sign anything, so they need no SECRET_KEY; a wrong setting ends them with its message alone.
    try:
        load_environment()
        if os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE"):
            return create_app(Settings.from_environment())
        app = create_app(Settings.from_environment({**os.environ, "SECRET_KEY": secret_key()}))
        app.config["HAS_PASSING_KEY"] = True  # what it signs is known to no server
        return app
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from error
