"""Tests that the references which no foreign key holds are held all the same, whoever writes and however many rows."""

from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from qifu.areas.registry.models import Enterprise, Site
from qifu.kernel.access import Actor, acting
from qifu.kernel.values import uuid7

from .world import HERE, THERE, bureau, clerk, do, firm, town


def another(site: Site, number: int, **given: Any) -> Site:
    """Give a further site like this one, not yet written."""
    kept = {f.attname: getattr(site, f.attname) for f in Site._meta.concrete_fields}
    return Site(**kept | {"id": uuid7(), "name": f"{number}号厂房"} | given)


def standing() -> tuple[list[Any], list[Any]]:
    with acting(bureau()):
        return [list(model._base_manager.order_by("pk").values()) for model in (Enterprise, Site)]  # type: ignore[return-value]


def broken(actor: Actor, write: Any) -> None:
    """Write as this person within a transaction, which the reference ends, and see that all stands as before."""
    before = standing()
    with pytest.raises(IntegrityError, match="is not in registry_enterprise"), acting(actor), transaction.atomic():
        write()
    assert standing() == before


def test_one_site_of_nobody_among_hundreds_keeps_all_of_them_out(database: SimpleNamespace) -> None:
    """Tests that a site of an enterprise that is not there goes in neither alone nor among many, new or changed."""
    actor, row = clerk(), firm()
    with acting(actor):
        site = Site.objects.get(enterprise=row)
    many = [another(site, number) for number in range(300)]
    broken(actor, lambda: Site._base_manager.bulk_create([*many, another(site, 301, enterprise_id=uuid7())]))
    broken(actor, lambda: another(site, 1, enterprise_id=uuid7()).save(force_insert=True))
    broken(actor, lambda: Site._base_manager.filter(pk=site.pk).update(enterprise=uuid7()))
    broken(actor, lambda: Enterprise._base_manager.filter(pk=row.pk).update(merged_into=uuid7()))
    with acting(actor):
        Site._base_manager.bulk_create(many)
        assert Site._base_manager.filter(enterprise=row).count() == 301


def test_a_site_may_be_of_an_enterprise_that_its_clerk_does_not_see(database: SimpleNamespace) -> None:
    """Tests that what is there is there, also where the scope hides it: a works stands here, its firm in the next town."""
    here, theirs = clerk(HERE), do("registry.register", clerk(THERE), name="溪口竹木制品厂", uscc="", place=THERE)
    with acting(bureau()):
        site = Site._base_manager.get(enterprise=theirs)
    with acting(here):
        assert not Enterprise._base_manager.filter(pk=theirs.pk).exists()
        another(site, 2, region=town(HERE), party=None).save(force_insert=True)
    with acting(bureau()):
        assert Site._base_manager.filter(enterprise=theirs).count() == 2


def test_an_enterprise_with_a_site_neither_goes_nor_takes_another_key(database: SimpleNamespace) -> None:
    """Tests that not even the owner of the database leaves a site behind without its enterprise, and nothing into which one went."""
    row, into = firm(), firm("宁波奉化竣晖服装辅料有限公司")
    before = standing()
    with database.admin() as session:
        for statement in (
            f"DELETE FROM registry_enterprise WHERE id = '{row.id}'",
            f"UPDATE registry_enterprise SET id = '{uuid7()}' WHERE id = '{row.id}'",
        ):
            with pytest.raises(psycopg.errors.ForeignKeyViolation, match="registry_site still refers"):
                session.execute(statement)
    assert standing() == before
    with database.admin() as session:
        session.execute("DELETE FROM registry_site")
        session.execute("UPDATE registry_enterprise SET merged_into_id = %s WHERE id = %s", [into.id, row.id])
        with pytest.raises(psycopg.errors.ForeignKeyViolation, match="registry_enterprise still refers"):
            session.execute("DELETE FROM registry_enterprise WHERE id = %s", [into.id])
        session.execute("DELETE FROM registry_enterprise WHERE id = %s", [row.id])
    with acting(bureau()):
        assert Enterprise._base_manager.filter(pk__in=[row.id, into.id]).count() == 1
