"""What must be so on a server that nobody looks at: it answers, has room, and last night's backup is there."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import urllib.error
import urllib.request
from pathlib import Path

from flask_babel import gettext as _

from survey.backups.nightly import newest
from survey.foundation.clock import from_timestamp

OLDEST = dt.timedelta(hours=36)  # a night that failed is told in the morning after
LEAST_FREE = 0.10  # share of the disk


def problems(folder: Path, address: str, now: dt.datetime) -> list[str]:
    """One sentence for each thing that is wrong."""
    return [said for said in (_silent(address), _full(folder), _no_backup(folder, now)) if said]


def _silent(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=20):
            return ""
    except (urllib.error.URLError, OSError) as error:
        said = str(error)
        return str(
            _("Dịch vụ không trả lời ở %(a)s: %(said)s. Xem: journalctl -u hai-long -n 50", a=address, said=said)
        )


def _full(folder: Path) -> str:
    place = next(path for path in (folder, *folder.parents) if path.exists())
    disk, files = shutil.disk_usage(place), os.statvfs(place)
    if disk.free < LEAST_FREE * disk.total:
        return str(_("Ổ đĩa của %(p)s chỉ còn %(mb)s MB. Xem mục “Ổ đĩa đầy”.", p=str(place), mb=disk.free // 2**20))
    if files.f_favail < LEAST_FREE * files.f_files:  # where the disk counts none, both are 0
        return str(_("Ổ đĩa của %(p)s chỉ còn chỗ cho %(n)s tệp nữa: xem df -i.", p=str(place), n=files.f_favail))
    return ""


def _no_backup(folder: Path, now: dt.datetime) -> str:
    last = newest(folder)
    if last is None:
        return str(_("%(folder)s: chưa có bản sao lưu nào. Chạy: systemctl start hai-long-backup", folder=str(folder)))
    made = from_timestamp(last.stat().st_mtime)
    if now - made <= OLDEST:
        return ""
    hours = (now - made) // dt.timedelta(hours=1)
    return str(_("Bản sao lưu mới nhất, %(name)s, đã %(n)s giờ. Xem hai-long-backup.", name=last.name, n=hours))
