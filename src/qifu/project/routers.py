"""Only the owner's connection migrates."""

from typing import Any


class OwnerMigrates:
    """Keep DDL away from the login role, which owns nothing."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"
