"""News goes upward as events, and an event is a journal entry read in order of knowing (docs/adr/0003).

A listener names the events that it wants (`resumption.application.approve.v1`, or `resumption.application.*`); what
it does and how far it has read are committed together, so that each entry takes effect once."""

from .listening import Event, after, deliver, listen, listen_many, listeners

__all__ = ["Event", "after", "deliver", "listen", "listen_many", "listeners"]
