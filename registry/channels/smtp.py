"""E-mail, or a gateway that makes text messages of e-mail: `?to=` is the address with `{phone}` in it.

`smtps://` is TLS from the first byte; `smtp://` starts TLS before it says anything, unless `tls=0`.
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import SplitResult, parse_qs, unquote

from registry.channels import TIMEOUT_S, Message, NotDelivered, Refused


class Mail:
    def __init__(self, address: SplitResult) -> None:
        asked = parse_qs(address.query)
        self.host = address.hostname or ""
        self.implicit = address.scheme == "smtps"
        self.port = address.port or (465 if self.implicit else 587)
        self.starttls = not self.implicit and asked.get("tls") != ["0"]
        self.user, self.password = unquote(address.username or ""), unquote(address.password or "")
        self.sender, self.recipient = asked["from"][0], asked["to"][0]

    def send(self, message: Message) -> None:
        try:
            with self.connected() as server:
                server.send_message(self.letter(message))
        except smtplib.SMTPRecipientsRefused as error:
            raise _outcome(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPAuthenticationError as error:
            raise NotDelivered("the gateway does not know us") from error
        except smtplib.SMTPResponseException as error:
            raise _outcome(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotDelivered(str(error) or type(error).__name__) from error

    def connected(self) -> smtplib.SMTP:
        trust = ssl.create_default_context()
        if self.implicit:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_S, context=trust)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)
        if self.starttls:
            server.starttls(context=trust)
        if self.user:
            server.login(self.user, self.password)
        return server

    def letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = self.sender
        letter["To"] = self.recipient.replace("{phone}", message.phone)
        letter["Subject"] = message.title
        letter["Date"] = format_datetime(message.made_at)
        letter["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2]}>"
        letter["Notice-Id"] = str(message.id)
        letter.set_content("\n".join(filter(None, (message.title, message.text, message.url))))
        return letter


def _outcome(code: int, words: bytes | str) -> Exception:
    said = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
    return Refused(said) if code >= 500 else NotDelivered(said)
