"""Whom the demonstration surveys: invented agencies around the three real programmes.

Names of places are made up; the shapes are life's: tiny communes, a giant hospital, a silent unit, one where all are
content, districts until 30/6/2025 and communes after, a clinic that was closed and that nobody succeeded.
"""

# ruff: noqa: E501 - a table is read by its columns

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

LAST_DAY_OF_DISTRICTS = dt.date(2025, 6, 30)
FIRST_DAY_OF_COMMUNES = dt.date(2025, 7, 1)
LAST_DAY_OF_CLINIC = dt.date(2018, 12, 31)
REORGANISATION = "Nghị quyết số 202/2025/QH15 ngày 12/6/2025 (sắp xếp minh họa)"
ABOLITION = "Quyết định số 3187/QĐ-UBND ngày 14/12/2018 (giải thể minh họa)"


@dataclass(frozen=True)
class ServiceSpec:
    """A service with its usual monthly caseload at a unit of size 1 and its pull on satisfaction (logit)."""

    code: str
    name: str
    sector: str
    field: str
    unit: str
    size: float
    pull: float
    organisations: float = 0.1  # share of the caseload that organisations bring
    national_code: str = ""


@dataclass(frozen=True)
class AgencySpec:
    """An agency: `size` scales its caseload, `pull` its satisfaction (logit), `asks` how readily people answer."""

    code: str
    name: str
    kind: str
    level: str
    area: str
    parent: str | None
    services: tuple[str, ...]
    size: float = 1.0
    pull: float = 0.0
    asks: float = 1.0
    counters: int = 1
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    successors: tuple[str, ...] = field(default_factory=tuple)
    ended_by: str = ""  # the document that renamed, merged, split or abolished it
    one_stop_since: dt.date | None = None
    method_defined_on: dt.date | None = None


SERVICES = (
    ServiceSpec("DD-CAPGCN", "Cấp giấy chứng nhận quyền sử dụng đất lần đầu", "administration", "Đất đai", "dossier", 60, -0.9, 0.05, "1.004217"),
    ServiceSpec("DD-BIENDONG", "Đăng ký biến động quyền sử dụng đất", "administration", "Đất đai", "dossier", 80, -0.6, 0.1, "1.004199"),
    ServiceSpec("HT-KHAISINH", "Đăng ký khai sinh", "administration", "Hộ tịch", "dossier", 45, 0.6, 0.0, "1.001193"),
    ServiceSpec("HT-KETHON", "Đăng ký kết hôn", "administration", "Hộ tịch", "dossier", 25, 0.7, 0.0, "1.000894"),
    ServiceSpec("CT-BANSAO", "Chứng thực bản sao từ bản chính", "administration", "Chứng thực", "dossier", 140, 0.5, 0.1, "2.000815"),
    ServiceSpec("DN-THANHLAP", "Đăng ký thành lập doanh nghiệp", "administration", "Đăng ký doanh nghiệp", "dossier", 50, 0.3, 0.95, "2.001610"),
    ServiceSpec("XD-GIAYPHEP", "Cấp giấy phép xây dựng nhà ở riêng lẻ", "administration", "Xây dựng", "dossier", 35, -0.5, 0.2, "1.009122"),
    ServiceSpec("NC-TROCAP", "Giải quyết trợ cấp người có công", "administration", "Người có công", "dossier", 20, 0.2, 0.0, "1.010801"),
    ServiceSpec("YT-HANHNGHE", "Cấp chứng chỉ hành nghề khám bệnh, chữa bệnh", "administration", "Y tế", "dossier", 40, -0.1, 0.1, "1.012256"),
    ServiceSpec("GD-VANBANG", "Cấp bản sao văn bằng, chứng chỉ từ sổ gốc", "administration", "Giáo dục", "dossier", 55, 0.4, 0.0, "1.005092"),
    ServiceSpec("KB-NGOAITRU", "Khám bệnh ngoại trú", "health", "Khám bệnh", "visit", 900, -0.1),
    ServiceSpec("KB-NOITRU", "Điều trị nội trú", "health", "Khám bệnh", "visit", 220, 0.15),
    ServiceSpec("YT-TIEMCHUNG", "Tiêm chủng mở rộng", "health", "Y tế dự phòng", "visit", 160, 0.6),
    ServiceSpec("GD-MAMNON", "Giáo dục mầm non", "education", "Mầm non", "pupil", 240, 0.5),
    ServiceSpec("GD-TIEUHOC", "Giáo dục tiểu học", "education", "Phổ thông", "pupil", 420, 0.2),
    ServiceSpec("GD-THCS", "Giáo dục trung học cơ sở", "education", "Phổ thông", "pupil", 480, 0.0),
    ServiceSpec("GD-THPT", "Giáo dục trung học phổ thông", "education", "Phổ thông", "pupil", 900, -0.2),
)  # fmt: skip

