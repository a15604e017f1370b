"""Where archives lie: a folder or S3, through pyarrow's filesystems. A file is there whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from pyarrow import ArrowException, fs

from analysis.archive.manifest import FILE_NAME, MANIFEST, PROVINCE_KEY, ArchiveProblem, Manifest, parse_manifest
from survey.foundation.commands.new_files import DRAFT, write_whole

_PIECE = 1 << 20
_OURS = re.compile(rf"{FILE_NAME}|^\..+\{DRAFT}$")


class ArchiveFolder:
    """One folder of archives. `place` is a path or ``s3://bucket/folder`` (with the keys that pyarrow finds)."""

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")
        try:
            local = "://" not in place
            self._fs, root = (
                (fs.LocalFileSystem(), str(Path(place).absolute())) if local else fs.FileSystem.from_uri(self.place)
            )
        except (ArrowException, OSError, ValueError) as problem:
            said = str(problem).replace(self.place, self.named)
            raise ArchiveProblem(f"Không mở được {self.named}: {said}") from None
        self._root = root.rstrip("/")
        self._is_local = local

    @property
    def named(self) -> str:
        """The place as messages and the log name it: without the keys that an address may hold."""
        if "://" not in self.place:
            return self.place
        parts = urlsplit(self.place)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def path(self, province: str, name: str) -> str:
        """A file's path as the filesystem names it. Raises ArchiveProblem: no province has such a key."""
        if not re.match(PROVINCE_KEY, province):
            raise ArchiveProblem(f"{province!r} không phải là khóa của tỉnh nào.")
        return f"{self._root}/{province}/{name}"

    def provinces(self) -> list[str]:
        """The provinces with a manifest, by key."""
        listed = self._fs.get_file_info(fs.FileSelector(self._root, allow_not_found=True))
        folders = sorted(info.base_name for info in listed if info.type == fs.FileType.Directory)
        folders = [folder for folder in folders if re.match(PROVINCE_KEY, folder)]
        return [province for province in folders if self._exists(self.path(province, MANIFEST))]

    def read_manifest(self, province: str) -> Manifest | None:
        """The manifest of a province; None where nothing was archived yet. Raises ArchiveProblem."""
        path = self.path(province, MANIFEST)
        return parse_manifest(self.read(path), f"{self.named}/{province}", province) if self._exists(path) else None

    def read(self, path: str) -> bytes:
        """A whole file."""
        with self._fs.open_input_stream(path) as stream:
            return bytes(stream.read())

    def write(self, province: str, name: str, content: bytes) -> None:
        """A file on disk under its name, whole: written beside it and renamed; an object of S3 is put at once."""
        path = self.path(province, name)
        if not self._is_local:
            with self._fs.open_output_stream(path) as stream:
                stream.write(content)
            return
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, content)
        _sync_folder(target.parent)

    def fetch(self, path: str, into: Path) -> tuple[Path, str] | None:
        """A file's path on this machine (itself, or a copy in the folder `into`) and its SHA-256; None: there is none.

        What lies on S3 is fetched once.
        """
        here = Path(path) if self._is_local else into / path.rsplit("/", 1)[-1]
        if not self._is_local and self._exists(path):
            here.write_bytes(self.read(path))
        if not here.is_file():
            return None
        digest = hashlib.sha256()
        with here.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
        return here, digest.hexdigest()

    def drop_others(self, province: str, keep: set[str]) -> None:
        """Remove what an earlier manifest named or a writer that was killed left; what is not ours stays."""
        selector = fs.FileSelector(self.path(province, "").rstrip("/"), allow_not_found=True)
        for info in self._fs.get_file_info(selector):
            if info.type == fs.FileType.File and _OURS.match(info.base_name) and info.base_name not in keep:
                self._fs.delete_file(info.path)

    def _exists(self, path: str) -> bool:
        return bool(self._fs.get_file_info(path).type == fs.FileType.File)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
