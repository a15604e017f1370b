"""Every text of the shell by name. `{…}` are filled in on the device."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import LazyString, lazy_gettext

from survey.foundation.languages.citizen_texts import CitizenText, said_by
from survey.foundation.vocabulary import RESPONDENT_KINDS, SCALE

_CITIZEN: dict[str, LazyString] = {
    "start": lazy_gettext("Chạm để đánh giá"),
    "title": lazy_gettext("Đánh giá mức độ hài lòng"),
    "invented": lazy_gettext("Dữ liệu minh họa - không phải số liệu thật"),
    "anonymous": lazy_gettext(
        "Đánh giá ẩn danh: hệ thống không lưu họ tên, số điện thoại hay địa chỉ mạng của Ông/Bà."
    ),
    "choose_language": lazy_gettext("Chọn ngôn ngữ"),
    "choose_field": lazy_gettext("Hôm nay Ông/Bà làm việc trong lĩnh vực nào?"),
    "choose_service": lazy_gettext("Ông/Bà đã sử dụng dịch vụ nào?"),
    "other_service": lazy_gettext("Dịch vụ khác"),
    "other_field": lazy_gettext("Lĩnh vực khác"),
    "more_choices": lazy_gettext("Xem tiếp"),
    "back": lazy_gettext("Quay lại"),
    "restart": lazy_gettext("Làm lại từ đầu"),
    "skip": lazy_gettext("Bỏ qua"),
    "next": lazy_gettext("Tiếp tục"),
    "yes": lazy_gettext("Có"),
    "no": lazy_gettext("Không"),
    "erase_digit": lazy_gettext("Xóa một chữ số"),
    "listen": lazy_gettext("Nghe câu hỏi"),
    "no_opinion": lazy_gettext("Không có ý kiến"),
    "question_number": lazy_gettext("Câu {n} trên {total}"),
    "face": lazy_gettext("{value} trên 5, {words}"),
    "ready": lazy_gettext("Cảm ơn Ông/Bà đã trả lời"),
    "sends_itself": lazy_gettext("Đánh giá tự gửi sau {n} giây."),
    "mend": lazy_gettext("Sửa câu trả lời"),
    "send": lazy_gettext("Gửi đánh giá"),
    "answer_more": lazy_gettext("Trả lời thêm {n} câu ngắn (không bắt buộc)"),
    "write": lazy_gettext("Viết ý kiến"),
    "write_title": lazy_gettext("Ý kiến góp ý (không bắt buộc)"),
    "write_hint": lazy_gettext("Xin không ghi họ tên, số điện thoại, số giấy tờ."),
    "want_reply": lazy_gettext("Tôi muốn được trả lời ý kiến này"),
    "want_reply_hint": lazy_gettext(
        "Không cần họ tên: màn hình sau cho một mã QR; quét bằng điện thoại của mình để xem trả lời."
    ),
    "words_missing": lazy_gettext("Xin viết ý kiến trước, hoặc bỏ chọn “Tôi muốn được trả lời”."),
    "reply_scan": lazy_gettext("Quét mã này bằng điện thoại để xem trả lời"),
    "reply_code": lazy_gettext("Không có điện thoại? Chép lại mã:"),
    "reply_secret": lazy_gettext("Mã chỉ hiện một lần, không gửi lại được; ai có mã đều xem được trả lời."),
    "reply_qr": lazy_gettext("Mã QR mở trang xem trả lời"),
    "done": lazy_gettext("Đã xong"),
    "kind_question": lazy_gettext("Ông/Bà đánh giá với tư cách:"),
    "kind_individual": RESPONDENT_KINDS["individual"],
    "kind_organisation": lazy_gettext("Đại diện tổ chức, doanh nghiệp"),
    "thanks": lazy_gettext("Cảm ơn Ông/Bà."),
    "thanks_recorded": lazy_gettext("Đánh giá đã được ghi nhận."),
    "countdown": lazy_gettext("Màn hình sẽ trở về sau {n} giây. Chạm để tiếp tục."),
    "not_saved": lazy_gettext("Chưa ghi được đánh giá"),
    "not_saved_help": lazy_gettext("Máy đang gặp trục trặc. Xin Ông/Bà thử lại hoặc báo cho nhân viên hướng dẫn."),
    "try_again": lazy_gettext("Thử lại"),
    "closed": lazy_gettext("Quầy này hiện không nhận đánh giá."),
    "nothing_to_ask": lazy_gettext("Quầy này chưa có phiếu đánh giá. Vui lòng báo cho người quản trị."),
    "revoked": lazy_gettext("Máy này đã ngừng nhận đánh giá. Xin Ông/Bà báo cho nhân viên hướng dẫn."),
}

_PAIRING: dict[str, LazyString] = {
    "pair_title": lazy_gettext("Ghép máy này với một quầy"),
    "pair_help": lazy_gettext("Xin mã ghép ở bàn làm việc, mục “Kiosk”, hoặc hỏi người quản trị."),
    "pair_code": lazy_gettext("Mã ghép (8 ký tự)"),
    "pair_button": lazy_gettext("Ghép máy"),
    "pair_missing": lazy_gettext("Hãy nhập đủ 8 ký tự của mã ghép."),
    "pair_unreachable": lazy_gettext("Không kết nối được máy chủ. Kiểm tra mạng rồi bấm “Ghép máy” lần nữa."),
    "paired_title": lazy_gettext("Đã ghép với quầy {counter}"),
    "paired_pin": lazy_gettext("Mã PIN của nhân viên: {pin}"),
    "paired_help": lazy_gettext(
        "Ghi lại mã PIN này. Chạm nhanh 5 lần vào góc trên bên trái màn hình rồi nhập PIN để mở bảng nhân viên."
    ),
    "paired_go": lazy_gettext("Đã ghi lại, bắt đầu"),
    "loading": lazy_gettext("Đang chuẩn bị…"),
    "waiting_config": lazy_gettext("Đang chờ máy chủ gửi phiếu đánh giá. Máy sẽ tự thử lại."),
    "missing_title": lazy_gettext("Máy chưa dùng làm kiosk được"),
    "missing_https": lazy_gettext(
        "Trang đang mở qua HTTP thường. Hãy mở bằng địa chỉ bắt đầu với https:// (hoặc localhost ngay trên máy chủ). "
        "Qua HTTP, trình duyệt không cho trang chạy khi mất mạng và không giữ được đánh giá một cách chắc chắn."
    ),
    "missing_worker": lazy_gettext("Trình duyệt không có service worker: máy sẽ không mở được trang khi mất mạng."),
    "missing_locks": lazy_gettext("Trình duyệt không có Web Locks: hai cửa sổ có thể gửi trùng."),
    "missing_database": lazy_gettext(
        "Không mở được bộ nhớ IndexedDB, nơi giữ đánh giá. Hãy tắt chế độ ẩn danh và kiểm tra dung lượng trống."
    ),
    "missing_tell": lazy_gettext("Báo cho bàn làm việc"),
    "missing_told": lazy_gettext(
        "Nhân viên: bàn làm việc được báo khi có mạng. Đừng xóa dữ liệu của trình duyệt: đánh giá chưa gửi có thể còn "
        "trên máy. Trang tự thử lại mỗi phút."
    ),
    "out_of_service": lazy_gettext("Máy tạm thời không nhận đánh giá"),
    "out_of_service_help": lazy_gettext("Xin Ông/Bà đánh giá bằng mã QR tại quầy, hoặc báo cho nhân viên hướng dẫn."),
    "missing_crypto": lazy_gettext("Trình duyệt không có Web Crypto: không kiểm tra được mã PIN."),
    "missing_help": lazy_gettext("Dùng Chromium hoặc Chrome bản mới; xem hướng dẫn trong docs/kiosk.vi.md."),
}

_STAFF: dict[str, LazyString] = {
    "pin_title": lazy_gettext("Nhập mã PIN của nhân viên"),
    "pin_typed": lazy_gettext("Đã nhập {n} trên {total} chữ số"),
    "pin_erase": lazy_gettext("Xóa một chữ số"),
    "pin_wrong": lazy_gettext("Mã PIN không đúng."),
    "pin_wait": lazy_gettext("Nhập sai nhiều lần. Thử lại sau {n} giây."),
    "close": lazy_gettext("Đóng"),
    "staff_title": lazy_gettext("Bảng nhân viên"),
    "send_now": lazy_gettext("Gửi ngay"),
    "export": lazy_gettext("Xuất tệp"),
    "exported": lazy_gettext("Đã xuất tệp. Đánh giá vẫn còn trên máy; nhập tệp ở bàn làm việc, mục “Kiosk”."),
    "pair_again": lazy_gettext("Ghép lại"),
    "fullscreen_on": lazy_gettext("Toàn màn hình"),
    "fullscreen_off": lazy_gettext("Thoát toàn màn hình"),
    "leave": lazy_gettext("Rời kiosk"),
    "left_title": lazy_gettext("Đã tạm dừng nhận đánh giá"),
    "left_waiting": lazy_gettext("Còn {n} đánh giá chưa gửi được giữ trên máy. Đừng xóa dữ liệu của trình duyệt."),
    "left_help": lazy_gettext(
        "Android: giữ nút Quay lại và Tổng quan để bỏ ghim. Máy tính: bấm Alt+F4 để đóng trình duyệt."
    ),
    "left_again": lazy_gettext("Mở lại kiosk"),
    "warn_revoked": lazy_gettext("Máy chủ không còn nhận khóa của máy này. Hãy ghép lại; đánh giá trên máy không mất."),
    "warn_offline": lazy_gettext("Chưa có mạng: {n} đánh giá đang được giữ trên máy và sẽ tự gửi."),
    "warn_refused": lazy_gettext("Máy chủ từ chối {n} đánh giá; chúng được giữ riêng trên máy."),
    "warn_disk": lazy_gettext(
        "Máy không ghi được lên đĩa từ {when}: chỉ nhận đánh giá khi có mạng. Hãy giải phóng dung lượng của máy."
    ),
    "warn_emptied": lazy_gettext(
        "Dữ liệu trên máy đã bị xóa (phát hiện lúc {when}): đánh giá chưa gửi trước đó có thể đã mất. Ghép lại để xóa "
        "cảnh báo này."
    ),
    "warn_full": lazy_gettext("Bộ nhớ đã dùng {n} %. Hãy gửi hoặc xuất tệp sớm."),
    "warn_not_persisted": lazy_gettext(
        "Trình duyệt chưa hứa giữ dữ liệu lâu dài. Hãy cài kiosk như một ứng dụng (xem hướng dẫn)."
    ),
    "warn_clock": lazy_gettext("Đồng hồ của máy lệch {n} giây; giờ của đánh giá được máy chủ hiệu chỉnh."),
    "status_place": lazy_gettext("Quầy"),
    "status_waiting": lazy_gettext("Đánh giá chưa gửi"),
    "status_oldest": lazy_gettext("Đánh giá cũ nhất chưa gửi"),
    "status_contact": lazy_gettext("Liên lạc gần nhất với máy chủ"),
    "status_storage": lazy_gettext("Bộ nhớ"),
    "status_skew": lazy_gettext("Đồng hồ lệch"),
    "status_version": lazy_gettext("Phiên bản"),
    "seconds": lazy_gettext("{n} giây"),
    "megabytes": lazy_gettext("{used} trên {quota} MB"),
    "troubles": lazy_gettext("Trục trặc gần đây ({n})"),
    "refused_show": lazy_gettext("Bị từ chối ({n})"),
    "refused_title": lazy_gettext("Đánh giá bị máy chủ từ chối"),
    "refused_help": lazy_gettext("Các đánh giá này không bị xóa. Khi nguyên nhân đã được sửa, bấm “Gửi lại”."),
    "refused_conflict": lazy_gettext("Trùng mã"),
    "refused_invalid": lazy_gettext("Không hợp lệ"),
    "refused_retry": lazy_gettext("Gửi lại"),
}

SPOKEN = (
    "start",
    "choose_field",
    "choose_service",
    "other_service",
    "other_field",
    "ready",
    "thanks_recorded",
    "skip",
    "send",
)


def citizens_texts() -> Iterator[CitizenText]:
    """What a citizen meets on a kiosk, and what of it is spoken."""
    for name, text in _CITIZEN.items():
        yield from said_by([text], "kiosk", spoken=name in SPOKEN)


TEXTS: dict[str, LazyString] = {
    **_CITIZEN,
    **_PAIRING,
    **_STAFF,
    **{f"scale_{value}": words for value, words in SCALE.items()},
}
