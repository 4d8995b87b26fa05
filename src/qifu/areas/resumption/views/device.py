"""The assessor's phone as a program of its own (`ui.devices`): what it is made of, what it takes along and delivers."""

from qifu.ui.devices import Program

from .field_words import WORDS

PROGRAM = Program(
    name="qifu-field", title="现场评估", scope="/field/", right="resumption.assess", page="resumption/field_shell.html", words=WORDS,
    day="resumption.take_along", shell="resumption:field_shell", manifest="resumption:field_manifest",
    files=("resumption/resumption.css", "resumption/field/app.js"), modules=("ui/sign.js",),
    delivery="resumption.deliver", timed=("resumption.assess",),
    # The same acts as pages do.
    delivers={"resumption.assess": lambda done: {}, "resumption.check_item": lambda done: {}},
)  # fmt: skip
shell, worker, manifest, take_along, deliver = PROGRAM.views()
