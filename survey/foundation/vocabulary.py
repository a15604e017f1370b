"""The closed lists of codes that the whole product shares, with the words officials read."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from survey.foundation.registered import Registered

AGENCY_KINDS: dict[str, LazyString] = {
    "administrative": lazy_gettext("Cơ quan hành chính"),
    "public_service_unit": lazy_gettext("Đơn vị sự nghiệp công"),
}
AGENCY_LEVELS: dict[str, LazyString] = {
    "province": lazy_gettext("Cấp tỉnh"),
    "district": lazy_gettext("Cấp huyện"),
    "commune": lazy_gettext("Cấp xã"),
}
AREAS: dict[str, LazyString] = {
    "urban": lazy_gettext("Thành thị"),
    "rural": lazy_gettext("Nông thôn"),
    "remote": lazy_gettext("Vùng sâu, vùng xa"),
}
SECTORS: dict[str, LazyString] = {
    "administration": lazy_gettext("Hành chính"),
    "health": lazy_gettext("Y tế"),
    "education": lazy_gettext("Giáo dục"),
}
SUBJECTS: dict[str, LazyString] = {
    "procedures": lazy_gettext("Thủ tục hành chính"),
    "agency_service": lazy_gettext("Sự phục vụ của cơ quan hành chính"),
    "procedures_and_service": lazy_gettext("Thủ tục hành chính và sự phục vụ"),
    "health_service": lazy_gettext("Dịch vụ y tế công"),
    "education_service": lazy_gettext("Dịch vụ giáo dục công"),
    "health_and_education": lazy_gettext("Dịch vụ y tế và giáo dục công"),
}
PARTS_OF_SUBJECT: dict[str, tuple[str, ...]] = {  # a subject that is satisfied where each of its parts is
    "procedures_and_service": ("procedures", "agency_service"),
}
MEAN_OF_SUBJECT: dict[str, tuple[str, ...]] = {  # a subject without ratings of its own: the mean of others' figures
    "health_and_education": ("health_service", "education_service"),
}
SECTOR_OF_SUBJECT: dict[str, str | None] = {
    "procedures": "administration",
    "agency_service": "administration",
    "procedures_and_service": "administration",
    "health_service": "health",
    "education_service": "education",
    "health_and_education": None,
}
SUBJECTS_OF_SECTOR: dict[str, tuple[str, ...]] = {
    "administration": ("agency_service", "procedures", "procedures_and_service"),
    "health": ("health_service",),
    "education": ("education_service",),
}
RESPONDENT_KINDS: dict[str, LazyString] = {
    "individual": lazy_gettext("Cá nhân"),
    "organisation": lazy_gettext("Tổ chức, doanh nghiệp"),
}
UNKNOWN_KIND = "unknown"
CHANNELS: Registered[LazyString] = Registered(
    "channel",
    {
        "kiosk": lazy_gettext("Kiosk tại quầy"),
        "qr": lazy_gettext("Mã QR"),
        "ticket": lazy_gettext("Mã một lần"),
        "paper": lazy_gettext("Phiếu giấy"),
        "phone": lazy_gettext("Điện thoại"),
        "web": lazy_gettext("Cổng trực tuyến"),
        "import": lazy_gettext("Nhập từ tệp"),
    },
)
LIVE_CHANNELS = frozenset({"kiosk", "qr", "ticket", "web"})  # others are typed in batches: their times say nothing
VERIFIED_CHANNELS = frozenset({"ticket"})  # one answer for one dossier, whoever holds its slip
LANGUAGES: Registered[str] = Registered("language", {"vi": "Tiếng Việt", "en": "English"})
CASELOAD_UNITS: dict[str, LazyString] = {
    "dossier": lazy_gettext("hồ sơ"),
    "visit": lazy_gettext("lượt khám"),
    "pupil": lazy_gettext("học sinh"),
}
SCALE: dict[int, LazyString] = {
    1: lazy_gettext("Rất không hài lòng"),
    2: lazy_gettext("Không hài lòng"),
    3: lazy_gettext("Bình thường"),
    4: lazy_gettext("Hài lòng"),
    5: lazy_gettext("Rất hài lòng"),
}
SATISFIED = 4  # the lowest rating that counts as satisfied (docs/statistics.md: "Hài lòng" or "Rất hài lòng")
