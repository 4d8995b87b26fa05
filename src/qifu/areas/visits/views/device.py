"""The officer's phone as a program of its own (`ui.devices`): what it is made of, what it takes along and delivers."""

from qifu.ui.devices import Program

from ..actions.visit import told
from ..terms import LATE
from ..workflow import GO
from .phone_words import WORDS

PROGRAM = Program(
    name="qifu-visits", title="走访", scope="/visits/", right=GO, page="visits/shell.html", words=WORDS, day="visits.take_along",
    shell="visits:shell", manifest="visits:manifest", files=("visits/visits.css", "visits/app.js"), delivery="visits.deliver",
    latest=LATE, timed=("visits.record",),
    # The same acts as pages do.
    delivers={"visits.record": told, "visits.write_log": lambda log: {"day": log.day.isoformat()}},
)  # fmt: skip
shell, worker, manifest, take_along, deliver = PROGRAM.views()
