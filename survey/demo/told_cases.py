"""Cases of the demonstration that a clerk entered: one of every kind, and one that went each way."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from survey.accounts.models import User
from survey.feedback import publishing
from survey.feedback.codes import code_of
from survey.feedback.deadlines import due_on
from survey.feedback.entering import Entry, enter
from survey.feedback.flow import Decision, Holder, answer_case, close_case, handle
from survey.feedback.follow.verdicts import judge
from survey.feedback.models import FeedbackCase
from survey.feedback.service import find_followed
from survey.foundation.clock import local_day, now
from survey.foundation.storage.database import db, locked, writing
from survey.registry.models import Agency
from survey.registry.queries import fetch_agencies_by_code

CLERK, SECOND = "so-y-te", "quan-tri"
NAMES = uuid.UUID("8c1d7a52-6f0e-4b7f-9a55-0d2f6c3b9e11")  # makes the same codes each time


@dataclass(frozen=True)
class ToldCase:
    """What somebody said on the telephone or on paper, so many days ago, and what happened then."""

    text: str
    agency: str
    sector: str
    days_ago: int
    then: Callable[[int, dict[str, Agency]], object]
    channel: str = "phone"


def _handed_over(case_id: int, agencies: dict[str, Agency]) -> None:
    handle(case_id, Decision("service"), Holder())
    handle(case_id, Decision("service"), Holder(agencies["DL-SYT"].id), note="Ghế do Sở cấp, nhờ xem giúp.")


def _changed(case_id: int, _agencies: dict[str, Agency]) -> None:
    about = ("Thành phần hồ sơ đăng ký khai sinh", "Mỗi bản sao 10.000 đồng, nửa ngày đi lại", "Bỏ bản sao sổ hộ khẩu")
    handle(case_id, Decision("regulation", *about), Holder())
    answer_case(case_id, "Từ tháng sau không yêu cầu bản sao sổ hộ khẩu: tra cứu trên cơ sở dữ liệu dân cư.", "changed")
    judge(case_id, helped=True)


def _reopened(case_id: int, _agencies: dict[str, Agency]) -> None:
    handle(case_id, Decision("service"), Holder())
    answer_case(case_id, "Đã nhắc bộ phận phát số bật màn hình.")
    judge(case_id, helped=False, because="Màn hình vẫn tắt, không ai gọi số.")


def _answered_late(case_id: int, _agencies: dict[str, Agency]) -> None:
    handle(case_id, Decision("service"), Holder())
    answer_case(case_id, "Xin lỗi vì trả lời muộn. Nhà vệ sinh tầng 2 đã sửa xong.")


def _thanked(case_id: int, _agencies: dict[str, Agency]) -> None:
    handle(case_id, Decision("thanks"), Holder())
    close_case(case_id)


def _redirected(kind: str) -> Callable[[int, dict[str, Agency]], None]:
    return lambda case_id, _agencies: handle(case_id, Decision(kind), Holder())


def _published(case_id: int, _agencies: dict[str, Agency]) -> None:
    handle(case_id, Decision("service"), Holder())
    answer_case(case_id, "Từ 7 giờ đã mở cửa lấy số; có người hướng dẫn người già.")
    clerk, second = (_user(name) for name in (CLERK, SECOND))
    said = "Người già phải đứng ngoài cửa từ 6 giờ để lấy số khám."
    publishing.propose(case_id, said, "Từ 7 giờ đã mở cửa lấy số; có người hướng dẫn người già.", clerk)
    publishing.publish(case_id, second)


def _nothing(_case_id: int, _agencies: dict[str, Agency]) -> None:
    """The case stays open."""


TOLD = (
    ToldCase("Phòng chờ khoa Khám bệnh thiếu ghế, người già phải đứng", "DL-BVDK", "health", 3, _handed_over),
    ToldCase("Bác sĩ quát mắng mẹ tôi trước mặt mọi người", "DL-BVDK", "health", 2, _nothing),
    ToldCase("Đề nghị sửa đổi quy định nộp bản sao sổ hộ khẩu khi khai sinh", "DL-SYT", "administration", 9, _changed),
    ToldCase("Màn hình gọi số tắt suốt, không biết đến lượt ai", "DL-BVDK", "health", 8, _reopened),
    ToldCase("Nhà vệ sinh tầng 2 hỏng khóa cửa đã lâu", "DL-BVDK", "health", 35, _answered_late, "paper"),
    ToldCase("Cảm ơn các cô điều dưỡng khoa Nội", "DL-BVDK", "health", 6, _thanked, "paper"),
    ToldCase("Tôi muốn khiếu nại quyết định thu viện phí", "DL-BVDK", "health", 5, _redirected("complaint")),
    ToldCase("Tôi tố cáo người thu tiền ngoài quy định", "DL-BVDK", "health", 4, _redirected("denunciation")),
    ToldCase("Người già phải đứng ngoài cửa từ 6 giờ để lấy số khám", "DL-BVDK", "health", 12, _published),
)


def tell_demo_cases(province_id: int) -> None:
    """Enter them as a clerk would, each some days ago, and let happen what happened."""
    agencies = fetch_agencies_by_code(province_id)
    for number, told in enumerate(TOLD):
        id_ = uuid.uuid5(NAMES, str(number))
        if told.agency in agencies and find_followed(code_of(id_)) is None:  # a start that was interrupted entered some
            entry = Entry(id_, province_id, agencies[told.agency].id, told.sector, told.channel, told.text)
            enter(entry, _user(CLERK))
            told.then(_moved_back(id_, told.days_ago), agencies)


def _moved_back(id_: uuid.UUID, days: int) -> int:
    followed = find_followed(code_of(id_))
    assert followed is not None, "it was just entered"
    case_id = int(followed.id)
    with writing() as session:
        case = locked(session, FeedbackCase, case_id)
        case.opened_at = now() - dt.timedelta(days=days)
        case.due_on = due_on(case.kind, local_day(case.opened_at))
    return case_id


def _user(username: str) -> int:
    return int(db.session.scalars(select(User.id).where(User.username == username)).one())
