"""Every part of `survey`, registered in one place."""

from __future__ import annotations

from flask import Flask

import survey.backups.nightly_command
import survey.channels.paper.models
import survey.channels.paper.specimen_routes
import survey.channels.paper.typing_routes
import survey.channels.phone.interview_routes
import survey.channels.phone.models
import survey.channels.printing.command
import survey.channels.printing.models
import survey.channels.tickets.commands
import survey.channels.tickets.models
import survey.channels.web.poster_command
import survey.channels.web.preview_routes
import survey.channels.web.sheet_routes
import survey.cli
import survey.devices.models
import survey.feedback.commands
import survey.feedback.models
import survey.foundation.security.throttle_models
import survey.questionnaires.commands
import survey.questionnaires.models
import survey.questionnaires.packs.models
import survey.registry.files.models
import survey.registry.models
import survey.registry_pages.imports.command
import survey.responses.models
import survey.retention.commands  # noqa: F401 - all tables must be known to migrations, all commands to Flask
from survey.accounts import feature as staff
from survey.accounts.account_file import import_accounts
from survey.channels.paper.response_file import import_responses
from survey.channels.paper.routes import init_paper
from survey.channels.paper.run_printing import init_run_printing
from survey.channels.paper.said_on_paper import init_said_on_paper
from survey.channels.phone.routes import init_phone
from survey.channels.phone.script import init_script
from survey.channels.printing.routes import init_printing
from survey.channels.sheets.said_on_sheets import init_said_on_sheets
from survey.channels.tickets.routes import init_tickets
from survey.channels.web.printed import init_printed
from survey.channels.web.routes import init_citizen
from survey.channels.web.said_to_citizens import init_said_to_citizens
from survey.channels.web.sheet_printing import init_sheet_printing
from survey.devices.monitoring import device_figures
from survey.feedback import feature as feedback
from survey.foundation.commands.command_group import survey_commands
from survey.foundation.server.metrics import register_source
from survey.questionnaires import feature as questionnaires
from survey.registry.files.remarks import register_remark
from survey.registry.files.service import FILE_IMPORTERS
from survey.registry_pages import feature as agencies
from survey.registry_pages.imports import feature as imports
from survey.responses.ingest import init_door
from survey.responses.overfull_caseloads import name_overfull


def register(app: Flask) -> None:
    """Add blueprints, commands and menu pages."""
    init_door(app)
    staff.register(app)
    app.cli.add_command(survey_commands)
    agencies.register(app)
    imports.register(app)
    init_citizen(app)
    init_said_to_citizens(app)
    init_printed(app)
    init_tickets(app)
    init_paper(app)
    init_phone(app)
    init_said_on_paper(app)
    init_said_on_sheets(app)
    init_script(app)
    init_printing(app)
    init_sheet_printing(app)
    init_run_printing(app)
    questionnaires.register(app)
    feedback.register(app)
    register_source(app, device_figures)
    register_remark("caseloads", name_overfull)
    FILE_IMPORTERS.add("responses", import_responses)
    FILE_IMPORTERS.add("accounts", import_accounts)
