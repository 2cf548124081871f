"""Jinja2 for the public site: the environment its templates are compiled in, and what they may ask for.

The folder says the language: templates/public/ is written in Jinja2, all other templates in Django's. What an app gives
to the public templates stands in its own module `jinja`: GLOBALS are called, FILTERS stand behind a bar.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from importlib import import_module
from pathlib import Path
from typing import Any

import jinja2
from crispy_forms.utils import render_crispy_form
from django.apps import apps
from django.conf import settings
from django.template import engines
from django.template.defaultfilters import linebreaks_filter, linebreaksbr, truncatechars
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.module_loading import module_has_submodule
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from newsroom.core.compiled import CompiledTemplates
from newsroom.core.templatetags.newsroom_time import clock, day, moment, time_element

MODULE = "jinja"


def url(name: str, *args: object) -> str:
    """Return the address of a route by its name. Raises NoReverseMatch."""
    return reverse(name, args=args)


def gettext(message: str, /, **values: object) -> Markup:
    """Return the words of the language at hand with `values`, escaped, put in.

    As Jinja2's own, at a third of its cost where there is nothing to put in: a page says some hundred such words.
    """
    words = translation.gettext(message)
    return Markup(words) % values if values else Markup(words.replace("%%", "%"))


def number(value: int) -> str:
    """Return "1.234", "1,234" in English."""
    return str(formats.number_format(value, force_grouping=True))


GLOBALS = {
    "crispy": render_crispy_form,
    "language": translation.get_language,
    "static": static,
    "time": time_element,
    "url": url,
}
FILTERS = {
    "clock": clock,
    "day": day,
    "linebreaks": linebreaks_filter,
    "linebreaksbr": linebreaksbr,
    "local": timezone.localtime,
    "moment": moment,
    "number": number,
    "truncatechars": truncatechars,
}


class PublicEnvironment(Environment):
    """Gives templates their globals as a plain dict; Jinja2's own chain of two took a tenth of a story's page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of one template: those of all, and `d`."""
        return {**self.globals, **(d or {})}


def environment(**options: Any) -> PublicEnvironment:
    """Return the environment, as Django's backend asks for it: what nobody defined is an error, not an empty place."""
    folder = settings.COMPILED_TEMPLATES
    # This module says how its templates are compiled.
    made_by = f"Jinja2 {jinja2.__version__}, {Path(__file__).read_text()}"
    made = PublicEnvironment(
        **{**options, "undefined": StrictUndefined},
        bytecode_cache=CompiledTemplates(folder, made_by=made_by) if folder else None,
        extensions=["jinja2.ext.i18n"],
        # Not `trim_blocks`: a link and the next one, each in an `if` of its own, would grow together.
        lstrip_blocks=True,
    )
    # They look up the language each time they are called. Words of a catalogue are not escaped, what stands in them is.
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.globals.update(_=gettext, gettext=gettext)
    for app in apps.get_app_configs():
        if app.module and module_has_submodule(app.module, MODULE):
            module = import_module(f"{app.name}.{MODULE}")
            made.globals.update(module.GLOBALS)
            made.filters.update(module.FILTERS)
    return made


def load(*pages: str) -> None:
    """Compile these pages, and the parts that pages are made of: what is forked from this process shares them."""
    made: Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    for name in made.list_templates(filter_func=lambda name: name in pages or "/_" in name or name.startswith("base")):
        made.get_template(name)
