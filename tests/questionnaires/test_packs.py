"""Packs of languages: refused with a list of all that is missing or wrong, put in by command and at the desk."""

from __future__ import annotations

import contextlib
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from survey.foundation.text.vietnamese_text import normal
from survey.questionnaires.packs.checking import FAMILIES, CheckedPack
from survey.questionnaires.packs.known import FONTS, known_languages
from survey.questionnaires.packs.reading import LARGEST_SOUND, PackProblem, read_pack
from survey.questionnaires.packs.sample import VIETNAMESE
from tests.support.language_packs import install_pack, make_pack, zipped
from tests.support.staff import signed_in

Files = dict[str, bytes]
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'


@pytest.fixture
def pack(app: Flask, tmp_path: Path) -> Path:
    """A complete pack."""
    return make_pack(app, tmp_path / "pack")


def checked(app: Flask, source: Path | bytes | Files) -> CheckedPack:
    from survey.questionnaires.packs import service

    with app.test_request_context("/"):
        return service.check(source if isinstance(source, dict) else read_pack(source))


def with_text(pack: Path, vietnamese: str, text: str) -> Files:
    """The files of a pack that says one text otherwise."""
    files = dict(read_pack(pack))
    more = f"\nmsgid {json.dumps(vietnamese, ensure_ascii=False)}\nmsgstr {json.dumps(text, ensure_ascii=False)}\n"
    po = files["texts.po"].decode()
    start = po.index(f"msgid {json.dumps(vietnamese, ensure_ascii=False)}\n")
    end = po.find("\n\n", start)
    files["texts.po"] = (po[:start] + more.strip() + po[end if end > 0 else len(po) :]).encode()
    return files


def test_a_complete_pack_is_taken_from_a_folder_and_from_an_archive_alike(app: Flask, pack: Path) -> None:
    for source in (pack, zipped(pack)):
        assert checked(app, source).is_complete
    assert dict(read_pack(pack)) == dict(read_pack(zipped(pack)))


def test_an_archive_of_the_folder_itself_is_the_same_pack(pack: Path) -> None:
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w") as archive:
        for name, content in read_pack(pack).items():
            archive.writestr(f"my-pack/{name}", content)
    assert dict(read_pack(inside.getvalue())) == dict(read_pack(pack))


def test_what_is_missing_is_listed_with_its_place(app: Flask, pack: Path) -> None:
    files = {name: content for name, content in read_pack(pack).items() if not name.endswith("/hai-long.mp3")}
    files["texts.po"] = files["texts.po"].replace('msgstr "«Gửi đánh giá»"'.encode(), b'msgstr ""')
    manifest = json.loads(files["manifest.json"])
    del manifest["sounds"]["files"]["Bình thường"]
    files["manifest.json"] = json.dumps(manifest).encode()
    looked_at = checked(app, files)
    assert [text.vietnamese for text in looked_at.missing] == ["Gửi đánh giá"]
    assert [text.vietnamese for text in looked_at.unspoken] == ["Bình thường"]
    assert [line for line in looked_at.wrong if "hai-long.mp3" in line]
    assert not looked_at.is_complete


def test_a_text_of_a_named_questionnaire_is_missed_and_of_another_not(app: Flask, tmp_path: Path) -> None:
    pack = make_pack(app, tmp_path / "short", keys=("administration",))
    files = dict(read_pack(pack))
    manifest = json.loads(files["manifest.json"])
    files["manifest.json"] = json.dumps(manifest | {"questionnaires": ["administration", "health"]}).encode()
    assert {text.where for text in checked(app, files).missing} == {"health"}
    files["manifest.json"] = json.dumps(manifest | {"questionnaires": ["no-such"]}).encode()
    assert any("no-such" in line for line in checked(app, files).wrong)


@pytest.mark.parametrize(
    ("vietnamese", "text", "said"),
    [
        ("Nghe đọc: %(words)s", "Nghe", "%(words)s"),
        ("Nghe đọc: %(words)s", "Nghe đọc: %(words)s %(more)s", "%(words)s"),
        ("Gửi đánh giá", "100 %", "chỗ điền"),
        ("Gửi đánh giá", "<b>Gửi</b>", "HTML"),
        ("Gửi đánh giá", "Gửi &lt;", "HTML"),
        ("Gửi đánh giá", "Gửi\u202e", "U+202E"),
        ("Gửi đánh giá", "Gửi \u1200", "U+1200"),
        ("Gửi đánh giá", "Gửi " * 200, "dài quá"),
    ],
)
@pytest.mark.one_database
def test_a_text_that_would_do_harm_is_refused_by_name(
    app: Flask, pack: Path, vietnamese: str, text: str, said: str
) -> None:
    [line] = checked(app, with_text(pack, vietnamese, text)).wrong
    assert vietnamese in line
    assert said in line


