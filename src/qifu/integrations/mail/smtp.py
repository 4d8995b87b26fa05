"""Mail over SMTP: one connection for a batch, our id as Message-ID. A mail server keeps no ids, so an unknown end stays unknown."""

import smtplib
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime

from qifu.kernel.calendar import clock
from qifu.kernel.notify import Answer, Letter, NotTaken
from qifu.kernel.notify.port import Plain
from qifu.kernel.values.secret import Secret

UNKNOWN = "邮件服务器没有回话，不知道收没收下。没有自动重发，免得收到两遍"


class Smtp(Plain):
    """Sends each letter as plain text from one address. `secure` is tls (STARTTLS), ssl, or '' on the own machine."""

    name = "smtp"
    at_once = 50

    def __init__(
        self,
        host: str,
        *,
        port: int,
        sender: str,
        user: str = "",
        password: Secret | None = None,
        secure: str = "tls",
        seconds: float = 15.0,
    ) -> None:
        self.host, self.port, self.sender, self.user = host, port, sender, user
        self.password, self.secure, self.seconds = password or Secret(""), secure, seconds

    def hand(self, letters: Sequence[Letter]) -> Sequence[Answer]:
        """Send the batch over one connection. Raises NotTaken where no session was opened."""
        answers: list[Answer] = []
        line = self._open()
        try:
            for letter in letters:
                answers.append(self._one(line, letter))
                if answers[-1].state == "unknown":
                    break
        finally:
            try:
                line.quit()
            except (smtplib.SMTPException, OSError):
                line.close()
        # After a broken line the rest surely did not leave.
        rest = Answer(state="again", why="邮件服务器断开了")
        return answers + [rest] * (len(letters) - len(answers))

    def _open(self) -> smtplib.SMTP:
        try:
            kind = smtplib.SMTP_SSL if self.secure == "ssl" else smtplib.SMTP
            line = kind(self.host, self.port, timeout=self.seconds)
            if self.secure == "tls":
                line.starttls()
            if self.user:
                line.login(self.user, self.password.reveal())
        except smtplib.SMTPAuthenticationError:
            raise NotTaken("邮件服务器不认用户名和密码") from None
        except (OSError, smtplib.SMTPException):
            raise NotTaken("邮件服务器连不上") from None
        return line

    def _one(self, line: smtplib.SMTP, letter: Letter) -> Answer:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, letter.to.reveal(), f"【企服】{letter.title}"
        mail["Message-ID"], mail["Date"] = f"<{letter.id}@{self.host}>", format_datetime(clock.now())
        mail.set_content(letter.text.reveal())
        try:
            line.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            return _by_code(next(iter(refused.recipients.values()))[0], "这个邮箱收不了")
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
            return _by_code(refused.smtp_code, "邮件服务器不收")
        except (smtplib.SMTPException, OSError):
            return Answer(state="unknown", why=UNKNOWN)
        return Answer(state="taken")


def _by_code(code: int, why: str) -> Answer:
    """Give what an SMTP code means: 4xx later again, 5xx never."""
    return Answer(state="again" if 400 <= code < 500 else "refused", why=f"{why}（{code}）")


__all__ = ["Smtp"]
