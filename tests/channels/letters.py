"""Mails and events to send, as a claim hands them out."""

from dossier_engine.commands.deliver import Claim, Event, Letter
from dossier_engine.letters.compose import Mail
from tests.makers import at

SECRET = "whsec_c2VjcmV0LW9mLXRoZS10ZXN0LTMyLWJ5dGVzISE="  # noqa: S105


def a_letter(address: str = "xa@example.vn", *, seal: str = "ab12", name: str = "Nguyễn Thị Hoa",
             subject: str = "[NTM] Còn 5 ngày làm việc: Nộp tự đánh giá, xã Cẩm Hưng (hạn 31/07/2024)",
             text: str = "Kính gửi bà Hoa,\n\nHạn: thứ Tư, 31/07/2024.\n", is_digest: bool = False,
             ) -> Letter:  # fmt: skip
    mail = Mail(subject, text, f"<p>{text}</p>", is_digest)
    return Letter(Claim(1, 1), seal, name, address, at("2024-07-24"), mail)


def an_event(url: str, body: bytes = b'{"specversion":"1.0"}') -> Event:
    return Event(Claim(1, 1), "event/dossier/HD-2024-NC-0001/3", url, SECRET, body)
