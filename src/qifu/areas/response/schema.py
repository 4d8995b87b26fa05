"""The law is public: everybody may read a measure, an incident or an area, only the office of its place may write it."""

from qifu.kernel.schema import Protect

_LAW = "law"


class Publish(Protect):
    """Put a scoped table under row security for writing, and open it to everybody for reading.

    A town's clerk and an enterprise's contact read the district's measures, which lie above their own scope."""

    def forwards(self, table: str) -> list[str]:
        return [
            *super().forwards(table),
            f'CREATE POLICY {_LAW} ON "{table}" FOR SELECT TO qifu_app, qifu_worker, qifu_report USING (true)',
        ]

    def backwards(self, table: str) -> list[str]:
        return [f'DROP POLICY {_LAW} ON "{table}"', *super().backwards(table)]
