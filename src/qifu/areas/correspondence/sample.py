"""What the sample district of the demo has of letters, made by the product's own actions from packs/sample/letters.yaml."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import yaml
from django.conf import settings

from qifu.areas.casework import api as casework
from qifu.kernel.access import acting
from qifu.kernel.actions.stage import Stage
from qifu.kernel.calendar import clock


def seed(named: Mapping[str, UUID], *, at: datetime) -> None:
    """Write letters about cases of the sample; some are signed, called about, answered. `named`: officer:<number>."""
    given = yaml.safe_load((settings.PACKS / "sample" / "letters.yaml").read_text(encoding="utf-8"))
    with clock.use(clock.Fixed(at)) as hands:
        stage = Stage(named, hands, at)
        for one in given["letters"]:
            hands.set(at - timedelta(hours=one["hours"]))
            writer, about = f"officer:{one['writer']}", one["about"]
            with acting(stage.who(writer)):
                case = casework.Case.objects.get(firm=about["firm"], text__contains=about["like"])
            letter = stage.do("correspondence.write", writer, case=case.id, **one["letter"]).id
            if "signer" in one:
                stage.do("correspondence.sign", f"officer:{one['signer']}", letter=letter, after=40)
            for call in one.get("calls", ()):
                stage.do("correspondence.call", writer, letter=letter, after=90, **call)
            if "answer" in one:
                stage.do("correspondence.answer", writer, letter=letter, after=200, **one["answer"])