def test_a_fuzzy_text_is_none(app: Flask, pack: Path) -> None:
    files = dict(read_pack(pack))
    files["texts.po"] = files["texts.po"].replace(
        '\nmsgid "Gửi đánh giá"'.encode(), '\n#, fuzzy\nmsgid "Gửi đánh giá"'.encode()
    )
    assert [text.vietnamese for text in checked(app, files).missing] == ["Gửi đánh giá"]


def archive_of(*entries: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "no archive": lambda: b"PK not really",
    "nothing": lambda: b"",
    "a way out": lambda: archive_of(("manifest.json", b"{}"), ("../../etc/cron.d/x", b"x")),
    "an absolute path": lambda: archive_of(("manifest.json", b"{}"), ("/etc/passwd", b"x")),
    "a program": lambda: archive_of(("manifest.json", b"{}"), ("sounds/a.exe", b"x")),
    "a page as a sound": lambda: archive_of(("manifest.json", b"{}"), ("sounds/a.html", b"<script>")),
    "a bomb of one file": lambda: archive_of(("manifest.json", b"0" * 50_000_000)),
    "a bomb of a sound": lambda: archive_of(("manifest.json", b"{}"), ("sounds/a.mp3", b"0" * (LARGEST_SOUND + 1))),
    "a bomb of many": lambda: archive_of(
        ("manifest.json", b"{}"), *((f"sounds/{n}.mp3", b"0" * LARGEST_SOUND) for n in range(60))
    ),
    "too many files": lambda: archive_of(("manifest.json", b"{}"), *((f"sounds/{n}.mp3", b"") for n in range(1001))),
    "no manifest": lambda: archive_of(("texts.po", b"")),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.one_database
def test_a_hostile_archive_is_refused_in_words(app: Flask, name: str) -> None:
    with app.test_request_context("/"), pytest.raises(PackProblem) as refused:
        read_pack(HOSTILE[name]())
    assert all(refused.value.problems)


def test_a_link_in_a_folder_is_refused(app: Flask, pack: Path) -> None:
    (pack / "sounds" / "more.mp3").symlink_to("/etc/passwd")
    with app.test_request_context("/"), pytest.raises(PackProblem, match=r"more\.mp3"):
        read_pack(pack)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"format": 2}', b"\xff\xfe", b"[" * 100_000])
@pytest.mark.one_database
def test_a_manifest_that_is_none_is_refused_in_words(app: Flask, content: bytes) -> None:
    with pytest.raises(PackProblem, match=r"manifest\.json"):
        checked(app, {"manifest.json": content})


@pytest.mark.parametrize(
    "content", [b"msgid", b'msgid "a"\nmsgstr "b', b"\xff", PO.replace("UTF-8", "nonsense").encode()]
)
@pytest.mark.one_database
def test_texts_that_cannot_be_read_change_nothing(app: Flask, pack: Path, content: bytes) -> None:
    files = dict(read_pack(pack)) | {"texts.po": content}
    with contextlib.suppress(PackProblem):
        assert not checked(app, files).is_complete


def test_who_checks_did_not_translate(app: Flask, pack: Path) -> None:
    files = dict(read_pack(pack))
    manifest = json.loads(files["manifest.json"])
    files["manifest.json"] = json.dumps(manifest | {"checkers": manifest["translators"]}).encode()
    with pytest.raises(PackProblem, match="checkers"):
        checked(app, files)


def test_a_sound_is_a_sound(app: Flask, pack: Path) -> None:
    files = dict(read_pack(pack)) | {"sounds/hai-long.mp3": b"<html><script>alert(1)</script>"}
    assert any("sounds/hai-long.mp3" in line for line in checked(app, files).wrong)


def test_the_shipped_vietnamese_sounds_say_everything_that_is_spoken(app: Flask) -> None:
    from survey.questionnaires.packs import service

    with app.test_request_context("/"):
        spoken = {text.vietnamese for text in service.needed_texts(service.asked_texts()) if text.spoken}
    looked_at = checked(app, VIETNAMESE)
    assert looked_at.is_complete, (looked_at.wrong, looked_at.unspoken)
    assert spoken <= set(looked_at.sounds), "run .ci/speak_vietnamese.py"


