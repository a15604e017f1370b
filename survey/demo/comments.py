"""What invented citizens wrote of each sector. One breaks the rule and leaves a phone number: masking can be seen."""

from __future__ import annotations

from collections.abc import Mapping

CONTENT: Mapping[str, tuple[str, ...]] = {
    "administration": (
        "Cán bộ hướng dẫn tận tình, tôi rất hài lòng.",
        "Trả kết quả sớm hơn hẹn. Cảm ơn!",
        "Nơi ngồi chờ sạch sẽ, có nước uống.",
        "Nhân viên vui vẻ, giải thích dễ hiểu.",
        "Thủ tục nhanh gọn hơn năm trước.",
    ),
    "health": (
        "Điều dưỡng ân cần, hướng dẫn tận tình.",
        "Khám kỹ, bác sĩ giải thích dễ hiểu.",
        "Phòng bệnh sạch sẽ, thoáng mát.",
        "Lấy số nhanh, không phải chờ lâu như trước.",
        "Có nước uống và ghế ngồi cho người nhà.",
    ),
    "education": (
        "Thầy cô tận tình với các cháu.",
        "Nhà trường thông báo rõ ràng, phụ huynh dễ theo dõi.",
        "Phòng học khang trang, sân trường sạch sẽ.",
        "Cháu thích đi học, thầy cô dạy dễ hiểu.",
        "Các khoản thu được công khai đầu năm.",
    ),
}
DISCONTENT: Mapping[str, tuple[str, ...]] = {
    "administration": (
        "Chờ lâu quá, từ sáng đến trưa mới tới lượt.",
        "Phải đi lại ba lần vì thiếu giấy tờ mà lần đầu không được báo.",
        "Thái độ tiếp dân chưa niềm nở.",
        "Trễ hẹn năm ngày không thấy thông báo. Gọi tôi số 0900 000 000.",
        "Phòng tiếp dân chật chội, nóng bức.",
        "Nộp hồ sơ qua mạng bị lỗi, phải ra nộp lại giấy.",
    ),
    "health": (
        "Chờ lâu quá, từ sáng đến trưa mới tới lượt.",
        "Phòng khám đông, thiếu ghế ngồi cho người già.",
        "Giá dịch vụ không niêm yết rõ.",
        "Nhân viên trả lời cáu gắt khi tôi hỏi đường.",
        "Nhà vệ sinh bẩn. Gọi tôi số 0900 000 000.",
        "Kết quả xét nghiệm không được giải thích.",
    ),
    "education": (
        "Các khoản thu đầu năm không được giải thích rõ.",
        "Nhà vệ sinh học sinh xuống cấp.",
        "Góp ý với nhà trường nhưng không thấy trả lời.",
        "Lớp học quá đông, nóng bức.",
        "Thông báo lịch học thay đổi quá muộn.",
        "Giáo viên ít trao đổi với phụ huynh.",
    ),
}


def comment(sector: str, *, content: bool, place: int) -> str:
    """One of the sector's comments; `place` is any number from 0 on."""
    said = (CONTENT if content else DISCONTENT)[sector]
    return said[place % len(said)]
