"""Whom a report is for: one of the three departments that own a method, or a single agency.

The department signs the report and sends it upwards, so it decides letterhead, addressees, subjects and signature.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.reports.document import Letterhead, Signature
from analysis.reports.queries import RatedAgency, fetch_agency, fetch_subjects
from survey.foundation.formatting import sentence_case
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SUBJECTS_OF_SECTOR

ADDRESSED = ("BC",)  # kinds of document, as their symbols begin
COMMITTEES = ("UBND", "Ủy ban", "Uỷ ban")
OFFICES = Path(__file__).with_name("offices.json")
SIGNERS = (
    ("Sở", ("GIÁM ĐỐC",)),
    ("Bệnh viện", ("GIÁM ĐỐC",)),
    ("Trung tâm", ("GIÁM ĐỐC",)),
    ("Trường", ("HIỆU TRƯỞNG",)),
    ("Trạm", ("TRƯỞNG TRẠM",)),
    ("Phòng", ("TRƯỞNG PHÒNG",)),
    ("UBND", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
    ("Ủy ban", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
    ("Uỷ ban", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
)
OF_COMMUNE = re.compile(r"\b(xã|phường|thị trấn|đặc khu) ([^,]+)$")  # "Trạm Y tế xã Ea Kiết"
SEAT = re.compile(r"\b(xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố) ([^,]+)$")
ANY_SIGNER = ("THỦ TRƯỞNG CƠ QUAN",)


class UnknownRecipient(LookupError):
    """Neither a department nor an agency of the province; the message says what to write instead."""


@dataclass(frozen=True)
class Recipient:
    """`agencies` (ids) None: the whole province. `overview`: also shows what other departments answer for."""

    key: str
    name: str
    sector: str | None
    subjects: tuple[str, ...]
    subject_words: str
    agencies: frozenset[int] | None
    agency_id: int | None
    superior: tuple[str, ...]
    abbreviation: str  # behind the kind of document in its symbol, as in BC-SYT
    unit: str
    addressees: tuple[str, ...]
    seat: str = ""  # the commune or district whose name stands before the day; '': the province's
    overview: bool = False

    @property
    def is_single(self) -> bool:
        """One agency with no unit below it."""
        return self.agencies is not None and len(self.agencies) == 1

    @property
    def symbol(self) -> str:
        """Of a report."""
        return f"BC-{self.abbreviation}"

    def letterhead(self, province: str, year: int, kind: str) -> Letterhead:
        """The head of the first page of a kind of document: ``BC``, ``KH``, ``HD``."""
        return Letterhead(self.superior, self.name, f"{kind}-{self.abbreviation}", self.seat or province, year)

    @property
    def signature(self) -> Signature:
        """The title of whoever heads such an office; the office corrects the draft where its own differs."""
        lines = next((lines for start, lines in SIGNERS if self.name.startswith(start)), ANY_SIGNER)
        return Signature(lines)

    def addressed(self, kind: str) -> tuple[str, ...]:
        """Kính gửi, of what goes upwards; nobody of a plan or a guideline (Decree 30/2020, annex I, II.9)."""
        to = self.addressees if kind in ADDRESSED else ()
        return to if len(to) < 2 else (*(f"{name};" for name in to[:-1]), f"{to[-1]}.")

    def copies_to(self, kind: str) -> tuple[str, ...]:
        """Nơi nhận: of what is addressed to nobody those whom it goes to, too."""
        first = ("Như trên;",) if kind in ADDRESSED else tuple(f"{name} (để báo cáo);" for name in self.addressees)
        return (*first, "Lãnh đạo cơ quan (để chỉ đạo);", f"Lưu: VT, {self.unit}.")


def departments() -> tuple[str, ...]:
    """The keys of the three departments."""
    return tuple(_offices()["departments"])


def department(key: str) -> dict[str, Any]:
    """Name, abbreviation, sector of a department; `overview`: it also answers for the whole province."""
    office: dict[str, Any] = _offices()["departments"][key]
    return office


def sums_up(key: str) -> bool:
    """Whether a recipient is the department that answers for the whole province."""
    return key in departments() and bool(department(key)["overview"])


def province_office(province: str) -> dict[str, Any]:
    """Receivers, reporting regime and its source for a province the product ships with; {} for any other."""
    office: dict[str, Any] = _offices()["provinces"].get(province, {})
    return office


def find_recipient(province_key: str, province_id: int, province_name: str, key: str, period: Period) -> Recipient:
    """The recipient of a key.

    Raises:
        UnknownRecipient: no department and no agency of this province has the key.
    """
    if key in departments():
        return _department(province_key, province_name, key, period)
    agency = fetch_agency(province_id, key)
    if agency is None:
        raise UnknownRecipient(
            f"Không có nơi nhận {key!r} ở tỉnh {province_name}; viết {', '.join(departments())} hoặc mã cơ quan."
        )
    return _agency(province_id, province_name, agency, period)


def _department(province_key: str, province_name: str, key: str, period: Period) -> Recipient:
    office = department(key)
    overview = bool(office["overview"])
    committee = f"Ủy ban nhân dân tỉnh {province_name}"
    receivers = tuple(province_office(province_key).get("receivers", [committee]))
    above = receivers[:1] if period.kind == "month" else receivers  # decisions name them for quarters and longer
    sector = str(office["sector"])
    return Recipient(
        key=key,
        name=office["name"],
        sector=sector,
        subjects=SUBJECTS_OF_SECTOR[sector],
        subject_words=office["subject"],
        agencies=None,
        agency_id=None,
        superior=("Ủy ban nhân dân", f"tỉnh {province_name}"),
        abbreviation=office["abbreviation"],
        unit=office["unit"],
        addressees=above if overview else (committee, "Sở Nội vụ"),
        overview=overview,
    )


def _agency(province_id: int, province_name: str, agency: RatedAgency, period: Period) -> Recipient:
    subjects = fetch_subjects(province_id, agency.below, period)
    sectors = {sector for sector, own in SUBJECTS_OF_SECTOR.items() if set(own) & set(subjects)}
    return Recipient(
        key=agency.code,
        name=agency.name,
        sector=next(iter(sectors)) if len(sectors) == 1 else None,
        subjects=subjects,
        subject_words=f"dịch vụ của {agency.name}",
        agencies=frozenset(agency.below),
        agency_id=agency.id,
        superior=_superior(province_name, agency),
        abbreviation="……",
        unit="……",
        addressees=_above(province_name, agency, sectors),
        seat=_seat(agency.name) or _seat(agency.parent),
    )


def _seat(name: str) -> str:
    """What stands before the day (Decree 30/2020, annex I, II.4): "Ea Kao"; whole where it is a number: "Phường 5"."""
    seat = SEAT.search(name)
    if seat is None:
        return ""
    return sentence_case(seat[0]) if seat[2][0].isdigit() else seat[2]


def _superior(province_name: str, agency: RatedAgency) -> tuple[str, ...]:
    committee = f"Ủy ban nhân dân tỉnh {province_name}"
    if agency.name.startswith(COMMITTEES):  # none stands above a committee
        return ()
    if agency.parent and agency.parent != committee:
        return (agency.parent,)
    if commune := OF_COMMUNE.search(agency.name):
        return ("Ủy ban nhân dân", commune[0])
    return ("Ủy ban nhân dân", f"tỉnh {province_name}")


def _above(province_name: str, agency: RatedAgency, sectors: set[str]) -> tuple[str, ...]:
    committee = f"Ủy ban nhân dân tỉnh {province_name}"
    if agency.name == committee:
        return ("Bộ Nội vụ",)
    if agency.name == "Sở Nội vụ":  # it does not write to itself
        return (committee,)
    if sectors == {"health"} and agency.name != "Sở Y tế":
        return ("Sở Y tế",)
    if sectors == {"education"} and agency.name != "Sở Giáo dục và Đào tạo":
        return ("Sở Giáo dục và Đào tạo",)
    return ("Sở Nội vụ",)


@cache
def _offices() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(OFFICES.read_text(encoding="utf-8"))
    return content