OFFICE = ("DD-CAPGCN", "DD-BIENDONG", "HT-KETHON", "CT-BANSAO", "XD-GIAYPHEP", "NC-TROCAP")
COMMUNE = ("HT-KHAISINH", "HT-KETHON", "CT-BANSAO", "NC-TROCAP")
NEW_COMMUNE = ("DD-BIENDONG", "HT-KHAISINH", "HT-KETHON", "CT-BANSAO", "XD-GIAYPHEP")
HOSPITAL = ("KB-NGOAITRU", "KB-NOITRU")
STATION = ("KB-NGOAITRU", "YT-TIEMCHUNG")


DISTRICTS = ("Ea Tân", "Krông Sơn", "Cư Phong", "Ea Lâm", "Buôn Hòa", "M'Đrang")


def dak_lak() -> list[AgencySpec]:
    """About 60 agencies over administration, health and education."""
    return [*_dak_lak_administration(), *_dak_lak_health(), *_dak_lak_schools()]


def _dak_lak_administration() -> list[AgencySpec]:
    top = [_root("DL-UBND", "Ủy ban nhân dân tỉnh Đắk Lắk")]
    offices = [
        _office("DL-SNV", "Sở Nội vụ", "DL-UBND", ("NC-TROCAP",), size=3, pull=0.4),
        _office("DL-STC", "Sở Tài chính", "DL-UBND", ("DN-THANHLAP",), size=4, pull=0.5, since=2012),
        _office("DL-SNNMT", "Sở Nông nghiệp và Môi trường", "DL-UBND", ("DD-CAPGCN", "DD-BIENDONG"), size=3, pull=-0.3),
        _office("DL-SXD", "Sở Xây dựng", "DL-UBND", ("XD-GIAYPHEP",), size=3, pull=-0.2),
        _office("DL-SYT", "Sở Y tế", "DL-UBND", ("YT-HANHNGHE",), size=2, pull=0.1),
        _office("DL-SGDDT", "Sở Giáo dục và Đào tạo", "DL-UBND", ("GD-VANBANG",), size=2, pull=0.5),
    ]
    districts = [
        _district(f"DL-H{i}", f"Ủy ban nhân dân huyện {name}", "DL-UBND", (f"DL-XM{2 * i - 1:02d}", f"DL-XM{2 * i:02d}"),
                  size=1.6 if i == 4 else 0.9, pull=(0.25, -0.15, 0.0, -0.35, 0.3, 0.1)[i - 1])
        for i, name in enumerate(DISTRICTS, 1)
    ]  # fmt: skip
    old = ("Ea Hội", "Ea Phú", "Krông Lá", "Cư Yên", "Ea Thu", "Buôn Kao", "Hòa Mới", "Ea Nhỏ")
    communes = [
        _commune(f"DL-XC{i:02d}", f"Ủy ban nhân dân xã {name}", f"DL-H{(i + 1) // 2 if i < 7 else 6}",
                 size=0.08 if i == 8 else 0.35, until=LAST_DAY_OF_DISTRICTS, successors=(f"DL-XM{min(i + 2, 12):02d}",))
        for i, name in enumerate(old, 1)
    ]  # fmt: skip
    new = (
        "Ea Tân",
        "Ea Hội",
        "Krông Sơn",
        "Krông Lá",
        "Cư Phong",
        "Cư Yên",
        "Ea Lâm",
        "Ea Thu",
        "Buôn Hòa",
        "Buôn Kao",
        "M'Đrang",
        "Hòa Mới",
    )
    wards = {7, 9}
    after = [
        _new_commune(f"DL-XM{i:02d}", f"Trung tâm Phục vụ hành chính công {'phường' if i in wards else 'xã'} {name}", "DL-UBND",
                     area="urban" if i in wards else "remote" if i in (3, 4, 11) else "rural",
                     size=0.05 if i == 11 else 1.8 if i == 7 else 0.8, pull=(i % 5 - 2) * 0.15)
        for i, name in enumerate(new, 1)
    ]  # fmt: skip
    return [*top, *offices, *districts, *communes, *after]


