"""What the sample district of the demo has of burdens and appeals, made by the product's own actions from packs/sample/burdens.yaml."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import yaml
from django.conf import settings

from qifu.kernel.actions.stage import Stage
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local


def seed(named: Mapping[str, UUID], *, at: datetime) -> None:
    """Propose acts that burden; some are heard, decided, appealed. `named`: officer:<number>, contact:<firm>, enterprise:<firm>."""
    given = yaml.safe_load((settings.PACKS / "sample" / "burdens.yaml").read_text(encoding="utf-8"))
    with clock.use(clock.Fixed(at)) as hands:
        stage = Stage(named, hands, at)
        for one in given["burdens"]:
            hands.set(at - timedelta(hours=one["hours"]))
            firm, contact = named[f"enterprise:{one['firm']}"], f"contact:{one['firm']}"
            burden = stage.do("resumption.burden.propose", f"officer:{one['by']}", enterprise=firm, **one["propose"]).id
            if "words" in one:
                stage.do("resumption.burden.say", contact, burden=burden, words=one["words"], after=50)
            if "decider" in one:
                stage.do("resumption.burden.confirm", f"officer:{one['decider']}", burden=burden, answer=one["answer"], after=60)
            if "appeal" in one:
                day = local(hands.now() + timedelta(minutes=90)).date()
                told = {"way": one["appeal"]["way"], "organ": one["appeal"]["organ"], "asked_on": day}
                appeal = stage.do("resumption.appeal.ask", contact, burden=burden, after=90, **told).id
                stage.do("resumption.appeal.take", f"officer:{one['keeper']}", appeal=appeal, after=60, **one["appeal"]["taken"])
