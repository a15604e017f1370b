"""What invented citizens wrote. One breaks the rule and leaves a phone number, so that masking can be seen."""

CONTENT = (
    "Cán bộ hướng dẫn tận tình, tôi rất hài lòng.",
    "Trả kết quả sớm hơn hẹn. Cảm ơn!",
    "Nơi ngồi chờ sạch sẽ, có nước uống.",
    "Nhân viên vui vẻ, giải thích dễ hiểu.",
    "Thủ tục nhanh gọn hơn năm trước.",
)
DISCONTENT = (
    "Chờ lâu quá, từ sáng đến trưa mới tới lượt.",
    "Phải đi lại ba lần vì thiếu giấy tờ mà lần đầu không được báo.",
    "Thái độ tiếp dân chưa niềm nở.",
    "Trễ hẹn năm ngày không thấy thông báo. Gọi tôi số 0900 000 000.",
    "Phòng khám đông, thiếu ghế ngồi cho người già.",
    "Giá dịch vụ không niêm yết rõ.",
)
