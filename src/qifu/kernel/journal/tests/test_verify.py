"""What the verifier promises: every change among sealed rows is found and named, and nothing else is called one."""

import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from qifu.kernel.access import acting
from qifu.kernel.calendar import clock
from qifu.kernel.journal import sealing, verify
from qifu.kernel.journal.export import NoSuchSeal, export

ROW = re.compile(rb'\{"seq":(\d+),"tx":(\d+),"era":(\d+),"hash":"([0-9a-f]{64})","body":(.*)\}\n')


class Lines:
    """An export as lists of lines, to be changed by a trial; `batch` gives the seal of each sealed row."""

    def __init__(self, file):
        with file.open("rb") as handle:
            self.top = [handle.readline()]
            self.top += [handle.readline() for _ in range(json.loads(self.top[0])["seals"])]
            self.rows = handle.readlines()
        self.seals = [verify.seal_from(line) for line in self.top[1:]]
        self.batch = [seal.number for seal in self.seals for _ in range(seal.rows)]

    def check(self, rows, *, head, top=None):
        since, seals, stream = verify.read(io.BytesIO(b"".join((top or self.top) + rows)))
        return verify.check(seals, stream, since=since, head=head)


def line(seq, tx, era, body, stored=None):
    return b'{"seq":%d,"tx":%d,"era":%d,"hash":"%s","body":%s}\n' % (seq, tx, era, stored or sha256(body).hexdigest().encode(), body)


def parts(text):
    seq, tx, era, stored, body = ROW.fullmatch(text).groups()
    return int(seq), int(tx), int(era), stored, body


# Each trial changes `rows` in place and gives the batches that must be named.


def edit_any_byte(dice, rows, lines):
    place = dice.randrange(len(lines.batch))
    text = bytearray(rows[place])
    at = dice.randrange(len(text))
    text[at] = dice.choice([b for b in range(256) if b != text[at]])
    rows[place] = bytes(text)
    return {lines.batch[place]}


def edit_body(dice, rows, lines):
    place = dice.randrange(len(lines.batch))
    seq, tx, era, stored, body = parts(rows[place])
    rows[place] = line(seq, tx, era, body.replace(b'"region":', b'"region":9'), stored)
    return {lines.batch[place]}


def edit_body_and_hash(dice, rows, lines):
    place = dice.randrange(len(lines.batch))
    seq, tx, era, _, body = parts(rows[place])
    rows[place] = line(seq, tx, era, body.replace(b'"sign":1', b'"sign":-1'))
    return {lines.batch[place]}


def edit_number(dice, rows, lines):
    place = dice.randrange(len(lines.batch))
    seq, tx, era, stored, body = parts(rows[place])
    which, change = dice.randrange(3), dice.choice([-1, 1, 2, 1000])
    numbers = [n + change * (i == which) for i, n in enumerate((seq, tx, era))]
    rows[place] = line(*numbers, body, stored)
    return {lines.batch[place]}


def delete(dice, rows, lines):
    place = dice.randrange(len(lines.batch))
    del rows[place]
    return {lines.batch[place]}


def insert_copy(dice, rows, lines):
    place = dice.randrange(len(lines.batch))
    rows.insert(dice.randrange(len(lines.batch)), rows[place])
    return {lines.batch[place]}


def insert_forged(dice, rows, lines):
    place = dice.randrange(len(lines.batch))
    seq, tx, era, _, body = parts(rows[place])
    rows.insert(place + 1, line(seq + 1_000_000, tx, era, body.replace(b'"sign":1', b'"sign":-1')))
    return {lines.batch[place]}


def swap_places(dice, rows, lines):
    one, other = dice.sample(range(len(lines.batch)), 2)
    rows[one], rows[other] = rows[other], rows[one]
    return {lines.batch[one], lines.batch[other]}


def swap_neighbours(dice, rows, lines):
    one = dice.randrange(len(lines.batch) - 1)
    rows[one], rows[one + 1] = rows[one + 1], rows[one]
    return {lines.batch[one], lines.batch[one + 1]}


def swap_contents(dice, rows, lines):
    one, other = dice.sample(range(len(lines.batch)), 2)
    first, second = parts(rows[one]), parts(rows[other])
    rows[one] = line(*first[:3], second[4], second[3])
    rows[other] = line(*second[:3], first[4], first[3])
    return {lines.batch[one], lines.batch[other]}


