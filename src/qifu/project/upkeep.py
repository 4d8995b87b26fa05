"""What an operator does to a whole installation: migrate, back up, restore, drill, check. Prints, and gives exit codes."""

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from django.core.management import call_command

from qifu.kernel import journal
from qifu.kernel.calendar import clock
from qifu.kernel.journal import command
from qifu.project import backup, database, health, schema, scratch


def migrate() -> int:
    """Bring the schema up to date as the owner."""
    done = schema.bring_up_to_date()
    print("数据结构已更新。 The schema is up to date." if done else "数据结构已是最新。 Nothing to migrate.")
    return 0


def take_backup(var: Path, file: Path | None) -> int:
    """Back up to `file`, or to a name by time in VAR/backups."""
    at = clock.now()
    file = (file or backup.default_file(var, at=at)).resolve()
    note = backup.take(var, file, at=at)
    rows = sum(note.rows.values())
    print(f"已备份到 {file}：{len(note.rows)} 张表，{rows} 行，{note.bytes} 字节，{note.seconds} 秒。 Backed up.")
    return 0


def restore(var: Path, file: Path, *, name: str | None) -> int:
    """Restore into a new or empty database and raise the journal's era."""
    target = name or database.role_settings(var, "qifu_owner")["NAME"]
    rows = backup.restore(var, file.resolve(), name=target)
    with scratch.pointed_at(target):
        era = journal.new_era(at=clock.now())
    print(f"已恢复到 {target}：{len(rows)} 张表，{sum(rows.values())} 行，台账进入第 {era} 纪。 Restored.")
    return 0


def drill(var: Path, file: Path | None) -> int:
    """Drill with the newest backup, or with `file`; 1 when the restore may not be trusted."""
    found, report = backup.drill(var, (file or backup.newest(var)).resolve(), at=clock.now(), verify=_verify_journal)
    print(report.with_suffix(".md").read_text(), end="")
    print(f"报告 report: {report}")
    return 0 if found.good else 1


def _verify_journal() -> str:
    """Run the journal's own verifier and give "ok" or the last thing that it said."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = command.main(["verify"])
    lines = said.getvalue().strip().splitlines()
    return "ok" if not code else (lines[-1] if lines else f"exit code {code}")


def check(*, deploy: bool) -> int:
    """Check the settings (for production, if told so), then that no migration is missing or waits."""
    call_command("check", deploy=deploy, fail_level="ERROR")
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    parts = health.look()
    print("；".join(f"{part}: {says}" for part, says in parts.items()))
    return 0 if parts["database"] == parts["migrations"] == health.GOOD else 1
