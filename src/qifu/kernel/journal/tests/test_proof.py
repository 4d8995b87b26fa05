"""What `qifu journal verify` promises over the live database: whoever changes a row there past the application is found."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest
from django.db import connection

from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.calendar import clock
from qifu.kernel.journal import models, proof, prove, sealing
from qifu.kernel.journal.command import main
from qifu.kernel.workflow.tests.toy.process import LOAN, draft

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def tamper(database):
    """Give a way to change the journal as nobody can from inside: as the server's superuser."""

    def run(statement, *params):
        with database.admin() as session:
            done = session.execute(statement, params)
            assert done.rowcount > 0, "the statement changed nothing"

    return run


def found():
    return {(p.code, p.seal, p.row) for p in prove(at=clock.now()).report.problems}


def seqs():
    with acting(sealing.SYSTEM):
        return list(models.Entry._base_manager.order_by("era", "tx", "seq").values_list("seq", flat=True))


def test_a_changed_column_with_an_untouched_body_is_found(sealed, tamper):
    """Tests that every column which a figure or a scope reads must be what the body says, sealed or not yet."""
    rows = seqs()
    changes = {
        "process": "'toy.lending'", "subject": "gen_random_uuid()", "about": "gen_random_uuid()", "verb": "'lent'",
        "left": "'x'", "entered": "'x'", "first": "NOT first", "at": "at + interval '1 microsecond'",
        "district": "district + 1", "region": "region + 1", "party": "gen_random_uuid()", "compartment": "'health'",
        "facets": "'{}'", "actor": "'x'", "actor_name": "'x'", "role": "'x'", "on_behalf_of": "'x'",
        "batch": "gen_random_uuid()", "data": """'{"fen": 1}'""", "recorded_at": "recorded_at + interval '1 second'",
    }  # fmt: skip
    for place, (column, value) in enumerate(changes.items()):
        tamper(f'UPDATE journal_entry SET "{column}" = {value} WHERE seq = %s', rows[place])
    report = prove(at=clock.now()).report
    batch = [1] * 6 + [2] * 4 + [3] * 8 + [None] * 2
    wanted = {("row.column", batch[place], rows[place]) for place in range(len(changes))}
    assert wanted <= {(p.code, p.seal, p.row) for p in report.problems}
    for place, column in enumerate(changes):
        assert any(p.row == rows[place] and column in p.zh for p in report.problems), column
    tamper("UPDATE journal_entry SET sign = -1, reverses = seq - 1 WHERE seq = %s", rows[0])
    assert any("reverses" in p.zh and "sign" in p.zh for p in prove(at=clock.now()).report.problems)


def test_an_edited_body_is_found_with_its_row(sealed, tamper):
    """Tests that a body that no longer fits its hash names the row, and one with a fresh hash names the batch."""
    one, other = seqs()[0], seqs()[7]
    with acting(sealing.SYSTEM):
        body = json.loads(bytes(models.Entry._base_manager.get(seq=one).body)) | {"region": 1}
    changed = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    tamper("UPDATE journal_entry SET body = %s, region = 1 WHERE seq = %s", changed, one)
    assert found() == {("row.hash", 1, one)}
    tamper("UPDATE journal_entry SET hash = %s WHERE seq = %s", sha256(changed).digest(), one)
    assert found() == {("batch.root", 1, None)}
    for nonsense in (b"\xff\xfe", b"[1]", b'{"process":\n', b""):
        tamper("UPDATE journal_entry SET body = %s WHERE seq = %s", nonsense, other)
        assert {("row.hash", 2, other), ("batch.root", 1, None)} <= found()
    assert main(["verify"]) == 1


def test_a_row_taken_or_put_in_is_found(sealed, tamper):
    """Tests that a deleted and an inserted row name their batch, and that the object betrays the deletion too."""
    rows = seqs()
    tamper("DELETE FROM journal_entry WHERE seq = %s", rows[4])
    codes = {(code, seal) for code, seal, _ in found()}
    assert {("batch.rows", 1), ("batch.root", 1), ("object.state", None)} <= codes
    names = 'era, tx, process, subject, about, verb, "left", entered, first, at, recorded_at, district, region'
    names += ", actor, actor_name, role, on_behalf_of, body, hash"
    tamper(f"INSERT INTO journal_entry ({names}) SELECT {names} FROM journal_entry WHERE seq = %s", rows[7])
    assert {("batch.rows", 1), ("batch.rows", 2)} <= {(code, seal) for code, seal, _ in found()}


def test_an_object_that_does_not_equal_its_entries_is_found(sealed, tamper):
    """Tests that a state that no move wrote is named with its process."""
    tamper("UPDATE toy_loan SET state = 'back' WHERE id = (SELECT id FROM toy_loan LIMIT 1)")
    (problem,) = prove(at=clock.now()).report.problems
    assert problem.code == "object.state" and "toy.loan" in problem.zh and "back" in problem.zh


def test_a_seal_changed_or_gone_is_found(sealed, tamper):
    """Tests that seals in the database are held by their chain and signature, and a cut tail by a head from outside."""
    tamper("UPDATE journal_seal SET at = at + interval '1 second' WHERE number = 2")
    assert {(code, seal) for code, seal, _ in found()} == {("seal.signature", 2), ("seal.chain", 3)}
    tamper("DELETE FROM journal_seal WHERE number > 1")
    assert found() == set()
    report = proof.prove(at=clock.now(), head=sealed.seals[2]).report
    assert [(p.code, p.seal) for p in report.problems] == [("head.cut", 3)]


def test_a_finding_is_kept(sealed, tamper):
    """Tests that each verification leaves what it found, for the page that shows it."""
    prove(at=clock.now())
    tamper("UPDATE journal_entry SET role = 'leader' WHERE seq = %s", seqs()[0])
    prove(at=clock.now())
    with acting(sealing.SYSTEM):
        good, bad = models.Finding.objects.order_by("id")
    assert (good.good, good.rows, good.unsealed, good.seal, good.problems, good.says) == (True, 20, 2, 3, 0, [])
    assert (bad.good, bad.problems) == (False, 1) and "role" in bad.says[0] and good.at == clock.now()


def test_every_kind_of_row_makes_up_its_body_to_the_byte(lend, place, clerk, now):
    """Tests that the quick comparison of columns and body is exact: quotes, other scripts, reversals, nothing differs."""
    odd = replace(clerk, name='王"某\\ 𠮷\t/é')
    loans = lend(2, fen=700)
    with acting(odd):
        LOAN.open(draft(place, facets=["size:above", "over_100m"], party=clerk.person), actor=odd, at=clock.now())
    with acting(corrector := officer("corrector", place)):
        entry = models.Entry._base_manager.get(subject=loans[0].id, verb="lend")
        LOAN.correct(entry, actor=corrector, at=None, reason="wrong_firm")
    with sealing.whole():
        assert proof._differing(0, 2**62) == []
        assert models.Entry._base_manager.filter(reverses__isnull=False).exists()
    assert prove(at=clock.now()).good


def test_many_rows_are_looked_at_without_holding_them(lend):
    """Tests that rows are read through a cursor of the server's, so that memory does not grow with the journal."""
    lend(20)
    with sealing.whole():
        rows = sealing.stream("SELECT seq FROM journal_entry ORDER BY seq", [])
        next(rows)
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM pg_cursors")
            assert cursor.fetchall() == [("qifu_journal",)]
        rows.close()
