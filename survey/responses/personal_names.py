"""How names of people look in what citizens write: capitals or none, marks or none, families of many peoples."""

from __future__ import annotations

import re

NAME = "[họ tên]"
_FAMILIES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trương|Lâm|Mai|Đào|Đoàn|Trịnh|Hà|"
    "Cao|Tô|Tạ|Châu|Quách|Lương|Vương|Thái|Triệu|Lò|Lường|Quàng|Cà|Tòng|Giàng|Vàng|Sùng|Mùa|Thào|Sồng|Tráng|Lầu|Vừ|"
    "Cầm|Đèo|Chu|Lưu|Phùng|Tống|Nghiêm|Mạc|Hứa|Vi|Bế|Sầm|Diệp|Đàm|Thạch|Chau|Néang|Danh(?! Mục| Sách)|"
    "Nông(?! Nghiệp| Thôn| Dân| Lâm| Trường| Hội)"
)
# What without its marks is hardly any other word.
_UNMARKED = "Nguyen|Tran|Pham|Hoang|Huynh|Phan|Vu|Vo|Le|Bui|Ngo|Duong|Truong|Trinh|Doan|Phung|Quach"
_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠ-Ỹ"
_GIVEN = rf"[{_UPPER}][\w’']*"
_ONE_CAPITAL = rf"[{_UPPER}](?![{_UPPER}])[\w’']*"
_FAMILY_NAME = re.compile(rf"(?<!\w)(?:{_FAMILIES}|{_UNMARKED})(?:[ ’'-]+{_GIVEN}){{1,4}}(?!\w)")
_CAPITALS = re.compile(rf"(?<!\w)(?:{_FAMILIES.upper()})(?: [{_UPPER}]+){{1,3}}(?!\w)")
# In any case "văn" or "thị" between two words makes a name of them, unless it begins a word of its own.
_VAN = "phòng|bản|bằng|hóa|hoá|thư|minh|học|nghệ|kiện|phong|ban|bang|hoa|thu|hoc|nghe|kien"
_THI = "xã|trấn|trường|tứ|thực|sát|lực|hiếu|chính|xa|tran|truong|tu|thuc|sat|luc|hieu|chinh|hanh|cong|de|con|chuyen"
_MIDDLE = rf"(?:v[ăa]n +(?!(?:{_VAN})(?!\w))|th[ịi] +(?!(?:{_THI})(?!\w)))"
_IN_ANY_CASE = re.compile(
    rf"(?<!\w)(?i:(?:{_FAMILIES}|{_UNMARKED}) +{_MIDDLE}|(?:nguyễn|huỳnh) +[^\W\d_]+ +)"
    rf"[^\W\d_]+(?: {_ONE_CAPITAL}){{0,2}}"
)
_IN_SUCH_NAMES = re.compile(r" (?:[vV][ăĂaA][nN]|[tT][hH][ịỊiI]) |[uU][yY][ễỄ][nN]|[uU][ỳỲ][nN][hH]")
_EDE_FAMILIES = (
    "Niê(?: Kdăm)?|Êban|Mlô|Ksor|Kpă|Byă|Ayun|Kbuôr|Adrơng|Ênuôl|Hđơk|Hwing|Kđoh|Kriêng|Knul|Rcăm|Siu|Rmah|Nay|"
    "Buôn Yă|Buôn Krông|Bkrông|Hmok"
)
_EDE = re.compile(
    rf"(?<!\w)(?:(?:Y|H)[ '’]+{_GIVEN}(?: {_GIVEN}){{0,3}}? (?:{_EDE_FAMILIES})|"
    rf"(?:Y|H)['’] ?{_GIVEN}(?: {_GIVEN}){{0,2}})\b"
)
# Somebody called by a given name alone, as people do; whom an office or a rank names is nobody yet.
_CALLS = "anh|chị|ông|bà|cô|cô giáo|chú|bác|thầy|thầy giáo|bác s[ĩỹ]|y tá|đồng chí"
_OFFICES = (
    "Anh|Chị|Ông|Bà|Cô|Chú|Bác|Thầy|Chủ tịch|Chủ nhiệm|Phó|Giám đốc|Trưởng|Bí thư|Hiệu trưởng|Hiệu phó|Tổng|Chánh|"
    "Giáo|Bảo vệ|Lễ tân|Nhân viên|Điều dưỡng|Thanh tra|Văn thư|Văn phòng|Công an|Công chức|Kế toán|Cán bộ|Sở|Phòng|"
    "Ban|Bộ"
)
_CALLED = re.compile(rf"(?<!\w)((?i:{_CALLS}) )(?!(?:{_OFFICES})(?!\w)){_ONE_CAPITAL}(?: {_GIVEN}){{0,2}}(?!\w)")
# Somebody who says their name.
_SELF = "tôi|em|mình|cháu|con"
_SAID = re.compile(rf"(?<!\w)((?i:(?:{_SELF}) tên|tên (?:{_SELF}))(?i: là)? ){_ONE_CAPITAL}(?: {_GIVEN}){{0,3}}(?!\w)")


def without_names(text: str) -> str:
    """The text, `normal`, with `NAME` in place of what looks like a person's name."""
    text = _FAMILY_NAME.sub(NAME, _EDE.sub(NAME, _SAID.sub(rf"\1{NAME}", text)))
    if _IN_SUCH_NAMES.search(text):  # most comments hold none, and looking for them takes longest
        text = _IN_ANY_CASE.sub(NAME, text)
    if not text.isupper():  # where all is in capitals they tell nothing
        text = _CAPITALS.sub(NAME, text)
    return _CALLED.sub(rf"\1{NAME}", text)
