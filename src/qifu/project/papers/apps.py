from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Label `papers`; its tables are kernel.documents'."""

    name = "qifu.project.papers"
    label = "papers"

    def ready(self) -> None:
        """Register the check, offer the door, and let stamped copies be kept beside papers."""
        from django.utils.translation import gettext_lazy as _

        from qifu.kernel.documents.actions import take_copies
        from qifu.kernel.documents.exporting import ALLOW
        from qifu.kernel.documents.models import Export
        from qifu.ui import nav, todo

        from . import actions  # noqa: F401

        take_copies()
        nav.offer(nav.Door("papers:issued", _("文书"), right="resumption.forward", icon="doc", order=320))
        todo.offer(
            todo.Todo(
                "papers.allow", _("等您同意带走的名单"), "papers:exports", ALLOW, order=55,
                rows=lambda actor, at: Export.objects.visible_to(actor).filter(state=Export.State.ASKED).exclude(asked_by=actor.id),
            )
        )  # fmt: skip
