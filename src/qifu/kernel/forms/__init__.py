"""Forms as data: versioned YAML with steps and fields, prefilled with their origin, and one list of what still lacks.

A draft keeps the version that it began with. No designer yet (DECISIONS 30): a form is a file of a pack."""

from .definition import Answers, Field, Form, Missing, Step, WrongForm, load

__all__ = ["Answers", "Field", "Form", "Missing", "Step", "WrongForm", "load"]
