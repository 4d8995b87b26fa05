from django.db import models

from qifu.kernel.workflow.models import Subject


class Loan(Subject):
    """One book lent."""

    title = models.CharField(max_length=60, blank=True)
    borrower = models.CharField(max_length=64, blank=True)
    lent_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
