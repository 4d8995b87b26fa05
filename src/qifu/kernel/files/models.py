"""A file and its bytes, in two tables: a list of files must not read a hundred megabytes of pictures."""

from django.db import models

from qifu.kernel.access.models import Scoped
from qifu.kernel.privacy import P2
from qifu.kernel.values import uuid7


class File(Scoped):
    """One file (附件) about one subject, never changed. `sha256` and `size` are of the bytes exactly as received."""

    PRIVACY = {"name": P2}

    id = models.UUIDField(primary_key=True, default=uuid7)
    """May be the device's own, so that a second delivery is the same file."""
    kind = models.CharField(max_length=40)
    about = models.UUIDField()
    name = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    mime = models.CharField(max_length=40)
    """What was found inside, never what the name says."""
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    """The device's clock, kept beside; nothing is decided by it."""
    kept_at = models.DateTimeField()
    kept_by = models.CharField(max_length=64)
    kept_by_name = models.CharField(max_length=80)

    class Meta:
        ordering = ["kept_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["about", "sha256"], name="one_file_once", violation_error_message="这张已经在了，没有再存一遍。"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)

    @property
    def is_picture(self) -> bool:
        return self.width > 0


class Body(Scoped):
    """The bytes as they are shown, sealed: a picture drawn anew and its thumbnail, or a paper as it came."""

    file = models.OneToOneField(File, primary_key=True, on_delete=models.PROTECT, related_name="body")
    shown = models.BinaryField()
    small = models.BinaryField(default=b"")