def test_commands_check_install_list_and_remove(app: Flask, pack: Path, tmp_path: Path) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["survey", "languages", "check", str(pack)]).exit_code == 0
    assert run(args=["survey", "languages", "install", str(pack)]).exit_code == 0
    assert "Đã có từ trước" in run(args=["survey", "languages", "install", str(pack)]).output
    listed = json.loads(run(args=["survey", "languages", "list", "--format", "json"]).output)["languages"]
    states = {language["code"]: language["state"] for language in listed}
    assert states["vi-x-mau"] == "offered"
    assert states["rad"] == "no_pack"
    assert run(args=["survey", "languages", "remove", "vi-x-mau"]).exit_code == 0
    assert run(args=["survey", "languages", "remove", "vi-x-mau"]).exit_code == 2
    (pack / "sounds" / "hai-long.mp3").unlink()
    refused = run(args=["survey", "languages", "install", str(pack)])
    assert refused.exit_code == 2
    assert "hai-long.mp3" in refused.output
    file = tmp_path / "texts.po"
    assert run(args=["survey", "languages", "template", str(file)]).exit_code == 0
    assert 'msgid "Gửi đánh giá"\nmsgstr ""' in file.read_text(encoding="utf-8")


def test_the_desk_takes_a_pack_logs_it_and_says_what_an_incomplete_one_lacks(app: Flask, pack: Path) -> None:
    from survey.foundation.changes.audit_entry import AuditEntry
    from survey.foundation.storage.database import db

    owner = signed_in(app, "so-noi-vu", "method_owner", sector="administration")
    whole = zipped(pack)
    (pack / "sounds" / "hai-long.mp3").unlink()

    def put_in(content: bytes) -> tuple[int, str]:
        page = owner.get("/desk/languages").text
        token = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page)
        data = {"file": (io.BytesIO(content), "pack.zip"), "csrf_token": token[0] if token else ""}
        answer = owner.post("/desk/languages", data=data, follow_redirects=True)
        return answer.status_code, answer.text

    status, page = put_in(zipped(pack))
    assert status == 422
    assert "sounds/hai-long.mp3" in page
    assert put_in(b"no zip")[0] == 422
    status, page = put_in(whole)
    assert status == 200
    assert "người dân chọn được ngay" in page
    with app.app_context():
        entries = [entry for entry in db.session.query(AuditEntry) if entry.object_type == "language"]
        assert [(entry.action, entry.object_id) for entry in entries] == [("install_language", "vi-x-mau")]


def test_a_pack_that_a_release_outgrew_waits_and_says_what_it_lacks(app: Flask, pack: Path) -> None:
    from survey.foundation.storage.database import db, writing
    from survey.questionnaires.packs import listing, service
    from survey.questionnaires.packs.models import LanguagePack

    install_pack(app, pack)
    with app.app_context(), writing() as session:
        stored = session.get_one(LanguagePack, "vi-x-mau")
        stored.texts = {text: own for text, own in stored.texts.items() if text != "Gửi đánh giá"}
    with app.test_request_context("/"):
        assert "vi-x-mau" not in service.installed()
        [row] = [row for row in listing.listed_languages() if row["code"] == "vi-x-mau"]
        assert (row["state"], row["missing"]) == ("incomplete", ["Gửi đánh giá"])
        assert db.session.query(LanguagePack).count() == 1


@pytest.mark.parametrize("language", known_languages(), ids=lambda language: language.code)
@pytest.mark.one_database
def test_every_letter_of_a_language_has_a_font_and_comes_in_as_it_was_typed(app: Flask, language: object) -> None:
    from survey.foundation.text.damaged_text import damage
    from survey.foundation.typesetting.printable import SHEETS, glyphs, printable
    from survey.questionnaires.packs.known import KnownLanguage

    assert isinstance(language, KnownLanguage)
    letters = language.letters + (language.letters.upper() if language.script == "Latn" else "")
    have = frozenset().union(*(glyphs(family) for family in FAMILIES))
    assert [sign for sign in letters if ord(sign) not in have] == []
    assert language.font in FONTS.values()
    with app.test_request_context("/"):
        assert normal(letters) == unicodedata.normalize("NFC", letters), "what is typed is what is stored"
        assert damage(letters) is None
        assert printable(letters, "comment", SHEETS).signs == {}, "on paper too"
