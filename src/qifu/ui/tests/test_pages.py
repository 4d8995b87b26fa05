"""Tests that every page template and component renders, obeys the page policy, and is complete in both languages.

No database is opened: a page without an actor must not need one."""

import gzip
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path
from django.utils import translation

from qifu.kernel.web import needs
from qifu.ui import nav, samples, views
from qifu.ui.context import Frame, frame
from qifu.ui.parts import Action, offered

UI = Path(__file__).resolve().parents[1]
STATIC = UI / "static"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def ask(address: str = "/ui/", **headers: str) -> HttpRequest:
    request = RequestFactory().get(address, headers=headers)
    request.htmx = bool(headers)  # type: ignore[attr-defined]
    return request


def html_of(key: str) -> str:
    return views.page(ask(), key).content.decode()


@pytest.mark.parametrize("key", [*views.PAGES, *views.PARTIALS])
def test_page_renders_under_a_policy_without_inline_code(key: str) -> None:
    """Tests that no script, handler or style stands inside a page: the policy would switch it off."""
    html = html_of(key)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|data:image", html)
    assert 'class="exception' not in html and "{{" not in html and "{%" not in html


def test_gallery_shows_every_component() -> None:
    """Tests that a component cannot be added without standing in the gallery, by itself or inside another, and its states too."""
    parts = {p.stem: p.read_text(encoding="utf-8") for p in (UI / "templates/cotton").glob("*.html")}
    shown: set[str] = set()
    waiting = [(UI / "templates/ui/gallery.html").read_text(encoding="utf-8")]
    while waiting:
        named = {name.replace("-", "_") for name in re.findall(r"<c-([a-z-]+)", waiting.pop())} & parts.keys() - shown
        shown |= named
        waiting += [parts[name] for name in named]
    assert parts.keys() - shown == set()
    html = views.gallery(ask()).content.decode()
    for state in ("还没有企业", "没有网", "这一页不归您看", "正在取", samples.LONG):
        assert state in html
    # A name by hand, a day's plan, a number in a sentence, a pass.
    for state in ('alt="已签的名字"', "会逾期", "改过", "还空着", 'class="u is-open"', "还没生效", "已到期", "已停用", 'class="segno"'):
        assert state in html, state
    assert html.count("data-sign>") + html.count("data-sign ") >= 4 and html.count('class="crew ') + html.count('class="crew"') == 4


def test_the_gallery_speaks_english_around_its_samples() -> None:
    """Tests that headings, explanations, names of states and of pages are English for who reads English."""
    with translation.override("en"):
        html = views.gallery(ask()).content.decode()
    main = html[html.index('class="g__side') : html.index("</main>")]
    head = r'class="g__part" id="\w+"><h2>'
    where = (head + "(.*?)</h2>", head + "[^<]*</h2><p>(.*?)</p>", r'class="shown__name">(.*?)</span>', r'<a href="#\w+">(.*?)</a>')
    own = [text for pattern in where for text in re.findall(pattern, main)]
    frames = re.findall(r'<a href="/ui/pages/[^"]*">(.*?)</a>', main[main.index("g__frames") : main.index("</section>")])
    assert len(own) > 100 and len(frames) == len(views.PAGES)
    assert [text for text in own + frames if CHINESE.search(re.sub(r"<[^>]+>", "", text))] == []


def test_every_id_and_label_on_a_page_points_somewhere() -> None:
    """Tests that ids are unique and that labels and descriptions find their control."""
    for key in ("form_step", "form_step_wrong", "login", "import", "worklist", "subject"):
        html = html_of(key)
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), key
        for target in re.findall(r'\s(?:for|aria-controls|form)="([^"]+)"', html):
            assert target in ids, (key, target)
        for targets in re.findall(r'\saria-(?:describedby|labelledby)="([^"]+)"', html):
            assert set(targets.split()) <= set(ids), (key, targets)


def test_every_form_that_posts_is_guarded() -> None:
    """Tests that no posting form lacks its token."""
    for template in (UI / "templates").rglob("*.html"):
        for form in re.findall(r'<form[^>]*method="post".*?</form>', template.read_text(encoding="utf-8"), flags=re.S):
            assert "{% csrf_token %}" in form, template.name


