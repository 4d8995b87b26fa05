from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """Runs the process tables; the only writer of state."""

    name = "qifu.kernel.workflow"
    label = "workflow"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qifu.kernel.journal.proof import object_checks

        from .proof import all_drift

        object_checks.append(all_drift)