TRIALS = [
    edit_any_byte, edit_any_byte, edit_body, edit_body_and_hash, edit_number,
    delete, insert_copy, insert_forged, swap_places, swap_neighbours, swap_contents,
]  # fmt: skip


def disagreeing(rows, lines):
    """Say by another way than the verifier's which readable rows bear a hash that is not their body's."""
    texts = io.BytesIO(b"".join(rows)).readlines()
    found = (ROW.fullmatch(text) for text in set(texts).difference(lines.rows))
    return {int(m[1]) for m in found if m and sha256(m[5]).hexdigest().encode() != m[4]}


@pytest.mark.slow
def test_a_thousand_changes_among_sealed_rows_are_all_found(lend, tmp_path):
    """Tests that an edit, deletion, insertion or swap names its batch, and its row where the stored hash disagrees."""
    for _ in range(6):
        lend(170)
        sealing.seal(at=clock.now())
    lend(20)
    done = export(tmp_path / "journal.jsonl")
    assert (done.rows, done.seals) == (2080, 6)
    lines, dice = Lines(tmp_path / "journal.jsonl"), random.Random(20200217)
    assert lines.check(lines.rows, head=lines.seals[2]).good
    kept = []
    for number in range(1000):
        rows = list(lines.rows)
        change = TRIALS[number % len(TRIALS)]
        batches = change(dice, rows, lines)
        head = dice.choice(lines.seals)
        report = lines.check(rows, head=head)
        said = f"trial {number}, {change.__name__}: {[str(p) for p in report.problems]}"
        assert not report.good, said
        assert batches <= {p.seal for p in report.problems}, said
        # A byte of the frame around a body leaves a line that cannot be read: it is named by its number.
        unreadable = any(p.code == "row.line" for p in report.problems)
        assert {p.row for p in report.problems if p.code == "row.hash"} == disagreeing(rows, lines) or unreadable, said
        if number % 125 < 2:
            kept.append((rows, head, batches, disagreeing(rows, lines)))
    _in_fresh_processes(lines, kept, tmp_path)


def _in_fresh_processes(lines, kept, folder):
    """The same by the program as an auditor runs it: another folder, no environment, no packages."""
    home = folder / "auditor"
    home.mkdir()
    shutil.copy(verify.__file__, home / "verify.py")
    for rows, head, batches, bad in [(lines.rows, lines.seals[0], None, None), *kept]:
        (home / "export").write_bytes(b"".join(lines.top + rows))
        (home / "head").write_text(head.line())
        done = subprocess.run(
            [sys.executable, "-I", "-S", "verify.py", "export", "--head", "head"], cwd=home, env={}, capture_output=True, check=False
        )
        said = done.stdout.decode()
        assert done.returncode == (0 if batches is None else 1), said + done.stderr.decode()
        if batches is not None:
            assert all(f"第{batch}批" in said for batch in batches), said
            assert all(f"第{seq}行" in said for seq in bad), said


def test_a_hundred_untouched_exports_raise_no_alarm(lend, now, tmp_path):
    """Tests that whatever is exported, whole or since a seal, with rows not sealed yet, agrees with any earlier head."""
    dice, heads = random.Random(7), []
    for number in range(100):
        lend(dice.randrange(1, 4))
        if dice.random() < 0.6 and (made := sealing.seal(at=clock.now())):
            heads.append(made)
        head = dice.choice(heads) if heads else None
        since = dice.randrange(head.number + 1) if head else 0
        file = tmp_path / f"{number}.jsonl"
        export(file, since=since)
        with file.open("rb") as handle:
            began, seals, rows = verify.read(handle)
            report = verify.check(seals, rows, since=began, head=head, keys=[] if head else [b"nobody" * 5 + b"12"])
        assert report.good, (number, [str(p) for p in report.problems])
        assert report.rows == done_rows(file)
        file.unlink()


def done_rows(file):
    return sum(1 for text in file.read_bytes().splitlines() if text.startswith(b'{"seq"'))


