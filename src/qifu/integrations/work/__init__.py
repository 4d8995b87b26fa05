"""Work notices (工作通知) to officers in the government's own app."""

from .notice import WorkNotice

__all__ = ["WorkNotice"]
