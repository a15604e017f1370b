"""Where archives lie: a folder or S3, through pyarrow's filesystems. A file is there whole or not at all."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

from pyarrow import ArrowException, fs

from analysis.archive.manifest import MANIFEST, ArchiveProblem, Manifest, parse_manifest

_PIECE = 1 << 20


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
            raise ArchiveProblem(f"Không mở được {place}: {problem}") from problem
        self._root = root.rstrip("/")
        self._is_local = local

    def path(self, province: str, name: str) -> str:
        """A file's path as the filesystem names it."""
        return f"{self._root}/{province}/{name}"

    def provinces(self) -> list[str]:
        """The provinces with a manifest, by key."""
        listed = self._fs.get_file_info(fs.FileSelector(self._root, allow_not_found=True))
        folders = sorted(info.base_name for info in listed if info.type == fs.FileType.Directory)
        return [province for province in folders if self._exists(self.path(province, MANIFEST))]

    def read_manifest(self, province: str) -> Manifest | None:
        """The manifest of a province; None where nothing was archived yet. Raises ArchiveProblem."""
        path = self.path(province, MANIFEST)
        return parse_manifest(self.read(path), f"{self.place}/{province}") if self._exists(path) else None

    def read(self, path: str) -> bytes:
        """A whole file."""
        with self._fs.open_input_stream(path) as stream:
            return bytes(stream.read())

    def digest(self, path: str) -> str | None:
        """The SHA-256 of a file, in hexadecimal; None where there is none."""
        if not self._exists(path):
            return None
        digest = hashlib.sha256()
        with self._fs.open_input_stream(path) as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
        return digest.hexdigest()

    def write(self, province: str, name: str, content: bytes) -> None:
        """A file on disk under its name, whole: written beside it and renamed; an object of S3 is put at once."""
        path = self.path(province, name)
        if not self._is_local:
            with self._fs.open_output_stream(path) as stream:
                stream.write(content)
            return
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{uuid.uuid4().hex}.part")
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        _sync_folder(target.parent)

    def local_path(self, path: str, into: Path) -> Path:
        """A file's path on this machine: itself, or a copy of it in the folder `into`."""
        if self._is_local:
            return Path(path)
        copy = into / path.rsplit("/", 1)[-1]
        copy.write_bytes(self.read(path))
        return copy

    def drop_others(self, province: str, keep: set[str]) -> None:
        """Remove whatever lies in a province's folder and is not named: the files of an earlier manifest."""
        selector = fs.FileSelector(self.path(province, "").rstrip("/"), allow_not_found=True)
        for info in self._fs.get_file_info(selector):
            if info.type == fs.FileType.File and info.base_name not in {*keep, MANIFEST}:
                self._fs.delete_file(info.path)

    def _exists(self, path: str) -> bool:
        return bool(self._fs.get_file_info(path).type == fs.FileType.File)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
