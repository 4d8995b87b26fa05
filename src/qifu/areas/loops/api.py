"""What the project wires: the round that carries replies back, and by what."""

from .carrying import carry, tidy
from .port import Carrier, Told, carry_by

__all__ = ["Carrier", "Told", "carry", "carry_by", "tidy"]
