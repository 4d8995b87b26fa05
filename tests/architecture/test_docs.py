"""Tests that what the documents name exists: pages, commands, tests, rows, words, links, and the tables drawn as diagrams.

They cannot see whether a sentence is true; they see that nothing is named that is not there."""

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest
from django.urls import Resolver404, resolve

from qifu.kernel.actions import actions
from qifu.kernel.indicators import indicators
from qifu.kernel.workflow.engine import workflows
from qifu.project.command import _parser
from qifu.project.diagrams import section

ROOT = Path(__file__).resolve().parents[2]
FEATURES = ROOT / "docs" / "features.md"
AREAS = ROOT / "docs" / "areas"
ROWS = {
    "1.1", "1.2", "1.3", "1.4", "1.5", "1.7", "1.8", "1.11", "1.12", "1.13", "1.14",
    "2.0", "2.1", "2.2", "2.3", "2.4", "2.6", "2.7", "2.8", "2.9", "2.10", "2.11", "2.12", "2.13", "2.14", "2.15", "2.16", "2.17",
    "4.2", "4.3", "4.15",
    "3.3",
    "4.1", "4.4", "4.5", "4.6", "4.7", "4.8", "4.9", "4.10", "4.11", "4.12", "4.13", "4.14", "4.16", "4.17", "4.18",
    "4.19", "4.20", "4.21", "4.22", "4.23",
    "8.7", "10.1", "10.2", "10.3", "10.4", "10.5", "10.6",
    "11.1", "11.2", "11.3", "11.4", "12.1", "12.2", "12.3", "12.4", "12.5", "12.6", "12.8", "12.10",
    "X.1", "X.2", "X.3", "X.4", "X.5", "X.9",
}  # fmt: skip
PARTS = ("Page", "Command", "Test", "Proof", "Works", "Lacks")
MISSING: set[str] = set()
"""Rows of which nothing is built: they name nothing, and say so."""
BEFORE_DJANGO = {"/healthz"}
"""Answered before any address is looked up."""
SOMEBODY = UUID(int=7)


def rows() -> dict[str, dict[str, str]]:
    """Give the parts of each row by its id."""
    found = {}
    for part in re.split(r"^### ", FEATURES.read_text("utf-8"), flags=re.M)[1:]:
        head, *lines = part.splitlines()
        told = [re.fullmatch(r"- (\w+): (.+)", line) for line in lines]
        found[head.split()[0]] = {match[1]: match[2] for match in told if match}
    return found


def named(part: str) -> list[tuple[str, str]]:
    """Give what stands in backticks in one part of every row: (row, name)."""
    return [(row, name) for row, told in rows().items() for name in re.findall(r"`([^`]+)`", told.get(part, ""))]