def test_text_from_people_is_escaped() -> None:
    """Tests that a firm named like a tag stays text in the list, the preview and the title."""
    evil = "<script>alert(1)</script>"
    row = samples.row(evil, evil, replace(samples.ASSESSING, word=evil), samples.SOON, evil, 1, "9:00", mark=(evil, evil))
    subject = SimpleNamespace(**{**vars(samples.SUBJECT), "name": evil, "actions": (Action(evil, href=evil, then=(evil,)),)})
    groups = (replace(samples.GROUPS[0], rows=(row,)),)
    for template, context in (("ui/worklist.html", samples.worklist(groups=groups)), ("ui/subject.html", {"subject": subject})):
        html = render_to_string(template, context, request=ask())
        assert evil not in html and "&lt;script&gt;" in html


def test_a_refused_action_has_its_reason_and_no_button() -> None:
    """Tests that what is not allowed is shown with why and who, and cannot be pressed."""
    refusal = SimpleNamespace(says="还不能：先评估。", fix="转何俊。")
    choice = SimpleNamespace(allowed=False, refusal=refusal, move=SimpleNamespace(label="批准复工"))
    html = render_to_string("cotton/act.html", {"act": offered(choice, href="/decide"), "small": ""}, request=ask())
    assert "还不能：先评估。" in html and "转何俊。" in html and "/decide" not in html and "<button" not in html


def test_a_refusal_is_a_part_when_a_part_was_asked_for() -> None:
    """Tests that htmx gets the sentence without a second page around it."""
    context = samples.PAGES["refused"][2]()
    part = render_to_string("ui/refused.html", context, request=ask(**{"HX-Request": "true"}))
    page = render_to_string("ui/refused.html", context, request=ask())
    assert "<html" not in part and "同一个人不能既提出又确认" in part
    assert "<html" in page and "同一个人不能既提出又确认" in page


def test_error_pages_render_without_any_context() -> None:
    """Tests that the page of a broken server needs nothing of it."""
    for name in ("400", "403", "404", "500"):
        assert "企服" in render_to_string(f"{name}.html")


def test_english_is_complete() -> None:
    """Tests that every sentence of templates and words has an English one, and that no frame text stays Chinese."""
    sources = [*(UI / "templates").rglob("*.html"), UI / "words.py"]
    wanted: set[str] = set()
    for source in sources:
        text = source.read_text(encoding="utf-8")
        wanted |= set(re.findall(r'{% trans "([^"]+)"', text)) | set(re.findall(r'\b(?:_|gettext_noop)\("([^"]+)"\)', text))
    with translation.override("en"):
        assert sorted(said for said in wanted if translation.gettext(said) == said) == []
        for key in ("404", "500", "csrf"):
            body = views.page(ask(), key).content.decode().replace("简体中文", "").replace("奉化区", "")
            assert not CHINESE.search(body), CHINESE.findall(body)


def test_compiled_words_are_those_of_the_source() -> None:
    """Tests that the committed .mo was made from the committed .po."""
    import gettext

    folder = UI / "locale/en/LC_MESSAGES"
    with (folder / "django.mo").open("rb") as file:
        made = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    pairs = re.findall(r'^msgid (".+")\nmsgstr (".+")$', (folder / "django.po").read_text(encoding="utf-8"), flags=re.M)
    assert len(pairs) > 150
    assert [k for k, v in pairs if made.get(json.loads(k)) != json.loads(v)] == []


def test_a_page_costs_less_than_its_budget() -> None:
    """Tests that the heaviest page stays under 150 KB of style, script and pictures, compressed (DECISIONS 29)."""
    files = [p for p in STATIC.rglob("*") if p.suffix in {".css", ".js", ".svg"} and p.name != "gallery.css"]
    assert sum(len(gzip.compress(p.read_bytes(), 9)) for p in files) < 60_000