@pytest.fixture
def lines(sealed, tmp_path):
    export(tmp_path / "journal.jsonl")
    return Lines(tmp_path / "journal.jsonl")


def codes(report):
    return {(p.code, p.seal) for p in report.problems}


def test_a_cut_tail_shows_only_by_an_earlier_head(lines):
    """Tests that an export that ends early agrees with itself, and not with a head that reached further."""
    top = [json.dumps({"qifu": "journal export v1", "since": 0, "seals": 2}).encode() + b"\n", *lines.top[1:3]]
    rows = lines.rows[:10]
    assert lines.check(rows, head=lines.seals[1], top=top).good
    assert codes(lines.check(rows, head=lines.seals[2], top=top)) == {("head.cut", 3)}
    assert codes(lines.check([], head=lines.seals[0], top=[top[0].replace(b"2", b"0")])) == {("head.cut", 1)}


def test_each_change_to_a_seal_is_found(lines):
    """Tests that any field of any seal may not be changed, nor a seal left out or put elsewhere."""
    for place in range(3):
        for field in verify.Seal._fields:
            seal = lines.seals[place]
            value = getattr(seal, field)
            changed = bytes([value[0] ^ 1]) + value[1:] if isinstance(value, bytes) else value + (1 if isinstance(value, int) else "0")
            top = list(lines.top)
            top[1 + place] = seal._replace(**{field: changed}).line().encode() + b"\n"
            found = lines.check(lines.rows, head=lines.seals[0], top=top)
            assert ("seal.signature", changed if field == "number" else seal.number) in codes(found), field
        top = [lines.top[0].replace(b'"seals":3', b'"seals":2'), *lines.top[1 : 1 + place], *lines.top[2 + place :]]
        # The last one may only be missed by who holds no later head: that is what a head is for.
        assert not lines.check(lines.rows, head=lines.seals[2 if place == 2 else 0], top=top).good
    top = [lines.top[0], lines.top[2], lines.top[1], lines.top[3]]
    assert not lines.check(lines.rows, head=lines.seals[0], top=top).good


def test_a_journal_written_anew_under_another_key_is_found(lines):
    """Tests that who has the database but not the key cannot seal another story, and who has the key cannot change what a head holds."""
    stranger = Ed25519PrivateKey.generate()

    def anew(sign, key, rows):
        before, made = bytes(32), []
        for seal in lines.seals:
            tree = verify.Tree()
            for place, text in enumerate(rows[: len(lines.batch)]):
                if lines.batch[place] == seal.number:
                    seq, tx, era, stored, _ = parts(text)
                    tree.add(sha256(verify.leaf_number(seq, tx, era) + bytes.fromhex(stored.decode())).digest())
            new = seal._replace(root=tree.root(), previous=before, key=key)
            new = new._replace(signature=sign(new.text))
            before = new.link
            made.append(new)
        return [lines.top[0], *(seal.line().encode() + b"\n" for seal in made)]

    from qifu.kernel.journal import keys

    rows = list(lines.rows)
    seq, tx, era, _, body = parts(rows[8])
    rows[8] = line(seq, tx, era, body.replace(b'"sign":1', b'"sign":-1'))
    forged = anew(stranger.sign, stranger.public_key().public_bytes_raw(), rows)
    head = lines.seals[0]
    assert {("head.differs", 1), ("seal.key", 2)} <= codes(lines.check(rows, head=head, top=forged))
    own = keys.signing()
    stolen = anew(own.sign, own.public, rows)
    # Batch 1 is as it was: a head of batch 1 cannot tell, one of batch 2 can.
    assert lines.check(rows, head=head, top=stolen).good
    assert codes(lines.check(rows, head=lines.seals[1], top=stolen)) == {("head.differs", 2)}
    assert codes(lines.check(lines.rows, head=None)) == {("key.none", None)}


def test_an_export_is_readable_without_the_product(lines, tmp_path):
    """Tests that every line is JSON, that a body stands as it is stored, and that the file is nobody else's."""
    file = tmp_path / "journal.jsonl"
    texts = [json.loads(text) for text in file.read_text("utf-8").splitlines()]
    assert texts[0] == {"qifu": "journal export v1", "since": 0, "seals": 3} and len(texts) == 1 + 3 + 20
    assert texts[4]["body"]["process"] == "toy.loan" and texts[4]["body"]["data"] == {}
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    with pytest.raises(FileExistsError):
        export(file)
    assert file.read_bytes() == before
    with pytest.raises(NoSuchSeal):
        export(tmp_path / "later", since=9)
    assert sorted(os.listdir(tmp_path)) == ["journal.jsonl", "run"]