def _dak_lak_health() -> list[AgencySpec]:
    return [
        _hospital("DL-BVDK", "Bệnh viện Đa khoa tỉnh Đắk Lắk", "DL-SYT", size=14, pull=-0.35, asks=0.12, counters=4, area="urban"),
        _hospital("DL-BVYHCT", "Bệnh viện Y học cổ truyền tỉnh", "DL-SYT", size=1.2, pull=0.5, area="urban"),
        _hospital("DL-BVSN", "Bệnh viện Sản - Nhi tỉnh", "DL-SYT", size=3, pull=0.1, asks=0.5, counters=2, area="urban"),
        *(
            _hospital(f"DL-TTYT{i}", f"Trung tâm Y tế khu vực {name}", "DL-SYT", size=0.9, pull=(0.35, 0.0, -0.1, 0.5, 0.2, 0.15)[i - 1])
            for i, name in enumerate(DISTRICTS, 1)
        ),
        *(
            _station(f"DL-TYT{i}", f"Trạm Y tế xã {name}", f"DL-TTYT{i}", size=0.12 if i < 4 else 0.05, asks=1.4)
            for i, name in enumerate(("Ea Hội", "Krông Lá", "Cư Yên", "Ea Nhỏ"), 1)
        ),
        AgencySpec("DL-PKKV1", "Phòng khám Đa khoa khu vực Ea Thu", "public_service_unit", "district", "rural", "DL-TTYT4", ("KB-NGOAITRU",),
                   size=0.06, valid_to=LAST_DAY_OF_CLINIC, ended_by=ABOLITION),
        _station("DL-TYT5", "Trạm Y tế phường Buôn Hòa (chưa có phiếu)", "DL-TTYT5", size=0.1, asks=0.0),
    ]  # fmt: skip


def _dak_lak_schools() -> list[AgencySpec]:
    return [
        *(_school(f"DL-THPT{i}", f"Trường THPT {name}", "DL-SGDDT", "GD-THPT", pull=(0.1, -0.2, 0.3)[i - 1], area="urban")
          for i, name in enumerate(("Trần Minh Họa", "Ea Lâm", "Buôn Hòa"), 1)),
        *(_school(f"DL-THCS{i}", f"Trường THCS {name}", "DL-SGDDT", "GD-THCS", pull=(0.0, 0.2, -0.1, 0.1)[i - 1])
          for i, name in enumerate(("Ea Tân", "Krông Sơn", "Cư Phong", "Ea Thu"), 1)),
        *(_school(f"DL-TH{i}", f"Trường Tiểu học {name}", "DL-SGDDT", "GD-TIEUHOC", pull=(0.2, 0.0, 0.3, 0.1)[i - 1])
          for i, name in enumerate(("Ea Hội", "Krông Lá", "Cư Yên", "Hòa Mới"), 1)),
        _school("DL-MN1", "Trường Mầm non Hoa Pơ Lang", "DL-SGDDT", "GD-MAMNON", pull=9.0),  # all are content
        _school("DL-MN2", "Trường Mầm non Ea Tân", "DL-SGDDT", "GD-MAMNON", pull=0.2),
        _school("DL-MN3", "Trường Mầm non và Lớp mẫu giáo ghép các buôn vùng sâu thuộc địa bàn xã M'Đrang", "DL-SGDDT", "GD-MAMNON",
                pull=0.1, area="remote", size=0.3),
    ]  # fmt: skip


def smaller_province(prefix: str, name: str, places: tuple[str, ...]) -> list[AgencySpec]:
    """Fifteen agencies of a province shown in less detail."""
    root = f"{prefix}-UBND"
    districts = [
        _district(
            f"{prefix}-H{i}", f"Ủy ban nhân dân huyện {place}", root, (f"{prefix}-XM{i}",), pull=(0.2, -0.2)[i - 1]
        )
        for i, place in enumerate(places[:2], 1)
    ]
    after = [
        _new_commune(
            f"{prefix}-XM{i}",
            f"Trung tâm Phục vụ hành chính công xã {place}",
            root,
            area="rural",
            size=0.9,
            pull=0.1 * i,
        )
        for i, place in enumerate(places[:2], 1)
    ]
    return [
        _root(root, f"Ủy ban nhân dân tỉnh {name}"),
        _office(f"{prefix}-SNV", "Sở Nội vụ", root, ("NC-TROCAP", "CT-BANSAO"), size=2, pull=0.2),
        _office(f"{prefix}-SNNMT", "Sở Nông nghiệp và Môi trường", root, ("DD-CAPGCN", "DD-BIENDONG"), size=2, pull=-0.2),
        _office(f"{prefix}-SYT", "Sở Y tế", root, ("YT-HANHNGHE",), size=1, pull=0.1),
        _office(f"{prefix}-SGDDT", "Sở Giáo dục và Đào tạo", root, ("GD-VANBANG",), size=1, pull=0.3),
        *districts,
        *after,
        _hospital(f"{prefix}-BVDK", f"Bệnh viện Đa khoa tỉnh {name}", f"{prefix}-SYT", size=5, pull=-0.2, asks=0.2, counters=2, area="urban"),
        _hospital(f"{prefix}-TTYT1", f"Trung tâm Y tế khu vực {places[0]}", f"{prefix}-SYT", size=0.8, pull=0.3),
        _hospital(f"{prefix}-TTYT2", f"Trung tâm Y tế khu vực {places[1]}", f"{prefix}-SYT", size=0.7, asks=0.0),
        _school(f"{prefix}-THPT1", f"Trường THPT {places[0]}", f"{prefix}-SGDDT", "GD-THPT", pull=0.1),
        _school(f"{prefix}-TH1", f"Trường Tiểu học {places[1]}", f"{prefix}-SGDDT", "GD-TIEUHOC", pull=0.2),
        _school(f"{prefix}-MN1", f"Trường Mầm non {places[2]}", f"{prefix}-SGDDT", "GD-MAMNON", asks=0.0),
    ]  # fmt: skip