def test_vendored_files_are_those_of_the_manifest() -> None:
    """Tests that nothing stands in vendor/ without source, licence and its exact bytes."""
    manifest = json.loads((STATIC / "vendor/manifest.json").read_text())
    for entry in manifest["files"]:
        assert hashlib.sha256((STATIC / "vendor" / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert (STATIC / "vendor" / entry["licence_file"]).exists() and entry["licence"]
    named = {entry[key] for entry in manifest["files"] for key in ("file", "licence_file")} | {"manifest.json"}
    assert {p.name for p in (STATIC / "vendor").iterdir()} == named


def test_every_icon_and_width_that_is_used_exists() -> None:
    """Tests that a misspelt icon name cannot leave a hole on a page."""
    for key in views.PAGES:
        drawn = re.findall(r'<svg class="ico[^>]*>(.*?)</svg>', html_of(key), flags=re.DOTALL)
        assert drawn and all(drawn), (key, drawn.count(""))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [":root", '[data-theme="wall"]'])
def test_text_colours_have_contrast(theme: str) -> None:
    """Tests that each text colour reads at 4.5:1 or better on every ground that it stands on, in both themes."""
    css = (STATIC / "ui/tokens.css").read_text(encoding="utf-8")
    block = css[css.index(theme + " {") :].split("}", 1)[0]
    values = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})\b", block))
    grounds = {"ink": ("paper", "card"), "ink-2": ("paper", "card", "blue-tint"), "blue": ("paper", "card", "blue-tint")}
    grounds |= {tone: ("paper", "card", f"{tone}-tint") for tone in ("amber", "bamboo", "vermilion", "slate")}
    for text, under in grounds.items():
        for ground in under:
            high, low = sorted((luminance(values[text]), luminance(values[ground])), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (theme, text, ground)


def test_the_frame_of_a_stranger_names_nobody_and_opens_no_door() -> None:
    """Tests that without an actor there is no person and no navigation (and no query: this test has no database)."""
    request: Any = ask()
    shown = frame(request)["frame"]
    assert (shown.who, shown.doors, shown.tabs) == (None, [], [])


def test_doors_open_by_right_and_the_deepest_is_here(settings: Any) -> None:
    """Tests that a door is shown only to who may open it, by its own right and by its page's, and that exactly one is here."""
    urls: Any = ModuleType("urls_of_this_test")
    urls.urlpatterns = [path(f"{at}/", views.gallery, name=name) for name, at in (("w", "work"), ("f", "work/figures"), ("s", "s"))]
    urls.urlpatterns.append(path("closed/", needs("secret")(lambda request: None), name="closed"))
    settings.ROOT_URLCONF = urls
    before = dict(nav._DOORS)
    try:
        nav.offer(
            nav.Door("w", "工作台"), nav.Door("f", "数字", right="figures.see"), nav.Door("s", "密", right="secret"),
            nav.Door("gone", "无"), nav.Door("closed", "关"),
        )  # fmt: skip
        request: Any = ask("/work/figures/1/")
        request.actor = SimpleNamespace(name="周敏", may={"figures.see"}.__contains__, hats=())
        doors = {str(door.word): door.here for door in Frame(request).doors}
        assert doors == doors | {"工作台": False, "数字": True}
        assert not {"密", "无", "关"} & set(doors)
    finally:
        nav._DOORS.clear()
        nav._DOORS.update(before)


def test_language_is_kept_and_never_leads_outside() -> None:
    """Tests that the switch sets the cookie and refuses an address of another site."""
    answer = views.language(RequestFactory().post("/ui/language/", {"language": "en", "next": "https://elsewhere.example/"}))
    assert (answer.status_code, answer["Location"], answer.cookies["django_language"].value) == (302, "/", "en")
    answer = views.language(RequestFactory().post("/ui/language/", {"language": "xx", "next": "/ui/"}))
    assert (answer["Location"], dict(answer.cookies)) == ("/ui/", {})


def test_where_a_script_draws_icons_the_page_carries_the_sprite() -> None:
    """Tests that each page which loads a program of the field holds what its icons refer to, online as well as from the phone."""
    pages = {path: path.read_text(encoding="utf-8") for path in UI.parent.rglob("templates/**/*.html")}
    heads = [f"{path.parent.name}/{path.name}" for path, page in pages.items() if re.search(r'static "[^"]*/app\.js"', page)]
    drawn = [path for path, page in pages.items() if any(f'include "{head}"' in page for head in heads)]
    assert len(drawn) >= 4
    assert [path.name for path in drawn if 'include "ui/icons.svg"' not in pages[path]] == []
