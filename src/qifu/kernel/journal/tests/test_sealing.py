"""What a seal promises: it covers exactly what was known, in the order of knowing, once, in every compartment."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from qifu.kernel.access import DOOR, Actor, Hat, Scope, acting
from qifu.kernel.access.tests.factories import at
from qifu.kernel.calendar import clock
from qifu.kernel.journal import keys, models, new_era, prove, sealing, writing
from qifu.kernel.workflow.tests.toy.process import LOAN, draft

pytestmark = pytest.mark.usefixtures("database")


def in_thread(call):
    """Run a call in another thread, with a connection of its own; gives (thread, results)."""
    results = []

    def body():
        try:
            results.append(call())
        finally:
            connection.close()

    thread = threading.Thread(target=body)
    thread.start()
    return thread, results


def seals():
    with acting(sealing.SYSTEM):
        return sealing.seals()


def test_seals_form_a_chain_that_verifies(sealed):
    """Tests that each seal counts its rows and the sum, names the one before, and that the whole agrees."""
    first, second, third = seals()
    assert [(s.number, s.rows, s.total) for s in (first, second, third)] == [(1, 6, 6), (2, 4, 10), (3, 8, 18)]
    assert first.previous == bytes(32) and second.previous == first.link and third.previous == second.link
    assert list(sealed.seals) == [first, second, third]
    found = prove(at=clock.now())
    assert found.good, found.report.problems
    assert (found.report.rows, found.report.loose, found.report.seals) == (20, 2, 3)


def test_nothing_new_makes_no_seal(sealed):
    """Tests that a second sealing without news leaves the chain as it is."""
    assert sealing.seal(at=clock.now()).rows == 2
    assert sealing.seal(at=clock.now()) is None
    assert len(seals()) == 4


def test_what_commits_after_a_seal_is_not_in_it_though_its_clock_is_earlier(lend, clerk, place, now):
    """Tests that knowing follows transactions: an earlier time that commits later belongs to the next seal."""
    lend(2)
    wrote, go = threading.Event(), threading.Event()

    def slow():
        with acting(clerk):
            LOAN.open(draft(place, title="早"), actor=clerk, at=at("2020-02-09"))
            wrote.set()
            assert go.wait(20)

    thread, _ = in_thread(slow)
    assert wrote.wait(20)
    now.advance(timedelta(hours=1))
    lend(1)
    first = sealing.seal(at=clock.now())
    go.set()
    thread.join()
    # What began after the slow transaction waits with it: the horizon is the oldest one under way.
    assert first.rows == 4
    second = sealing.seal(at=clock.now())
    assert second.rows == 3
    with acting(clerk):
        late = models.Entry._base_manager.get(at=at("2020-02-09"))
    assert first.horizon <= late.tx < second.horizon
    assert prove(at=clock.now()).good


def test_two_sealers_make_one_seal(lend):
    """Tests that of two sealers at once the second finds nothing left."""
    lend(50)
    both = [in_thread(lambda: sealing.seal(at=clock.now())) for _ in range(2)]
    for thread, _ in both:
        thread.join()
    made = [result for _, results in both for result in results]
    assert sorted(seal is None for seal in made) == [False, True]
    assert [(s.number, s.rows) for s in seals()] == [(1, 100)]


def test_a_seal_covers_every_compartment(lend, place, now):
    """Tests that rows of a compartment that no machine is cleared for are sealed and verified with the rest."""
    lend(1)
    hat = Hat(role="town_clerk", rights=frozenset({"resumption.forward"}), scope=Scope(regions=(place,), compartments=("audit_only",)))
    cleared = Actor(id="c", name="专人", hats=(hat,))
    with acting(cleared):
        LOAN.open(draft(place, compartment="audit_only"), actor=cleared, at=clock.now())
    assert sealing.seal(at=clock.now()).rows == 3
    found = prove(at=clock.now())
    assert found.good and found.report.rows == 3


def test_a_new_era_seals_what_the_old_one_left_open(lend, clerk):
    """Tests that after a restore the rest of the old era is a batch of its own, and the new one starts at its own numbers."""
    lend(2)
    sealing.seal(at=clock.now())
    lend(1)
    assert new_era(at=clock.now(), reason="restored") == 2
    lend(3)
    assert sealing.seal(at=clock.now()).era == 2
    assert [(s.number, s.era, s.rows) for s in seals()] == [(1, 1, 4), (2, 1, 2), (3, 2, 6)]
    found = prove(at=clock.now())
    assert found.good and found.report.rows == 12
    # A process that slept through the restore writes into an era that is over: that is not passed over.
    writing._era["now"] = 1
    lend(1)
    assert {p.code for p in prove(at=clock.now()).report.problems} == {"row.loose"}


def test_only_the_worker_adds_seals_and_nobody_changes_one(sealed, clerk):
    """Tests that seals, eras and findings are out of reach for the application's role, and final for the worker's."""
    statements = [
        "UPDATE journal_seal SET rows = 0",
        "DELETE FROM journal_seal",
        "TRUNCATE journal_seal",
        "UPDATE journal_era SET number = 9",
        "DELETE FROM journal_era",
        "UPDATE journal_finding SET good = true",
    ]
    adding = [
        "INSERT INTO journal_era (number, since, reason) VALUES (9, now(), '')",
        "INSERT INTO journal_seal SELECT * FROM journal_seal",
    ]
    before = seals()
    for actor, refused in ((clerk, statements + adding), (DOOR, statements + adding), (sealing.SYSTEM, statements)):
        for statement in refused:
            with pytest.raises(DatabaseError, match="permission denied"), acting(actor), connection.cursor() as cursor:
                cursor.execute(statement)
    assert seals() == before


def test_the_key_is_made_once_and_for_nobody_else(lend, settings, monkeypatch):
    """Tests that the key file is private, refused when it is not, and that a retired key is still trusted."""
    lend(1)
    sealing.seal(at=clock.now())
    file = keys.path()
    assert file.stat().st_mode & 0o777 == 0o600
    first = keys.signing()
    file.chmod(0o644)
    with pytest.raises(keys.BadJournalKey):
        keys.known()
    file.chmod(0o600)
    old = file.read_text()
    file.unlink()
    lend(1)
    sealing.seal(at=clock.now())
    new = file.read_text()
    assert keys.signing().public != first.public
    # The last seal is by a known key, and the chain vouches for what it follows.
    assert prove(at=clock.now()).good
    file.write_text(old)
    assert {(p.code, p.seal) for p in prove(at=clock.now()).report.problems} == {("seal.key", 2)}
    monkeypatch.setenv(keys.ENVIRONMENT, f"{old.strip()} {new.strip()}")
    assert prove(at=clock.now()).good
    monkeypatch.setenv(keys.ENVIRONMENT, "short")
    with pytest.raises(keys.BadJournalKey):
        keys.signing()
