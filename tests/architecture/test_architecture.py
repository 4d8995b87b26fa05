"""Tests that the tree is built as it was drawn: tiers, doors between areas, labels, rights, names, and what may stand in no file."""

import ast
import csv
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from qifu.kernel.actions import actions
from qifu.kernel.indicators import indicators
from qifu.kernel.ladder import watched
from qifu.kernel.privacy.check import every_field_is_classed
from qifu.kernel.web import Permission, needs, routes
from qifu.kernel.web.doorkeeper import every_route_declares_a_permission
from qifu.kernel.workflow.engine import workflows

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "qifu"
CHINESE = re.compile("[\u4e00-\u9fff]")

TIERS = [
    "kernel", "ui", "areas.registry", "areas.response",
    "areas.resumption areas.schools areas.insight areas.returns areas.mobilisation areas.casework",
    "areas.services areas.visits areas.correspondence areas.loops areas.consultation areas.jointoffice areas.supply",
    "areas.passes", "integrations", "project",
]  # fmt: skip
"""From the ground up; those of one line never know each other."""
DOORS = {"api", "models"}
"""By what an area is entered from above: its api; and its models, for foreign keys and their types."""
SIDE_DOORS = {
    ("areas.resumption", "areas.registry.queries"): "the worklist searches enterprises by the register's own words",
    ("areas.schools", "areas.registry.people"): "a head is found again by the phone, as contacts are",
    ("areas.schools", "areas.response.packs"): "the measure of schools is read from the pack that declares it",
    ("areas.schools", "areas.response.rules"): "its origin is said with the words of response",
    ("areas.resumption", "areas.response.wording"): "a page that anybody opens speaks the words of its place",
    ("project", "areas.response.wording"): "and so does the public check of a paper",
    ("project", "areas.registry.people"): "the directory asks whether a number belongs to a known contact",
    ("project", "areas.mobilisation.sample"): "the sample district has notices, duties and volunteers too",
    ("project", "areas.casework.sample"): "the sample district has cases too",
    ("project", "areas.services.sample"): "the sample district has services too",
    ("project", "areas.jointoffice.sample"): "the sample district has a menu and orders too",
    ("project", "areas.supply.sample"): "the sample district has broken links too",
    ("project", "areas.consultation.sample"): "the sample district has a meeting and a leader's note too",
    ("project", "areas.resumption.sample"): "the sample district has a burden and an appeal too",
    ("project", "areas.correspondence.sample"): "the sample district has letters too",
    ("project", "areas.loops.sample"): "the sample district has an outside platform too",
    ("project", "areas.resumption.views"): "the search of the frame is the worklist's",
}
"""Every other import between areas, with why. Shorten this list."""
LONG = {"kernel/intake/process.py": 850, "ui/samples.py": 800}
MOST = 700
RESERVED = {
    "response.lapse": "a measure that lapses by a clock",
    "resumption.team": "teams are task forces of the register so far",
}
"""Rights that roles have already and nothing asks for yet: each waits for its issue."""


def sources(*, tests: bool = False) -> list[Path]:
    """Give the Python files of the product."""
    return [p for p in sorted(SRC.rglob("*.py")) if tests or "tests" not in p.parts]


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(SRC).with_suffix("").parts)


def tier(name: str) -> int:
    """Give how high a module of ours stands."""
    for number, line in enumerate(TIERS):
        if any(name == one or name.startswith(f"{one}.") for one in line.split()):
            return number
    raise AssertionError(f"{name} stands on no tier")


def package(name: str) -> str:
    """Give kernel, ui, project, or the area."""
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "areas" else parts[0]


# ---------------------------------------------------------------- routes


def test_the_frameworks_own_checks_find_nothing() -> None:
    """Tests what `makemigrations` and every command of the framework ask first."""
    assert run_checks() == []


def test_every_route_says_who_may_open_it() -> None:
    """Tests that the check at start passes, that rights asked for exist, and that an address without a word stops the start."""
    assert every_route_declares_a_permission(None) == []
    held = rights_of_roles()
    for route, pattern in routes():
        permission = pattern.callback.permission
        assert isinstance(permission, Permission), route
        assert permission.kind in ("public", "door", "signed_in", "rights"), route
        assert bool(permission.rights) == (permission.kind == "rights"), route
        assert set(permission.rights) <= held, route
    with override_settings(ROOT_URLCONF=Silent):
        assert [error.id for error in every_route_declares_a_permission(None)] == ["qifu.E001"]


class Silent:
    """Two addresses, one of which says nothing."""

    urlpatterns = (
        path("silent", lambda request: HttpResponse()),
        path("spoken", needs("registry.see")(lambda request: HttpResponse())),
    )


# ---------------------------------------------------------------- tiers


