"""A report made by hand, for tests of the engines: no database stands behind it."""

from __future__ import annotations

import datetime as dt
import random

from analysis.presentation.charts.model import Chart, Mark
from analysis.presentation.labels import TargetLabel
from analysis.reports.document import (
    Annex,
    Bullets,
    Column,
    Document,
    DocumentTable,
    Letterhead,
    Paragraph,
    Report,
    Section,
    Signature,
    Subheading,
)
from survey.foundation.formatting import percent, percent_range

LONG_NAME = (
    "Bộ phận Tiếp nhận và Trả kết quả thuộc Văn phòng Hội đồng nhân dân và Uỷ ban nhân dân huyện Krông Năng, "
    "tỉnh Đắk Lắk, nơi tiếp nhận hồ sơ của 11 xã và 01 thị trấn"
)
NAMES = (
    "Bệnh viện Đa khoa vùng Tây Nguyên",
    "Trung tâm Y tế thành phố Buôn Ma Thuột",
    "Trạm Y tế xã Ea Tul",
    LONG_NAME,
)
ENCLOSED = "(Kèm theo Báo cáo số ……/BC-SYT ngày …… tháng …… năm 2026 của Sở Y tế)"
COLUMNS = (
    Column("Đơn vị", 3),
    Column("Số phiếu", 1, "right"),
    Column("Tỷ lệ hài lòng", 1, "right"),
    Column("Khoảng bất định 90 %", 1.4, "center"),
    Column("Kết luận", 2),
)


def sample_table(rows: int = 6, caption: str = "Bảng 1. Kết quả theo đơn vị") -> DocumentTable:
    """A table whose n-th row differs from the others."""
    draw = random.Random(7)
    body = []
    for index in range(rows):
        share = draw.uniform(0.5, 0.95)
        name = f"{NAMES[index % len(NAMES)]} số {index + 1}"
        interval = percent_range(share - 0.03, share + 0.03)
        body.append((name, str(draw.randint(30, 999)), percent(share), interval, "Chưa đủ căn cứ kết luận"))
    return DocumentTable(caption, COLUMNS, tuple(body), "Ghi chú: đơn vị có dưới 10 phiếu không nêu số liệu.")


def sample_marks(count: int = 6) -> tuple[Mark, ...]:
    """Estimates of several units, the last of them suppressed."""
    draw = random.Random(3)
    marks = []
    for index in range(count - 1):
        share = draw.uniform(0.55, 0.95)
        name = NAMES[index % len(NAMES)]
        marks.append(Mark(name, f"n = {index + 20}", percent(share), share, share - 0.04, share + 0.04, index % 3 == 1))
    return (*marks, Mark("Trạm Y tế xã Ea Kiết", "n < 10", "không nêu"))


def rows_chart(count: int = 6) -> Chart:
    """One row a unit."""
    marks = sample_marks(count)
    return Chart(
        "Hình 1. Hai đơn vị thấp hơn mốc.",
        "Biểu đồ tỷ lệ theo đơn vị.",
        "rows",
        marks,
        0.8,
        TargetLabel("Chỉ tiêu", "> 80 %"),
    )


def months_chart(count: int = 12) -> Chart:
    """One column a month, the third without answers."""
    shares = [0.70 + 0.01 * month for month in range(count)]
    marks = tuple(
        Mark(f"{month + 1}/2026", "n = 0", "không có phiếu")
        if month == 2
        else Mark(f"{month + 1}/2026", f"n = {100 + month}", percent(share), share, share - 0.03, share + 0.03)
        for month, share in enumerate(shares)
    )
    return Chart(
        "Hình 2. Tỷ lệ tăng đều.", "Biểu đồ theo tháng.", "months", marks, 0.8, TargetLabel("Chỉ tiêu", "> 80 %")
    )


def sample_report(rows: int = 6, agency: str = "Sở Y tế") -> Report:
    """Every kind of block, two annexes, all marks."""
    table = sample_table(rows)
    wide = Annex("Phụ lục II", "Bảng rộng", (sample_table(3, "Bảng 2. Bảng rộng"),), landscape=True, enclosed=ENCLOSED)
    document = Document(
        letterhead=Letterhead(("Ủy ban nhân dân", "tỉnh Đắk Lắk"), agency, "BC-SYT", "Đắk Lắk", 2026),
        kind_name="BÁO CÁO",
        subject="Kết quả đo lường mức độ hài lòng đối với dịch vụ y tế công tháng 10/2026",
        addressees=("Ủy ban nhân dân tỉnh Đắk Lắk;", "Sở Nội vụ tỉnh Đắk Lắk."),
        marks=("DỰ THẢO", "Số liệu tạm thời", "Dữ liệu minh họa - không phải số liệu thật"),
        sections=(
            Section("I", "YÊU CẦU", (Paragraph("Chương trình quy định:"), Paragraph("“trên 80%”", style="quote"))),
            Section(
                "II",
                "KẾT QUẢ",
                (
                    Subheading("1. Kết quả chung"),
                    Paragraph("Ước tính 79,6 % hài lòng.", lead="Kết luận:"),
                    Bullets(("Một đơn vị im lặng.", "Hai đơn vị thiếu số hồ sơ.")),
                    rows_chart(),
                    months_chart(),
                ),
            ),
        ),
        closing="Trên đây là báo cáo kết quả tháng 10/2026./.",
        copies_to=("Như trên;", "Lưu: VT, NVY."),
        signature=Signature(("GIÁM ĐỐC",)),
        annexes=(Annex("Phụ lục I", "Kết quả từng đơn vị", (table,)), wide),
        footer="Mã số liệu 3f2a9c01b7e4",
    )
    return Report("bao-cao", document, dt.date(2026, 10, 20), {"answers": [{"estimate": 0.7964}]}, "3f2a9c01b7e4")
