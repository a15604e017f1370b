"""Files that commands write: whole or not at all, and in words what kept one from being written."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from flask_babel import gettext as _

from survey.foundation.identifiers import new_id


class NotWritten(OSError):
    """A file that somebody named cannot be written; `filename` says which."""


DRAFT = ".part"  # how the hidden name of a file ends that is not whole yet; a killed command leaves it
NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}  # what disks say that know no hard links


@contextmanager
def new_file(path: Path, mode: int = 0o666) -> Iterator[TextIO]:
    """A file that was not there, on disk when the block ends; nothing of it stays when that ends early.

    Raises:
        OSError: it is there already, or cannot be written.
    """
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(opened, "w", encoding="utf-8", newline="") as target:
        try:
            yield target
            target.flush()
            os.fsync(opened)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, in place of one that may be there, which stays as it is until the new one is on disk.

    Raises:
        NotWritten: it cannot be written.
    """
    path = path.resolve()
    draft = path.with_name(f".{new_id()}{DRAFT}")
    try:
        if path.exists() and not path.is_file():  # a pipe, a terminal
            path.write_bytes(content)
            return
        try:
            with draft.open("xb") as target:
                target.write(content)
                target.flush()
                os.fsync(target.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise NotWritten(error.errno, error.strerror, str(path)) from error


def put_in_place(draft: Path, path: Path) -> None:
    """Give a file that is whole its name, unless that was taken meanwhile.

    Raises:
        OSError: the name is taken, or cannot be given.
    """
    try:
        os.link(draft, path)  # unlike a rename, fails if the name was taken
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # a memory stick, another system's share
        draft.replace(path)
    draft.unlink(missing_ok=True)


def in_words(error: OSError) -> str:
    """What an error of the disk says to whoever runs a command, behind the file if it names one."""
    return f"{error.filename}: {reason(error)}" if error.filename else reason(error)


def reason(error: OSError) -> str:
    """What an error of the disk says, without the file."""
    words = {
        errno.ENOSPC: _("ổ đĩa đã đầy"),
        errno.EDQUOT: _("đã hết dung lượng được cấp"),
        errno.EROFS: _("ổ đĩa chỉ đọc được"),
        errno.EACCES: _("không có quyền"),
        errno.EPERM: _("không được phép"),
        errno.EEXIST: _("đã có tệp này"),
        errno.ENOENT: _("không có thư mục này"),
    }
    return str(words.get(error.errno or 0, error.strerror or str(error)))