def test_foreign_keys_point_down() -> None:
    """Tests that no table refers to one of a higher tier or of a neighbour: strings escape the import contracts."""
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("qifu."):
            continue
        mine = model.__module__.removeprefix("qifu.")
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete):
                continue
            theirs = field.related_model.__module__
            if theirs.startswith("qifu."):
                theirs = theirs.removeprefix("qifu.")
                if package(mine) != package(theirs) and tier(mine) <= tier(theirs):
                    wrong.append(f"{model._meta.label}.{field.name} -> {theirs}")
            elif not theirs.startswith("django.contrib.contenttypes"):
                wrong.append(f"{model._meta.label}.{field.name} -> {theirs}")
    assert wrong == []


def imports(file: Path) -> Iterator[str]:
    """Give every module or name of ours that a file imports, at the top or inside a function."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_an_area_is_entered_by_its_doors() -> None:
    """Tests that areas are imported from above through api or models alone; what is otherwise is listed with its reason."""
    wrong, used = [], set()
    for file in sources():
        mine = package(module_of(file))
        for name in imports(file):
            found = re.match(r"qifu\.(areas\.\w+)\.(\w+)", name)
            if found is None or found[1] == mine:
                continue
            if tier(mine) <= tier(found[1]):
                wrong.append(f"{module_of(file)} looks up at {name}")
            side = (mine, f"{found[1]}.{found[2]}")
            if side in SIDE_DOORS:
                used.add(side)
            elif found[2] not in DOORS and not (file.name == "urls.py" and found[2] == "urls"):
                wrong.append(f"{module_of(file)} enters {name}")
    assert wrong == []
    assert set(SIDE_DOORS) == used, "these side doors are closed by now: take them off the list"


def test_modules_are_named_after_what_they_hold() -> None:
    """Tests that no module is a drawer, and that none is too long to be read."""
    drawers = {"util", "utils", "helper", "helpers", "service", "services", "misc", "manager", "managers"}
    # The area of services to enterprises (企业服务) says what it is; a module of that name inside it would be a drawer.
    named = [str(f.relative_to(SRC)).removeprefix("areas/services/") for f in sources(tests=True)]
    assert [name for name in named if drawers & {*Path(name).parts[:-1], Path(name).stem}] == []
    lines = {str(file.relative_to(SRC)): len(file.read_text("utf-8").splitlines()) for file in sources()}
    assert {name: count for name, count in lines.items() if count > LONG.get(name, MOST)} == {}
    assert [name for name in LONG if lines.get(name, 0) <= MOST] == [], "short enough by now"


def test_no_crisis_has_a_word_in_the_source() -> None:
    """Tests that what belongs to one kind of crisis stands in packs: names, words and cases of it are data."""
    words = re.compile("epidemic|疫|typhoon|台风|covid|coronavirus|新冠|肺炎", re.I)
    found = []
    for file in sorted(SRC.rglob("*")):
        if not file.is_file() or "tests" in file.parts or "__pycache__" in file.parts or file.suffix in {".woff2", ".mo", ".png", ".ico"}:
            continue
        if words.search(file.name) or words.search(file.read_text("utf-8", errors="replace")):
            found.append(str(file.relative_to(SRC)))
    assert found == []


# ---------------------------------------------------------------- labels, rights, privacy


def test_every_state_move_and_figure_has_a_chinese_word() -> None:
    """Tests that what people read about a process is in their language."""
    for workflow in workflows.values():
        words = [*workflow.states.values(), workflow.opening.label, *(m.label for m in workflow.moves.values())]
        words += [clock.label for clock in workflow.clocks]
        assert [word for word in words if not CHINESE.search(word)] == [], workflow.name
        assert len(set(workflow.states.values())) == len(workflow.states), f"{workflow.name}: two states with one word"
    assert [i.id for i in indicators.values() if not (CHINESE.search(i.label) and CHINESE.search(i.definition) and i.source)] == []


UNWATCHED = {
    "supply.call": "the other side of a match, which is watched: one silence is told once",
    "insight.bulletin": "lies before whoever signs until they do (insight/pressing.py)",
}
"""Whose clocks press nobody, and why."""


def test_every_clock_that_can_be_late_presses_somebody() -> None:
    """Tests that a process with a clock that does not end by itself is watched by the ladder, or stands here with its reason."""
    clocked = {name for name, one in workflows.items() if any(not clock.lapse for clock in one.clocks) and not name.startswith("toy.")}
    assert clocked - watched.keys() == set(UNWATCHED)
    assert watched.keys() <= clocked
    for one in watched.values():
        assert one.workflow is workflows[one.workflow.name]


def test_every_action_has_a_chinese_word_and_a_frozen_input() -> None:
    """Tests what pages, records and the replay say of an act, and that nobody changes what was asked."""
    assert [a.name for a in actions.values() if not CHINESE.search(a.label)] == []
    assert [a.name for a in actions.values() if not a.given.__dataclass_params__.frozen] == []
    assert [a.name for a in actions.values() if not re.fullmatch(r"[a-z]+(\.[a-z_]+)+", a.name)] == []
    assert len(actions) > 80


@cache
def rights_of_roles() -> frozenset[str]:
    with (settings.PACKS / "roles.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(right for row in csv.DictReader(file) for right in row["rights"].split())


@cache
def words_of_source() -> frozenset[str]:
    """Give every string of the product's code, with {route} as it stands."""
    return frozenset(
        node.value
        for file in sources()
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


COLUMNS = {"{route}": ("town", "district"), "{service}": ("fire", "labour")}
"""What stands in a right for a column of the subject: the route of an application, the service of an appointment."""


def routes_of(right: str) -> set[str]:
    return {right.replace(hole, word) for hole, words in COLUMNS.items() if hole in right for word in words} or {right}


def test_every_right_of_a_process_is_somebodys() -> None:
    """Tests that each move can be made by a role, and that `who` was not mistyped."""
    held = rights_of_roles()
    asked = {
        (workflow.name, row.verb, right)
        for workflow in workflows.values()
        for row in (workflow.opening, *workflow.moves.values())
        for right in routes_of(row.who)
    }
    assert [row for row in sorted(asked) if row[2] not in held] == []


def test_every_right_is_asked_for_somewhere() -> None:
    """Tests that no role holds a right that means nothing, except those that wait for a later issue."""
    used = {right for word in words_of_source() if word.count(".") and " " not in word for right in routes_of(word)}
    idle = {right for right in rights_of_roles() if right not in used}
    assert idle - set(RESERVED) == set()
    assert set(RESERVED) - idle == set(), "these are used by now: take them off the list"


def test_every_personal_field_is_classed() -> None:
    """Tests that nothing that sounds personal is stored without a class."""
    assert every_field_is_classed() == []


# ---------------------------------------------------------------- migrations


def test_migrations_stand_in_a_row_and_none_is_missing() -> None:
    """Tests that numbers run without gap or fork, that each app has one end, and that models say nothing more."""
    loader = MigrationLoader(None)
    ours = [config.label for config in apps.get_app_configs() if config.name.startswith("qifu.")]
    for label in ours:
        names = sorted(name for app, name in loader.disk_migrations if app == label)
        assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1)), (label, names)
        assert len(loader.graph.leaf_nodes(label)) == min(1, len(names)), label
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    assert {label: [str(op) for m in made for op in m.operations] for label, made in changes.items() if label in ours} == {}


