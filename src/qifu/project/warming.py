"""What a server reads in before somebody has to wait for it: addresses and pages. Nothing of it is anybody's data."""

import gc
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs
from django.urls import reverse
from django.utils import translation

HOME = Path(__file__).resolve().parents[1]


def begin() -> None:
    """Read in addresses and pages before the first is asked for: beside people, whoever comes in the first seconds waits for it."""
    addresses()
    pages()
    # What is loaded stays for good: looking through it for cycles stopped every page under way for a tenth of a second, time and again.
    gc.collect()
    gc.freeze()


def addresses() -> None:
    """Build the table of addresses for every language."""
    for code, _ in settings.LANGUAGES:
        with translation.override(code):
            reverse("todo")


def pages() -> list[str]:
    """Compile every page of the house; gives their names."""
    folders = [Path(folder) for folder in get_app_template_dirs("templates") if HOME in Path(folder).parents]
    names = [str(page.relative_to(folder)) for folder in folders for page in sorted(folder.rglob("*.html"))]
    for name in names:
        get_template(name)
    return names
