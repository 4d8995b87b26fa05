"""How the product tells people something outside its pages: an outbox, kinds of messages, and gateways behind ports.

    from qifu.kernel import notify

    # once, from AppConfig.ready(); or many from a YAML file of the area: notify.load(Path(__file__).parent / "notices.yaml")
    notify.register(notify.Kind(code="mobilisation.shift", label="值班提醒", words="{name}，明天{hour}在{post}值班。",
                                brief="您明天{hour}有一班值班。"))

    # inside an action or a listener, in its transaction: a rollback tells nobody
    notify.tell(person_id, "mobilisation.shift", words={"name": …, "hour": …, "post": …}, on=row, at=at, key=f"shift:{row.id}")
    notify.tell(Secret(phone), "resumption.approved", words={…}, on=application, at=at)
    notify.tell_many([notify.Tell(to=…, kind=…, words=…, on=…), …], at=at)
    notify.tell_groups("response.level", words={…}, on=row, at=at)      # every group robot of that place that takes the kind

The worker carries it: by the person's channel, not at night unless the kind is urgent, again after a failure, never twice.
`send` is the direct way for codes at the door, where seconds matter; it is recorded without its words."""

from .kinds import Kind, NotInTracing, WrongKind, load, register
from .port import (
    Answer,
    Forged,
    Gateway,
    Letter,
    Message,
    NoGateway,
    NotTaken,
    Receipt,
    Sms,
    channels,
    choose,
    direct,
    open_channel,
    send,
    settle,
    using,
)
from .telling import Tell, tell, tell_groups, tell_many

__all__ = [
    "Answer",
    "Forged",
    "Gateway",
    "Kind",
    "Letter",
    "Message",
    "NoGateway",
    "NotInTracing",
    "NotTaken",
    "Receipt",
    "Sms",
    "Tell",
    "WrongKind",
    "channels",
    "choose",
    "direct",
    "load",
    "open_channel",
    "register",
    "send",
    "settle",
    "tell",
    "tell_groups",
    "tell_many",
    "using",
]
