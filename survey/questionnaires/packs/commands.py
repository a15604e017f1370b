"""``flask survey languages …``."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask_babel import force_locale
from flask_babel import gettext as _

from survey.foundation.commands.command_group import survey_commands
from survey.foundation.commands.command_problems import on_any_schema
from survey.foundation.commands.new_files import write_whole
from survey.foundation.text.text_commands import TextGroup
from survey.questionnaires.packs import service
from survey.questionnaires.packs.checking import CheckedPack
from survey.questionnaires.packs.listing import listed_languages
from survey.questionnaires.packs.manifest import manifest_schema
from survey.questionnaires.packs.reading import PackProblem, read_pack
from survey.questionnaires.packs.sample import CODE as SAMPLE
from survey.questionnaires.packs.sample import write_sample
from survey.questionnaires.packs.template import po_template

group = TextGroup("languages", help="Languages of citizens' forms, as packs (docs/languages.md).")
survey_commands.add_command(group)
PACK = click.Path(exists=True, path_type=Path)


@group.command("schema")
@on_any_schema
def schema_command() -> None:
    """Print the JSON Schema of a pack's manifest (docs/language-pack.schema.json)."""
    click.echo(json.dumps(manifest_schema(), ensure_ascii=False, indent=2))


@group.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--questionnaire", "keys", multiple=True, help="Key of a questionnaire; several times for several.")
@click.option("--pack", type=PACK, help="A pack whose texts are kept.")
def template_command(file: Path, keys: tuple[str, ...], pack: Path | None) -> None:
    """Write the texts a translator fills in, as a PO file."""
    _known(keys)
    texts = service.needed_texts(keys or tuple(service.asked_texts()))
    known = _checked(pack).texts if pack else {}
    with force_locale("en"):
        english = {text.vietnamese: _(text.vietnamese) for text in texts}
    write_whole(file, po_template(texts, known, english))
    click.echo(f"{file}: {len(texts)} lời, {sum(text.spoken for text in texts)} lời cần ghi âm.")


@group.command("sample")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--questionnaire", "keys", multiple=True, help="Key of a questionnaire; several times for several.")
def sample_command(folder: Path, keys: tuple[str, ...]) -> None:
    """Write a whole pack to begin from: its texts are the Vietnamese, its sounds a machine's."""
    _known(keys)
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} đã có tệp: chọn thư mục trống.")
    write_sample(folder, keys or tuple(service.asked_texts()))
    click.echo(f"{folder}: gói mẫu {SAMPLE}.")


@group.command("spoken")
def spoken_command() -> None:
    """List what a pack with sounds says aloud, for all questionnaires, as JSON."""
    texts = [text for text in service.needed_texts(tuple(service.asked_texts())) if text.spoken]
    said = {"spoken": [{"vietnamese": text.vietnamese, "where": text.where} for text in texts]}
    click.echo(json.dumps(said, ensure_ascii=False, indent=2))


@group.command("check")
@click.argument("pack", type=PACK)
def check_command(pack: Path) -> None:
    """Say what is wrong with a pack (a folder or a zip file) and what it lacks; change nothing."""
    checked = _complete(pack)
    said = f"đủ {len(checked.texts)} lời, {len(checked.sounds)} âm thanh"
    click.echo(f"{checked.manifest.name} ({checked.manifest.code}): {said}.")


@group.command("install")
@click.argument("pack", type=PACK)
def install_command(pack: Path) -> None:
    """Offer a complete pack to citizens; the same again changes nothing."""
    checked = _complete(pack)
    done = "Đã cài" if service.install(checked) else "Đã có từ trước"
    click.echo(f"{done}: {checked.manifest.name} ({checked.manifest.code}).")


@group.command("remove")
@click.argument("code")
def remove_command(code: str) -> None:
    """Offer a language no more; answers given in it stay."""
    if not service.remove(code):
        raise click.UsageError(f"Không có gói ngôn ngữ nào đang dùng mang mã “{code}”.")
    click.echo(f"Đã gỡ: {code}.")


@group.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_command(form: str) -> None:
    """List languages: the program's, the packs' with what they lack, and those no pack was found for yet."""
    languages = listed_languages()
    if form == "json":
        click.echo(json.dumps({"languages": languages}, ensure_ascii=False, indent=2))
        return
    for language in languages:
        click.echo(f"{language['code']}\t{language['name']}\t{language['state']}\t{len(language['missing'])}")


def _known(keys: tuple[str, ...]) -> None:
    for key in sorted(set(keys) - service.asked_texts().keys()):
        raise click.UsageError(f"Không có phiếu hỏi nào mang mã “{key}”.")


def _checked(pack: Path) -> CheckedPack:
    try:
        return service.check(read_pack(pack))
    except PackProblem as problem:
        raise click.UsageError("\n".join(f"{pack.name}: {line}" for line in problem.problems)) from problem


def _complete(pack: Path) -> CheckedPack:
    checked = _checked(pack)
    if not checked.is_complete:
        lines = [f"{pack.name}: {line}" for line in checked.wrong]
        lines += [f"{pack.name}: thiếu lời ({text.where}): “{text.vietnamese}”" for text in checked.missing]
        lines += [f"{pack.name}: thiếu âm thanh ({text.where}): “{text.vietnamese}”" for text in checked.unspoken]
        raise click.UsageError("\n".join(lines))
    return checked
