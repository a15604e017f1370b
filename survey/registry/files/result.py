"""What an import did, or would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from survey.foundation.formatting import number, with_count
from survey.registry.files.records import Change


@dataclass(frozen=True)
class ImportOutcome:
    """Counts of records; `changes` lists what is new or changed (not for responses, which never change)."""

    kind: str
    file: str
    dry_run: bool
    new: int
    changed: int
    unchanged: int
    notes: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    first_passwords: tuple[tuple[str, str], ...] = ()  # (user name, password) of new accounts: told once, kept nowhere
    invited: tuple[str, ...] = ()  # user names of new accounts whose owners were mailed a link
    run: int | None = None  # the number under which it can be undone

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        run = {} if self.run is None else {"import": self.run}
        told = [{"username": name, "first_password": password} for name, password in self.first_passwords]
        accounts: dict[str, Any] = {"accounts": told} if told else {}
        accounts |= {"invited": [*self.invited]} if self.invited else {}
        names = ("kind", "file", "dry_run", "new", "changed", "unchanged")
        return {name: getattr(self, name) for name in names} | {"notes": list(self.notes)} | run | accounts

    def lines(self) -> list[str]:
        """For people."""
        counts = _(
            "mới %(new)s, thay đổi %(changed)s, giữ nguyên %(same)s",
            new=number(self.new),
            changed=number(self.changed),
            same=number(self.unchanged),
        )
        sentence = (
            _("%(file)s: chạy thử, chưa ghi gì. Nếu nhập: %(counts)s.", file=self.file, counts=counts)
            if self.dry_run
            else _("%(file)s: đã nhập: %(counts)s.", file=self.file, counts=counts)
        )
        told = [f"{name}\t{password}" for name, password in self.first_passwords]
        if told:
            told.insert(0, _("Mật khẩu đầu, chỉ hiện một lần; mỗi người đổi khi đăng nhập:"))
        if self.invited:
            names = ", ".join(self.invited)
            told.insert(
                0,
                with_count(
                    "Đã gửi thư mời đặt mật khẩu tới %(n)s tài khoản: %(names)s.", len(self.invited), names=names
                ),
            )
        return [*self.notes, sentence, *told]
