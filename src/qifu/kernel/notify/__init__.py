"""How the product tells people something on their phone: a port, and the gateway that this installation has chosen."""

from .port import Message, NoGateway, Sms, choose, send, settle, using

__all__ = ["Message", "NoGateway", "Sms", "choose", "send", "settle", "using"]
