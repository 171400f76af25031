"""A mail in the form that mail servers take: plain text, HTML that says the same, and headers nobody can add to."""

from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any

from dossier_engine.commands.deliver import Letter
from dossier_engine.letters import one_line
from dossier_engine.letters.printing import pdf


class _Folding(EmailPolicy):
    """Python's own, but for texts: it loses the space at which a long Vietnamese subject is cut in two."""

    def fold_binary(self, name: str, value: Any) -> bytes:  # noqa: ANN401  # the type of the method that it replaces
        if name == "Subject":
            return self._line(name, _encoded(name, value))
        if name == "To" and value.addresses[0].display_name:
            [to] = value.addresses
            return self._line(name, f"{_encoded(name, to.display_name)} <{to.addr_spec}>")
        return super().fold_binary(name, value)

    def _line(self, name: str, value: str) -> bytes:
        return f"{name}: {value}\n".replace("\n", self.linesep).encode("ascii")


_POLICY = _Folding(**{name: getattr(SMTP, name) for name in ("linesep", "raise_on_defect")})


def _encoded(name: str, text: str) -> str:
    return Header(str(text), "utf-8", header_name=name).encode()


def message(letter: Letter, sender: str) -> bytes:
    """`letter` as it goes over the wire, from the address `sender`."""
    made = EmailMessage(policy=_POLICY)
    made["From"] = Address("NTM", addr_spec=sender)
    made["To"] = Address(one_line(letter.name), addr_spec=letter.address)
    made["Subject"] = one_line(letter.mail.subject)
    made["Date"] = format_datetime(letter.at)
    made["Message-ID"] = message_id(letter, sender)
    made["Auto-Submitted"] = "auto-generated"
    if letter.mail.is_digest:
        made["List-Unsubscribe"] = f"<mailto:{sender}?subject=unsubscribe>"
    made.set_content(letter.mail.text, cte="base64")
    made.add_alternative(letter.mail.html, subtype="html", cte="base64")
    page = pdf(letter.mail.printed) if letter.mail.printed is not None else None
    if page is not None:
        made.add_attachment(page, maintype="application", subtype="pdf", filename=f"{letter.mail.name}.pdf")
    return made.as_bytes()


def message_id(letter: Letter, sender: str) -> str:
    """The same for the same mail, whenever it is sent."""
    return f"<{letter.seal}@{domain(sender)}>"


def domain(address: str) -> str:
    """What follows the @."""
    return address.rpartition("@")[2]