@cache
def known_tests() -> frozenset[str]:
    """Give every test of the tree as path::function."""
    found = set()
    for path in (*ROOT.glob("src/**/test_*.py"), *ROOT.glob("tests/**/test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        found |= {f"{path.relative_to(ROOT)}::{n.name}" for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    return frozenset(found)


@cache
def source(*, packs: bool = False) -> str:
    """Give all that the product is written in, tests left out."""
    places = [*(ROOT / "src").rglob("*")] + ([*(ROOT / "packs").rglob("*")] if packs else [])
    kinds = {".py", ".html", ".js", ".csv", ".yaml", ".md"}
    return "\n".join(p.read_text("utf-8", errors="replace") for p in sorted(places) if p.suffix in kinds and "tests" not in p.parts)


def stands(name: str) -> bool:
    """Say whether a name stands in the source, or among roles and rights, as a whole word."""
    text = source() + (ROOT / "packs" / "roles.csv").read_text("utf-8")
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def pages() -> Iterator[Path]:
    """Give the documents of the repository."""
    yield from sorted(ROOT.glob("*.md"))
    yield from sorted((ROOT / "docs").rglob("*.md"))
    yield from sorted((ROOT / "packs").glob("*.md"))


# ---------------------------------------------------------------- docs/features.md


def test_every_row_begun_is_told_in_all_its_parts() -> None:
    """Tests that no row of the mission that was begun is left out, and that none leaves out what it lacks."""
    found = rows()
    assert set(found) == ROWS
    for row, told in found.items():
        assert tuple(told) == PARTS, row
        assert all(told.values()), row


@pytest.mark.parametrize("part", ["Page", "Command", "Test"])
def test_a_row_names_something_or_says_none(part: str) -> None:
    """Tests that a row without page, command or test is one of which nothing is built."""
    assert {row for row, told in rows().items() if "`" not in told[part]} == MISSING
    assert all(rows()[row][part] == "none" for row in MISSING)


def test_every_page_named_is_there() -> None:
    """Tests that each address leads to a view of the product as it is served."""
    missing = []
    for row, address in named("Page"):
        path = re.sub(r"<id>", str(SOMEBODY), address)
        path = re.sub(r"<\w+>", "people", path)
        if path in BEFORE_DJANGO:
            continue
        try:
            found = resolve(path)
        except Resolver404:
            missing.append(f"{row} {address}")
            continue
        if (id := found.kwargs.get("id")) and found.namespace == "figures" and id not in indicators:
            missing.append(f"{row} {address}: no such figure")
    assert missing == []


def test_every_command_named_is_registered() -> None:
    """Tests that each command is a registered action or a subcommand of `qifu`."""
    subcommands = _parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    for row, name in named("Command"):
        if name.startswith("qifu "):
            assert name.split()[1] in subcommands, f"{row} {name}"
        else:
            assert name in actions, f"{row} {name}"


def test_every_test_named_is_there() -> None:
    """Tests that no proof points at a test that was renamed or removed."""
    cited = [(row, name) for part in ("Test", "Proof") for row, name in named(part) if "::" in name]
    assert [f"{row} {name}" for row, name in cited if name not in known_tests()] == []
    assert len(cited) > 80


# ---------------------------------------------------------------- docs/areas


def test_every_area_has_its_page_and_every_process_its_diagram() -> None:
    """Tests that no area and no process of the product is left undrawn."""
    areas = {p.name for p in (ROOT / "src/qifu/areas").iterdir() if (p / "models.py").exists()}
    assert {p.stem for p in AREAS.glob("*.md")} == areas
    drawn = [name for p in AREAS.glob("*.md") for name in re.findall(r"<!-- process (\S+) -->", p.read_text("utf-8"))]
    assert sorted(drawn) == sorted(name for name in workflows if name.split(".")[0] in areas)


def test_every_diagram_equals_its_table() -> None:
    """Tests that diagram, moves and clocks are drawn from the process as it stands."""
    for page in AREAS.glob("*.md"):
        for name, drawn in re.findall(r"<!-- process (\S+) -->\n(.*?)\n?<!-- /process -->", page.read_text("utf-8"), flags=re.S):
            assert name.split(".")[0] == page.stem
            assert drawn == section(workflows[name]), f"{page.name}: put what section() gives between the marks of {name}"


def test_every_figure_stands_on_the_page_of_its_area() -> None:
    """Tests that a figure cannot be added without a word about it, nor told without being there."""
    told = {
        id
        for p in AREAS.glob("*.md")
        for line in p.read_text("utf-8").split("## Figures")[1].split("\n## ")[0].splitlines()
        if line.startswith("| ")
        for id in re.findall(r"\b[EFR]\d\d\b", line.split("|")[1])
    }
    assert told == {id for id in indicators if re.fullmatch(r"[EFR]\d\d", id)}


def test_every_name_on_an_areas_page_stands_in_the_source() -> None:
    """Tests tables, actions, rights and questions that the pages name."""
    strange = []
    for page in AREAS.glob("*.md"):
        text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
        for name in sorted(set(re.findall(r"`([A-Za-z_][\w.]*)`", text))):
            path = ROOT / "src" / name.replace(".", "/")
            there = path.exists() or path.with_suffix(".py").exists() or (ROOT / "src/qifu/areas" / page.stem / name).exists()
            if not (there or stands(name)):
                strange.append(f"{page.name}: {name}")
    assert strange == []


# ---------------------------------------------------------------- GLOSSARY.md


UNSAID = "## Words that no page says"


def words(*, said: bool = False) -> list[tuple[str, str, str]]:
    """Give the rows of the glossary: English, Chinese, identifier; with `said`, those only whose Chinese people read."""
    text = (ROOT / "GLOSSARY.md").read_text("utf-8")
    assert UNSAID in text
    text = text.split(UNSAID)[0] if said else text
    return re.findall(r"^\| ([^|]+) \| ([^|]+) \| `([^`]+)` \|$", text, flags=re.M)


def test_every_word_of_the_glossary_is_used() -> None:
    """Tests that each identifier stands in the source, and each Chinese word that people read in source or packs."""
    text = source(packs=True)
    assert [identifier for _, _, identifier in words() if not stands(identifier)] == []
    assert [chinese for _, told, _ in words(said=True) for chinese in told.split("、") if chinese not in text] == []
    assert len(words(said=True)) > 80


def test_every_thing_has_one_word() -> None:
    """Tests that no English, Chinese or identifier is given to two things."""
    for column in zip(*words(), strict=True):
        assert sorted(set(column)) == sorted(column)


# ---------------------------------------------------------------- docs/manual

MANUAL = ROOT / "docs" / "manual"
WITHOUT_PAGES = {"bank_manager"}
"""Roles that nobody can be given, since nothing is built for them yet."""
LINES, LETTERS = 24, 700
"""What one screen at a desk holds."""


def test_every_role_that_people_wear_has_its_page() -> None:
    """Tests that each role of the table is named in the list of pages, and that the list and the pages are the same."""
    with (ROOT / "packs" / "roles.csv").open(encoding="utf-8", newline="") as lines:
        worn = {row["label"] for row in csv.DictReader(lines) if row["says"] and row["code"] not in WITHOUT_PAGES}
    listed = re.findall(r"^\| ([^|]+) \| \[[^\]]+\]\(([a-z-]+)\.md\)", (MANUAL / "README.md").read_text("utf-8"), flags=re.M)
    assert worn - {one for who, _page in listed for one in who.split("、")} == set()
    assert {page for _who, page in listed} == {page.stem for page in MANUAL.glob("*.md")} - {"README"}


def test_a_page_of_the_manual_is_one_screen() -> None:
    """Tests that nobody has to scroll in what is to be kept beside the keyboard."""
    long = [page.name for page in sorted(MANUAL.glob("*.md")) if page.stem != "README"
            and (len((text := page.read_text("utf-8")).splitlines()) > LINES or len(text) > LETTERS)]  # fmt: skip
    assert long == []


def test_every_word_that_the_manual_quotes_is_a_word_of_the_product() -> None:
    """Tests that each button, page and state in “ ” is said by the source or the packs in exactly these letters."""
    said = source(packs=True)
    strange = [f"{page.name}: {word}" for page in sorted(MANUAL.glob("*.md")) for word in re.findall(r"“([^”]+)”", page.read_text("utf-8"))
               if word not in said]  # fmt: skip
    assert strange == []


# ---------------------------------------------------------------- links


def test_every_link_of_the_documents_leads_somewhere() -> None:
    """Tests relative links, and paths of the repository in backticks."""
    broken = []
    for page in pages():
        text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
        links = [link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if not re.match(r"[a-z]+:", link)]
        paths = re.findall(r"`((?:docs|packs|scripts)/[\w./-]*|[A-Z]+\.md)`", text)
        there = [(link, page.parent / link) for link in links] + [(path, ROOT / path) for path in paths]
        broken += [f"{page.relative_to(ROOT)}: {said}" for said, path in there if not path.exists()]
    assert broken == []


def test_every_file_that_a_row_names_is_there():
    """Tests the paths in every part of a row, with a test behind them or without: a file that moved is named where it is now."""
    found = re.findall(r"`((?:src|tests|packs|docs|benchmarks)/[^`\s:<*]+)", FEATURES.read_text("utf-8"))
    assert len(found) > 100
    assert [path for path in found if not (ROOT / path).exists()] == []
