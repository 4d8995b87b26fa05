"""What project wires: the round that carries messages, and by what they are posted."""

from .carrying import Back, carry, choose_post

__all__ = ["Back", "carry", "choose_post"]
