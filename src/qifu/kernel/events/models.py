"""How far each listener has read."""

from django.db import models


class Cursor(models.Model):
    """A listener has heard every transaction of this era below `tx`."""

    listener = models.CharField(max_length=80, primary_key=True)
    era = models.IntegerField()
    tx = models.BigIntegerField()
