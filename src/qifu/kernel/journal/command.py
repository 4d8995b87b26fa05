"""`qifu journal`: seal, verify, export, head. Exit codes: 0 done and right, 1 something does not agree, 2 used wrongly."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from qifu.kernel.access import acting
from qifu.kernel.calendar import clock

from . import export, keys, proof, sealing, verify


def main(argv: Sequence[str] | None = None) -> int:
    """Run one of the journal's commands on the database that Django points at."""
    given = _parser().parse_args(argv)
    try:
        match given.what:
            case "seal":
                return _seal()
            case "verify":
                return _verify(given)
            case "export":
                return _export(given)
            case _:
                return _head(given)
    except (keys.BadJournalKey, verify.Unreadable, export.NoSuchSeal) as refused:
        print(f"qifu journal {given.what}: {refused}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qifu journal", description="台账：封存、验证、导出。 The journal: seal, verify, export.")
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")

    def add(name: str, says: str) -> argparse.ArgumentParser:
        return what.add_parser(name, help=says, description=says)

    add("seal", "封存目前已知的全部记录。 Seal all that is known now.")
    check = add("verify", "验证整个台账：各行、封存、列与正文、业务状态。 Verify rows, seals, columns and objects.")
    check.add_argument("--head", type=Path, metavar="FILE", help="此前存在外面的封存头 (a head kept outside before)")
    check.add_argument("--key", action="append", metavar="HEX", help="信任的公钥，默认本机的 (trusted public keys; default: ours)")
    check.add_argument("--rows-only", action="store_true", help="只验证各行和封存 (leave out columns and objects)")
    out = add("export", "导出为不依赖本系统即可读的文件。 Export to a file that is readable without the product.")
    out.add_argument("file", type=Path)
    out.add_argument("--since", type=int, default=0, metavar="N", help="从第N次封存之后 (only what follows seal N)")
    head = add("head", "给出最新的封存头，供审计人员存在外面。 Give the last head, to be kept outside.")
    head.add_argument("file", nargs="?", type=Path, help="默认打印 (default: print it)")
    return parser


def _seal() -> int:
    made = sealing.seal(at=clock.now())
    if made is None:
        print("没有新的记录要封存。 There is nothing new to seal.")
    else:
        print(f"第{made.number}次封存：{made.rows}行，累计{made.total}行，根值 {made.root.hex()}。 Sealed.")
    return 0


def _verify(given: argparse.Namespace) -> int:
    head = verify.seal_from(given.head.read_bytes()) if given.head else None
    try:
        trusted = [bytes.fromhex(key) for key in given.key] if given.key else None
    except ValueError:
        raise verify.Unreadable("--key: 公钥是64位十六进制 (a public key is 64 hex digits)") from None
    began = time.perf_counter()
    whole = not given.rows_only
    found = proof.prove(at=clock.now(), head=head, trusted=trusted, columns=whole, objects=whole)
    print(verify.say(found.report, time.perf_counter() - began))
    return 0 if found.good else 1


def _export(given: argparse.Namespace) -> int:
    done = export.export(given.file, since=given.since)
    says = f"已导出{done.rows}行、{done.seals}次封存到 {given.file}。 Exported."
    since = f" --since {given.since}" if given.since else ""
    print(f"{says}\n独立验证 verify with: python verify.py {given.file} --head HEAD{since} ({verify.__file__})")
    return 0


def _head(given: argparse.Namespace) -> int:
    with acting(sealing.SYSTEM):
        head = sealing.head()
    if head is None:
        print("还没有封存过：先运行 qifu journal seal。 Nothing has been sealed yet.", file=sys.stderr)
        return 1
    if given.file:
        given.file.write_text(head.line() + "\n")
        print(f"第{head.number}次封存（{head.at}）的封存头已写到 {given.file}。 The head was written.")
    else:
        print(head.line())
    return 0
