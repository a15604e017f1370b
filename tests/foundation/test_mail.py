"""A subject in Vietnamese comes as it was written, however long what stands before its last words is."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from hypothesis import example, given
from hypothesis import strategies as st

from survey.foundation.mail import POLICY

WORDS = (
    "Hài",
    "lòng:",
    "phản",
    "ánh",
    "số",
    "68752173",
    "đã",
    "quá",
    "hạn",
    "report",
    "Ê",
    "Đê",
    "(10/2026)",
    "80,8",
    "%",
)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(" ".join))
@example("Hài lòng: phản ánh số 68752173 đã quá hạn")
def test_no_blank_of_a_subject_is_lost_on_the_way(subject: str) -> None:
    message = EmailMessage(policy=POLICY)
    message["To"], message["Subject"] = "so-y-te@tinh.gov.vn", subject
    message.set_content("Nội dung")
    sent = message.as_bytes()
    assert str(message_from_bytes(sent, policy=default)["Subject"]) == subject
    assert all(len(line) <= 78 for line in sent.split(b"\r\n"))