# ---------------------------------------------------------------- what may stand in no file


@cache
def tracked() -> tuple[Path, ...]:
    """Give the files under version control, or all of the source where there is none."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this tree is no repository")
    return tuple(ROOT / name for name in listed.stdout.decode().split("\0") if name)


# Spelled with a gap, so that this file does not name what it forbids.
_SPELLED = {
    "a path of somebody's machine": r"(?<![\w.])/(?:wo~rk/(?:main|shared|\.)|ro~ot/|ho~me/\w+/(?:\.|src|work)|Us~ers/\w)",
    "the address of a registry": r"py~pi\.org|python~hosted|registry\.np~mjs|go~proxy",
    "the address of a mirror": r"mirr~ors?\.\w+\.(?:com|cn|org)",
    "the folder of somebody's tools": r"\.lib~rary\b|\bfa~rm-\w",
    "a paper by its place": r"\.\./sha~red|sha~red/(?:design|domain)",
    "the desk of issues": r"\biss~ues (?:show|list)\b",
}
BANNED = {what: pattern.replace("~", "") for what, pattern in _SPELLED.items()}


@pytest.mark.parametrize("what", BANNED)
def test_no_file_names(what: str) -> None:
    """Tests that tracked files name nothing of the machine they were written on."""
    pattern = re.compile(BANNED[what])
    found = []
    for file in tracked():
        if file.suffix in {".woff2", ".png", ".ico", ".xlsx", ".mo"} or not file.is_file():
            continue
        for number, line in enumerate(file.read_text("utf-8", errors="replace").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_locks_name_no_address() -> None:
    """Tests that locked dependencies hold hashes and no address from where to take them."""
    locks = [file for file in tracked() if file.name in ("package-lock.json", "uv.lock") or file.match("requirements/*.txt")]
    assert len(locks) >= 2
    for file in locks:
        text = file.read_text("utf-8")
        assert not re.search(r"https?://|--(?:index|extra-index|find)-(?:url|links)|resolved", text), file.name
        if file.suffix == ".txt":
            assert all("--hash=sha256:" in block for block in re.findall(r"^\w[^#\n]*==[^\n]*(?:\n\s+[^\n]*)*", text, re.M)), file.name


def test_secrets_and_data_are_not_tracked() -> None:
    """Tests that no key, environment or data directory is under version control."""
    bad = re.compile(r"(^|/)(var/|\.env$|node_modules/|staticfiles/)|\.(key|pem|sqlite3|dump)$")
    assert [str(f.relative_to(ROOT)) for f in tracked() if bad.search(str(f.relative_to(ROOT)))] == []
