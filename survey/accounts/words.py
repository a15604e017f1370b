"""Roles and actions in the words of officials."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

ROLE_WORDS: dict[str, LazyString] = {
    "administrator": lazy_gettext("Quản trị viên"),
    "method_owner": lazy_gettext("Chủ trì phương pháp"),
    "agency_manager": lazy_gettext("Quản lý cơ quan"),
    "officer": lazy_gettext("Cán bộ xem số liệu"),
    "auditor": lazy_gettext("Thanh tra (chỉ đọc)"),
}
ROLE_ADVICE: dict[str, LazyString] = {
    "administrator": lazy_gettext(
        "Công nghệ thông tin của tỉnh: tài khoản, cơ quan, mọi thiết lập. Chỉ giao cho một, hai người."
    ),
    "method_owner": lazy_gettext("Sở Nội vụ hoặc đơn vị chủ trì: phiếu hỏi, chỉ tiêu, chốt và công bố kỳ."),
    "agency_manager": lazy_gettext(
        "Lãnh đạo cơ quan hoặc đầu mối: kiosk, số hồ sơ, trả lời phản ánh, giải trình của cơ quan mình."
    ),
    "officer": lazy_gettext(
        "Người chỉ cần xem kết quả và lập báo cáo trong phạm vi của mình. Chọn vai trò này khi chưa chắc."
    ),
    "auditor": lazy_gettext("Thanh tra, kiểm tra: xem mọi số liệu và nhật ký trong phạm vi, không đổi gì."),
}
SEEN_BY_ROLES: dict[str, LazyString] = {
    "view": lazy_gettext("Xem kết quả"),
    "view_comments": lazy_gettext("Xem ý kiến đã che thông tin cá nhân"),
    "make_report": lazy_gettext("Lập báo cáo"),
    "export_figures": lazy_gettext("Tải số liệu"),
    "open_feedback": lazy_gettext("Mở phản ánh cần trả lời"),
    "answer_feedback": lazy_gettext("Trả lời phản ánh"),
    "explain_signals": lazy_gettext("Giải trình dấu hiệu bất thường"),
    "manage_devices": lazy_gettext("Ghép và quản lý kiosk"),
    "manage_caseloads": lazy_gettext("Nhập số hồ sơ"),
    "manage_measures": lazy_gettext("Ghi biện pháp cải thiện"),
    "make_tickets": lazy_gettext("Tạo mã một lần"),
    "enter_forms": lazy_gettext("In và nhập phiếu giấy"),
    "edit_questionnaires": lazy_gettext("Sửa phiếu hỏi"),
    "manage_targets": lazy_gettext("Sửa chỉ tiêu của tỉnh"),
    "close_period": lazy_gettext("Chốt kỳ"),
    "publish_period": lazy_gettext("Công bố kỳ"),
    "export_responses": lazy_gettext("Tải phiếu đã ẩn danh"),
    "view_audit": lazy_gettext("Xem nhật ký"),
    "manage_agencies": lazy_gettext("Sửa cơ quan, dịch vụ, quầy"),
    "manage_users": lazy_gettext("Quản lý tài khoản"),
    "change_settings": lazy_gettext("Đổi thiết lập của tỉnh"),
}
ACTION_WORDS: dict[str, LazyString] = {
    "remind_caseloads": lazy_gettext("Nhắc gửi số hồ sơ"),
    "choose_language": lazy_gettext("Chọn ngôn ngữ của bàn làm việc"),
    "sign_in": lazy_gettext("Đăng nhập"),
    "sign_out": lazy_gettext("Đăng xuất"),
    "sign_in_failed": lazy_gettext("Đăng nhập không thành"),
    "second_step_failed": lazy_gettext("Sai mã xác thực hai bước"),
    "use_recovery_code": lazy_gettext("Dùng mã dự phòng"),
    "renew_recovery_codes": lazy_gettext("Tạo mã dự phòng mới"),
    "switch_own_second_factor": lazy_gettext("Bật hoặc tắt xác thực hai bước"),
    "reset_second_factor": lazy_gettext("Gỡ xác thực hai bước của tài khoản"),
    "switch_second_factor": lazy_gettext("Đổi yêu cầu xác thực hai bước"),
    "erase_responses": lazy_gettext("Xóa phiếu theo yêu cầu"),
    "apply_retention": lazy_gettext("Xóa dữ liệu hết hạn giữ"),
    "end_sessions": lazy_gettext("Kết thúc phiên đăng nhập"),
    "lock_account": lazy_gettext("Khóa tạm do sai mật khẩu"),
    "set_password": lazy_gettext("Đặt mật khẩu"),
    "create": lazy_gettext("Tạo mới"),
    "grant_role": lazy_gettext("Giao vai trò"),
    "revoke_role": lazy_gettext("Thu vai trò"),
    "switch_active": lazy_gettext("Khóa hoặc mở tài khoản"),
    "switch_two_people": lazy_gettext("Đổi quy tắc hai người"),
    "propose": lazy_gettext("Đề nghị"),
    "confirm_proposal": lazy_gettext("Xác nhận đề nghị"),
    "withdraw_proposal": lazy_gettext("Rút đề nghị"),
    "close_period": lazy_gettext("Chốt kỳ"),
    "publish_period": lazy_gettext("Công bố kỳ"),
    "download_cells": lazy_gettext("Tải tệp ô số liệu"),
    "reveal_comments": lazy_gettext("Xem ý kiến nguyên văn"),
    "export_comments": lazy_gettext("Tải ý kiến"),
    "export_figures": lazy_gettext("Tải tệp số liệu"),
    "export_responses": lazy_gettext("Tải phiếu đã ẩn danh"),
    "register_measure": lazy_gettext("Ghi biện pháp"),
    "change_measure": lazy_gettext("Sửa hoặc kết thúc biện pháp"),
    "make_tickets": lazy_gettext("Tạo mã một lần"),
    "void_tickets": lazy_gettext("Hủy mã một lần"),
    "print_forms": lazy_gettext("In phiếu giấy"),
    "hand_in_forms": lazy_gettext("Ghi nhận lô phiếu giấy"),
    "make_phone_list": lazy_gettext("Lập danh sách gọi điện"),
    "close_phone_list": lazy_gettext("Kết thúc danh sách gọi điện"),
    "open_feedback": lazy_gettext("Mở phản ánh"),
    "answer_feedback": lazy_gettext("Trả lời phản ánh"),
    "classify_feedback": lazy_gettext("Phân loại phản ánh"),
    "assign_feedback": lazy_gettext("Giao xử lý phản ánh"),
    "note_feedback": lazy_gettext("Ghi chú nội bộ vào phản ánh"),
    "close_feedback": lazy_gettext("Khép lại phản ánh"),
    "rename": lazy_gettext("Đổi tên kiosk"),
    "move": lazy_gettext("Chuyển kiosk sang quầy khác"),
    "revoke": lazy_gettext("Thu hồi khóa của kiosk"),
    "renew_pin": lazy_gettext("Đổi mã PIN của kiosk"),
    "issue_pairing_code": lazy_gettext("Cấp mã ghép kiosk"),
    "pair": lazy_gettext("Ghép kiosk"),
    "import_queue_file": lazy_gettext("Nhập tệp của kiosk"),
    "keep_public_key": lazy_gettext("Ghi khóa ký của kiosk"),
    "change": lazy_gettext("Sửa"),
    "import": lazy_gettext("Nhập từ tệp"),
    "choose_columns": lazy_gettext("Chọn cột cho mẫu tệp"),
    "undo_import": lazy_gettext("Hoàn tác lần nhập"),
    "draft_questionnaire": lazy_gettext("Soạn bản mới của phiếu"),
    "discard_draft": lazy_gettext("Bỏ bản nháp của phiếu"),
    "publish_questionnaire": lazy_gettext("Công bố bản mới của phiếu"),
    "use_questionnaire": lazy_gettext("Hỏi phiếu ở một nơi"),
    "end_questionnaire_use": lazy_gettext("Thôi hỏi phiếu ở một nơi"),
    "close": lazy_gettext("Đóng quầy"),
    "reopen": lazy_gettext("Mở lại quầy"),
    "explain_signal": lazy_gettext("Giải trình tín hiệu"),
    "close_signal": lazy_gettext("Đóng tín hiệu"),
    "archive_report": lazy_gettext("Lưu trữ báo cáo"),
    "subscribe": lazy_gettext("Thêm người nhận báo cáo"),
    "unsubscribe": lazy_gettext("Bớt người nhận báo cáo"),
    "export_audit": lazy_gettext("Tải nhật ký"),
    "restore": lazy_gettext("Khôi phục bản sao lưu"),
}


def action_words(action: str) -> str:
    """An action in words; its code where it has none yet."""
    return str(ACTION_WORDS.get(action, action))
