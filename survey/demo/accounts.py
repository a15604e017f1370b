"""Who may sign in to the demonstration."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.accounts.models import RoleGrant, User
from survey.accounts.passwords import hash_password
from survey.registry.models import Agency, Province

PASSWORD = "hai-long-demo"  # printed on purpose: the demonstration's data are invented


@dataclass(frozen=True)
class Account:
    """An account: (role, sector, agency code) grants in one province, and what it is for in words."""

    username: str
    name: str
    grants: tuple[tuple[str, str | None, str | None], ...]
    sees: LazyString  # and may do, for whoever chooses a login
    province: str = "dak-lak"


ACCOUNTS = (
    Account(
        "so-y-te",
        "Phòng Nghiệp vụ Y, Sở Y tế",
        (("method_owner", "health", None), ("agency_manager", None, "DL-SYT")),
        _("ngành y tế: kết quả, ý kiến, báo cáo, kiosk, phương pháp đo"),
    ),
    Account(
        "so-gddt",
        "Văn phòng, Sở Giáo dục và Đào tạo",
        (("method_owner", "education", None), ("agency_manager", None, "DL-SGDDT")),
        _("ngành giáo dục: như trên"),
    ),
    Account(
        "so-noi-vu",
        "Phòng Cải cách hành chính, Sở Nội vụ",
        (("method_owner", "administration", None), ("officer", None, None)),
        _("hành chính công, và xem cả tỉnh"),
    ),
    Account(
        "quan-tri",
        "Quản trị tỉnh Đắk Lắk",
        (("administrator", None, None),),
        _("mọi việc của tỉnh: tài khoản, cơ quan, quầy, kiosk, nhập tệp, chốt và công bố"),
    ),
    Account("thanh-tra", "Thanh tra tỉnh", (("auditor", None, None),), _("xem, tải số liệu và nhật ký; không sửa gì")),
    Account(
        "so-noi-vu-son-la",
        "Sở Nội vụ Sơn La",
        (("method_owner", "administration", None), ("officer", None, None)),
        _("như so-noi-vu, ở tỉnh Sơn La"),
        "son-la",
    ),
)


def store_accounts(session: Session) -> None:
    """Add the demonstration's accounts, all with the same printed password."""
    password_hash = hash_password(PASSWORD)
    for account in ACCOUNTS:
        province_id = session.scalar(select(Province.id).where(Province.key == account.province))
        values = {"username": account.username, "name": account.name, "password_hash": password_hash}
        user_id = session.scalar(insert(User).values(values).returning(User.id))
        for role, sector, code in account.grants:
            agency_id = session.scalar(select(Agency.id).where(Agency.code == code)) if code else None
            grant = {"user_id": user_id, "role": role, "sector": sector, "agency_id": agency_id}
            session.execute(insert(RoleGrant).values(grant | {"province_id": province_id}))