def test_the_command_says_what_is_wrong_and_ends_accordingly(lines, tmp_path, capsys):
    """Tests exit code 0 for agreement, 1 for a difference, 2 for what is no export, no head or no key."""
    file, head = tmp_path / "journal.jsonl", tmp_path / "head"
    head.write_text(lines.seals[1].line())
    assert verify.main([str(file), "--head", str(head)]) == 0
    assert "20行" in (said := capsys.readouterr().out) and "All agrees" in said
    assert verify.main([str(file), "--key", lines.seals[0].key.hex()]) == 0
    assert "cut tail cannot be seen" in capsys.readouterr().out
    seq, tx, era, stored, body = parts(lines.rows[8])
    file.write_bytes(b"".join([*lines.top, *lines.rows[:8], line(seq, tx, era, body + b" ", stored), *lines.rows[9:]]))
    assert verify.main([str(file), "--head", str(head)]) == 1
    assert f"第2批 batch 2，第{seq}行 row {seq}：所存的摘要与正文不符。" in capsys.readouterr().out
    (tmp_path / "other").write_text("[]")
    for given in (["other", "--head", "head"], ["nothing"], ["journal.jsonl", "--head", "other"], ["journal.jsonl", "--key", "xyz"]):
        assert verify.main([str(tmp_path / word) if not word.startswith("--") and word != "xyz" else word for word in given]) == 2


def test_the_verifier_needs_nothing_but_python():
    """Tests that verify.py imports the standard library alone."""
    names = re.findall(r"^(?:from|import) (\w+)", Path(verify.__file__).read_text(), re.MULTILINE)
    assert set(names) - {"__future__"} <= sys.stdlib_module_names


VECTORS = [  # RFC 8032, 7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]  # fmt: skip


def test_signatures_are_those_of_the_standard():
    """Tests the vectors of RFC 8032, 200 signatures by another implementation, and that no changed bit passes."""
    for key, text, signature in VECTORS:
        assert verify.signed(bytes.fromhex(key), bytes.fromhex(text), bytes.fromhex(signature))
    dice = random.Random(1)
    for number in range(200):
        key = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32)) if number % 20 == 0 else key
        public, text = key.public_key().public_bytes_raw(), dice.randbytes(number)
        signature = key.sign(text)
        assert verify.signed(public, text, signature)
        changed = bytearray(signature)
        changed[number % 64] ^= 1 << dice.randrange(8)
        assert not verify.signed(public, text, bytes(changed))
        assert not verify.signed(public, text + b"!", signature)
    # S + L is the same number again: a second signature of one text must not pass.
    again = int.from_bytes(signature[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    assert not verify.signed(public, text, signature[:32] + again.to_bytes(32, "little"))
    for bad in (b"", b"\xff" * 32, (2).to_bytes(32, "little")):
        assert not verify.signed(bad, text, signature)


def test_the_tree_is_the_one_of_rfc_6962():
    """Tests the root against the recursive definition for every small size and across a chunk."""

    def slowly(leaves):
        if len(leaves) == 1:
            return leaves[0]
        half = 1 << (len(leaves) - 1).bit_length() - 1
        return sha256(b"\x01" + slowly(leaves[:half]) + slowly(leaves[half:])).digest()

    for size in [*range(1, 40), (1 << 14) - 1, 1 << 14, (1 << 14) + 1, 3 * (1 << 14) + 7]:
        leaves = [sha256(b"%d" % i).digest() for i in range(size)]
        tree = verify.Tree()
        for leaf in leaves:
            tree.add(leaf)
        assert (len(tree), tree.root()) == (size, slowly(leaves))


def test_a_head_is_what_the_database_last_sealed(sealed):
    """Tests that the head's line reads back as the seal that it is."""
    with acting(sealing.SYSTEM):
        head = sealing.head()
    assert head == sealed.seals[-1] == verify.seal_from(head.line())
