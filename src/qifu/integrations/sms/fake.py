"""A gateway that reaches no telephone: messages are lines of a file, which the demo shows on a page."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qifu.kernel.notify import Message

_TAIL = 64 * 1024


@dataclass(frozen=True)
class Sent:
    """A message as the file holds it."""

    at: datetime
    to: str
    text: str
    kind: str


class FakeSms:
    """Writes each message as one JSON line to `path` (0600)."""

    name = "fake"

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, message: Message) -> None:
        """Append the message; one write, so that lines of several processes do not mix."""
        line = json.dumps(
            {"at": message.at.isoformat(), "to": message.to.reveal(), "text": message.text.reveal(), "kind": message.kind},
            ensure_ascii=False,
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, f"{line}\n".encode())
        finally:
            os.close(handle)

    def sent(self, last: int = 20) -> list[Sent]:
        """Give the last messages, newest first; reads only the end of the file."""
        try:
            with self.path.open("rb") as file:
                file.seek(max(0, self.path.stat().st_size - _TAIL))
                lines = file.read().decode(errors="replace").splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in reversed(lines):
            try:
                row = json.loads(line)
            except ValueError:
                continue  # the first line of the tail may be cut
            found.append(Sent(datetime.fromisoformat(row["at"]), row["to"], row["text"], row["kind"]))
            if len(found) == last:
                break
        return found