def provinces() -> dict[str, list[AgencySpec]]:
    """Agencies by province key."""
    return {
        "dak-lak": dak_lak(),
        "son-la": smaller_province("SL", "Sơn La", ("Mường Hoa", "Chiềng Sơn", "Nậm Ban")),
        "an-giang": smaller_province("AG", "An Giang", ("Tân Phú Đông", "Vĩnh Thạnh", "Long Điền")),
    }


def _root(code: str, name: str) -> AgencySpec:
    return AgencySpec(code, name, "administrative", "province", "urban", None, (), one_stop_since=dt.date(2012, 6, 1))


def _office(
    code: str, name: str, parent: str, services: tuple[str, ...], *, size: float, pull: float, since: int = 2013
) -> AgencySpec:
    return AgencySpec(
        code, name, "administrative", "province", "urban", parent, services, size, pull, counters=1 + (size > 2),
        one_stop_since=dt.date(since, 1, 2), method_defined_on=dt.date(since, 9, 1),
    )  # fmt: skip


def _district(
    code: str, name: str, parent: str, successors: tuple[str, ...], *, size: float = 0.9, pull: float = 0.0
) -> AgencySpec:
    return AgencySpec(
        code, name, "administrative", "district", "rural", parent, OFFICE, size, pull, counters=2,
        valid_to=LAST_DAY_OF_DISTRICTS, successors=successors, ended_by=REORGANISATION,
        one_stop_since=dt.date(2011, 1, 4), method_defined_on=dt.date(2013, 6, 3),
    )  # fmt: skip


def _commune(
    code: str, name: str, parent: str, *, size: float, until: dt.date, successors: tuple[str, ...]
) -> AgencySpec:
    return AgencySpec(
        code, name, "administrative", "commune", "rural", parent, COMMUNE, size, 0.1, asks=1.1, valid_to=until,
        successors=successors, ended_by=REORGANISATION, one_stop_since=dt.date(2013 + (code[-1] == "8") * 3, 3, 1),
    )  # fmt: skip


def _new_commune(code: str, name: str, parent: str, *, area: str, size: float, pull: float) -> AgencySpec:
    return AgencySpec(
        code, name, "administrative", "commune", area, parent, NEW_COMMUNE, size, pull, counters=2,
        valid_from=FIRST_DAY_OF_COMMUNES, one_stop_since=FIRST_DAY_OF_COMMUNES, method_defined_on=FIRST_DAY_OF_COMMUNES,
    )  # fmt: skip


def _hospital(
    code: str,
    name: str,
    parent: str,
    *,
    size: float,
    pull: float = 0.0,
    asks: float = 0.8,
    counters: int = 1,
    area: str = "rural",
) -> AgencySpec:
    return AgencySpec(
        code, name, "public_service_unit", "province", area, parent, HOSPITAL, size, pull, asks, counters,
        method_defined_on=dt.date(2013, 11, 6),
    )  # fmt: skip


def _station(code: str, name: str, parent: str, *, size: float, asks: float) -> AgencySpec:
    return AgencySpec(code, name, "public_service_unit", "commune", "rural", parent, STATION, size, 0.3, asks)


def _school(
    code: str,
    name: str,
    parent: str,
    service: str,
    *,
    pull: float = 0.0,
    asks: float = 0.5,
    area: str = "rural",
    size: float = 1.0,
) -> AgencySpec:
    return AgencySpec(code, name, "public_service_unit", "district", area, parent, (service,), size, pull, asks)
