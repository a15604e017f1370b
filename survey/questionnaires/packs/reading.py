"""A pack's files from a folder or a zip archive, held in memory: nothing is unpacked onto the disk.

An archive is not believed: names that lead elsewhere, too many files, files that are larger than allowed or that grow
beyond it while they are read are refused before anything is looked at.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from flask_babel import gettext as _

from survey.foundation.tables.archives import DAMAGED
from survey.questionnaires.packs.manifest import SOUND_NAME

MOST_FILES = 1000
LARGEST = {"manifest.json": 200_000, "texts.po": 2_000_000}
LARGEST_SOUND = 300_000  # a minute at 40 kbit/s
LARGEST_PACK = 12_000_000
_BESIDE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,60}")  # a licence, a read-me: may lie there, is not taken in
_SOUND = re.compile(SOUND_NAME)


class PackProblem(ValueError):
    """Why a pack cannot be read at all; `problems`: one line each, with the place and the mend."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_pack(source: Path | bytes) -> Mapping[str, bytes]:
    """The files of a pack by name: the manifest, the texts, the sounds.

    Raises:
        PackProblem: no folder or archive of a pack, or one that must not be read.
    """
    if isinstance(source, bytes):
        return _from_archive(source)
    if source.is_dir():
        return _limited(_in_folder(source))
    if not source.is_file() or source.stat().st_size > LARGEST_PACK:
        raise PackProblem(_("%(name)s: không phải thư mục hay tệp zip, hoặc lớn quá.", name=source.name))
    return _from_archive(source.read_bytes())


def _in_folder(folder: Path) -> Iterator[tuple[str, IO[bytes]]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise PackProblem(_("%(name)s: gói không được chứa liên kết.", name=name))
        if path.is_file():
            with path.open("rb") as file:
                yield name, file


def _from_archive(content: bytes) -> Mapping[str, bytes]:
    try:
        return _limited(_archived(content))
    except PackProblem:
        raise
    except DAMAGED as error:  # told only when a part is read
        raise PackProblem(_("Không phải tệp zip đọc được: %(why)s", why=str(error)[:100])) from error


def _archived(content: bytes) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MOST_FILES:
            raise PackProblem(_("Gói có quá %(n)s tệp.", n=MOST_FILES))
        folder = _common_folder([entry.filename for entry in entries])
        for entry in entries:
            with archive.open(entry) as file:
                yield entry.filename.removeprefix(folder), file


def _common_folder(names: list[str]) -> str:
    """The folder that was packed as a whole, if one was."""
    tops = {name.partition("/")[0] for name in names if "/" in name}
    folder = f"{tops.pop()}/" if len(tops) == 1 else ""
    return folder if folder and all(name.startswith(folder) for name in names) and folder != "sounds/" else ""


def _limited(files: Iterable[tuple[str, IO[bytes]]]) -> Mapping[str, bytes]:
    taken: dict[str, bytes] = {}
    weight = 0
    for count, (name, file) in enumerate(files, start=1):
        most = LARGEST.get(name) or (LARGEST_SOUND if _SOUND.fullmatch(name) else 0)
        if count > MOST_FILES:
            raise PackProblem(_("Gói có quá %(n)s tệp.", n=MOST_FILES))
        if not most and not _BESIDE.fullmatch(name):
            raise PackProblem(_("%(name)s: gói chỉ có manifest.json, texts.po và sounds/*.mp3, *.ogg.", name=name[:80]))
        if name in taken:
            raise PackProblem(_("%(name)s: có hai tệp cùng tên.", name=name))
        if most:
            taken[name] = file.read(most + 1)
            weight += len(taken[name])
            if len(taken[name]) > most:
                raise PackProblem(_("%(name)s: lớn hơn %(n)s byte.", name=name, n=most))
        if weight > LARGEST_PACK:
            raise PackProblem(_("Gói lớn hơn %(n)s byte.", n=LARGEST_PACK))
    if "manifest.json" not in taken:
        raise PackProblem(_("Thiếu manifest.json."))
    return taken
