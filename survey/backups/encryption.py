"""Backups that only the holder of a key or a passphrase reads (age, https://age-encryption.org/v1).

The plain archive lies beside the encrypted one for as long as it is being made, readable by its owner alone.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyrage
from flask_babel import gettext as _

from survey.backups.archive import BackupProblem
from survey.foundation.commands.new_files import put_in_place
from survey.foundation.identifiers import new_id

MARK = b"age-encryption.org/v1"
SHORTEST = 12  # characters of a passphrase


def encrypt(plain: Path, path: Path, recipients: Sequence[str], passphrase: str | None) -> None:
    """Write an encrypted copy to a new file.

    Raises:
        BackupProblem: a recipient is none, the passphrase is too short, or the file exists.
    """
    keys = [_recipient(recipient) for recipient in recipients]
    if passphrase is not None and len(passphrase) < SHORTEST:
        raise BackupProblem(_("Cụm mật khẩu cần ít nhất %(n)s ký tự.", n=SHORTEST))
    if path.exists():
        raise BackupProblem(_("%(path)s: đã có tệp này. Chọn tên khác.", path=str(path)))
    with draft_beside(path) as draft:
        with plain.open("rb") as source, draft.open("wb") as target:
            if passphrase is None:
                pyrage.encrypt_io(source, target, keys)
            else:
                target.write(pyrage.passphrase.encrypt(source.read(), passphrase))
            target.flush()
            os.fsync(target.fileno())
        put_in_place(draft, path)


@contextmanager
def opened(path: Path, identity: Path | None, passphrase: str | None) -> Iterator[Path]:
    """The plain archive of a file, encrypted or not, while the block lasts.

    Raises:
        BackupProblem: it is encrypted, and the key or passphrase is missing or wrong.
    """
    if not is_encrypted(path):
        yield path
        return
    if identity is None and passphrase is None:
        raise BackupProblem(_("%(path)s: tệp đã mã hóa. Thêm --identity hoặc --passphrase-file.", path=str(path)))
    with draft_beside(path) as draft:
        try:
            if passphrase is None:
                with path.open("rb") as source, draft.open("wb") as target:
                    pyrage.decrypt_io(source, target, _identities(identity))
            else:
                draft.write_bytes(pyrage.passphrase.decrypt(path.read_bytes(), passphrase))
        except pyrage.DecryptError as error:
            raise BackupProblem(_("%(path)s: khóa hoặc cụm mật khẩu không mở được tệp này.", path=str(path))) from error
        yield draft


def is_encrypted(path: Path) -> bool:
    """Whether a file is an age file."""
    try:
        with path.open("rb") as file:
            return file.read(len(MARK)) == MARK
    except OSError:
        return False  # what reads it next says what is wrong


@contextmanager
def draft_beside(path: Path) -> Iterator[Path]:
    """An empty file that only its owner may read, gone afterwards."""
    draft = path.with_name(f".{path.name}.{new_id()}")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def plain_folder(path: Path) -> Iterator[Path]:
    """A folder beside a file that only its owner may open, gone afterwards."""
    folder = path.with_name(f".{path.name}.{new_id()}")
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise BackupProblem(_("“%(text)s” không phải khóa công khai age (age1…).", text=text)) from error


def _identities(path: Path | None) -> list[pyrage.x25519.Identity]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path else []
        keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        return [pyrage.x25519.Identity.from_str(key) for key in keys]
    except (OSError, ValueError, pyrage.IdentityError) as error:
        raise BackupProblem(_("%(path)s: không đọc được khóa age.", path=str(path))) from error
