"""The sample district of the demo: played from packs/sample by the product's own actions, then one-touch accounts."""

from collections.abc import Callable
from contextlib import nullcontext

from django.conf import settings

from qifu.areas.casework import sample as casework
from qifu.areas.consultation import sample as consultation
from qifu.areas.correspondence import sample as correspondence
from qifu.areas.jointoffice import sample as jointoffice
from qifu.areas.loops import sample as loops
from qifu.areas.mobilisation import sample as mobilisation
from qifu.areas.resumption import sample as resumption
from qifu.areas.services import sample as services
from qifu.areas.supply import sample as supply
from qifu.kernel import notify
from qifu.kernel.calendar import clock
from qifu.project.accounts.demo import seed_demo_accounts
from qifu.project.replay.runner import Played, Runner, Silent
from qifu.project.replay.scenario import load
from qifu.project.workdays import sample as workdays


class SampleFailed(RuntimeError):
    """A line of the sample was refused: the pack and the rules no longer agree."""


def seed(*, progress: Callable[[int, int], None] = lambda done, of: None) -> Played:
    """Build the sample district on the empty database that the connections point at; raises SampleFailed."""
    played = Runner(load(settings.PACKS / "sample" / "demo.yaml", now=clock.now()), progress=progress).play()
    if played.refusals:
        first = played.refusals[0]
        where = f"{first.line.do} {first.line.on} by {first.line.actor}"
        raise SampleFailed(f"{len(played.refusals)} lines refused, first: {where}: {first.code} {first.errors or first.says}")
    for area in (mobilisation, casework, consultation, services, jointoffice, supply, resumption, correspondence, loops, workdays):
        # The demo's telephones tell of cases and meetings; of the rest a visitor would find hundreds of messages.
        with nullcontext() if area in (casework, consultation) else notify.using(Silent()):
            area.seed(played.named, at=clock.now())
    missing = seed_demo_accounts(at=clock.now())
    if missing:
        raise SampleFailed(f"no such person for a touch: {missing}")
    return played
