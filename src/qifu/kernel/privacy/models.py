"""The wrapped data keys."""

from django.db import models

from qifu.kernel.privacy.terms import P1, Klass


class Key(models.Model):
    """One data key: for a use, a class and a crisis ('' outside of any), wrapped by the root key.

    Keys are never edited; a later serial is written with, earlier ones still read. A destroyed key keeps its row."""

    PRIVACY_DEFAULT = P1

    use = models.TextField(choices=[("seal", "加密"), ("blind", "盲索引")])
    klass = models.TextField(choices=[(klass.value, klass.zh) for klass in Klass])
    crisis = models.TextField(blank=True)
    serial = models.IntegerField(default=1)
    wrapped = models.TextField(blank=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["use", "klass", "crisis", "serial"], name="one_key_per_serial"),
            models.CheckConstraint(
                condition=models.Q(destroyed_at__isnull=False, wrapped="") | (models.Q(destroyed_at__isnull=True) & ~models.Q(wrapped="")),
                name="destroyed_key_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.klass} {self.crisis or '-'} #{self.serial}"
