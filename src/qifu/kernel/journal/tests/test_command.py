"""What `qifu journal` promises to an operator: seal, head, export, verify, with exit codes to rely on."""

import pytest

from qifu.kernel.journal import keys, verify
from qifu.kernel.journal.command import main

pytestmark = pytest.mark.usefixtures("database")


def test_from_a_fresh_journal_to_an_auditor(lend, tmp_path, capsys):
    """Tests the whole way: nothing to seal, seal, keep the head, go on, export, verify here and by the lone program."""
    assert main(["seal"]) == 0 and "There is nothing new" in capsys.readouterr().out
    assert main(["head"]) == 1
    assert main(["verify"]) == 0
    lend(3)
    assert main(["seal"]) == 0 and "6行" in capsys.readouterr().out
    assert main(["head", str(tmp_path / "head")]) == 0
    lend(2)
    assert main(["seal"]) == 0
    capsys.readouterr()
    assert main(["head"]) == 0
    assert verify.seal_from(capsys.readouterr().out).number == 2
    assert main(["export", str(tmp_path / "all.jsonl")]) == 0
    assert main(["export", str(tmp_path / "rest.jsonl"), "--since", "1"]) == 0
    assert main(["verify", "--head", str(tmp_path / "head")]) == 0
    assert main(["verify", "--rows-only", "--key", keys.signing().public.hex()]) == 0
    head = ["--head", str(tmp_path / "head")]
    assert verify.main([str(tmp_path / "all.jsonl"), *head]) == 0
    # Whoever did not ask for a part is not content with one: what stands before it could be hidden so.
    assert verify.main([str(tmp_path / "rest.jsonl"), *head]) == 1
    assert verify.main([str(tmp_path / "rest.jsonl"), "--since", "1", *head]) == 0
    assert "4行" in capsys.readouterr().out.splitlines()[-1]


def test_what_cannot_be_done_is_said(lend, tmp_path, capsys):
    """Tests exit code 2 and a sentence for a wrong head, key or seal; 1 for a key that is not trusted."""
    lend(1)
    assert main(["seal"]) == 0
    (tmp_path / "nonsense").write_text("{}")
    assert main(["verify", "--head", str(tmp_path / "nonsense")]) == 2
    assert main(["verify", "--key", "zz"]) == 2
    assert main(["export", str(tmp_path / "x"), "--since", "5"]) == 2
    assert main(["verify", "--key", "00" * 32]) == 1
    assert "unknown key" in capsys.readouterr().out
    keys.path().chmod(0o640)
    assert main(["verify"]) == 2 and "chmod 600" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["burn"])
    assert ended.value.code == 2
