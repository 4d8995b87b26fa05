"""The `qifu` command: one door for an operator. Exit codes: 0 done, 1 refused or failed, 2 used wrongly."""

import argparse
import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from qifu.project import database
from qifu.project.postgres import DatabaseRefused

PRODUCTION = "qifu.project.settings.production"
DEMO = "qifu.project.settings.demo"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}：用法有误，见 {self.prog} --help。 Wrong usage: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="qifu", description="企服：服务器、后台、数据。 Qifu: server, worker, data.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    def add(name: str, says: str, **more: Any) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=says, description=says, **more)

    serve = add("serve", "启动网页服务，直到停止信号。 Serve the pages until told to stop.")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=_port, default=8000)
    serve.add_argument("--workers", type=int, default=2)
    serve.add_argument("--threads", type=int, default=8)
    add("worker", "启动后台：任务、定时、消息、封存。 Run jobs, timer, news and seals.")
    demo = add("demo", "在本机启动整套演示（含数据库和示例区县）。 Run everything with a sample district.")
    demo.add_argument("--host", default="127.0.0.1")
    demo.add_argument("--port", type=_port, default=8000)
    demo.add_argument("--no-sample", action="store_true", help="不建示例区县 (leave the sample district out)")
    add("migrate", "更新数据结构。 Bring the schema up to date.")
    add("replay", "在全新的库里按剧本重演。 Replay a scenario on a fresh database.", add_help=False)
    add("journal", "台账：verify 验证，seal 封存，export 导出。 The journal: verify, seal, export.", add_help=False)
    backup = add("backup", "备份整个数据库。 Back up the whole database.")
    backup.add_argument("file", nargs="?", type=Path, help="默认 VAR/backups/ 下按时间命名 (default: by time)")
    restore = add("restore", "把备份恢复到新库或空库。 Restore a backup into a new or empty database.")
    restore.add_argument("file", type=Path)
    restore.add_argument("--database", metavar="NAME", help="库名，默认 qifu (default: qifu)")
    drill = add("drill", "恢复演练：恢复到临时库，核对行数，验证台账，出报告。 Drill a restore and report.")
    drill.add_argument("file", nargs="?", type=Path, help="默认最新的备份 (default: the newest)")
    check = add("check", "检查设置与数据结构。 Check settings and schema.")
    check.add_argument("--deploy", action="store_true", help="按正式上线检查 (as for production)")
    base = add("database", "自带数据库：启动、停止、状态、外部库脚本、清除。 Our own PostgreSQL.")
    base.add_argument("action", choices=["start", "stop", "status", "sql", "erase"])
    base.add_argument("--yes", action="store_true", help="清除时必须给出 (needed by erase)")
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError("1-65535")
    return number


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    given, rest = _parser().parse_known_args(argv)
    if rest and given.command not in ("replay", "journal"):
        _parser().error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        return _run(given, list(rest))
    except DatabaseRefused as refused:
        print(f"qifu {given.command}: {refused}", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"qifu {given.command}: 已中断。 Interrupted.", file=sys.stderr)
    except OSError as failed:
        print(f"qifu {given.command}: 读写失败：{failed}。 Reading or writing failed.", file=sys.stderr)
    return 1


def _run(given: argparse.Namespace, rest: list[str]) -> int:
    var = database.var_folder()
    match given.command:
        case "database":
            return _database(var, given.action, sure=given.yes)
        case "demo":
            from qifu.project import demo

            return demo.main(var, host=given.host, port=given.port, sample=not given.no_sample)
        case "serve":
            from qifu.project.demo import need_port, web_command

            _need_key(var)
            need_port(given.host, given.port, otherwise=f"--port {given.port + 1}")
            _up(var)

            command = web_command(host=given.host, port=given.port, workers=given.workers, threads=given.threads)
            os.execve(command[0], command, os.environ | {"DJANGO_SETTINGS_MODULE": _settings()})
        case "worker":
            _up(var)
            _django()
            from qifu.project import worker

            return worker.main()
    with _help_needs_no_database(rest) or database.running(var):
        _django()
        return _offline(given, rest, var)


def _offline(given: argparse.Namespace, rest: list[str], var: Path) -> int:
    """Run a command that has the database to itself, so to speak: it comes up for it and goes down after it."""
    from django.core.management import CommandError
    from django.db import DatabaseError, OperationalError

    from qifu.kernel.journal import command as journal
    from qifu.project import upkeep
    from qifu.project.replay import command as replay

    try:
        match given.command:
            case "migrate":
                return upkeep.migrate()
            case "replay":
                return replay.main(rest)
            case "journal":
                return journal.main(rest)
            case "backup":
                return upkeep.take_backup(var, given.file)
            case "restore":
                return upkeep.restore(var, given.file, name=given.database)
            case "drill":
                return upkeep.drill(var, given.file)
            case _:
                return upkeep.check(deploy=given.deploy)
    except OperationalError as unreachable:
        says = " ".join(str(unreachable).split())
        raise DatabaseRefused(f"连不上数据库，或中途断开。 The database cannot be reached: {says}") from unreachable
    except (CommandError, DatabaseError) as failed:
        raise DatabaseRefused(f"没有完成。 Failed: {' '.join(str(failed).split())}") from failed


def _help_needs_no_database(rest: list[str]) -> contextlib.nullcontext[None] | None:
    return contextlib.nullcontext() if {"-h", "--help"} & set(rest) else None


def _database(var: Path, action: str, *, sure: bool) -> int:
    match action:
        case "start":
            _up(var)
            print(database.status(var).says)
        case "stop":
            print(database.stop(var).says)
        case "status":
            found = database.status(var)
            print(found.says)
            return 0 if found.running else 1
        case "sql":
            from qifu.project.roles import set_up_sql

            print(set_up_sql(), end="")
        case "erase":
            if not sure:
                raise DatabaseRefused("这会删除全部数据；确认请加 --yes。 This deletes all data; say --yes if it is meant.")
            database.erase(var)
            print("数据已清除。 The data is gone.")
    return 0


def _up(var: Path) -> None:
    database.start(var)
    database.prepare(var)


def _settings() -> str:
    """Give the settings to run under: what is named, else production where a key is given, else the demo's."""
    return os.environ.get("DJANGO_SETTINGS_MODULE") or (PRODUCTION if os.environ.get("QIFU_SECRET_KEY") else DEMO)


def _need_key(var: Path) -> None:
    """Refuse to serve one-touch logins by mistake: without a key only data that a demo made may be served."""
    if _settings() == DEMO and not os.environ.get("DJANGO_SETTINGS_MODULE") and not (var / "run/sample.json").exists():
        raise DatabaseRefused(
            "正式服务需要 QIFU_SECRET_KEY；试用请运行 qifu demo。 Serving needs QIFU_SECRET_KEY; to try it out run `qifu demo`."
        )


def _django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = _settings()
    # It tells of every task that it knows, at each start.
    logging.getLogger("procrastinate.blueprints").setLevel(logging.WARNING)
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
