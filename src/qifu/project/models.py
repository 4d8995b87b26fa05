"""The one table of the project itself."""

from django.db import models


class Heartbeat(models.Model):
    """When a background part last showed that it works, and what troubles it if something does."""

    name = models.TextField(primary_key=True)
    at = models.DateTimeField()
    trouble = models.TextField(default="", blank=True)
