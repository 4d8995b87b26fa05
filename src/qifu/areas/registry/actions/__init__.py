"""What can be done in the register. Importing this package registers every action."""

from . import (
    change,
    contacts,
    key_lists,
    look,
    officers,
    open_survey,
    register,
    register_many,
    settle,
    sites,
    task_force,
    worker_facts,
    workers,
)

__all__ = [
    "change",
    "contacts",
    "key_lists",
    "look",
    "officers",
    "open_survey",
    "register",
    "register_many",
    "settle",
    "sites",
    "task_force",
    "worker_facts",
    "workers",
]
