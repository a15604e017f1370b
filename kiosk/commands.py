"""`flask kiosk …`: pairing from the command line."""

from __future__ import annotations

import json
import sys

import click
from flask_babel import force_locale
from flask_babel import gettext as _

from kiosk import pairing
from survey.foundation.languages.language import terminal_language
from survey.foundation.text.text_commands import TextGroup

group = TextGroup("kiosk", help="Kiosk tại quầy.")


@group.command("pair")
@click.argument("counter", required=False)
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", help="Dạng kết quả.")
def pair(counter: str | None, output: str) -> None:
    """Print a code that pairs a tablet with COUNTER (without one, with the first counter there is).

    Type it on the tablet at /kiosk/ within 30 minutes.
    """
    try:
        counter = counter or pairing.first_counter()
        code = pairing.issue_code(counter)
    except pairing.PairingError as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    if output == "json":
        click.echo(json.dumps({"code": code}))
    else:
        said = {"counter": counter, "code": f"{code[:4]} {code[4:]}"}
        with force_locale(terminal_language()):
            click.echo(_("Mã ghép kiosk với quầy %(counter)s: %(code)s (dùng một lần, trong 30 phút)", **said))
